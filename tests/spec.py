"""Rules as sentences: given what happened, when somebody wants something, then this follows.

`given(VOTE, cast).when(WithdrawVote(…)).then(withdrawn)`, or `.then_nothing()`, or
`.then_refused(OwnIdeaError)`. Whatever follows, the events must be fit for the log, and handling
the same command again must cause nothing more.
"""

from typing import Any

import pytest

from domain.decider import Command, Decider, DomainError
from events.codec import CODEC
from events.contracts import AnyEvent


class Given:
    """What happened to an aggregate so far."""

    def __init__(self, decider: Decider[Any, Any, Any], events: tuple[AnyEvent, ...]) -> None:
        self._decider = decider
        self._state = decider.fold(events)

    def when(self, command: Command) -> "When":
        """Say what somebody wants."""
        return When(self._decider, self._state, command)

    def then_state(self, expected: object) -> None:
        """Say where the events lead."""
        assert self._state == expected


class When:
    """What somebody wants, in view of what happened."""

    def __init__(self, decider: Decider[Any, Any, Any], state: object, command: Command) -> None:
        self._decider, self._state, self._command = decider, state, command

    def then(self, *expected: AnyEvent) -> None:
        """Say which events follow, in order."""
        events = tuple(self._decider.decide(self._command, self._state))
        assert events == expected
        for event in events:
            assert CODEC.decode(type(event).__name__, CODEC.encode(event)) == event
        after = self._decider.fold(events, self._state)
        assert list(self._decider.decide(self._command, after)) == []

    def then_nothing(self) -> None:
        """Say that there is nothing left to do."""
        self.then()

    def then_refused(self, error: type[DomainError]) -> None:
        """Say which rule forbids it; the error speaks the rule's own words."""
        with pytest.raises(DomainError) as refused:
            self._decider.decide(self._command, self._state)
        assert type(refused.value) is error
        assert str(refused.value) == error.__doc__


def given(decider: Decider[Any, Any, Any], *events: AnyEvent) -> Given:
    """Begin a sentence about an aggregate with the events so far."""
    return Given(decider, events)
