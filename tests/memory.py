"""Where servers of the tests write: in memory where there is plenty, because no test here is of a disk.

PostgreSQL makes and copies hundreds of files for each database of a test; on a disk that takes ten times as long.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  # Linux keeps it in memory; elsewhere it is absent and the disk serves.
NEEDED_BYTES = 6 * 2**30
"""What all servers of a run write at most, twice over."""

_PREFIX = "open-impact-run-"
_GROUP = Path("/sys/fs/cgroup")


def begin() -> Path | None:
    """Make this process and those it starts write their temporary files into memory, and give the folder.

    None where there is too little memory, or where a process above this one has done so. What pytest gives as
    `tmp_path` stays on the disk, to be looked at after a failure.
    """
    disk = tempfile.gettempdir()
    if Path(disk).is_relative_to(MEMORY) or not _is_plenty():
        return None
    _clear_away()
    folder = MEMORY / f"{_PREFIX}{os.getpid()}"
    folder.mkdir()
    folder.chmod(0o711)  # Another account, which PostgreSQL runs on, must pass.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", disk)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def end(folder: Path | None) -> None:
    """Give the memory back."""
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _is_plenty() -> bool:
    """Tell whether folder, machine and container all have what a run needs; programs must run from there too."""
    with suppress(OSError, ValueError, StopIteration):
        place = os.statvfs(MEMORY)
        lines = Path("/proc/meminfo").read_text().splitlines()
        available = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
        free = min(place.f_bavail * place.f_frsize, available, _left_to_the_container())
        return free >= NEEDED_BYTES and not place.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK)
    return False


def _left_to_the_container() -> float:
    with suppress(OSError, ValueError):
        most, used = ((_GROUP / f"memory.{name}").read_text().strip() for name in ("max", "current"))
        return int(most) - int(used)
    return float("inf")


def _clear_away() -> None:
    """Give back the memory of runs that were killed."""
    for left in MEMORY.glob(f"{_PREFIX}*"):
        if not Path(f"/proc/{left.name.removeprefix(_PREFIX)}").exists():
            shutil.rmtree(left, ignore_errors=True)
