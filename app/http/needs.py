"""What an idea needs: read, name, describe anew, order and remove it."""

from typing import Any, TypeVar
from uuid import UUID

from litestar import Controller, delete, get, patch, post, put
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, JSONBody
from msgspec import UNSET

from app.access.relations import is_steward_of
from app.folding import folded
from app.http import examples, idea_examples
from app.http.bodies import strictly
from app.http.idea_bodies import Cost, NeedChanges, NeedOrder, NewNeed, Removal
from app.http.idempotency import Written, attempt
from app.http.openapi import read_answers, write_answers, writing
from app.http.parameters import LIMIT_USUAL, Cursor, Limit, MinPosition
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from app.http.revising import on_the_latest
from app.http.waiting import caught_up
from domain.needs import (
    NEEDS,
    AddNeed,
    Need,
    Needs,
    NeedsCommand,
    NeedUnknownError,
    OrderNeeds,
    RemoveNeed,
    ReviseNeed,
)
from events.contracts import Money
from events.streams import idea_stream, new_id
from projections.idea_detail.queries import NeedRows, idea, needs_of_idea


class NeedChanged(Written, frozen=True, kw_only=True):
    """A need was named, described anew or removed."""

    idea_id: UUID
    need_id: UUID


class NeedsChanged(Written, frozen=True, kw_only=True):
    """The needs stand in another order."""

    idea_id: UUID


A = TypeVar("A", NeedChanged, NeedsChanged)


