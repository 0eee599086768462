"""The data folder of `open-impact up`: what lies where, who holds it, and what runs in it."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from app.embedded.errors import DiskFullError, FolderInUseError, FolderUnusableError, explained, free_room
from app.embedded.processes import started_at
from app.settings import Settings

ROOM_NEEDED = 256 * 1024 * 1024
"""Bytes that must be free at start: a new PostgreSQL takes 60 MB, and its log of changes some more."""


class RunningInstance(msgspec.Struct, frozen=True, kw_only=True):
    """What runs on a data folder, as `run.json` says it; a URL is None where `up` was given one from outside."""

    pid: int
    started: str
    port: int
    address: str
    database_url: str | None
    redis_url: str | None
    pids: dict[str, int]


class DataFolder(msgspec.Struct, frozen=True, kw_only=True):
    """The places in a data folder; `path` is absolute and without symbolic links."""

    path: Path

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def run_file(self) -> Path:
        return self.path / "run.json"

    @property
    def secret_key(self) -> Path:
        return self.path / "secret_key"

    @property
    def next_secret_key(self) -> Path:
        return self.path / "secret_key.next"

    @property
    def postgres_password(self) -> Path:
        return self.path / "postgres_password"

    @property
    def valkey_password(self) -> Path:
        return self.path / "valkey_password"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @classmethod
    def at(cls, path: Path) -> "DataFolder":
        return cls(path=path.expanduser().resolve())

    def create(self) -> None:
        """Make the folder, readable by its owner alone, if it is not there.

        Raises FolderUnusableError, DiskFullError.
        """
        with explained(self.path):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            free = free_room(self.path)
        if free is not None and free < ROOM_NEEDED:
            raise DiskFullError(
                f"Only {free // 1024**2} MB are free on the disk of the data folder {self.path} and at least "
                f"{ROOM_NEEDED // 1024**2} MB are needed; free some space or choose another folder with --data."
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder alone, until left or until this process ends in whatever way.

        Raises FolderInUseError with the number of the process that holds it.
        """
        with exclusive(self.lock, taken="`open-impact up` already runs on"):
            self.forget_running()
            try:
                yield
            finally:
                self.forget_running()

    def say_running(self, instance: RunningInstance) -> None:
        """Write `run.json`, through which other commands find the servers; it holds passwords, so only the owner reads it."""
        _write_private(self.run_file, msgspec.json.format(msgspec.json.encode(instance)))

    def forget_running(self) -> None:
        self.run_file.unlink(missing_ok=True)

    def kept_secret_key(self) -> str:
        """Read the generated secret key, making it at the first call."""
        return kept_secret(self.secret_key)

    def drawn_next_secret_key(self) -> str:
        """Read the secret key that is to follow, drawing it at the first call."""
        return kept_secret(self.next_secret_key)

    def take_next_secret_key(self) -> None:
        """Put the next secret key in the place of the present one, at once or not at all."""
        with explained(self.path):
            self.next_secret_key.replace(self.secret_key)


@contextmanager
def exclusive(lock: Path, *, taken: str) -> Iterator[None]:
    """Hold the file `lock` alone; the operating system lets go of it when this process ends in whatever way.

    Raises FolderInUseError, a sentence that begins with `taken`, names the folder and the process that holds it.
    """
    with explained(lock.parent):
        handle = os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = handle.read().strip() or "unknown"
            raise FolderInUseError(
                f"{taken} {lock.parent} (process {holder}); stop it first or choose another folder with --data."
            ) from None
        with explained(lock.parent):
            handle.truncate(0)
            handle.write(f"{os.getpid()}\n")
            handle.flush()
        yield


def kept_secret(file: Path) -> str:
    """Read the secret in `file`; at the first call draw one of 256 bits, as 43 characters safe in URLs."""
    with explained(file.parent):
        with suppress(FileNotFoundError):
            if secret := file.read_text().strip():
                return secret
        secret = secrets.token_urlsafe(32)
        _write_private(file, secret.encode() + b"\n")
        return secret


def running_instance(folder: Path) -> RunningInstance | None:
    """Find what runs on `folder`; None if nothing does, also after a crash that left `run.json` behind.

    Raises FolderUnusableError where another user runs it, so that its file may not be read.
    """
    data = DataFolder.at(folder)
    try:
        instance = msgspec.json.decode(data.run_file.read_bytes(), type=RunningInstance)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        return None
    except PermissionError as error:
        raise FolderUnusableError(
            f"The data folder {data.path} belongs to another user; run this command as the user that runs `open-impact up`."
        ) from error
    return instance if started_at(instance.pid) == instance.started else None


def connected(settings: Settings) -> Settings:
    """Fill in what is unset from the data folder: the URLs of a running `up`, and the generated secret key.

    What neither the environment nor the folder knows stays None.
    """
    instance = running_instance(settings.data)
    key = DataFolder.at(settings.data).secret_key
    return msgspec.structs.replace(
        settings,
        database_url=settings.database_url or (instance and instance.database_url),
        redis_url=settings.redis_url or (instance and instance.redis_url),
        secret_key=settings.secret_key or (key.read_text().strip() if key.is_file() else None),
    )


def _write_private(file: Path, content: bytes) -> None:
    """Write `file` as a whole or not at all, readable by its owner alone."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(file)
