"""Communities: the spaces ideas live in, who looks after them, and how they vote."""

from datetime import datetime
from uuid import UUID

from litestar import Controller, get, post, put
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from app.access.accounts import name_of, names_of
from app.folding import folded
from app.http import examples
from app.http.bodies import Reason, strictly
from app.http.community_bodies import NewCommunity, NewRules
from app.http.idempotency import Written, attempt
from app.http.openapi import read_answers, write_answers, writing
from app.http.parameters import LIMIT_USUAL, Limit, MinPosition
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from app.http.waiting import caught_up
from domain.community import (
    COMMUNITY,
    AppointSteward,
    CommunityCommand,
    CommunityUnknownError,
    Open,
    OpenCommunity,
    PauseVoting,
    RemoveSteward,
    ResumeVoting,
    SetRules,
    SlugTakenError,
)
from domain.person import PersonUnknownError
from events.contracts import StewardAppointed, StewardRemoved
from events.errors import WrongVersionError
from events.streams import community_id, community_stream
from projections.idea_detail.queries import CommunityDetail, communities, community

STEWARDS_LISTED_MAX = 1_000


class Communities(Struct, frozen=True, kw_only=True):
    """Communities, the busiest first."""

    items: list[CommunityDetail]
    next_cursor: str | None = None


class CommunityChanged(Written, frozen=True, kw_only=True):
    """A community was opened or changed."""

    community_id: UUID
    slug: str


class Steward(Struct, frozen=True, kw_only=True):
    """Somebody who looks after a community, by the name their account has now."""

    person_id: UUID
    name: str | None
    since: datetime


class Stewards(Struct, frozen=True, kw_only=True):
    """The stewards of a community, the first to come first."""

    items: list[Steward]
    next_cursor: str | None = None


class CommunityController(Controller):
    """The routes of communities."""

    path = "/api/v1/communities"
    tags = ("communities",)

    @get(
        operation_id="listCommunities",
        summary="All communities",
        responses=read_answers(Communities, examples.COMMUNITIES),
    )
    async def list_communities(
        self, request: ApiRequest, limit: Limit = LIMIT_USUAL, min_position: MinPosition = None
    ) -> Communities:
        """List the communities with the most ideas first."""
        resources = resources_of(request)
        await caught_up(resources, "idea_detail", min_position)
        return Communities(items=await communities(resources.pool, limit=limit))

    @get(
        "/{slug:str}",
        operation_id="getCommunity",
        summary="One community",
        responses=read_answers(CommunityDetail, examples.COMMUNITY, 404),
    )
    async def get_community(
        self, request: ApiRequest, slug: FromPath[str], min_position: MinPosition = None
    ) -> CommunityDetail:
        """Read a community by its short name: its voting rules, and whether voting is paused."""
        resources = resources_of(request)
        await caught_up(resources, "idea_detail", min_position)
        found = None if "\0" in slug else await community(resources.pool, slug)
        if found is None:
            raise NotFoundException(detail="There is no such community.")
        return found

    @post(
        operation_id="openCommunity",
        summary="Open a community",
        before_request=strictly(NewCommunity),
        operation_class=writing(examples.NEW_COMMUNITY),
        responses=write_answers(CommunityChanged, examples.COMMUNITY_CHANGED, status=201),
    )
    async def open_community(self, request: ApiRequest, data: JSONBody[NewCommunity]) -> CommunityChanged:
        """Open a community under a short name that none has yet."""
        command = OpenCommunity(
            now=now(),
            community_id=community_id(data.slug),
            slug=data.slug,
            name=data.name.strip(),
            rules=data.rules,
        )
        try:
            return await change(request, data.slug, command, expected=0)
        except WrongVersionError as error:
            raise SlugTakenError from error

    @put(
        "/{slug:str}/rules",
        operation_id="setVotingRules",
        summary="Set how a community votes",
        before_request=strictly(NewRules),
        operation_class=writing(examples.NEW_RULES),
        responses=write_answers(CommunityChanged, examples.COMMUNITY_CHANGED, 404),
    )
    async def set_voting_rules(
        self, request: ApiRequest, slug: FromPath[str], data: JSONBody[NewRules]
    ) -> CommunityChanged:
        """Replace all voting rules, while voting is paused or not open, for a public reason."""
        command = SetRules(
            now=now(), community_id=community_id(slug), rules=data.rules, reason=data.reason.strip()
        )
        return await change(request, slug, command)

    @post(
        "/{slug:str}/pause",
        status_code=200,
        operation_id="pauseVoting",
        summary="Pause voting",
        before_request=strictly(Reason),
        operation_class=writing(examples.REASON),
        responses=write_answers(CommunityChanged, examples.COMMUNITY_CHANGED, 404),
    )
    async def pause_voting(
        self, request: ApiRequest, slug: FromPath[str], data: JSONBody[Reason]
    ) -> CommunityChanged:
        """Pause voting in a community, for a public reason; what is paused already stays so."""
        command = PauseVoting(now=now(), community_id=community_id(slug), reason=data.reason.strip())
        return await change(request, slug, command)

    @post(
        "/{slug:str}/resume",
        status_code=200,
        operation_id="resumeVoting",
        summary="Let voting go on",
        operation_class=writing(),
        responses=write_answers(CommunityChanged, examples.COMMUNITY_CHANGED, 404, without=(415,)),
    )
    async def resume_voting(self, request: ApiRequest, slug: FromPath[str]) -> CommunityChanged:
        """Let voting go on after a pause."""
        return await change(request, slug, ResumeVoting(now=now(), community_id=community_id(slug)))

    @get(
        "/{slug:str}/stewards",
        operation_id="listStewards",
        summary="Who looks after a community",
        responses=read_answers(Stewards, examples.STEWARDS, 404),
    )
    async def list_stewards(
        self, request: ApiRequest, slug: FromPath[str], limit: Limit = LIMIT_USUAL
    ) -> Stewards:
        """List the stewards of a community as the log has them at this moment."""
        return Stewards(items=(await stewards_of(resources_of(request), slug))[:limit])

    @put(
        "/{slug:str}/stewards/{person_id:uuid}",
        operation_id="appointSteward",
        summary="Appoint a steward",
        operation_class=writing(),
        responses=write_answers(CommunityChanged, examples.COMMUNITY_CHANGED, 404, without=(415,)),
    )
    async def appoint_steward(
        self, request: ApiRequest, slug: FromPath[str], person_id: FromPath[UUID]
    ) -> CommunityChanged:
        """Make somebody with an account a steward; whoever is one already stays one."""
        return await appoint(request, slug, person_id)

    @post(
        "/{slug:str}/stewards/{person_id:uuid}/remove",
        status_code=200,
        operation_id="removeSteward",
        summary="End a stewardship",
        before_request=strictly(Reason),
        operation_class=writing(examples.REASON),
        responses=write_answers(CommunityChanged, examples.COMMUNITY_CHANGED, 404),
    )
    async def remove_steward(
        self, request: ApiRequest, slug: FromPath[str], person_id: FromPath[UUID], data: JSONBody[Reason]
    ) -> CommunityChanged:
        """End a stewardship, one's own or somebody else's, for a public reason."""
        command = RemoveSteward(
            now=now(), community_id=community_id(slug), person_id=person_id, reason=data.reason.strip()
        )
        return await change(request, slug, command)


