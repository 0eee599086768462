"""An embedded Valkey 9 on a data folder: wake-ups, limits and caches, bounded, reached over loopback with a password."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from app.embedded.account import Account, account_for, give, let_reach, let_read
from app.embedded.child import Child, Running
from app.embedded.data_folder import DataFolder, exclusive, kept_secret
from app.embedded.errors import explained
from app.embedded.ports import LOOPBACK, free_port
from app.embedded.processes import end, working_in
from app.embedded.wheels import valkey_program

_CONFIGURATION = """\
bind {loopback}
port {port}
requirepass {password}
protected-mode yes
appendonly yes
appendfsync everysec
save ""
maxmemory 256mb
# Nothing here is the only copy of anything: under pressure the least used keys go, and no write fails.
maxmemory-policy allkeys-lru
maxclients 1000
"""
_END_SECONDS = 2
_ASK_SECONDS = 1.0


class Valkey(msgspec.Struct, frozen=True, kw_only=True):
    """A Valkey that is set up and not yet started."""

    folder: Path
    log: Path
    account: Account | None
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def child(self) -> Child:
        """Describe the server's process; its configuration goes through its standard input, so no file holds the password."""
        configuration = _CONFIGURATION.format(loopback=LOOPBACK, port=self.port, password=self.password)
        return Child(
            name="Valkey",
            kind="valkey",
            command=(str(valkey_program()), "-"),
            environment={"PATH": os.defpath, "LC_ALL": "C"},
            log=self.log,
            says=configuration.encode(),
            folder=self.folder,
            account=self.account,
            is_ready=lambda _: self._answers(),
            clear_away=lambda: clear_away(self.folder),
            stop_seconds=1.5,
        )

    def _answers(self) -> bool:
        """Ask for a PONG, which a server still reading its file refuses."""
        with (
            suppress(OSError),
            socket.create_connection((LOOPBACK, self.port), timeout=_ASK_SECONDS) as connection,
        ):
            connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answers:
                return [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        return False


class ValkeyHandle(msgspec.Struct, frozen=True, kw_only=True):
    """A Valkey that runs: `url` is its first database, `pid` its process."""

    url: str
    pid: int
    port: int


@contextmanager
def embedded_valkey(folder: Path) -> Iterator[ValkeyHandle]:
    """Run Valkey on the data folder `folder` while the context lasts.

    Raises EmbeddedError, see `prepared_valkey`, or StartFailedError with what the server said.
    """
    with prepared_valkey(folder) as valkey:
        running = Running(valkey.child())
        try:
            running.wait_until_ready()
            yield ValkeyHandle(url=valkey.url, pid=running.pid, port=valkey.port)
        finally:
            running.stop()


@contextmanager
def prepared_valkey(folder: Path) -> Iterator[Valkey]:
    """Hold Valkey's part of the data folder with nothing of an earlier run left.

    Raises FolderInUseError, FolderUnusableError, DiskFullError, StartFailedError.
    """
    place = DataFolder.at(folder)
    place.create()
    with exclusive(place.path / "valkey.lock", taken="Another process already runs Valkey on"):
        with explained(place.path):
            place.valkey.mkdir(mode=0o700, exist_ok=True)
            account = account_for(place.valkey)
            give(place.valkey, account)
            let_reach(place.valkey, account)
            let_read(valkey_program().parent, account)
        clear_away(place.valkey)
        yield Valkey(
            folder=place.valkey,
            log=place.logs / "valkey.log",
            account=account,
            port=free_port(place.valkey),
            password=kept_secret(place.valkey_password),
        )


def clear_away(folder: Path) -> None:
    """End a server that an earlier run left in `folder`, whose exclusive lock we hold."""
    end(lambda: working_in(folder), gently=signal.SIGTERM, within=_END_SECONDS)