class NeedController(Controller):
    """The routes of needs."""

    path = "/api/v1/ideas/{idea_id:uuid}/needs"
    tags = ("needs",)

    @get(
        operation_id="listNeeds",
        summary="What an idea needs",
        responses=read_answers(NeedRows, idea_examples.NEEDS, 404),
    )
    async def list_needs(
        self,
        request: ApiRequest,
        *,
        idea_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> NeedRows:
        """List the parts that an idea lacks, in the order it puts them in."""
        resources = resources_of(request)
        await caught_up(resources, "idea_detail", min_position)
        rows = await needs_of_idea(resources.pool, idea_id, limit=limit, cursor=cursor or None)
        if not rows.items and await idea(resources.pool, idea_id) is None:
            raise NotFoundException(detail="There is no such idea.")
        return rows

    @post(
        operation_id="addNeed",
        summary="Name a need",
        before_request=strictly(NewNeed),
        operation_class=writing(idea_examples.NEW_NEED),
        responses=write_answers(NeedChanged, idea_examples.NEED_CHANGED, 404, status=201),
    )
    async def add_need(
        self, request: ApiRequest, idea_id: FromPath[UUID], data: JSONBody[NewNeed]
    ) -> NeedChanged:
        """Name a part that the idea lacks; it comes after those that are there. An idea has at most 1,000."""
        return await add_need(request, idea_id, need_of(data))

    @patch(
        "/{need_id:uuid}",
        operation_id="reviseNeed",
        summary="Describe a need anew",
        before_request=strictly(NeedChanges),
        operation_class=writing(idea_examples.NEED_CHANGES),
        responses=write_answers(NeedChanged, idea_examples.NEED_CHANGED, 404),
    )
    async def revise_need(
        self,
        request: ApiRequest,
        idea_id: FromPath[UUID],
        need_id: FromPath[UUID],
        data: JSONBody[NeedChanges],
    ) -> NeedChanged:
        """Change what is said of a need; what you leave out stays as it is."""
        return await revise_need(request, idea_id, need_id, data)

    @delete(
        "/{need_id:uuid}",
        status_code=200,
        operation_id="removeNeed",
        summary="Remove a need",
        before_request=strictly(Removal),
        operation_class=writing(idea_examples.REMOVAL),
        responses=write_answers(NeedChanged, idea_examples.NEED_CHANGED, 404),
    )
    async def remove_need(
        self,
        request: ApiRequest,
        idea_id: FromPath[UUID],
        need_id: FromPath[UUID],
        data: JSONBody[Removal],
    ) -> NeedChanged:
        """Remove a need that is met, or that never was one; the body says why."""
        return await remove_need(request, idea_id, need_id, data.reason)

    @put(
        "/order",
        operation_id="orderNeeds",
        summary="Put the needs in order",
        before_request=strictly(NeedOrder),
        operation_class=writing(idea_examples.NEED_ORDER),
        responses=write_answers(NeedsChanged, examples.CHANGED, 404),
    )
    async def order_needs(
        self, request: ApiRequest, idea_id: FromPath[UUID], data: JSONBody[NeedOrder]
    ) -> NeedsChanged:
        """Put all needs of an idea in an order. It is refused when a need was named or removed meanwhile."""
        return await order_needs(request, idea_id, tuple(data.need_ids))


def need_of(body: NewNeed) -> Need:
    """Take a need from a body."""
    return Need(
        kind=body.kind,
        title=body.title.strip(),
        description=body.description.strip(),
        size=body.size.strip(),
        cost=_money(body.cost),
    )


async def add_need(request: ApiRequest, idea_id: UUID, need: Need) -> NeedChanged:
    """Name a need.

    Raises:
        DomainError: a rule forbids it.
        LogBusyError, LogUnavailableError: see the store.
    """
    need_id = new_id()
    command = AddNeed(**await _asking(request, idea_id), need_id=need_id, need=need)
    return await _handled(request, command, NeedChanged(position=0, idea_id=idea_id, need_id=need_id))


async def revise_need(request: ApiRequest, idea_id: UUID, need_id: UUID, changes: NeedChanges) -> NeedChanged:
    """Describe a need anew, on what is said of it now.

    Raises:
        DomainError: a rule forbids it.
        LogBusyError, LogUnavailableError: see the store.
    """
    resources = resources_of(request)
    this = await attempt(request, NeedChanged)
    if (earlier := await this.earlier()) is not None:
        return earlier
    answer = NeedChanged(position=0, idea_id=idea_id, need_id=need_id)

    async def revise() -> NeedChanged:
        version, present = await _present(resources, idea_id, need_id)
        command = ReviseNeed(
            **await _asking(request, idea_id), need_id=need_id, need=_changed(present, changes)
        )
        handled = await resources.handler.handle(
            NEEDS,
            idea_stream(idea_id),
            command,
            cause=cause_of(request, command.person_id),
            key=this.keeping(answer),
            # What was left out is taken from this version, so it must be the one that is revised.
            expected=version,
        )
        return this.answered(answer, handled)

    return await on_the_latest(revise)


async def remove_need(request: ApiRequest, idea_id: UUID, need_id: UUID, reason: str) -> NeedChanged:
    """Remove a need.

    Raises:
        DomainError: a rule forbids it.
        LogBusyError, LogUnavailableError: see the store.
    """
    command = RemoveNeed(**await _asking(request, idea_id), need_id=need_id, reason=reason.strip())
    return await _handled(request, command, NeedChanged(position=0, idea_id=idea_id, need_id=need_id))


async def order_needs(request: ApiRequest, idea_id: UUID, need_ids: tuple[UUID, ...]) -> NeedsChanged:
    """Put all needs in an order.

    Raises:
        DomainError: a rule forbids it.
        LogBusyError, LogUnavailableError: see the store.
    """
    command = OrderNeeds(**await _asking(request, idea_id), need_ids=need_ids)
    return await _handled(request, command, NeedsChanged(position=0, idea_id=idea_id))


async def _asking(request: ApiRequest, idea_id: UUID) -> dict[str, Any]:
    """Say who asks, and whether as a steward, in the fields that every command about needs has."""
    actor = actor_of(request)
    return {
        "now": now(),
        "idea_id": idea_id,
        "person_id": actor.person_id,
        "is_steward": await is_steward_of(resources_of(request).store, actor, idea_id),
    }


async def _handled(request: ApiRequest, command: NeedsCommand, answer: A) -> A:
    this = await attempt(request, type(answer))
    if (earlier := await this.earlier()) is not None:
        return earlier
    handled = await resources_of(request).handler.handle(
        NEEDS,
        idea_stream(command.idea_id),
        command,
        cause=cause_of(request, command.person_id),
        key=this.keeping(answer),
    )
    return this.answered(answer, handled)


async def _present(resources: Resources, idea_id: UUID, need_id: UUID) -> tuple[int, Need]:
    """Read what is said of a need now, and the version that says it."""
    found = await folded(resources.store, NEEDS, idea_stream(idea_id))
    if not isinstance(found.state, Needs) or need_id not in found.state.needs:
        raise NeedUnknownError
    return found.version, found.state.needs[need_id]


def _changed(need: Need, changes: NeedChanges) -> Need:
    return Need(
        kind=need.kind if changes.kind is UNSET else changes.kind,
        title=need.title if changes.title is UNSET else changes.title.strip(),
        description=need.description if changes.description is UNSET else changes.description.strip(),
        size=need.size if changes.size is UNSET else changes.size.strip(),
        cost=need.cost if changes.cost is UNSET else _money(changes.cost),
    )


def _money(cost: Cost | None) -> Money | None:
    return None if cost is None else Money(amount_minor=cost.amount_minor, currency=cost.currency)
