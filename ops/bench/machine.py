"""The machine a benchmark ran on, and how much of it others used meanwhile."""

import os
import platform
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg

SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "wal_level")
DISTURBED = 0.10
"""The share of the machine that others may use before a window counts as disturbed."""

_PROC = Path("/proc")
_KERNEL_THREADS = 2
"""The process number under which Linux keeps its own threads; what they do for our disk is not others' work."""
_STEAL_FIELD = 7
_IDLE_FIELDS = (3, 4)


def described(database_url: str) -> dict[str, object]:
    """Describe machine and server: what a reader needs to compare figures with their own."""
    with psycopg.connect(database_url) as connection:
        version = connection.info.parameter_status("server_version")
        settings = {
            name: connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in SETTINGS
        }
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _cpu_model(),
        "cores": os.cpu_count() or 0,
        "memory_mb": _memory_mb(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": version or "unknown",
        "settings": {name: row[0] if row else None for name, row in settings.items()},
        "load_before": [],
        "others_share": [],
    }


def load_average() -> float:
    """Give the load average of the last minute."""
    return round(os.getloadavg()[0], 2)


class Others:
    """Measures which share of the machine's time programs outside this one's process tree took.

    Where /proc does not tell, the answer is always 0. Time that a hypervisor gave to others counts.
    """

    def __init__(self) -> None:
        self._machine = _machine_ticks()
        self._own = _own_ticks()

    def share(self) -> float:
        """Give the share since this was made, from 0 to 1."""
        total, busy = (now - then for now, then in zip(_machine_ticks(), self._machine, strict=True))
        if total <= 0:
            return 0.0
        return max(0.0, min(1.0, (busy - (_own_ticks() - self._own)) / total))


def _machine_ticks() -> tuple[int, int]:
    """Count all ticks of all cores and those in which they were busy, steal included."""
    with suppress(OSError):
        fields = [int(field) for field in (_PROC / "stat").read_text().splitlines()[0].split()[1:]]
        total = sum(fields[: _STEAL_FIELD + 1])
        return total, total - sum(fields[field] for field in _IDLE_FIELDS)
    return 0, 0


def _own_ticks() -> int:
    """Count the ticks of this process and all under it, those that have ended included, and the kernel's own."""
    parents: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for pid, parent, used in _processes():
        parents.setdefault(parent, []).append(pid)
        ticks[pid] = used
    total, waiting = 0, [os.getpid(), _KERNEL_THREADS]
    while waiting:
        pid = waiting.pop()
        total += ticks.get(pid, 0)
        waiting += parents.get(pid, [])
    return total


def _processes() -> Iterator[tuple[int, int, int]]:
    """List every process with its parent and its ticks; whoever waited for a child has the child's as well."""
    with suppress(OSError):
        for entry in _PROC.iterdir():
            if entry.name.isdigit():
                with suppress(OSError, IndexError):
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                    yield int(entry.name), int(fields[1]), sum(map(int, fields[11:15]))


def _cpu_model() -> str:
    with suppress(OSError):
        for line in (_PROC / "cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_mb() -> int:
    with suppress(OSError, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    return 0
