"""Where the money of a pool went: what was pledged, came together, was committed and released, over time as a picture and a table."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from msgspec import Struct

from app.funding.past_pool import rows_of
from app.funding.pool_view import PoolDetail, detail_of
from app.http.pool_reads import last_open
from app.http.resources import Resources
from app.web.pictures import thinned
from domain.pool import POOL
from events.contracts import Money, PoolEvent
from events.envelope import RecordedEvent
from events.store import STREAM_PAGE_MAX
from events.streams import pool_stream

DAYS_MAX = 40
"""A picture and the table behind it show so many days at most; each is resolved anew."""
WIDTH, HEIGHT, INSET = 720, 240, 8


class MoneyDay(Struct, frozen=True, kw_only=True):
    """What a pool held at the end of a day (UTC)."""

    day: date
    pledged: Money
    holds: Money
    committed: Money
    released: Money


class MoneyPicture(Struct, frozen=True, kw_only=True):
    """The same days as lines in a box of `width` by `height` units: time runs evenly, and a line steps when money moves."""

    days: Sequence[MoneyDay]
    pledged: str
    holds: str
    committed: str
    released: str
    target: Money
    target_y: str
    baseline_y: str
    width: int = WIDTH
    height: int = HEIGHT


async def money_over_time(resources: Resources, pool_id: UUID) -> MoneyPicture | None:
    """Follow a pool's money through its stream; nothing before anything was pledged.

    Raises:
        LogUnavailableError: the log cannot be reached.
    """
    events: list[RecordedEvent] = []
    while True:
        page = await resources.store.read_stream(pool_stream(pool_id), after=len(events))
        events += page
        if len(page) < STREAM_PAGE_MAX:
            break
    # Beside the loop: a pool of many pledges is resolved for each of the days.
    return await asyncio.to_thread(_drawn, events)


def _drawn(events: Sequence[RecordedEvent]) -> MoneyPicture | None:
    ends = {event.data.occurred_at.astimezone(UTC).date(): number for number, event in enumerate(events, 1)}
    days = [_day(day, events[:number]) for day, number in thinned(tuple(sorted(ends.items())), DAYS_MAX)]
    if not any(one.pledged.amount_minor for one in days):
        return None
    details = _detail(events, events[-1].data.occurred_at)
    return picture(days, details.target)


def _day(day: date, events: Sequence[RecordedEvent]) -> MoneyDay:
    detail = _detail(events, events[-1].data.occurred_at)
    currency = detail.target.currency

    def in_currency(amount: int) -> Money:
        return Money(amount_minor=amount, currency=currency)

    counting = [one for one in detail.pledges if one.kind == "money" or detail.counts_in_kind]
    return MoneyDay(
        day=day,
        pledged=in_currency(sum(one.amount.amount_minor for one in counting)),
        holds=detail.resolved_total,
        committed=detail.committed_total,
        released=in_currency(sum(one.released.amount_minor for one in detail.pledges)),
    )


def _detail(events: Sequence[RecordedEvent], moment: datetime) -> PoolDetail:
    happened: list[PoolEvent] = [event.data for event in events]  # type: ignore[misc]  # A stream of a pool.
    return detail_of(rows_of(last_open(POOL.fold(happened)), events), {}, moment)


def picture(days: Sequence[MoneyDay], target: Money) -> MoneyPicture:
    """Draw the days of a pool's money, to scale with its target or with what is more."""
    amounts = [one.pledged.amount_minor for one in days] + [one.holds.amount_minor for one in days]
    highest = max(1, target.amount_minor, *amounts)
    start, span = days[0].day, max(1, (days[-1].day - days[0].day).days)

    def x(day: date) -> str:
        return f"{INSET + (WIDTH - 2 * INSET) * (day - start).days / span:.1f}"

    def y(amount: Money) -> str:
        return f"{HEIGHT - INSET - (HEIGHT - 2 * INSET) * amount.amount_minor / highest:.1f}"

    def line(name: str) -> str:
        first, *others = [(x(one.day), y(getattr(one, name))) for one in days]
        steps = "".join(f"H{across}V{up}" for across, up in others)
        # A line of one day alone goes on to the edge, or it would be a dot.
        return f"M{first[0]} {first[1]}{steps}H{WIDTH - INSET}"

    return MoneyPicture(
        days=days,
        pledged=line("pledged"),
        holds=line("holds"),
        committed=line("committed"),
        released=line("released"),
        target=target,
        target_y=y(target),
        baseline_y=f"{HEIGHT - INSET}",
    )
