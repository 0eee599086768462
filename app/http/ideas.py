"""Ideas: find and read them, log and revise them."""

from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from app.folding import folded
from app.http import examples
from app.http.bodies import Ask, IdeaChanges, NewIdea, strictly
from app.http.etags import is_unchanged, require_match
from app.http.idea_life import Changed
from app.http.idempotency import Written, attempt
from app.http.offer_examples import WHOLE_IDEA
from app.http.openapi import read_answers, write_answers, writing
from app.http.parameters import LIMIT_USUAL, Cursor, IfMatch, IfNoneMatch, Limit, MinPosition, Word, text
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from app.http.revising import on_the_latest
from app.http.tallies import board_with_verified_votes
from app.http.waiting import caught_up
from app.http.whole_ideas import WholeIdea, shown_up_to, whole_idea, whole_idea_as_of
from domain.community import COMMUNITY, CommunityUnknownError, Unopened
from domain.idea import (
    IDEA,
    IdeaTexts,
    LogIdea,
    ReviseIdea,
    current,
)
from events.contracts import Money
from events.streams import community_id, community_stream, idea_stream, new_id
from projections.idea_board.queries import (
    BoardFilter,
    BoardRows,
    SimilarIdea,
    Sort,
    board_page,
    similar_ideas,
    titles_of,
)

SIMILAR_MAX = 5


class Logged(Written, frozen=True, kw_only=True):
    """An idea was logged; `similar` are ideas that read like it, which may be worth supporting instead."""

    idea_id: UUID
    similar: list[SimilarIdea]


AsOf = Annotated[
    str | None,
    QueryParameter(
        max_length=64, description="Show the idea as it stood at this position of the log or at this time."
    ),
]


