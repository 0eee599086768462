"""Everything that is somebody's own, as one file: what the service keeps of a person, for that person alone.

It is JSON, made while it is sent, page by page, so that any length takes little memory. What opens an account (the words
of sessions and tokens, the keys of passkeys) is kept as a digest at most, and is not among it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from litestar import Response, get
from msgspec import Struct

from app.access import accounts, identities, sessions, tokens
from app.access.actor import Actor
from app.drafts import Draft
from app.http.endpoint_view import endpoints_shown
from app.http.histories import public_history
from app.http.resources import Resources, actor_of, now, resources_of
from app.http.streaming import Streamed
from app.notices import mark_of
from app.web.new_idea import drafts_of
from app.web.showing import PageRequest
from app.webhooks.deliveries import endpoints_of
from projections.audit_history.queries import HistoryFilter
from projections.coverage.queries import offers_of_person
from projections.fair_votes.queries import BallotRow, votes_of
from projections.idea_detail.queries import ideas_of
from projections.language import language
from projections.organisations.queries import of_person

PAGE_ITEMS = 200
_FILE = "open-impact-everything-of-mine"

_encode = msgspec.json.Encoder().encode


class MyVote(Struct, frozen=True, kw_only=True):
    """A vote of one's own that stands: `voter` is the pseudonym under which others see it."""

    idea_id: UUID
    position: int
    cast_at: datetime
    voter: UUID
    counts_as: str


class _Rows(Protocol):
    """A page of rows, and the cursor of the next one."""

    @property
    def items(self) -> Sequence[Any]:
        """Give the rows."""
        ...

    @property
    def next_cursor(self) -> str | None:
        """Give the cursor."""
        ...


Page = Callable[[str | None], Awaitable[_Rows]]


@get("/me/everything.json", include_in_schema=False)
async def download_everything(request: PageRequest) -> Response[Any]:
    """Give somebody everything that is theirs, as one file."""
    resources, actor = resources_of(request), actor_of(request)
    kept = await _kept(resources, actor, await drafts_of(request))
    headers = {
        "content-type": "application/json; charset=utf-8",
        "content-language": language().lang,
        "content-disposition": f'attachment; filename="{_FILE}-{now().date().isoformat()}.json"',
        "cache-control": "no-store",
        "vary": "Accept-Language, Cookie",
    }
    return Streamed(everything(kept, pages_of(resources, actor.person_id)), headers)


async def everything(kept: Mapping[str, object], pages: Mapping[str, Page]) -> AsyncIterator[bytes]:
    """Write one JSON object: first what is there already, then lists, a page at a time."""
    yield _encode(kept).removesuffix(b"}")
    for name, page in pages.items():
        yield b"," + _encode(name) + b":["
        cursor, between = None, b""
        while True:
            rows = await page(cursor)
            if rows.items:
                yield between + b",".join(map(_encode, rows.items))
                between = b","
            cursor = rows.next_cursor
            if cursor is None:
                break
        yield b"]"
    yield b"}\n"


def pages_of(resources: Resources, person_id: UUID, *, limit: int = PAGE_ITEMS) -> Mapping[str, Page]:
    """Give the long lists of a person by name: each as what reads a page of it, after a cursor.

    `history` is what they did in public, votes aside, which stand in a list of their own.
    """
    pool, pseudonym = resources.pool, resources.public_log.pseudonym

    async def history_page(cursor: str | None, *types: str) -> _Rows:
        wanted = HistoryFilter(actor=person_id, types=types or None)
        return await public_history(resources, wanted, limit=limit, cursor=cursor)

    async def ideas_page(cursor: str | None) -> _Rows:
        logged = await history_page(cursor, "IdeaLogged")
        ideas = await ideas_of(pool, [item.subject for item in logged.items])
        mine = [idea for idea in ideas if idea.author_id == person_id]
        return _Made(items=mine, next_cursor=logged.next_cursor)

    async def votes_page(cursor: str | None) -> _Rows:
        rows = await votes_of(pool, person_id, limit=limit, cursor=cursor)
        return _Made(items=[my_vote(row) for row in rows.items], next_cursor=rows.next_cursor)

    async def endpoints_page(cursor: str | None) -> _Rows:
        after = UUID(cursor) if cursor else None
        found = await endpoints_of(pool, person_id, (), after=after, limit=limit)
        last = str(found[-1]) if len(found) == limit else None
        return _Made(items=await endpoints_shown(resources, found), next_cursor=last)

    def my_vote(row: BallotRow) -> MyVote:
        return MyVote(
            idea_id=row.idea_id,
            position=row.position,
            cast_at=row.cast_at,
            voter=pseudonym(row.idea_id, person_id),
            counts_as=row.counts_as,
        )

    return {
        "ideas": ideas_page,
        "votes": votes_page,
        "offers": lambda cursor: offers_of_person(pool, person_id, limit=limit, cursor=cursor),
        "endpoints": endpoints_page,
        "history": history_page,
    }


class _Made(Struct, frozen=True, kw_only=True):
    items: Sequence[Any]
    next_cursor: str | None


async def _kept(resources: Resources, actor: Actor, drafts: Sequence[Draft]) -> dict[str, object]:
    """Collect what there is little of: each of it is bounded where it is kept."""
    pool, person_id = resources.pool, actor.person_id
    return {
        "made_at": now(),
        "account": await accounts.by_id(pool, person_id),
        "letters": await mark_of(pool, person_id),
        "organisations": await of_person(pool, person_id),
        "drafts": drafts,
        "sessions": await sessions.of_person(pool, person_id),
        "passkeys": await resources.passkeys.of_person(person_id),
        "identities": await identities.of_person(pool, person_id),
        "tokens": await tokens.of_person(pool, person_id),
    }
