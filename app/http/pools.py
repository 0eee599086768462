"""Pools: open, find, read, revise and cancel them, pledge to them, and pay out what they committed."""

from datetime import UTC, datetime
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.funding.pool_view import PoolDetail, Preview
from app.http import pool_examples as examples
from app.http import pool_writes as writes
from app.http.bodies import OptionalReason, Reason, strictly
from app.http.etags import is_unchanged
from app.http.openapi import documented, read_answers, write_answers, writing
from app.http.parameters import LIMIT_USUAL, Cursor, IfMatch, IfNoneMatch, Limit, MinPosition
from app.http.pool_bodies import (
    Confirmation,
    NewMilestone,
    NewPledge,
    NewPool,
    NewTranche,
    PledgeChanges,
    PoolChanges,
    Reached,
)
from app.http.pool_reads import shown
from app.http.pool_writes import MilestoneWritten, PledgeWritten, PoolWritten
from app.http.resources import ApiRequest, resources_of
from app.http.waiting import caught_up
from projections.pools.queries import PoolRows, PoolStatus, pools_page


class PoolOfIdeaController(Controller):
    """The route by which an idea gets its pool."""

    path = "/api/v1/ideas/{idea_id:uuid}/pool"
    tags = ("pools",)

    @post(
        operation_id="openPool",
        summary="Open a pool for an idea",
        before_request=strictly(NewPool),
        operation_class=writing(examples.NEW_POOL),
        responses=write_answers(PoolWritten, examples.POOL_WRITTEN, 404, status=201),
    )
    async def open_pool(
        self, request: ApiRequest, idea_id: FromPath[UUID], data: JSONBody[NewPool]
    ) -> PoolWritten:
        """Open a pool as the idea's author, or for a funder whose money you may commit. An idea has one at a time."""
        return await writes.opened(request, idea_id, data)