class IdeaController(Controller):
    """The routes of ideas."""

    path = "/api/v1/ideas"
    tags = ("ideas",)

    @get(operation_id="listIdeas", summary="The board", responses=read_answers(BoardRows, examples.BOARD))
    async def list_ideas(
        self,
        request: ApiRequest,
        *,
        q: Word = None,
        theme: Word = None,
        place: Word = None,
        stage: Word = None,
        community: Word = None,
        needs: FromQuery[Literal["open"] | None] = None,
        sort: FromQuery[Sort] = "momentum",
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> BoardRows:
        """List ideas that meet every condition given; withdrawn and closed ones only with `stage=withdrawn` and the like.

        `needs=open` leaves those that lack a part which no chosen offer covers. `sort=funding_gap` begins with the
        idea for which most money is still to be found.

        `q` searches titles, texts and the names of themes and places. A word that finds nothing is taken for the
        known one that looks most like it, and `meant` then tells what was searched for. A theme or place also finds
        what is filed under a narrower one.
        """
        resources = resources_of(request)
        wanted = BoardFilter(
            q=text("q", q),
            theme=text("theme", theme),
            place=text("place", place),
            stage=text("stage", stage),
            community=text("community", community),
            needs=needs,
            sort=sort,
        )
        await caught_up(resources, "idea_board", min_position)
        await caught_up(resources, "fair_votes", min_position)
        rows = await board_page(resources.pool, wanted, limit=limit, cursor=cursor or None, now=now())
        return await board_with_verified_votes(resources.pool, rows)

    @get(
        "/{idea_id:uuid}",
        operation_id="getIdea",
        summary="One idea",
        responses=read_answers(WholeIdea, WHOLE_IDEA, 404),
    )
    async def get_idea(
        self,
        request: ApiRequest,
        *,
        idea_id: FromPath[UUID],
        as_of: AsOf = None,
        min_position: MinPosition = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[WholeIdea]:
        """Read an idea as it is, or with `as_of` as it was: its texts and votes, what it needs, who offers it, its pool.

        The ETag changes with every change to any of it. With `as_of` comes what was answered then: every offer with
        the answer it had, and the pool with what every pledge came to. Only `matches` is null, and organisations
        have the names of today.
        """
        resources = resources_of(request)
        if as_of is not None:
            return Response(await whole_idea_as_of(resources, idea_id, as_of))
        await shown_up_to(resources, min_position)
        read = await whole_idea(resources, idea_id)
        if read is None:
            raise NotFoundException(detail="There is no such idea.")
        found, etag = read
        if is_unchanged(if_none_match, etag):
            return Response(b"", status_code=304, headers={"etag": etag})  # type: ignore[arg-type]  # It has no body.
        return Response(found, headers={"etag": etag})

    @post(
        operation_id="logIdea",
        summary="Log an idea",
        before_request=strictly(NewIdea),
        operation_class=writing(examples.NEW_IDEA),
        responses=write_answers(Logged, examples.LOGGED, 404, status=201),
    )
    async def log_idea(self, request: ApiRequest, data: JSONBody[NewIdea]) -> Logged:
        """Log an idea of your own in a community. The answer names ideas that read like it."""
        resources, author = resources_of(request), actor_of(request).person_id
        this = await attempt(request, Logged)
        if (earlier := await this.earlier()) is not None:
            return await _with_titles(resources, earlier)
        identifier = await opened_community(resources, data.community)
        texts, idea_id = texts_of(data), new_id()
        answer = Logged(
            position=0,
            idea_id=idea_id,
            similar=await similar_ideas(
                resources.pool, title=texts.title, problem=texts.problem, limit=SIMILAR_MAX
            ),
        )
        handled = await resources.handler.handle(
            IDEA,
            idea_stream(idea_id),
            LogIdea(now=now(), idea_id=idea_id, community_id=identifier, author_id=author, texts=texts),
            cause=cause_of(request, author),
            key=this.keeping(_without_titles(answer)),
            presume_new=True,
        )
        if handled.repeated is not None:
            return await _with_titles(resources, this.answered(answer, handled))
        return this.answered(answer, handled)

    @patch(
        "/{idea_id:uuid}",
        operation_id="reviseIdea",
        summary="Revise an idea",
        before_request=strictly(IdeaChanges),
        operation_class=writing(examples.IDEA_CHANGES),
        responses=write_answers(Changed, examples.CHANGED, 404, 412),
    )
    async def revise_idea(
        self,
        request: ApiRequest,
        idea_id: FromPath[UUID],
        data: JSONBody[IdeaChanges],
        if_match: IfMatch = None,
    ) -> Changed:
        """Change the texts of an idea of your own; what you leave out stays as it is."""
        resources, person = resources_of(request), actor_of(request).person_id
        this = await attempt(request, Changed)
        if (earlier := await this.earlier()) is not None:
            return earlier
        answer = Changed(position=0, idea_id=idea_id)

        async def revise() -> Changed:
            found = await folded(resources.store, IDEA, idea_stream(idea_id))
            texts = current(found.state).texts
            require_match(if_match, found.version)
            handled = await resources.handler.handle(
                IDEA,
                idea_stream(idea_id),
                ReviseIdea(
                    now=now(),
                    idea_id=idea_id,
                    person_id=person,
                    texts=_revised(texts, data),
                    reason=data.reason.strip(),
                ),
                cause=cause_of(request, person),
                key=this.keeping(answer),
                # What was left out is taken from this version, so it must be the one that is revised.
                expected=found.version,
            )
            return this.answered(answer, handled)

        return await on_the_latest(revise)


def _without_titles(answer: Logged) -> Logged:
    """Take what people wrote out of an answer to be kept: the log keeps nothing of it in clear."""
    return replace(answer, similar=[replace(idea, title="") for idea in answer.similar])


async def _with_titles(resources: Resources, kept: Logged) -> Logged:
    """Put the titles back, as they are by now."""
    titles = await titles_of(resources.pool, [idea.idea_id for idea in kept.similar])
    return replace(kept, similar=[replace(idea, title=titles.get(idea.idea_id, "")) for idea in kept.similar])


async def opened_community(resources: Resources, slug: str) -> UUID:
    """Give the identifier of a community in which ideas can be logged.

    Raises:
        CommunityUnknownError: there is none with this short name.
        LogUnavailableError: the log cannot be reached.
    """
    identifier = community_id(slug)
    if isinstance((await folded(resources.store, COMMUNITY, community_stream(identifier))).state, Unopened):
        raise CommunityUnknownError
    return identifier


def texts_of(body: NewIdea) -> IdeaTexts:
    """Take out of a body what is to be logged."""
    return IdeaTexts(
        title=body.title.strip(),
        problem=body.problem.strip(),
        proposal=body.proposal.strip(),
        beneficiaries=body.beneficiaries.strip(),
        themes=tuple(body.themes),
        places=tuple(body.places),
        ask=_money(body.ask),
    )


def _revised(texts: IdeaTexts, body: IdeaChanges) -> IdeaTexts:
    """Put changes into texts."""
    return IdeaTexts(
        title=_changed(body.title, texts.title),
        problem=_changed(body.problem, texts.problem),
        proposal=_changed(body.proposal, texts.proposal),
        beneficiaries=_changed(body.beneficiaries, texts.beneficiaries),
        themes=texts.themes if body.themes is UNSET else tuple(body.themes),
        places=texts.places if body.places is UNSET else tuple(body.places),
        ask=texts.ask if body.ask is UNSET else _money(body.ask),
    )


def _changed(given: str | UnsetType, present: str) -> str:
    return present if given is UNSET else given.strip()


def _money(ask: Ask | None) -> Money | None:
    return None if ask is None else Money(amount_minor=ask.amount_minor, currency=ask.currency)
