"""A whole Open Impact on one machine: data folder, servers, schema, web process and workers, as `up` runs it."""

import http.client
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec

from app.embedded import processes
from app.embedded.child import Child, run_to_end
from app.embedded.data_folder import DataFolder, RunningInstance
from app.embedded.ports import LOOPBACK, free_port, require_free
from app.embedded.postgres import DATABASE, prepared_postgres
from app.embedded.settled_key import settled_secret_key
from app.embedded.stopping import StopRequest
from app.embedded.supervisor import Report, Supervisor
from app.embedded.valkey import prepared_valkey
from app.settings import Settings, variable_of

OPEN_IMPACT = (sys.executable, "-m", "app.cli.main")
STOP_SECONDS = 8.5
"""Whoever asks us to stop waits ten seconds at most; the rest is for forcing what does not listen."""

# From here `-m app.cli.main` finds this very code, wherever we were started.
_ROOT = Path(__file__).parents[2]
_WEB_READY_SECONDS = 120
_SEED_SECONDS = 1800
_ORPHAN_SECONDS = 5
_FEWEST_CONNECTIONS, _CONNECTIONS_OF_A_WORKER = 80, 20
_ASK_SECONDS = 2.0
_READY = 200
_EVERYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104  # Compared with, not listened on.


class Installation(msgspec.Struct, frozen=True, kw_only=True):
    """What to run: an unset URL in `settings` means an embedded server; port 0 means any that is free.

    `migrate` brings up the schema of the database whose URL it gets; `announce` gets the address when people can use
    it; `report` gets a sentence about each slow step; `program` is how our own commands are called.
    """

    settings: Settings
    host: str
    port: int
    workers: int
    demo: bool
    migrate: Callable[[str], None]
    announce: Report
    report: Report
    program: tuple[str, ...] = OPEN_IMPACT

    def run(self, stop: StopRequest) -> None:
        """Start everything, keep it running until a stop is asked for, and stop it; nothing is left behind.

        Raises EmbeddedError with one sentence for the person who started it; everything is stopped then too.
        """
        with ExitStack() as held:
            place = _taken_place(DataFolder.at(self.settings.data), self.host, self.port, held)
            self.report(f"Starting in {place.folder.path}.")
            backends = _with_backends(self.settings, place.folder, self.workers, held)
            supervisor = Supervisor(report=self.report, alone=True)
            held.callback(supervisor.stop, STOP_SECONDS)
            if self._start(supervisor, place, backends, stop):
                self.announce(place.address)
                self.report(f"Ready. Press Ctrl-C to stop; the logs are in {place.folder.logs}.")
                supervisor.watch(stop.go_on)
            self.report("Stopping.")

    def _start(
        self, supervisor: Supervisor, place: "_Place", backends: "_Backends", stop: StopRequest
    ) -> bool:
        """Start all in order; False when a stop was asked for before the end."""
        if not all(supervisor.start(server, go_on=stop.go_on) for server in backends.servers):
            return False
        self.report("Bringing the schema up to date.")
        with stop.interrupting():
            self.migrate(backends.database_url)
            if not self.settings.secret_key:
                settled = settled_secret_key(place.folder, backends.database_url)
                backends = msgspec.structs.replace(backends, secret_key=settled)
        environment = _environment(place, backends)
        if self.demo and stop.go_on():
            self.report("Adding the sample content.")
            seed_demo(place.folder, environment, program=self.program, go_on=stop.go_on)

        def tell(pids: Mapping[str, int]) -> None:
            # A disk that fills up must not end what runs.
            with suppress(OSError):
                place.folder.say_running(_instance(place, self.settings, backends, pids))

        supervisor.on_change = tell
        children = [*self._workers(place, environment), self._web(place, environment)]
        return all(supervisor.start(child, go_on=stop.go_on) for child in children)

    def _workers(self, place: "_Place", environment: dict[str, str]) -> list[Child]:
        return [
            Child(
                name=f"worker {number}",
                kind="worker",
                command=(*self.program, "work"),
                environment=environment,
                log=place.folder.logs / f"worker-{number}.log",
                folder=_ROOT,
            )
            for number in range(1, self.workers + 1)
        ]

    def _web(self, place: "_Place", environment: dict[str, str]) -> Child:
        return Child(
            name="web",
            kind="web",
            command=(*self.program, "serve", "--host", place.host, "--port", str(place.port)),
            environment=environment,
            log=place.folder.logs / "web.log",
            folder=_ROOT,
            is_ready=lambda _: _says_ready(_EVERYWHERE.get(place.host, place.host), place.port),
            ready_seconds=_WEB_READY_SECONDS,
        )