class PoolController(Controller):
    """The routes of pools."""

    path = "/api/v1/pools"
    tags = ("pools",)

    @get(operation_id="listPools", summary="All pools", responses=read_answers(PoolRows, examples.POOLS))
    async def list_pools(
        self,
        request: ApiRequest,
        *,
        status: FromQuery[PoolStatus | None] = None,
        idea_id: FromQuery[UUID | None] = None,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> PoolRows:
        """List pools that meet every condition given, the newest first."""
        resources = resources_of(request)
        await caught_up(resources, "pools", min_position)
        return await pools_page(
            resources.pool, status=status, idea_id=idea_id, limit=limit, cursor=cursor or None
        )

    @get(
        "/{pool_id:uuid}",
        operation_id="getPool",
        summary="One pool with its resolution",
        responses=read_answers(PoolDetail, examples.POOL, 404),
    )
    async def get_pool(
        self,
        request: ApiRequest,
        *,
        pool_id: FromPath[UUID],
        min_position: MinPosition = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[PoolDetail]:
        """Read a pool: what each pledge comes to given all others, which conditions bind it, and what they need."""
        resources = resources_of(request)
        await caught_up(resources, "pools", min_position)
        moment = datetime.now(UTC)
        found = await shown(resources, pool_id, moment)
        # Pledges expire while nothing happens to the pool.
        etag = f'"{found.version}-{found.position}-{sum(pledge.counts for pledge in found.pledges)}"'
        if is_unchanged(if_none_match, etag):
            return Response(b"", status_code=304, headers={"etag": etag})  # type: ignore[arg-type]  # It has no body.
        return Response(found, headers={"etag": etag})

    @patch(
        "/{pool_id:uuid}",
        operation_id="revisePool",
        summary="Revise a pool",
        before_request=strictly(PoolChanges),
        operation_class=writing(examples.POOL_CHANGES),
        responses=write_answers(PoolWritten, examples.POOL_WRITTEN, 404, 412),
    )
    async def revise_pool(
        self,
        request: ApiRequest,
        pool_id: FromPath[UUID],
        data: JSONBody[PoolChanges],
        if_match: IfMatch = None,
    ) -> PoolWritten:
        """Change what a pool asks for, as long as nobody has pledged; what you leave out stays as it is."""
        return await writes.revised(request, pool_id, data, if_match)

    @post(
        "/{pool_id:uuid}/pledges",
        operation_id="makePledge",
        summary="Pledge to a pool",
        before_request=strictly(NewPledge),
        operation_class=writing(examples.NEW_PLEDGE),
        responses=write_answers(PledgeWritten, examples.PLEDGED, 404, status=201),
    )
    async def make_pledge(
        self, request: ApiRequest, pool_id: FromPath[UUID], data: JSONBody[NewPledge]
    ) -> PledgeWritten:
        """Pledge for a funder whose money you may commit. At its target the pool commits at once.

        With a `mandate_id` the amount is set aside in that mandate's budget first.
        """
        return await writes.pledged(request, pool_id, data)

    @patch(
        "/{pool_id:uuid}/pledges/{pledge_id:uuid}",
        operation_id="revisePledge",
        summary="Revise a pledge",
        before_request=strictly(PledgeChanges),
        operation_class=writing(examples.PLEDGE_CHANGES),
        responses=write_answers(PledgeWritten, examples.PLEDGED, 404),
    )
    async def revise_pledge(
        self,
        request: ApiRequest,
        pool_id: FromPath[UUID],
        pledge_id: FromPath[UUID],
        data: JSONBody[PledgeChanges],
    ) -> PledgeWritten:
        """Change a pledge's amount or conditions until the pool commits; what you leave out stays as it is."""
        return await writes.pledge_revised(request, pool_id, pledge_id, data)

    @delete(
        "/{pool_id:uuid}/pledges/{pledge_id:uuid}",
        status_code=200,
        operation_id="withdrawPledge",
        summary="Withdraw or veto a pledge",
        before_request=strictly(OptionalReason, may_be_empty=True),
        operation_class=writing(),
        responses=write_answers(PledgeWritten, examples.PLEDGED, 404),
    )
    async def withdraw_pledge(
        self, request: ApiRequest, pool_id: FromPath[UUID], pledge_id: FromPath[UUID]
    ) -> PledgeWritten:
        """Take a pledge back until the pool commits, or veto what a mandate pledged by itself.

        A body is not needed; `{"reason": "…"}` says why.
        """
        return await writes.pledge_withdrawn(request, pool_id, pledge_id)

    @post(
        "/{pool_id:uuid}/preview",
        status_code=200,
        operation_id="previewPledge",
        summary="What a pledge would unlock",
        before_request=strictly(NewPledge),
        operation_class=documented(examples.NEW_PLEDGE),
        responses=write_answers(Preview, examples.PREVIEW, 404),
    )
    async def preview_pledge(
        self, request: ApiRequest, pool_id: FromPath[UUID], data: JSONBody[NewPledge]
    ) -> Preview:
        """Show the pool as it would be with a pledge, or with an organisation's pledge revised. Writes nothing."""
        return await writes.previewed(request, pool_id, data)

    @post(
        "/{pool_id:uuid}/commit",
        status_code=200,
        operation_id="commitPool",
        summary="Commit a pool that can",
        operation_class=writing(),
        responses=write_answers(PoolWritten, examples.POOL_WRITTEN, 404),
    )
    async def commit_pool(self, request: ApiRequest, pool_id: FromPath[UUID]) -> PoolWritten:
        """Commit a pool that has reached its target, or at its deadline its minimum. It does so by itself, too.

        It takes no body.
        """
        return await writes.committed(request, pool_id)

    @post(
        "/{pool_id:uuid}/cancel",
        status_code=200,
        operation_id="cancelPool",
        summary="Cancel a pool",
        before_request=strictly(Reason),
        operation_class=writing(examples.CANCEL),
        responses=write_answers(PoolWritten, examples.POOL_WRITTEN, 404),
    )
    async def cancel_pool(
        self, request: ApiRequest, pool_id: FromPath[UUID], data: JSONBody[Reason]
    ) -> PoolWritten:
        """Call a pool off before it commits, saying why; every pledge is released."""
        return await writes.cancelled(request, pool_id, data)

    @post(
        "/{pool_id:uuid}/pledges/{pledge_id:uuid}/confirm",
        status_code=200,
        operation_id="confirmFunds",
        summary="Confirm that the money is there",
        before_request=strictly(Confirmation),
        operation_class=writing(examples.CONFIRMATION),
        responses=write_answers(PledgeWritten, examples.PLEDGED, 404),
    )
    async def confirm_funds(
        self,
        request: ApiRequest,
        pool_id: FromPath[UUID],
        pledge_id: FromPath[UUID],
        data: JSONBody[Confirmation],
    ) -> PledgeWritten:
        """Confirm for a funder that the money it committed is there."""
        return await writes.confirmed(request, pool_id, pledge_id, data)

    @post(
        "/{pool_id:uuid}/milestones",
        operation_id="planMilestone",
        summary="Plan a milestone",
        before_request=strictly(NewMilestone),
        operation_class=writing(examples.NEW_MILESTONE),
        responses=write_answers(MilestoneWritten, examples.PLANNED, 404, status=201),
    )
    async def plan_milestone(
        self, request: ApiRequest, pool_id: FromPath[UUID], data: JSONBody[NewMilestone]
    ) -> MilestoneWritten:
        """Say what a part of the commitments is released for."""
        return await writes.milestone_planned(request, pool_id, data)

    @post(
        "/{pool_id:uuid}/milestones/{milestone_id:uuid}/reach",
        status_code=200,
        operation_id="reachMilestone",
        summary="Say that a milestone is reached",
        before_request=strictly(Reached),
        operation_class=writing(examples.REACHED),
        responses=write_answers(MilestoneWritten, examples.PLANNED, 404),
    )
    async def reach_milestone(
        self,
        request: ApiRequest,
        pool_id: FromPath[UUID],
        milestone_id: FromPath[UUID],
        data: JSONBody[Reached],
    ) -> MilestoneWritten:
        """Say that what was planned is reached, so that its part can be released."""
        return await writes.milestone_reached(request, pool_id, milestone_id, data)

    @post(
        "/{pool_id:uuid}/tranches",
        operation_id="releaseTranche",
        summary="Release a part of the commitments",
        before_request=strictly(NewTranche),
        operation_class=writing(examples.NEW_TRANCHE),
        responses=write_answers(MilestoneWritten, examples.PLANNED, 404, status=201),
    )
    async def release_tranche(
        self, request: ApiRequest, pool_id: FromPath[UUID], data: JSONBody[NewTranche]
    ) -> MilestoneWritten:
        """Release what belongs to a milestone that is reached, from each commitment its share to the penny."""
        return await writes.tranche_released(request, pool_id, data)
