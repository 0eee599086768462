"""What happens to endpoints of other programs, step by step, as their decider lets it through."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from domain.endpoint import (
    ENDPOINT,
    PauseEndpoint,
    Registered,
    RegisterEndpoint,
    RemoveEndpoint,
    ResumeEndpoint,
    ReviseEndpoint,
    RotateSecret,
    Subscription,
    Unregistered,
    VerifyEndpoint,
)
from events.contracts import AnyEvent
from tests.projections.deciding import Deciding, named
from tests.projections.examples import organisation_id, person_id

KINDS_OF_ENDPOINTS = ("endpoint", "endpoint", "endpoint", "switch", "remove")


class Endpoints:
    """Endpoints; `which` and `chance` choose what of a kind happens."""

    def __init__(self, deciding: Deciding) -> None:
        self._deciding = deciding

    def next(self, kind: str, number: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        """Give the events of a step, or of the registration that has to come before it."""
        endpoint = named("endpoint", number)
        state = self._deciding.state(ENDPOINT, endpoint)
        facts: dict[str, Any] = {"endpoint_id": endpoint, "now": at}
        by = {**facts, "by": person_id(which)}
        key = {"key_id": named("key", number, chance), "public_key": f"key {chance}"}
        if isinstance(state, Unregistered):
            organisation = organisation_id(number) if which % 2 else None
            command: Any = RegisterEndpoint(
                **by, **key, organisation_id=organisation, subscription=_subscription(chance)
            )
        elif kind == "remove" and which == 0:
            command = RemoveEndpoint(**by)
        elif kind != "endpoint" and isinstance(state, Registered) and state.paused is None:
            cause: Any = ("asked", "exhausted", "gone", "receiver")[chance % 4]
            command = PauseEndpoint(
                **facts, by=person_id(which) if cause == "asked" else None, cause=cause, after=9
            )
        elif kind != "endpoint":
            command = ResumeEndpoint(**by, after=which or None)
        elif which < 2:
            command = RotateSecret(**by, **key, overlap=timedelta(hours=chance % 9))
        elif which == 2:
            command = ReviseEndpoint(**by, subscription=_subscription(chance))
        else:
            url = state.subscription.url if isinstance(state, Registered) else _subscription(chance).url
            rate = 60 if chance % 2 else None
            command = VerifyEndpoint(**facts, url=url, proof="handshake", rate_per_minute=rate)
        return self._deciding.wanted(ENDPOINT, endpoint, command)


def _subscription(chance: int) -> Subscription:
    return Subscription(
        url=f"https://receiver.example.org/{chance % 3}",
        types=("Idea*", "VoteCast")[: 1 + chance % 2],
        format="standard" if chance % 2 else "cloudevents_binary",
        ordered=chance % 3 == 0,
    )
