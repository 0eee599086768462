"""The shape of every aggregate: decide what happens, evolve what is."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct

from events.contracts import AnyEvent

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=AnyEvent)


class Command(Struct, frozen=True, kw_only=True):
    """An intention, in the imperative; `now` is the moment it is decided at."""

    now: datetime


class DomainError(Exception):
    """A rule was broken; nothing happened."""

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip())


class Decider(Struct, Generic[C, S, E], frozen=True):
    """An aggregate as three functions and the state it begins in.

    `decide` gives the events that a command causes in a state, none when there is nothing left to
    do, and raises `DomainError` where a rule forbids it. `evolve` gives the state after an event.
    """

    decide: Callable[[C, S], Sequence[E]]
    evolve: Callable[[S, E], S]
    initial_state: S

    def fold(self, events: Sequence[E], state: S | None = None) -> S:
        """Work out the state that events lead to, from the beginning or from an earlier state."""
        reached = self.initial_state if state is None else state
        for event in events:
            reached = self.evolve(reached, event)
        return reached
