"""The audit history: who did what, when and why, before and after, in words.

The read model knows every voter. What leaves here does not: the actor of a vote is the voter's
pseudonym for that idea, and a history filtered by actor leaves votes out, or one could ask it for
everything a person voted for. When a person was verified is told without saying who, for the same reason.
"""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec.structs import replace

from app.http import examples
from app.http.openapi import read_answers
from app.http.parameters import LIMIT_USUAL, Cursor, Limit, MinPosition, Moment, moment, text
from app.http.public_log import VERIFICATIONS, VOTE_TYPES, PublicLog
from app.http.resources import ApiRequest, Resources, resources_of
from app.http.waiting import caught_up
from events.contracts import CONTRACTS, PersonVerified
from events.streams import idea_stream, person_stream
from projections.audit_history.queries import (
    HistoryFilter,
    HistoryItem,
    HistoryRows,
    history,
)
from projections.audit_history.timeline import Timeline, timeline

_VERIFIED = PersonVerified.__name__
_TELLING = VOTE_TYPES | {_VERIFIED}
"""What is left out where it is asked what one person did."""
_NOT_TELLING = tuple(contract.__name__ for contract in CONTRACTS if contract.__name__ not in _TELLING)

TypeName = Annotated[
    str | None, QueryParameter(max_length=100, description="A type of event, such as IdeaLogged.")
]


class HistoryController(Controller):
    """The routes of the history."""

    path = "/api/v1"
    tags = ("history",)

    @get(
        "/history",
        operation_id="listHistory",
        summary="What happened",
        responses=read_answers(HistoryRows, examples.HISTORY),
    )
    async def list_history(
        self,
        request: ApiRequest,
        *,
        subject: FromQuery[UUID | None] = None,
        actor: FromQuery[UUID | None] = None,
        type: TypeName = None,  # noqa: A002  # The parameter's name is a promise.
        since: Moment = None,
        until: Moment = None,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> HistoryRows:
        """List what happened, newest first; times are when it happened, from `since` up to before `until`.

        The person behind a vote is a pseudonym, a different one for each idea; with `actor`, votes are left out.
        """
        wanted = HistoryFilter(
            subject=subject,
            actor=actor,
            type=text("type", type),
            since=moment("since", since),
            until=moment("until", until),
        )
        resources = resources_of(request)
        await caught_up(resources, "audit_history", min_position)
        return await public_history(resources, wanted, limit=limit, cursor=cursor)

    @get(
        "/ideas/{idea_id:uuid}/history",
        operation_id="listIdeaHistory",
        summary="What happened to an idea",
        responses=read_answers(HistoryRows, examples.HISTORY, 404),
    )
    async def list_idea_history(
        self,
        request: ApiRequest,
        *,
        idea_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> HistoryRows:
        """List what happened to an idea, newest first; voters are pseudonyms."""
        resources = resources_of(request)
        await caught_up(resources, "audit_history", min_position)
        rows = await public_history(resources, HistoryFilter(subject=idea_id), limit=limit, cursor=cursor)
        if not rows.items and not await resources.store.read_stream(idea_stream(idea_id), limit=1):
            raise NotFoundException(detail="There is no such idea.")
        return rows


async def public_history(
    resources: Resources, wanted: HistoryFilter, *, limit: int, cursor: str | None
) -> HistoryRows:
    """Read a page of history as anybody may read it.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    wanted = await _as_anybody_may_ask(resources, wanted)
    rows = await history(resources.pool, resources.store, wanted, limit=limit, cursor=cursor or None)
    return replace(rows, items=[_published(resources.public_log, item) for item in rows.items])


async def public_timeline(
    resources: Resources, wanted: HistoryFilter, *, limit: int, cursor: str | None
) -> Timeline:
    """Read a page of the timeline as anybody may read it: of votes only how many they were on a day.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    wanted = await _as_anybody_may_ask(resources, wanted)
    return await timeline(resources.pool, resources.store, wanted, limit=limit, cursor=cursor or None)


async def _as_anybody_may_ask(resources: Resources, wanted: HistoryFilter) -> HistoryFilter:
    if wanted.actor is None and not await _is_person(resources, wanted.subject):
        return wanted
    # Left out of a page afterwards, they would tell by its length and its cursor where they were.
    types = _NOT_TELLING if wanted.types is None else tuple(set(wanted.types) - _TELLING)
    return replace(wanted, types=types)


async def _is_person(resources: Resources, subject: UUID | None) -> bool:
    return subject is not None and bool(await resources.store.read_stream(person_stream(subject), limit=1))


def _published(public_log: PublicLog, item: HistoryItem) -> HistoryItem:
    if item.type == _VERIFIED:
        return replace(item, subject=public_log.pseudonym(VERIFICATIONS, item.subject), actor=None)
    if item.type not in VOTE_TYPES or item.actor is None:
        return item
    return replace(item, actor=public_log.pseudonym(item.subject, item.actor))