async def change(
    request: ApiRequest, slug: str, command: CommunityCommand, *, expected: int | None = None
) -> CommunityChanged:
    """Have a command about a community done, once for each Idempotency-Key.

    Raises:
        DomainError: there is no such community, or a rule forbids it.
        WrongVersionError: it is not at the version expected.
        LogUnavailableError: the log cannot be reached.
    """
    this = await attempt(request, CommunityChanged)
    if (earlier := await this.earlier()) is not None:
        return earlier
    answer = CommunityChanged(position=0, community_id=command.community_id, slug=slug)
    handled = await resources_of(request).handler.handle(
        COMMUNITY,
        community_stream(command.community_id),
        command,
        cause=cause_of(request, actor_of(request).person_id),
        key=this.keeping(answer),
        expected=expected,
    )
    return this.answered(answer, handled)


async def appoint(request: ApiRequest, slug: str, person_id: UUID) -> CommunityChanged:
    """Make somebody with an account a steward.

    Raises:
        DomainError: there is no such person or community.
        LogUnavailableError: the database cannot be reached.
    """
    if await name_of(resources_of(request).pool, person_id) is None:
        raise PersonUnknownError
    command = AppointSteward(now=now(), community_id=community_id(slug), person_id=person_id)
    return await change(request, slug, command)


async def stewards_of(resources: Resources, slug: str) -> list[Steward]:
    """List the stewards of a community, from the log itself, the first to come first.

    Raises:
        CommunityUnknownError: there is no such community.
        LogUnavailableError: the database cannot be reached.
    """
    found = await folded(resources.store, COMMUNITY, community_stream(community_id(slug)))
    if not isinstance(found.state, Open):
        raise CommunityUnknownError
    since: dict[UUID, datetime] = {}
    for event in found.events:
        match event.data:
            case StewardAppointed(person_id=person, occurred_at=moment):
                since[person] = moment
            case StewardRemoved(person_id=person):
                since.pop(person, None)
            case _:
                pass
    people = list(since)[:STEWARDS_LISTED_MAX]
    names = await names_of(resources.pool, people)
    return [
        Steward(person_id=person, name=names.get(person) or None, since=since[person]) for person in people
    ]
