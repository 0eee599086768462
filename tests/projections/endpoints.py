"""Endpoints short to write in a test, and what the history says of each event about them."""

from datetime import datetime
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
    SecretRotated,
)
from tests.projections.examples import AUTHOR, NOON

ENDPOINT_ID, KEY_ID, NEWER_KEY_ID = (UUID(f"0190b000-0000-7000-8000-0000000009{n:02}") for n in (1, 2, 3))
URL = "https://hooks.example.org/impact"


def registered(*, at: datetime = NOON, **said: Any) -> EndpointRegistered:
    """Register an endpoint for everything; whatever is not said is plain."""
    fields = {"types": ("*",), "url": URL, "key_id": KEY_ID, "public_key": "whpk_AA==", **said}
    return EndpointRegistered(endpoint_id=ENDPOINT_ID, registered_by=AUTHOR, occurred_at=at, **fields)


_ABOUT: dict[str, Any] = {"endpoint_id": ENDPOINT_ID, "occurred_at": NOON}

TOLD: list[tuple[AnyEvent, str, str | None]] = [
    (registered(), "A program asked to be told of events.", None),
    (
        EndpointVerified(**_ABOUT, proof="handshake", rate_per_minute=60),
        "The program that asked to be told of events agreed to it.",
        None,
    ),
    (
        EndpointRevised(**_ABOUT, revised_by=AUTHOR, url=URL, types=("Idea*",)),
        "What a program is told of, or where, was changed.",
        None,
    ),
    (
        SecretRotated(
            **_ABOUT, rotated_by=AUTHOR, key_id=NEWER_KEY_ID, public_key="whpk_AQ==", old_until=NOON
        ),
        "What a program is told is signed with a new key.",
        None,
    ),
    (
        EndpointPaused(**_ABOUT, cause="asked", after=7, paused_by=AUTHOR),
        "A program is told nothing for now, as somebody in charge wished.",
        None,
    ),
    (
        EndpointResumed(**_ABOUT, resumed_by=AUTHOR, after=7),
        "A program is told of events again.",
        None,
    ),
    (
        EndpointPaused(**_ABOUT, cause="exhausted", after=9),
        "A program is told nothing for now: it could not be reached for eight days.",
        None,
    ),
    (
        EndpointRemoved(**_ABOUT, removed_by=AUTHOR),
        "A program is told of events no longer.",
        None,
    ),
]
