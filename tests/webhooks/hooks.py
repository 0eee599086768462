"""Endpoints and what happens to them, short to write in a test about webhooks."""

from typing import Any
from uuid import UUID

from events.contracts import (
    AnyEvent,
    EndpointPaused,
    EndpointRegistered,
    EndpointRemoved,
    EndpointResumed,
    EndpointRevised,
    EndpointVerified,
)
from events.store import EventStore
from tests.projections.examples import AUTHOR, NOON, requests


def hook(number: int = 1) -> UUID:
    """Give the identifier of an endpoint."""
    return UUID(f"0190b000-0000-7000-8000-00000000e{number:03}")


def url(number: int = 1) -> str:
    """Give the address of an endpoint."""
    return f"https://hooks.example.org/{number}"


def registered(number: int = 1, *types: str, **said: Any) -> EndpointRegistered:
    """Register an endpoint for all types of events, or for these."""
    fields = {"url": url(number), "key_id": hook(number), "public_key": "whpk_AA==", **said}
    return EndpointRegistered(
        endpoint_id=hook(number), registered_by=AUTHOR, types=types or ("*",), occurred_at=NOON, **fields
    )


def agreed(number: int = 1) -> EndpointVerified:
    """Let an endpoint agree."""
    return EndpointVerified(endpoint_id=hook(number), proof="handshake", occurred_at=NOON)


def changed(number: int = 1, *types: str, to: str | None = None) -> EndpointRevised:
    """Change the types, or the address, of an endpoint."""
    return EndpointRevised(
        endpoint_id=hook(number),
        revised_by=AUTHOR,
        url=to or url(number),
        types=types or ("*",),
        occurred_at=NOON,
    )


def paused(number: int = 1, *, after: int = 0) -> EndpointPaused:
    """Pause an endpoint that has everything up to a position."""
    return EndpointPaused(endpoint_id=hook(number), cause="asked", after=after, occurred_at=NOON)


def resumed(number: int = 1, *, after: int = 0) -> EndpointResumed:
    """Let an endpoint go on after a position."""
    return EndpointResumed(endpoint_id=hook(number), resumed_by=AUTHOR, after=after, occurred_at=NOON)


def removed(number: int = 1) -> EndpointRemoved:
    """Remove an endpoint."""
    return EndpointRemoved(endpoint_id=hook(number), removed_by=AUTHOR, occurred_at=NOON)


async def happened(store: EventStore, *events: AnyEvent) -> int:
    """Append events, and tell the position of the last."""
    answers = await store.append_many(requests(*events))
    for answer in answers:
        assert not isinstance(answer, Exception), answer
    return await store.head()
