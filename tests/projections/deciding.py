"""What happens is decided by the domain's own deciders, so that only what can happen is drawn."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from domain.decider import Command, Decider, DomainError
from events.contracts import AnyEvent
from tests.projections.examples import COMMONS


class Deciding:
    """The streams of a history, each as far as it has come."""

    def __init__(self) -> None:
        self._events: defaultdict[object, list[AnyEvent]] = defaultdict(list)
        self._begun: dict[tuple[object, object], None] = {}
        self._folded: dict[tuple[object, object], tuple[int, Any]] = {}

    def state(self, decider: Decider[Any, Any, Any], stream: object) -> Any:
        """Tell what a stream has come to, as a decider sees it."""
        key, events = (decider.decide, stream), self._events[stream]
        seen, state = self._folded.get(key, (0, decider.initial_state))
        if seen < len(events):
            state = decider.fold(events[seen:], state)
            self._folded[key] = (len(events), state)
        return state

    def states(self, decider: Decider[Any, Any, Any]) -> dict[Any, Any]:
        """Tell what all streams of a decider have come to."""
        return {
            stream: self.state(decider, stream) for decide, stream in self._begun if decide is decider.decide
        }

    def wanted(self, decider: Decider[Any, Any, Any], stream: object, command: Command) -> Sequence[AnyEvent]:
        """Give the events that a command causes, none where a rule forbids it."""
        events = self.possible(decider, stream, command)
        if events:
            self._events[stream] += events
            self._begun[decider.decide, stream] = None
        return events

    def possible(
        self, decider: Decider[Any, Any, Any], stream: object, command: Command
    ) -> Sequence[AnyEvent]:
        """Give the events that a command would cause."""
        try:
            return decider.decide(command, self.state(decider, stream))
        except DomainError:
            return []


def named(kind: str, *numbers: int) -> UUID:
    """Make the identifier of what has these numbers."""
    return uuid5(COMMONS, " ".join((kind, *map(str, numbers))))
