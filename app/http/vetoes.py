"""Vetoes: what a mandate pledged by itself is taken back in time by somebody who may commit the funder's money."""

from uuid import UUID

from litestar import Controller, post
from litestar.params import FromPath, JSONBody

from app.http import pool_examples as examples
from app.http.bodies import OptionalReason, strictly
from app.http.openapi import write_answers, writing
from app.http.pool_reads import pool_of
from app.http.pool_writes import PledgeWritten, pledge_withdrawn
from app.http.resources import ApiRequest, now, resources_of
from domain.decider import DomainError
from domain.pool_gathering import Open, is_vetoable


class VetoTooLateError(DomainError):
    """This pledge cannot be vetoed any more; until its pool commits, it can be withdrawn like any other."""


class VetoController(Controller):
    """The route of vetoes."""

    path = "/api/v1/pools"
    tags = ("pools",)

    @post(
        "/{pool_id:uuid}/pledges/{pledge_id:uuid}/veto",
        status_code=200,
        operation_id="vetoPledge",
        summary="Veto what a mandate pledged by itself",
        before_request=strictly(OptionalReason, may_be_empty=True),
        operation_class=writing(examples.CANCEL),
        responses=write_answers(PledgeWritten, examples.PLEDGED, 404),
    )
    async def veto_pledge(
        self,
        request: ApiRequest,
        pool_id: FromPath[UUID],
        pledge_id: FromPath[UUID],
        data: JSONBody[OptionalReason | None] = None,
    ) -> PledgeWritten:
        """Take back what a mandate pledged by itself, within the hours that the mandate leaves for it.

        The mandate does not pledge to this pool by itself again, and what was set aside is free. A body is not needed.
        """
        state = (await pool_of(resources_of(request).store, pool_id)).state
        promise = state.pledges.get(pledge_id) if isinstance(state, Open) else None
        if promise is not None and not is_vetoable(promise, now()):
            raise VetoTooLateError
        return await pledge_withdrawn(request, pool_id, pledge_id, data.reason if data else "")
