"""A thing at an earlier moment: which moment an address asks for, and the ways from there to others."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from litestar import Response
from litestar.exceptions import NotFoundException
from msgspec import Struct

from app.http.past import moment_of, point
from app.http.problems import MalformedError
from app.http.resources import Resources, resources_of
from app.http.waiting import caught_up
from app.web.formats import time_in_words
from app.web.histories.asked import day_in
from app.web.showing import PageRequest, seen_elsewhere
from app.web.then_views import Moment, Sort, Then
from projections.audit_history.steps import Step, steps_around, steps_of

MOMENTS_MAX = 200
"""So many moments are on a slider at most; one by one, all can be walked through."""
PART = "picture"
LAST = "last"
_DIGITS_MAX = 6


class Asked(Struct, frozen=True, kw_only=True):
    """A thing at a moment, as an address asks for it."""

    subject: UUID
    href: str
    what: Sort
    as_of: str


def asked_then(request: PageRequest, subject: UUID, href: str, what: Sort) -> Asked | None:
    """Read the moment that an address asks for; nothing where it asks for none, or for what cannot be meant.

    `what` says of what sort the thing is.
    """
    as_of = request.query_params.get("as_of", "")
    try:
        point(as_of)
    except MalformedError:
        return None
    return Asked(subject=subject, href=href, what=what, as_of=as_of)


async def led_to(request: PageRequest, subject: UUID, href: str) -> Response[bytes] | None:
    """Lead from a place on the slider, or from a day, to the moment it stands for; nothing where none is asked for."""
    step, day = request.query_params.get("step", ""), day_in(request.query_params.get("day", ""))
    if day is not None:
        return seen_elsewhere(f"{href}?as_of={datetime.combine(day, time.max, UTC):%Y-%m-%dT%H:%M:%SZ}")
    is_number = step.isascii() and step.isdigit() and len(step) <= _DIGITS_MAX
    if step != LAST and not is_number:
        return None
    steps = await _steps(resources_of(request), subject)
    return seen_elsewhere(
        f"{href}?as_of={steps[-1 if step == LAST else min(int(step), len(steps) - 1)].position}"
    )


async def then_of(resources: Resources, asked: Asked) -> Then:
    """Show the moment that is asked for, and the ways to others.

    Raises:
        NotFoundException: nothing ever happened to such a thing.
        NotCaughtUpError: the history is not that far yet.
        LogUnavailableError: the database cannot be reached.
    """
    steps = await _steps(resources, asked.subject)
    position, at = point(asked.as_of)
    here = _here(steps, position, at)
    # A time between two steps is after the first of them; so is a position.
    standing = position if at is None else steps[here].position
    before, after = await steps_around(resources.pool, asked.subject, standing)
    moment = await told_moment(resources, asked.as_of)
    return Then(
        at=moment,
        words=time_in_words(moment),
        what=asked.what,
        now_href=asked.href,
        history_href=f"{asked.href}/history",
        moments=[Moment(position=step.position, words=time_in_words(step.at)) for step in steps],
        here=here,
        before_href=f"{asked.href}?as_of={before}" if before else None,
        after_href=f"{asked.href}?as_of={after}" if after else None,
        first_day=_in_utc(steps[0].at),
        last_day=_in_utc(steps[-1].at),
        day=_in_utc(moment),
    )


async def told_moment(resources: Resources, as_of: str) -> datetime:
    """Tell people what time it was then: that of the event at a position, or the time itself; for errors see `then_of`."""
    position, at = point(as_of)
    # What was brought in from elsewhere happened before it was recorded: people want to know when it happened.
    told = [] if at is not None else await resources.store.read_positions([position])
    return told[0].data.occurred_at if told else await moment_of(resources, as_of)


async def _steps(resources: Resources, subject: UUID) -> Sequence[Step]:
    await caught_up(resources, "audit_history", await resources.store.head())
    steps = await steps_of(resources.pool, subject, most=MOMENTS_MAX)
    if not steps:
        raise NotFoundException
    return steps


def _here(steps: Sequence[Step], position: int, at: datetime | None) -> int:
    reached = [
        number
        for number, step in enumerate(steps)
        if (step.position <= position if at is None else step.at <= at)
    ]
    return reached[-1] if reached else 0


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
