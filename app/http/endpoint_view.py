"""An endpoint as its owner sees it: its stream, and how it stands with what is due there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from app.folding import folded
from app.http.resources import Resources, now
from app.webhooks.asking import AGREED
from app.webhooks.conditions import Condition, read
from app.webhooks.deliveries import Standing, standings
from domain.endpoint import (
    ENDPOINT,
    EndpointRemovedError,
    EndpointState,
    EndpointUnknownError,
    Registered,
    Removed,
)
from events.contracts import EndpointFormat, PauseCause
from events.streams import endpoint_stream

EndpointStatus: TypeAlias = Literal["unverified", "active", "paused"]
"""It has not agreed yet and is sent nothing, it is sent events, or it is paused."""


class PublicKeyShown(Struct, frozen=True, kw_only=True):
    """A key with which messages can be checked; the newest has no end."""

    key_id: UUID
    public_key: str
    until: datetime | None


class PauseShown(Struct, frozen=True, kw_only=True):
    """Why nothing is sent, and after which position everything is still to come."""

    cause: PauseCause
    after: int


class EndpointDetail(Struct, frozen=True, kw_only=True):
    """An endpoint: what it wants, and how it stands.

    `answer` is what came of asking it whether it wants to be told. `waiting` counts what is due, up to 10,000.
    `behind_at` is the position up to which it was told, where it is not told of events as they come. After several
    `failures` in a row it rests until `rests_until`.
    """

    endpoint_id: UUID
    organisation_id: UUID | None
    url: str
    types: Sequence[str]
    format: EndpointFormat
    ordered: bool
    filter: Condition | None
    status: EndpointStatus
    paused: PauseShown | None
    rate_per_minute: int | None
    keys: Sequence[PublicKeyShown]
    answer: str
    waiting: int
    behind_at: int | None
    failures: int
    rests_until: datetime | None
    delivered_at: datetime | None
    version: int


class EndpointRows(Struct, frozen=True, kw_only=True):
    """A page of endpoints, the newest first, and the cursor of the next one."""

    items: list[EndpointDetail]
    next_cursor: str | None


async def endpoint_shown(resources: Resources, endpoint_id: UUID) -> EndpointDetail:
    """Show an endpoint.

    Raises:
        EndpointUnknownError, EndpointRemovedError: there is none.
        LogUnavailableError: the log cannot be reached.
    """
    found = await folded(resources.store, ENDPOINT, endpoint_stream(endpoint_id))
    state = registered(found.state)
    standing = (await standings(resources.pool, [endpoint_id])).get(endpoint_id)
    return _shown(state, found.version, standing)


async def endpoints_shown(resources: Resources, endpoint_ids: Sequence[UUID]) -> list[EndpointDetail]:
    """Show several endpoints in their order; those that were removed meanwhile are left out.

    Raises:
        LogUnavailableError: the log cannot be reached.
    """
    streams = {endpoint_id: endpoint_stream(endpoint_id) for endpoint_id in endpoint_ids}
    events = await resources.store.read_streams(list(streams.values()))
    known = await standings(resources.pool, endpoint_ids)
    shown = []
    for endpoint_id, stream in streams.items():
        found = events.get(stream, [])
        state = ENDPOINT.fold([event.data for event in found])  # type: ignore[misc]  # Streams of endpoints.
        if isinstance(state, Registered):
            shown.append(_shown(state, len(found), known.get(endpoint_id)))
    return shown


def registered(state: EndpointState) -> Registered:
    """Give an endpoint that is there.

    Raises:
        EndpointUnknownError, EndpointRemovedError: there is none.
    """
    if isinstance(state, Removed):
        raise EndpointRemovedError
    if not isinstance(state, Registered):
        raise EndpointUnknownError
    return state


def _shown(state: Registered, version: int, standing: Standing | None) -> EndpointDetail:
    status: EndpointStatus = "active" if state.proof else "unverified"
    wanted, paused = state.subscription, state.paused
    return EndpointDetail(
        endpoint_id=state.endpoint_id,
        organisation_id=state.organisation_id,
        url=wanted.url,
        types=wanted.types,
        format=wanted.format,
        ordered=wanted.ordered,
        filter=read(wanted.filter),
        status="paused" if paused else status,
        paused=PauseShown(cause=paused.cause, after=paused.after) if paused else None,
        rate_per_minute=state.rate_per_minute,
        keys=[
            PublicKeyShown(key_id=key.key_id, public_key=key.public_key, until=key.until)
            for key in state.keys_at(now())
        ],
        # It is asked within a moment after it was registered; where it agreed later, what it said first no longer counts.
        answer=AGREED if state.proof else standing.ask_answer if standing else "",
        waiting=standing.waiting if standing else 0,
        behind_at=standing.behind_at if standing else None,
        failures=standing.failures if standing else 0,
        rests_until=standing.rests_until if standing else None,
        delivered_at=standing.delivered_at if standing else None,
        version=version,
    )
