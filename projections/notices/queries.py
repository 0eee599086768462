"""The queries about notices."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from events.connections import Connection, Pool, unavailable_when_lost
from events.contracts import Money
from projections.cursors import BigInteger, decode_cursor, encode_cursor
from projections.language import LANGUAGES, Language, speaking
from projections.notices.kinds import FOR_ADMINISTRATORS, NoticeKind
from projections.notices.words import sentence
from projections.statements import statement

_HERE = Path(__file__).parent
LIMIT_MAX = 200
UNREAD_MAX = 100
"""Beyond so many, nobody wants to know how many exactly."""


class Notice(Struct, frozen=True, kw_only=True):
    """Something that happened that concerns a person, or an organisation they act for.

    `for_organisation` is that organisation, `for_organisation_name` its name. `sentence` says what happened, `reason`
    why, in the words of whoever did it. A standing pledge can be vetoed `until` then. An endpoint that is still paused
    has everything `after` a position of the log to come.
    """

    position: int
    kind: NoticeKind
    sentence: str
    reason: str
    happened_at: datetime
    for_organisation: UUID | None
    for_organisation_name: str | None
    idea_id: UUID | None
    offer_id: UUID | None
    mandate_id: UUID | None
    pool_id: UUID | None
    endpoint_id: UUID | None
    after: int | None
    until: datetime | None
    recipient: UUID


class NoticeRows(Struct, frozen=True, kw_only=True):
    """A page of notices, the last first, and the cursor of the next one."""

    items: list[Notice]
    next_cursor: str | None


async def notices(
    pool: Pool,
    recipients: Collection[UUID],
    *,
    limit: int,
    cursor: str | None = None,
    administered: Collection[UUID] = (),
) -> NoticeRows:
    """List what concerns any of these people and organisations, the last first.

    What is for administrators alone is told of those of them that are `administered`, as one is oneself.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    position, recipient = decode_cursor(cursor, tuple[BigInteger, UUID]) if cursor else (None, None)
    async with unavailable_when_lost():
        rows = await pool.fetch(
            statement(_HERE, "page"),
            limit + 1,
            list(recipients),
            position,
            recipient,
            list(FOR_ADMINISTRATORS),
            list(administered),
        )
    more, rows = len(rows) > limit, rows[:limit]
    return NoticeRows(
        items=[_notice(row) for row in rows],
        next_cursor=encode_cursor((rows[-1]["position"], rows[-1]["recipient"])) if more else None,
    )


async def unread(
    pool: Pool, recipients: Collection[UUID], read_up_to: int, *, administered: Collection[UUID] = ()
) -> int:
    """Count what concerns any of these that came after a position, up to 100; `administered` as for `notices`.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        count: int = await pool.fetchval(
            statement(_HERE, "unread"),
            list(recipients),
            read_up_to,
            UNREAD_MAX,
            list(FOR_ADMINISTRATORS),
            list(administered),
        )
    return count


async def notices_since(
    connection: Connection, after: tuple[int, UUID], kinds: Sequence[NoticeKind], *, limit: int
) -> dict[Language, list[Notice]]:
    """List notices in the order in which they happened, after a position and recipient; said in every language."""
    rows = await connection.fetch(statement(_HERE, "since"), limit, *after, list(kinds))
    said = {}
    for each in LANGUAGES:
        with speaking(each):
            said[each] = [_notice(row) for row in rows]
    return said


def _notice(row: asyncpg.Record) -> Notice:
    amount = None
    if row["amount_minor"] is not None:
        amount = Money(amount_minor=row["amount_minor"], currency=row["currency"])
    is_organisation = row["recipient_name"] is not None
    return Notice(
        position=row["position"],
        kind=row["kind"],
        sentence=sentence(
            row["kind"],
            idea=row["idea_title"] or "",
            organisation=row["organisation_name"],
            offer=row["offer_title"] or "",
            mandate=row["mandate_title"] or "",
            amount=amount,
            host=row["host"] or "",
        ),
        reason=row["reason"],
        happened_at=row["happened_at"],
        for_organisation=row["recipient"] if is_organisation else None,
        for_organisation_name=row["recipient_name"],
        idea_id=row["idea_id"],
        offer_id=row["offer_id"],
        mandate_id=row["mandate_id"],
        pool_id=row["pool_id"],
        endpoint_id=row["endpoint_id"],
        after=row["after"],
        until=row["until"],
        recipient=row["recipient"],
    )
