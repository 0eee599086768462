"""The page of an idea as it was at an earlier moment, made like that of today from an idea folded anew."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response
from msgspec.structs import replace

from app.access.accounts import names_of
from app.funding.pool_view import PoolDetail
from app.http.past import happened_by, point
from app.http.resources import Resources, resources_of
from app.http.tallies import position_of
from app.http.waiting import caught_up
from app.http.whole_ideas import whole_idea_as_of
from app.web.addresses import pool_href
from app.web.histories.then import Asked, then_of, told_moment
from app.web.pool_opening import pool_sentence
from app.web.present import idea_view
from app.web.present_offers import idea_parts_view
from app.web.showing import PageRequest, show
from app.web.views import IdeaPage, PoolOnIdea
from events.contracts import Money
from events.streams import idea_stream
from projections.audit_history.queries import days_as_of
from projections.coverage.queries import IdeaCoverage
from projections.fair_votes.queries import tally_as_of
from projections.idea_detail.queries import DayOfVotes, StageRow, stages_of_idea

TIMELINE_EVENTS = 50
STAGES_SHOWN = 20
_STAGES_MAX = 200


async def show_idea_then(request: PageRequest, asked: Asked) -> Response[bytes]:
    """Show an idea as it was; nothing can be done on this page but look."""
    resources = resources_of(request)
    then = await then_of(resources, asked)
    page = await idea_then(resources, asked.subject, asked.as_of)
    return await show(request, "idea.html", replace(page, then=then))


async def idea_then(resources: Resources, idea_id: UUID, as_of: str) -> IdeaPage:
    """Make the page of an idea as it was at a position or a time, for errors see `idea_as_of`.

    People and organisations have their names of today.
    """
    whole = await whole_idea_as_of(resources, idea_id, as_of)
    before, (position, moment) = happened_by(as_of), point(as_of)
    until = await position_of(resources, as_of)
    await caught_up(resources, "fair_votes", until)
    tally, aside = await tally_as_of(resources.pool, idea_id, until)
    names = await names_of(resources.pool, [whole.author_id, *(one.made_by for one in whole.offers)])
    start = max(0, whole.version - TIMELINE_EVENTS)
    events = await resources.store.read_stream(idea_stream(idea_id), after=start, limit=TIMELINE_EVENTS)
    days = await days_as_of(resources.pool, idea_id, position=position, moment=moment)
    stages = await stages_of_idea(resources.pool, idea_id, limit=_STAGES_MAX)
    page = idea_view(
        whole,
        author_name=names.get(whole.author_id),
        days=[DayOfVotes(day=day, votes=votes) for day, votes in days],
        events=[event for event in events if before(event)],
        aside=aside,
        set_aside=tally.set_aside,
        reader=whole.author_id,
        stages=_up_to(stages.items, until, moment),
        until=(await told_moment(resources, as_of)).astimezone(UTC).date(),
    )
    covered = (
        IdeaCoverage(
            needs=whole.needs,
            coverage=whole.coverage,
            offers=whole.offers,
            position=whole.position,
        )
        if whole.coverage
        else None
    )
    return replace(
        page,
        parts=idea_parts_view(covered, names, idea_id=idea_id, is_open=False) if covered else None,
        pool=_pool(whole.pool, as_of) if whole.pool else None,
    )


def _up_to(stages: Sequence[StageRow], position: int, moment: datetime | None) -> list[StageRow]:
    """Give the stages that the idea had come into by then, the newest first; the last of them was not over yet."""
    reached = [one for one in stages if (one.since <= moment if moment else one.position <= position)]
    return [replace(one, until=None) if number == 0 else one for number, one in enumerate(reached)][
        :STAGES_SHOWN
    ]


def _pool(pool: PoolDetail, as_of: str) -> PoolOnIdea:
    counting = [one.amount.amount_minor for one in pool.pledges if one.kind == "money" or pool.counts_in_kind]
    promised = Money(amount_minor=sum(counting), currency=pool.target.currency)
    sentence = pool_sentence(pool.status, pool.target, promised, pool.committed_total)
    return PoolOnIdea(href=f"{pool_href(pool.pool_id)}?{urlencode({'as_of': as_of})}", sentence=sentence)
