"""What writers say of their requests, a line each, over a pipe that outlives them.

The line is in the pipe before the writer goes on, so that a kill cannot take back what was acknowledged.
"""

import os
from typing import NamedTuple

OUTPUT = 1
"""A writer speaks on its standard output; a campaign that is gone breaks the pipe, and that ends the writer."""


class Acknowledged(NamedTuple):
    """The position and version that the log answered."""

    position: int
    version: int


class Outcomes:
    """What is known of all requests, by writer and number of the request.

    A request of which nothing is known may be in the log or not, but not twice.
    """

    def __init__(self) -> None:
        self.acknowledged: dict[tuple[int, int], Acknowledged] = {}
        self.refused: set[tuple[int, int]] = set()
        self.unknown = 0
        self.failures: list[str] = []

    def hear(self, writer: int, line: str) -> None:
        """Take in one line of a writer."""
        word, _, rest = line.partition(" ")
        match word:
            case "acknowledged":
                request, position, version = map(int, rest.split())
                self.acknowledged[writer, request] = Acknowledged(position, version)
            case "refused":
                self.refused.add((writer, int(rest)))
            case "unknown":
                self.unknown += 1
            case _:
                self.failures.append(f"writer {writer}: {line}")


def say_acknowledged(request: int, position: int, version: int) -> None:
    """Say that the log appended a request, or had it already."""
    _say(f"acknowledged {request} {position} {version}")


def say_refused(request: int) -> None:
    """Say that the log refused a request, which it must then not hold."""
    _say(f"refused {request}")


def say_unknown(request: int) -> None:
    """Say that the log could not be asked in time."""
    _say(f"unknown {request}")


def say_failed(request: int, reason: str) -> None:
    """Say that something happened to a request that must not happen."""
    _say(f"failed {request} {' '.join(reason.split())[:500]}")


def _say(line: str) -> None:
    # One write of less than a pipe's atomic size: a kill leaves a whole line or none.
    os.write(OUTPUT, line.encode() + b"\n")
