"""An embedded PostgreSQL 18 on a data folder: a real server, durable, reached over loopback with a password."""

import locale
import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from app.embedded.account import Account, account_for, give, let_reach, let_read
from app.embedded.child import Child, Running, run_to_end
from app.embedded.data_folder import DataFolder, exclusive, kept_secret
from app.embedded.errors import OtherVersionError, explained
from app.embedded.ports import LOOPBACK, free_port
from app.embedded.processes import end, working_in
from app.embedded.wheels import postgres_programs, postgres_trees

VERSION = "18"
USER = DATABASE = "open_impact"
READY_SECONDS = 300
"""Recovery after a crash replays up to `max_wal_size`, which takes a while on a slow disk."""

SETTINGS = {
    "cluster_name": "open_impact",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    # Checkpoints rarely interrupt an import of a city's ballots, and recovery still takes seconds.
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",  # Solid-state disks.
    "jit": "off",  # Our queries are short; compiling them costs more than it gains.
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
"""Chosen for two cores and modest memory. `fsync` and `synchronous_commit` stay on, as they come."""

_SETUP_SECONDS = 120
_END_SECONDS = 5
_STATUS_LINE = 7  # Of `postmaster.pid`, where the server says whether it takes connections.


class Postgres(msgspec.Struct, frozen=True, kw_only=True):
    """A PostgreSQL that is set up and not yet started; `folder` holds `data/`."""

    folder: Path
    log: Path
    account: Account | None
    port: int
    password: str
    settings: Mapping[str, str]

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url_of(self, database: str) -> str:
        return f"postgresql://{USER}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def child(self) -> Child:
        """Describe the server's process."""
        settings = SETTINGS | dict(self.settings)
        # Not for settings to change: nobody but this machine may connect, and only with the password.
        settings |= {"listen_addresses": LOOPBACK, "unix_socket_directories": "", "port": str(self.port)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Child(
            name="PostgreSQL",
            kind="postgres",
            command=(str(postgres_programs() / "postgres"), "-D", str(self.data), *options),
            environment=_environment(),
            log=self.log,
            folder=self.folder,
            account=self.account,
            is_ready=self._says_ready,
            ready_seconds=READY_SECONDS,
            clear_away=lambda: clear_away(self.data),
            stop_signal=signal.SIGINT,  # A fast shutdown: sessions are ended, everything is written.
            force_signal=signal.SIGQUIT,  # Without a checkpoint; the next start recovers.
            stop_seconds=4,
        )

    def _says_ready(self, pid: int) -> bool:
        with suppress(OSError, IndexError, ValueError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]) == pid and lines[_STATUS_LINE].strip() == "ready"
        return False


class PostgresHandle(msgspec.Struct, frozen=True, kw_only=True):
    """A PostgreSQL that runs: `url` is its database of Open Impact, `pid` its first process."""

    url: str
    pid: int
    port: int
    password: str

    def create_database(self, name: str) -> str:
        """Create the database `name`, dropping one that was there, and give its URL: for tests and benchmarks."""
        import psycopg  # noqa: PLC0415  # It takes long to load, and commands that only look at the folder need not.
        from psycopg import sql  # noqa: PLC0415

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url.rpartition("/")[0] + "/" + name


@contextmanager
def embedded_postgres(folder: Path, *, settings: Mapping[str, str] | None = None) -> Iterator[PostgresHandle]:
    """Run PostgreSQL on the data folder `folder` while the context lasts; `settings` go over our own.

    Raises EmbeddedError, see `prepared_postgres`, or StartFailedError with what the server said.
    """
    with prepared_postgres(folder, settings=settings) as postgres:
        running = Running(postgres.child())
        try:
            running.wait_until_ready()
            yield PostgresHandle(
                url=postgres.url_of(DATABASE), pid=running.pid, port=postgres.port, password=postgres.password
            )
        finally:
            running.stop()


@contextmanager
def prepared_postgres(folder: Path, *, settings: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """Hold PostgreSQL's part of the data folder, set up at the first time, with nothing of an earlier run left.

    Raises FolderInUseError, FolderUnusableError, DiskFullError, OtherVersionError, StartFailedError.
    """
    place = DataFolder.at(folder)
    place.create()
    with explained(place.path):
        place.postgres.mkdir(mode=0o700, exist_ok=True)
    with exclusive(place.path / "postgres.lock", taken="Another process already runs PostgreSQL on"):
        data = place.postgres / "data"
        _require_our_version(data)
        account = account_for(data)
        with explained(place.path):
            give(place.postgres, account)
            let_reach(data, account)
            for tree in postgres_trees():
                let_read(tree, account)
        clear_away(data)
        password_is_new = not place.postgres_password.exists()
        postgres = Postgres(
            folder=place.postgres,
            log=place.logs / "postgres.log",
            account=account,
            port=free_port(place.postgres),
            password=kept_secret(place.postgres_password),
            settings=settings or {},
        )
        if not data.exists():
            _set_up(postgres)
        elif password_is_new:
            _set_password(postgres, data)
        yield postgres


def clear_away(data: Path) -> None:
    """End what an earlier server left on `data`, whose exclusive lock we hold, and its stale mark with it.

    The mark must go: after a restart of the machine or container its number may be that of somebody else.
    """
    end(lambda: working_in(data), gently=signal.SIGINT, within=_END_SECONDS)
    if Path("/proc").is_dir():
        with explained(data):
            (data / "postmaster.pid").unlink(missing_ok=True)


def _require_our_version(data: Path) -> None:
    with explained(data):
        if not data.exists():
            return
        version = (data / "PG_VERSION").read_text().strip()
    if version != VERSION:
        raise OtherVersionError(
            f"The data in {data} was written by PostgreSQL {version} and this release brings {VERSION}; start the "
            "release that wrote it and `pg_dump` there, or choose another folder with --data."
        )


def _set_up(postgres: Postgres) -> None:
    """Make a new server's data aside and move it into place as a whole: what was killed half-way is not data."""
    draft = postgres.folder / "data.new"
    end(lambda: working_in(draft), gently=signal.SIGKILL, within=_END_SECONDS)
    with explained(postgres.folder):
        if draft.exists():
            shutil.rmtree(draft)
    initdb = (
        *(str(postgres_programs() / "initdb"), "-D", str(draft), f"--username={USER}", "--encoding=UTF8"),
        *("--auth-host=scram-sha-256", "--auth-local=peer", "--text-search-config=english"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--lc-ctype={_letters()}"),
    )
    run_to_end(_step(postgres, initdb), within=_SETUP_SECONDS)
    _set_password(postgres, draft)
    _say_alone(postgres, draft, f"CREATE DATABASE {DATABASE}")
    with explained(postgres.folder):
        draft.rename(postgres.data)
        _sync(postgres.folder)


def _set_password(postgres: Postgres, data: Path) -> None:
    _say_alone(postgres, data, f"ALTER ROLE {USER} PASSWORD '{postgres.password}'")


def _say_alone(postgres: Postgres, data: Path, statement: str) -> None:
    """Run one statement in a process without network or other sessions, which is how a server gets its password."""
    server = str(postgres_programs() / "postgres")
    alone = (server, "--single", "-D", str(data), "-c", "exit_on_error=on", "postgres")
    run_to_end(_step(postgres, alone, says=statement.encode() + b"\n"), within=_SETUP_SECONDS)


def _step(postgres: Postgres, command: tuple[str, ...], *, says: bytes = b"") -> Child:
    return Child(
        name="Setting up PostgreSQL",
        kind="postgres",
        command=command,
        environment=_environment(),
        log=postgres.log,
        says=says,
        folder=postgres.folder,
        account=postgres.account,
    )


def _environment() -> dict[str, str]:
    """Give servers as little as possible: PG* variables and locales of the person who starts them must not matter."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def _letters() -> str:
    """Name a locale of the C library that knows letters beyond ASCII: without one, pg_trgm drops them from words."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        with suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            locale.setlocale(locale.LC_CTYPE, before)
            return name
    return "C"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
