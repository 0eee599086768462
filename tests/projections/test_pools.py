"""Pools, what was pledged to each, and what became of it."""

from uuid import uuid5

import pytest

from events.contracts import (
    FundsConfirmed,
    MilestonePlanned,
    MilestoneReached,
    PledgeConditions,
    PledgeRevised,
    PledgeWithdrawn,
    PoolCancelled,
    PoolCommitted,
    PoolLapsed,
    PoolRevised,
    ResolvedPledge,
    TranchePart,
    TrancheReleased,
)
from projections.cursors import BadCursorError
from projections.pools.queries import due_pools, of_idea, of_ideas, pool_with_pledges, pools_page
from tests.projections.examples import (
    AUTHOR,
    COMMONS,
    NOON,
    days,
    idea_id,
    logged,
    opened,
    organisation_id,
    pounds,
)
from tests.projections.funding import MILESTONE, POOL, pledged, pool_opened

pytestmark = pytest.mark.asyncio

IN_POOL = {"pool_id": POOL, "idea_id": idea_id(1), "occurred_at": NOON}
BEGUN = [opened(), logged(), pool_opened()]


def pledge_id(number):
    """Name a pledge."""
    return uuid5(COMMONS, f"pledge {number}")


def committed(*amounts):
    """Commit the pool with these amounts of its pledges."""
    total = pounds(amount_minor=sum(amounts))
    resolution = tuple(
        ResolvedPledge(
            pledge_id=pledge_id(number),
            organisation_id=organisation_id(number),
            amount_minor=amount + 1,
            resolved_minor=amount,
            committed_minor=amount,
            binding=("max_share",),
        )
        for number, amount in enumerate(amounts, start=1)
    )
    return PoolCommitted(**IN_POOL, resolution=resolution, resolved_total=total, committed_total=total)


async def test_pledges_stand_until_they_are_withdrawn(spec):
    """What is pledged in full is added up, with conditions as they were said last."""
    await spec.given(
        *BEGUN,
        pledged(40_000, conditions=PledgeConditions(max_share="0.5")),
        pledged(5_000, number=2, kind="in_kind"),
        pledged(10_000, number=3),
        PledgeRevised(
            **IN_POOL,
            pledge_id=pledge_id(1),
            organisation_id=organisation_id(1),
            amount=pounds(amount_minor=30_000),
            conditions=PledgeConditions(min_funders=2),
        ),
        PledgeWithdrawn(**IN_POOL, pledge_id=pledge_id(3), organisation_id=organisation_id(3)),
    )
    found = await pool_with_pledges(spec.pool, POOL)
    pledges = {one.pledge_id: one for one in found.pledges}
    assert {id_: one.amount.amount_minor for id_, one in pledges.items()} == {
        pledge_id(1): 30_000,
        pledge_id(2): 5_000,
    }
    assert pledges[pledge_id(1)].conditions == PledgeConditions(min_funders=2)
    assert (found.pool.promised, found.pool.status) == (pounds(amount_minor=30_000), "open")
    assert await pool_with_pledges(spec.pool, idea_id(1)) is None


async def test_a_committed_pool_shows_what_became_of_each_pledge(spec):
    """Amounts and what bound them, what was confirmed, and what each gave to a tranche."""
    of_step = {**IN_POOL, "milestone_id": MILESTONE}
    await spec.given(
        *BEGUN,
        pledged(40_000),
        pledged(30_000, number=2),
        committed(39_999, 29_999),
        FundsConfirmed(
            **IN_POOL,
            pledge_id=pledge_id(1),
            organisation_id=organisation_id(1),
            confirmed_by=AUTHOR,
            document="https://example.org/letter",
        ),
        MilestonePlanned(**of_step, title="Ten visits", amount=pounds(amount_minor=70)),
        MilestoneReached(**of_step, reached_by=AUTHOR, note="Done."),
        TrancheReleased(
            **of_step,
            released_by=AUTHOR,
            parts=(TranchePart(pledge_id=pledge_id(1), amount_minor=70),),
            total=pounds(amount_minor=70),
        ),
    )
    found = await pool_with_pledges(spec.pool, POOL)
    assert (found.pool.status, found.pool.committed_total) == ("committed", pounds(amount_minor=69_998))
    one, other = (next(p for p in found.pledges if p.pledge_id == pledge_id(n)) for n in (1, 2))
    assert (one.committed.amount_minor, one.binding) == (39_999, ["max_share"])
    assert (other.committed.amount_minor, other.binding) == (29_999, ["max_share"])
    assert (one.document, other.confirmed_at) == ("https://example.org/letter", None)
    (milestone,) = found.milestones
    assert (milestone.title, milestone.note, milestone.released_at) == ("Ten visits", "Done.", NOON)
    assert [(part.pledge_id, part.amount.amount_minor) for part in milestone.parts] == [(pledge_id(1), 70)]


async def test_pools_are_listed_by_status_and_idea(spec):
    """The newest first, page by page; of an idea the one that counts."""
    lapsed = PoolLapsed(**IN_POOL, resolution=(), resolved_total=pounds(amount_minor=0))
    cancelled = PoolCancelled(
        pool_id=pool_opened(2).pool_id,
        idea_id=idea_id(1),
        cancelled_by=AUTHOR,
        reason="No.",
        occurred_at=NOON,
    )
    await spec.given(*BEGUN, lapsed, pool_opened(2, at=NOON + days(1)), cancelled)
    await spec.given(logged(2), pool_opened(3, idea=2, at=NOON + days(2)))
    first = await pools_page(spec.pool, limit=2)
    rest = await pools_page(spec.pool, limit=2, cursor=first.next_cursor)
    assert [row.status for row in (*first.items, *rest.items)] == ["open", "cancelled", "lapsed"]
    assert [row.pool_id for row in (await pools_page(spec.pool, status="lapsed", limit=9)).items] == [POOL]
    assert (await of_idea(spec.pool, idea_id(1))).status == "lapsed"
    assert (await of_idea(spec.pool, idea_id(2))).status == "open"
    assert await of_idea(spec.pool, idea_id(3)) is None
    together = await of_ideas(spec.pool, [idea_id(number) for number in (1, 2, 3)])
    assert {idea: row.status for idea, row in together.items()} == {idea_id(1): "lapsed", idea_id(2): "open"}
    assert [row.idea_id for row in together.values()] == list(together)
    with pytest.raises(BadCursorError):
        await pools_page(spec.pool, limit=2, cursor="nonsense")


async def test_pools_are_due_at_their_deadline_or_with_enough_pledged(spec):
    """Pledges in full that reach the target are enough to look; what can be vetoed says until when."""
    ends = NOON + days(1)
    await spec.given(*BEGUN, pledged(30_000), pledged(29_999, number=2, vetoable_until=ends))
    assert await due_pools(spec.pool, NOON) == []
    assert [one.pool_id for one in await due_pools(spec.pool, NOON + days(30))] == [POOL]
    revised = PoolRevised(
        **IN_POOL,
        minimum=pounds(amount_minor=1),
        target=pounds(amount_minor=59_999),
        deadline=NOON + days(30),
    )
    await spec.given(revised)
    (due,) = await due_pools(spec.pool, NOON)
    assert due.final_at == ends
    (due,) = await due_pools(spec.pool, ends)
    assert due.final_at is None
    await spec.given(committed(1))
    assert await due_pools(spec.pool, NOON + days(30)) == []
