"""An idea as it stood at an earlier position of the log, or at an earlier time: folded anew from its events."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from litestar.exceptions import NotFoundException
from msgspec.structs import replace

from app.folding import Folded, folded
from app.http.parameters import POSITION_MAX, moment
from app.http.problems import MalformedError
from app.http.resources import Resources, now
from app.http.tallies import position_of, verified_as_of
from app.http.waiting import caught_up
from domain.community import COMMUNITY, CommunityState, Unopened
from domain.idea import IDEA, Closed, IdeaState, NotLogged, Open, Withdrawn, current
from events.contracts import CommunityOpened, IdeaClosed, IdeaLogged, IdeaRevised, IdeaWithdrawn
from events.envelope import RecordedEvent
from events.streams import community_stream, idea_stream
from projections.audit_history.queries import last_as_of, votes_as_of
from projections.idea_detail.queries import IdeaDetail, stage_as_of
from projections.stage import LOGGED, stage_reason
from projections.tally import TYPES


async def idea_as_of(resources: Resources, idea_id: UUID, as_of: str) -> IdeaDetail:
    """Work out an idea as it was; `as_of` is a position of the log, or a time.

    Raises:
        MalformedError: it is neither a position nor a time.
        NotFoundException: there was no such idea then.
        NotCaughtUpError: the history is not that far yet.
    """
    position, at = point(as_of)
    before = happened_by(as_of)
    found = await folded(resources.store, IDEA, idea_stream(idea_id), while_=before)
    if isinstance(found.state, NotLogged):
        raise NotFoundException(detail="There was no such idea then.")
    idea = current(found.state)
    head = min(position, await resources.store.head())
    await caught_up(resources, "audit_history", head)
    await caught_up(resources, "idea_detail", head)
    stage = await stage_as_of(resources.pool, idea_id, position=position, moment=at)
    votes = await votes_as_of(resources.pool, idea_id, position=position, moment=at)
    last = await last_as_of(resources.pool, idea_id, TYPES, position=position, moment=at)
    community = await folded(resources.store, COMMUNITY, community_stream(idea.community_id), while_=before)
    detail = _detail(found, idea, community, votes, stage or (LOGGED, found.events[0].data.occurred_at))
    until = await position_of(resources, as_of)
    await caught_up(resources, "fair_votes", until)
    return replace(
        detail,
        verified_votes=min(votes, await verified_as_of(resources.pool, idea_id, until)),
        position=last or detail.position,
    )


def happened_by(as_of: str) -> Callable[[RecordedEvent], bool]:
    """Tell of events whether they had happened by a position of the log, or by a time.

    Raises:
        MalformedError: it is neither a position nor a time.
    """
    position, at = point(as_of)
    return lambda event: event.position <= position if at is None else event.data.occurred_at <= at


async def moment_of(resources: Resources, as_of: str) -> datetime:
    """Tell at what time things stood so: when the event at that position was recorded, or at the time itself.

    What is still to come has not happened: it is taken for now.

    Raises:
        MalformedError: it is neither a position nor a time.
        LogUnavailableError: the log cannot be reached.
    """
    position, at = point(as_of)
    if at is not None:
        return min(at, now())
    recorded = [event.recorded_at for event in await resources.store.read_positions([position])]
    return recorded[0] if recorded else now()


def point(as_of: str) -> tuple[int, datetime | None]:
    """Read a point of the log: as the last position that belongs to it and, where it is a time, that.

    Raises:
        MalformedError: it is neither a position nor a time.
    """
    if as_of.isascii() and as_of.isdigit():
        return min(int(as_of), POSITION_MAX), None
    try:
        return POSITION_MAX, moment("as_of", as_of)
    except MalformedError as error:
        raise MalformedError.of(
            "as_of", "Give a position of the log, or a time with its offset, such as 2026-11-02T14:05:00Z."
        ) from error


def _detail(
    found: Folded[IdeaState],
    idea: Open,
    community: Folded[CommunityState],
    votes: int,
    stage_since: tuple[str, datetime],
) -> IdeaDetail:
    events, (stage, since) = found.events, stage_since
    rules = None if isinstance(community.state, Unopened) else community.state.rules
    threshold = rules.support_threshold if rules else 1
    logged = events[0].data
    assert isinstance(logged, IdeaLogged)  # noqa: S101  # An idea's stream begins with it.
    ended = _last(events, lambda data: isinstance(data, IdeaWithdrawn | IdeaClosed))
    why = getattr(ended.data, "reason", None) if ended else None
    revised = _last(events, lambda data: isinstance(data, IdeaRevised))
    slug, name = _names(community)
    return IdeaDetail(
        idea_id=idea.idea_id,
        title=idea.texts.title,
        problem=idea.texts.problem,
        proposal=idea.texts.proposal,
        beneficiaries=idea.texts.beneficiaries,
        themes=list(idea.texts.themes),
        places=list(idea.texts.places),
        community=slug,
        community_name=name,
        author_id=idea.author_id,
        stage=stage,
        stage_reason=stage_reason(stage, votes, threshold),
        since=since,
        votes=votes,
        support_threshold=threshold,
        ask=idea.texts.ask,
        source=logged.source,
        logged_at=logged.occurred_at,
        revised_at=revised.data.occurred_at if revised else None,
        withdrawn_reason=why if isinstance(found.state, Withdrawn) else None,
        closed_reason=why if isinstance(found.state, Closed) else None,
        service_link=idea.link,
        version=len(events),
        position=events[-1].position,
    )


def _last(events: list[RecordedEvent], wanted: Callable[[object], bool]) -> RecordedEvent | None:
    return next((event for event in reversed(events) if wanted(event.data)), None)


def _names(community: Folded[CommunityState]) -> tuple[str, str]:
    opened = next((event.data for event in community.events if isinstance(event.data, CommunityOpened)), None)
    return (opened.slug, opened.name) if opened else ("", "")
