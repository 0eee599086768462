"""What the writers of the `pledges` campaign are told to do, and what they say became of it: one JSON object a line."""

import sys
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from events.contracts import PledgeConditions

Act = Literal["make", "revise", "withdraw"]
DONE, BUSY, FAILED = "done", "busy", "failed"
"""Acknowledged; told to try again, which promises nothing; ended in a way that nobody expects."""


class Order(Struct, frozen=True, kw_only=True):
    """One writer's part of a history: so many acts on these pools, by these funders or under one mandate of theirs."""

    history: int
    acts: int
    pools: list[UUID]
    funders: list[UUID]
    mandate: UUID | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """An act, what its answer was (`done`, a broken rule by name, …), and where the log stood before and after it."""

    history: int
    act: Act
    pool_id: UUID
    pledge_id: UUID
    answer: str
    since: int
    until: int
    amount: int = 0
    funder: UUID | None = None
    mandate: UUID | None = None
    conditions: PledgeConditions = PledgeConditions()
    detail: str = ""


class Finished(Struct, frozen=True, kw_only=True, tag=True):
    """A writer has done its part of a history."""

    history: int


class Told(Struct, frozen=True, kw_only=True, tag=True):
    """A writer tells of an act."""

    outcome: Outcome


_said = msgspec.json.Decoder(Finished | Told)


def say(what: Finished | Told) -> None:
    """Say something on the standard output, whole, before going on."""
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


def heard(line: bytes) -> Finished | Told | None:
    """Hear a line; nothing where a writer died in the middle of it."""
    try:
        what: Finished | Told = _said.decode(line)
    except msgspec.DecodeError:
        return None
    return what