def seed_demo(
    folder: DataFolder,
    environment: Mapping[str, str],
    *,
    program: tuple[str, ...] = OPEN_IMPACT,
    go_on: Callable[[], bool] = lambda: True,
) -> None:
    """Bring the sample content in, which adds nothing when it is there already. Raises StartFailedError."""
    sample = Child(
        name="The import of the sample content",
        kind="import",
        command=(*program, "import", "sample", "-"),
        environment=environment,
        log=folder.logs / "sample.log",
        folder=_ROOT,
    )
    run_to_end(sample, within=_SEED_SECONDS, go_on=go_on)


def address_of(host: str, port: int) -> str:
    """Write the address that a person on this machine opens."""
    if host in {LOOPBACK, "::1", *_EVERYWHERE}:
        return f"http://localhost:{port}"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    """The data folder that we hold and the address on which the web process will listen."""

    folder: DataFolder
    host: str
    port: int

    @property
    def address(self) -> str:
        return address_of(self.host, self.port)


class _Backends(msgspec.Struct, frozen=True, kw_only=True):
    """Where the data lives: the embedded servers to start, in order, and the URLs of these or of others."""

    servers: list[Child]
    database_url: str
    redis_url: str
    secret_key: str


def _taken_place(folder: DataFolder, host: str, port: int, held: ExitStack) -> _Place:
    """Hold the folder, end what a killed run has left there, and make sure of the port."""
    folder.create()
    held.enter_context(folder.held())
    processes.end(lambda: processes.started_for(folder.path), gently=signal.SIGTERM, within=_ORPHAN_SECONDS)
    place = _Place(folder=folder, host=host, port=port or free_port(folder.path))
    require_free(host, place.port)
    return place


def _with_backends(settings: Settings, folder: DataFolder, workers: int, held: ExitStack) -> _Backends:
    """Prepare the embedded servers that are wanted, and note the others."""
    servers = []
    database_url, redis_url = settings.database_url, settings.redis_url
    if database_url is None:
        connections = {"max_connections": str(_FEWEST_CONNECTIONS + _CONNECTIONS_OF_A_WORKER * workers)}
        database = held.enter_context(prepared_postgres(folder.path, settings=connections))
        servers.append(database.child())
        database_url = database.url_of(DATABASE)
    if redis_url is None:
        valkey = held.enter_context(prepared_valkey(folder.path))
        servers.append(valkey.child())
        redis_url = valkey.url
    secret_key = settings.secret_key or folder.kept_secret_key()
    return _Backends(servers=servers, database_url=database_url, redis_url=redis_url, secret_key=secret_key)


def _environment(place: _Place, backends: _Backends) -> dict[str, str]:
    """Give our own processes the settings; through the environment, because everyone can read command lines."""
    ours = {
        variable_of("database_url"): backends.database_url,
        variable_of("redis_url"): backends.redis_url,
        variable_of("secret_key"): backends.secret_key,
        variable_of("data"): str(place.folder.path),
        processes.FOLDER_VARIABLE: str(place.folder.path),
    }
    return {variable_of("public_url"): place.address} | os.environ | ours


def _instance(
    place: _Place, given: Settings, backends: _Backends, pids: Mapping[str, int]
) -> RunningInstance:
    """Say what runs; URLs that came from outside stay outside, because they hold somebody else's password."""
    return RunningInstance(
        pid=os.getpid(),
        started=processes.started_at(os.getpid()) or "",
        port=place.port,
        address=place.address,
        database_url=None if given.database_url else backends.database_url,
        redis_url=None if given.redis_url else backends.redis_url,
        pids=dict(pids),
    )


def _says_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=_ASK_SECONDS)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == _READY
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
