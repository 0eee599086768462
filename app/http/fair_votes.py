"""Fair votes: how an idea's votes count and why, one's own votes with a receipt, and votes that are set aside.

Totals are public, ballots are not. A tally lists every vote under the pseudonym it has in the public log, which is
another one on every idea, so that anybody can recount and nobody can tell who it was.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Struct

from app.folding import folded
from app.http import examples
from app.http.bodies import NewQuarantine, Reason, strictly
from app.http.idempotency import Written, attempt
from app.http.openapi import read_answers, write_answers, writing
from app.http.parameters import LIMIT_USUAL, POSITION_MAX, Cursor, Limit, MinPosition, text
from app.http.problems import MalformedError
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from app.http.tallies import position_of
from app.http.waiting import caught_up
from domain.idea import IDEA, IdeaUnknownError, NotLogged, current
from domain.quarantine import (
    QUARANTINE,
    LiftQuarantine,
    QuarantineCommand,
    QuarantineUnknownError,
    SetVotesAside,
)
from events.streams import community_id, idea_stream, new_id, quarantine_stream
from projections.fair_votes.fold import Standing
from projections.fair_votes.queries import (
    BallotRow,
    QuarantineRow,
    QuarantineRows,
    SetAside,
    ballots,
    quarantines,
    quarantines_in,
    tally_as_of,
    vote_of,
    votes_of,
)

_VOTERS_A_PAGE = 200


class CountedVote(Struct, frozen=True, kw_only=True):
    """A vote as the public log has it, and how it counts; `position` is where it was cast."""

    position: int
    voter: UUID
    cast_at: datetime
    counts_as: Standing
    quarantine_ids: list[UUID]


class Tally(Struct, frozen=True, kw_only=True):
    """How an idea's votes count as of a position of the log: all, verified, and set aside with the reasons.

    A vote is verified when its voter was verified in some way, or came with imported or sample data, and no
    quarantine stands against them. `ballots` lists the votes in the order they were cast, page by page.
    """

    idea_id: UUID
    as_of: int
    votes: int
    verified_votes: int
    set_aside: int
    quarantines: list[SetAside]
    ballots: list[CountedVote]
    next_cursor: str | None


class Receipt(Struct, frozen=True, kw_only=True):
    """One's own vote: where it stands in the public log and under which pseudonym, and whether it counts.

    `why` says in words why it does or does not count as verified; `reasons` are those of the quarantines that set
    it aside.
    """

    idea_id: UUID
    position: int
    event_id: UUID
    cast_at: datetime
    voter: UUID
    counts_as: Standing
    why: str
    reasons: list[str]


class OwnVote(Struct, frozen=True, kw_only=True):
    """A vote of one's own."""

    idea_id: UUID
    position: int
    cast_at: datetime
    voter: UUID
    counts_as: Standing


class OwnVotes(Struct, frozen=True, kw_only=True):
    """A page of one's own votes, the newest first."""

    items: list[OwnVote]
    next_cursor: str | None


class Quarantined(Written, frozen=True, kw_only=True):
    """Votes were set aside, or count again."""

    quarantine_id: UUID


AsOf = Annotated[
    str | None,
    QueryParameter(
        max_length=64,
        description="Count as of this position of the log, or as of what was recorded by this time.",
    ),
]
Slug = Annotated[str | None, QueryParameter(max_length=100, description="The short name of a community.")]
_WHY: dict[Standing, str] = {
    "verified": "It counts as verified.",
    "unverified": "It counts among all votes. It will count as verified once you confirm your e-mail address.",
    "set_aside": "It counts among all votes. It is set aside from the verified ones for the reason given.",
}


