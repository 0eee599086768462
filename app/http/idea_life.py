"""The life of an idea: the stages it was in, and its ends: withdrawn, closed, launched; and how they are taken back."""

from typing import Any, TypeAlias
from uuid import UUID

from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, JSONBody

from app.access.relations import is_steward_of
from app.http import examples, idea_examples
from app.http.bodies import OptionalReason, Reason, strictly
from app.http.idea_bodies import Launch
from app.http.idempotency import Written, attempt
from app.http.openapi import read_answers, write_answers, writing
from app.http.parameters import LIMIT_USUAL, Cursor, Limit, MinPosition
from app.http.resources import ApiRequest, actor_of, cause_of, now, resources_of
from app.http.waiting import caught_up
from domain.idea import IDEA, CloseIdea, LaunchService, ReopenIdea, WithdrawIdea
from events.streams import idea_stream
from projections.idea_detail.queries import StageRows, idea, stages_of_idea

End: TypeAlias = WithdrawIdea | CloseIdea | LaunchService | ReopenIdea


class Changed(Written, frozen=True, kw_only=True):
    """An idea was changed."""

    idea_id: UUID


class IdeaLifeController(Controller):
    """The routes of stages and ends."""

    path = "/api/v1/ideas/{idea_id:uuid}"
    tags = ("ideas",)

    @get(
        "/stages",
        operation_id="listStages",
        summary="The stages an idea was in",
        responses=read_answers(StageRows, idea_examples.STAGES, 404),
    )
    async def list_stages(
        self,
        request: ApiRequest,
        *,
        idea_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> StageRows:
        """List every stage an idea was in, the newest first: from when until when, by which event, and why."""
        resources = resources_of(request)
        await caught_up(resources, "idea_detail", min_position)
        rows = await stages_of_idea(resources.pool, idea_id, limit=limit, cursor=cursor or None)
        if not rows.items and await idea(resources.pool, idea_id) is None:
            raise NotFoundException(detail="There is no such idea.")
        return rows

    @post(
        "/withdraw",
        status_code=200,
        operation_id="withdrawIdea",
        summary="Withdraw an idea",
        before_request=strictly(Reason),
        operation_class=writing(examples.REASON),
        responses=write_answers(Changed, examples.CHANGED, 404),
    )
    async def withdraw_idea(
        self, request: ApiRequest, idea_id: FromPath[UUID], data: JSONBody[Reason]
    ) -> Changed:
        """Take back an idea of your own; its votes and its history stay."""
        return await withdraw(request, idea_id, data.reason)

    @post(
        "/close",
        status_code=200,
        operation_id="closeIdea",
        summary="Close an idea",
        before_request=strictly(Reason),
        operation_class=writing(examples.REASON),
        responses=write_answers(Changed, examples.CHANGED, 404),
    )
    async def close_idea(
        self, request: ApiRequest, idea_id: FromPath[UUID], data: JSONBody[Reason]
    ) -> Changed:
        """Bring an idea to an end that is no success, as its author or a steward of its community."""
        return await close(request, idea_id, data.reason)

    @post(
        "/launch",
        status_code=200,
        operation_id="launchService",
        summary="Launch the service",
        before_request=strictly(Launch),
        operation_class=writing(idea_examples.LAUNCH),
        responses=write_answers(Changed, examples.CHANGED, 404),
    )
    async def launch_service(
        self, request: ApiRequest, idea_id: FromPath[UUID], data: JSONBody[Launch]
    ) -> Changed:
        """Say that people can use what the idea has become, and where. Another link says that it has moved."""
        return await launch(request, idea_id, data.link, data.note)

    @post(
        "/reopen",
        status_code=200,
        operation_id="reopenIdea",
        summary="Reopen an idea",
        before_request=strictly(OptionalReason, may_be_empty=True),
        operation_class=writing(examples.REASON),
        responses=write_answers(Changed, examples.CHANGED, 404),
    )
    async def reopen_idea(
        self, request: ApiRequest, idea_id: FromPath[UUID], data: JSONBody[OptionalReason | None] = None
    ) -> Changed:
        """Take back the end an idea came to; a body is not needed.

        What its author withdrew is its author's to reopen, what a steward closed a steward's. A launched idea that is
        reopened has no service any longer.
        """
        return await reopen(request, idea_id, data.reason if data else "")


async def withdraw(request: ApiRequest, idea_id: UUID, reason: str) -> Changed:
    """Withdraw an idea.

    Raises:
        DomainError: a rule forbids it.
        LogBusyError, LogUnavailableError: see the store.
    """
    person = actor_of(request).person_id
    return await _change(
        request, WithdrawIdea(now=now(), idea_id=idea_id, person_id=person, reason=reason.strip())
    )


async def close(request: ApiRequest, idea_id: UUID, reason: str) -> Changed:
    """Close an idea; raises what `withdraw` raises."""
    return await _change(request, CloseIdea(**await _asking(request, idea_id), reason=reason.strip()))


async def launch(request: ApiRequest, idea_id: UUID, link: str, note: str) -> Changed:
    """Launch the service of an idea; raises what `withdraw` raises."""
    asking = await _asking(request, idea_id)
    return await _change(request, LaunchService(**asking, link=link.strip(), note=note.strip()))


async def reopen(request: ApiRequest, idea_id: UUID, reason: str) -> Changed:
    """Reopen an idea; raises what `withdraw` raises."""
    return await _change(request, ReopenIdea(**await _asking(request, idea_id), reason=reason.strip()))


async def _asking(request: ApiRequest, idea_id: UUID) -> dict[str, Any]:
    """Say who asks, and whether as a steward, in the fields that these commands have."""
    actor = actor_of(request)
    return {
        "now": now(),
        "idea_id": idea_id,
        "person_id": actor.person_id,
        "is_steward": await is_steward_of(resources_of(request).store, actor, idea_id),
    }


async def _change(request: ApiRequest, command: End) -> Changed:
    this = await attempt(request, Changed)
    if (earlier := await this.earlier()) is not None:
        return earlier
    answer = Changed(position=0, idea_id=command.idea_id)
    handled = await resources_of(request).handler.handle(
        IDEA,
        idea_stream(command.idea_id),
        command,
        cause=cause_of(request, command.person_id),
        key=this.keeping(answer),
    )
    return this.answered(answer, handled)
