"""What can keep the embedded servers from running, each as one sentence that says what to do."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class EmbeddedError(Exception):
    """Something about this machine or data folder keeps the embedded servers from running."""


class FolderInUseError(EmbeddedError):
    """Another process holds the data folder."""


class FolderUnusableError(EmbeddedError):
    """The data folder cannot be made, read or written."""


class DiskFullError(EmbeddedError):
    """The disk that holds the data folder has no room left."""


class OtherVersionError(EmbeddedError):
    """The data folder was written by another major version of PostgreSQL."""


class PortInUseError(EmbeddedError):
    """Another program listens on the wanted port."""


class StartFailedError(EmbeddedError):
    """A server or process did not start, or kept failing."""


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the operating system says about `folder` into a sentence for the person who started us.

    Raises DiskFullError or FolderUnusableError in place of OSError.
    """
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise disk_full(folder) from error
        place = error.filename or folder
        raise FolderUnusableError(
            f"The data folder cannot be used ({error.strerror}: {place}); "
            "make it writable for this user or choose another with --data."
        ) from error


def free_room(folder: Path) -> int | None:
    """Give the bytes that are free on the disk of `folder`; None where the file system does not count."""
    usage = shutil.disk_usage(folder)
    return usage.free if usage.total else None


def disk_full(folder: Path) -> DiskFullError:
    return DiskFullError(
        f"The disk of the data folder {folder} is full; free some space or choose another folder with --data."
    )