class FairVotesController(Controller):
    """The routes of fair votes."""

    path = "/api/v1"
    tags = ("votes",)

    @get(
        "/ideas/{idea_id:uuid}/tally",
        operation_id="getTally",
        summary="How votes count, and why",
        responses=read_answers(Tally, examples.TALLY, 404),
    )
    async def get_tally(
        self,
        request: ApiRequest,
        *,
        idea_id: FromPath[UUID],
        as_of: AsOf = None,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> Tally:
        """Count an idea's votes, now or as of any point of the log, with every vote that went into it.

        Ask for the pages that follow with `as_of` of the first, so that all of them are of one moment.
        """
        resources = resources_of(request)
        await caught_up(resources, "fair_votes", min_position)
        position = await position_of(resources, as_of)
        await caught_up(resources, "fair_votes", position)
        tally, aside = await tally_as_of(resources.pool, idea_id, position)
        if not tally.votes and not await resources.store.read_stream(idea_stream(idea_id), limit=1):
            raise NotFoundException(detail="There is no such idea.")
        page = await ballots(resources.pool, idea_id, position, limit=limit, cursor=cursor or None)
        return Tally(
            idea_id=idea_id,
            as_of=position,
            votes=tally.votes,
            verified_votes=tally.verified_votes,
            set_aside=tally.set_aside,
            quarantines=aside,
            ballots=[
                CountedVote(
                    position=row.position,
                    voter=resources.public_log.pseudonym(idea_id, row.person_id),
                    cast_at=row.cast_at,
                    counts_as=row.counts_as,
                    quarantine_ids=row.quarantine_ids,
                )
                for row in page.items
            ],
            next_cursor=page.next_cursor,
        )

    @get(
        "/me/votes",
        operation_id="listMyVotes",
        summary="My votes",
        responses=read_answers(OwnVotes, examples.OWN_VOTES, 401),
    )
    async def list_my_votes(
        self,
        request: ApiRequest,
        *,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> OwnVotes:
        """List your own votes, the newest first; nobody else can."""
        resources, person = resources_of(request), actor_of(request).person_id
        await caught_up(resources, "fair_votes", min_position)
        page = await votes_of(resources.pool, person, limit=limit, cursor=cursor or None)
        pseudonym = resources.public_log.pseudonym
        items = [
            OwnVote(
                idea_id=row.idea_id,
                position=row.position,
                cast_at=row.cast_at,
                voter=pseudonym(row.idea_id, person),
                counts_as=row.counts_as,
            )
            for row in page.items
        ]
        return OwnVotes(items=items, next_cursor=page.next_cursor)

    @get(
        "/quarantines",
        operation_id="listQuarantines",
        summary="Votes that were set aside",
        responses=read_answers(QuarantineRows, examples.QUARANTINES),
    )
    async def list_quarantines(
        self,
        request: ApiRequest,
        *,
        idea: FromQuery[UUID | None] = None,
        community: Slug = None,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> QuarantineRows:
        """List what was set aside and why, lifted or not, the newest first; or what concerns one idea or community.

        With `community`, `votes` are those for its ideas alone.
        """
        resources = resources_of(request)
        await caught_up(resources, "fair_votes", min_position)
        if community is not None and idea is not None:
            raise MalformedError.of("community", "Name an idea or a community, not both.")
        if community is not None:
            place = community_id(text("community", community) or "")
            return await quarantines_in(resources.pool, place, limit=limit, cursor=cursor or None)
        return await quarantines(resources.pool, idea_id=idea, limit=limit, cursor=cursor or None)

    @get(
        "/quarantines/{quarantine_id:uuid}",
        operation_id="getQuarantine",
        summary="Why votes were set aside",
        responses=read_answers(QuarantineRow, examples.QUARANTINE, 404),
    )
    async def get_quarantine(
        self, request: ApiRequest, quarantine_id: FromPath[UUID], min_position: MinPosition = None
    ) -> QuarantineRow:
        """Read why votes were set aside, how many, and whether they count again."""
        resources = resources_of(request)
        await caught_up(resources, "fair_votes", min_position)
        found = (await quarantines(resources.pool, quarantine_id=quarantine_id, limit=1)).items
        if not found:
            raise QuarantineUnknownError
        return found[0]

    @post(
        "/communities/{slug:str}/quarantines",
        operation_id="setVotesAside",
        summary="Set votes aside",
        before_request=strictly(NewQuarantine),
        operation_class=writing(examples.NEW_QUARANTINE),
        responses=write_answers(Quarantined, examples.QUARANTINED, 404, status=201),
    )
    async def set_votes_aside(
        self, request: ApiRequest, slug: FromPath[str], data: JSONBody[NewQuarantine]
    ) -> Quarantined:
        """Set aside the votes of some people, by the names they have in an idea's tally, for a public reason.

        All their votes leave the verified ones, on other ideas too; nothing is deleted, and it can be lifted.
        """
        resources, person, moment = resources_of(request), actor_of(request).person_id, now()
        this = await attempt(request, Quarantined)
        if (earlier := await this.earlier()) is not None:
            return earlier
        await _require_ideas_of(resources, slug, [data.idea_id])
        people = await _named(resources, data.idea_id, data.voters)
        answer = Quarantined(position=0, quarantine_id=new_id())
        command = SetVotesAside(
            now=moment,
            quarantine_id=answer.quarantine_id,
            people=tuple(row.person_id for row in people),
            signal="by_hand",
            reason=data.reason.strip(),
            idea_ids=(data.idea_id,),
            since=min(row.cast_at for row in people),
            until=max(row.cast_at for row in people),
        )
        stream, cause = quarantine_stream(answer.quarantine_id), cause_of(request, person)
        handled = await resources.handler.handle(
            QUARANTINE, stream, command, cause=cause, key=this.keeping(answer), presume_new=True
        )
        return this.answered(answer, handled)

    @post(
        "/communities/{slug:str}/quarantines/{quarantine_id:uuid}/lift",
        status_code=200,
        operation_id="liftQuarantine",
        summary="Let votes count again",
        before_request=strictly(Reason),
        operation_class=writing(examples.REASON),
        responses=write_answers(Quarantined, examples.QUARANTINED, 404),
    )
    async def lift_quarantine(
        self, request: ApiRequest, slug: FromPath[str], quarantine_id: FromPath[UUID], data: JSONBody[Reason]
    ) -> Quarantined:
        """Let votes that were set aside on an idea of this community count again, for a public reason."""
        resources, person = resources_of(request), actor_of(request).person_id
        this = await attempt(request, Quarantined)
        if (earlier := await this.earlier()) is not None:
            return earlier
        await _require_ideas_of(resources, slug, await _ideas_of(resources, quarantine_id))
        command: QuarantineCommand = LiftQuarantine(
            now=now(), quarantine_id=quarantine_id, reason=data.reason.strip()
        )
        answer = Quarantined(position=0, quarantine_id=quarantine_id)
        handled = await resources.handler.handle(
            QUARANTINE,
            quarantine_stream(quarantine_id),
            command,
            cause=cause_of(request, person),
            key=this.keeping(answer),
        )
        return this.answered(answer, handled)


async def receipt(resources: Resources, idea_id: UUID, person_id: UUID) -> Receipt | None:
    """Make a receipt of a person's vote for an idea; nothing when there is no vote that stands.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    vote = await vote_of(resources.pool, idea_id, person_id)
    if vote is None:
        return None
    (event,) = await resources.store.read_positions([vote.position])
    reasons = []
    for quarantine_id in vote.quarantine_ids:
        found = (await quarantines(resources.pool, quarantine_id=quarantine_id, limit=1)).items
        reasons += [row.reason for row in found]
    return Receipt(
        idea_id=idea_id,
        position=vote.position,
        event_id=event.event_id,
        cast_at=vote.cast_at,
        voter=resources.public_log.pseudonym(idea_id, person_id),
        counts_as=vote.counts_as,
        why=_WHY[vote.counts_as],
        reasons=reasons,
    )


async def _ideas_of(resources: Resources, quarantine_id: UUID) -> Collection[UUID]:
    """Read from the log itself on which ideas a quarantine was raised."""
    events = await resources.store.read_stream(quarantine_stream(quarantine_id), limit=1)
    if not events:
        raise QuarantineUnknownError
    return getattr(events[0].data, "idea_ids", ())


async def _require_ideas_of(resources: Resources, slug: str, idea_ids: Collection[UUID]) -> None:
    """Refuse what concerns no idea of the community whose steward asks."""
    for idea_id in idea_ids:
        state = (await folded(resources.store, IDEA, idea_stream(idea_id))).state
        if not isinstance(state, NotLogged) and current(state).community_id == community_id(slug):
            return
    raise IdeaUnknownError


async def _named(resources: Resources, idea_id: UUID, voters: Collection[UUID]) -> list[BallotRow]:
    """Find the people behind pseudonyms of an idea.

    Raises:
        MalformedError: some are nobody's.
    """
    await caught_up(resources, "fair_votes", await resources.store.head())
    wanted, found, cursor = set(voters), [], None
    while True:
        page = await ballots(resources.pool, idea_id, POSITION_MAX, limit=_VOTERS_A_PAGE, cursor=cursor)
        for row in page.items:
            voter = resources.public_log.pseudonym(idea_id, row.person_id)
            if voter in wanted:
                wanted.discard(voter)
                found.append(row)
        if not wanted:
            return found
        if (cursor := page.next_cursor) is None:
            raise MalformedError.of("voters", "Name voters of this idea, as its tally lists them.")
