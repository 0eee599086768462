"""What the board says an idea still lacks: needs that no chosen offer covers, and money still to be found."""

import pytest

from projections.idea_detail.queries import needs_of_idea
from tests.projections.examples import NOON, days, idea_id, logged, opened, pounds, revised
from tests.projections.funding import need_added, need_id, offered, pledged, pool_opened
from tests.projections.making import (
    accepted,
    cancelled,
    closed,
    committed,
    declined,
    lapsed,
    need_removed,
    need_revised,
    needs_ordered,
    offer_revised,
    offer_withdrawn,
    pledge_revised,
    pledge_withdrawn,
)

pytestmark = pytest.mark.asyncio


async def gap(spec, number: int = 1) -> int:
    """Tell how much is still to be found for an idea."""
    return await spec.pool.fetchval(
        "SELECT gap_minor FROM idea_board.prospects WHERE idea_id = $1", idea_id(number)
    )


async def open_needs(spec) -> int:
    """Tell how many needs of the one idea on the board are open, by the card and by the filter alike."""
    card = await spec.card()
    assert bool((await spec.board(needs="open")).items) == (card.open_needs > 0)
    return card.open_needs


async def test_needs_are_open_until_a_chosen_offer_covers_them(spec):
    """An offer counts while it is accepted and chosen, for the needs it is made for now."""
    await spec.given(opened(), logged())
    assert await open_needs(spec) == 0
    await spec.given(need_added(1), need_added(2), need_added(3))
    assert await open_needs(spec) == 3
    await spec.given(offered(1, 1, 2))
    assert await open_needs(spec) == 3
    await spec.given(accepted(1, standing="reserve"))
    assert await open_needs(spec) == 3
    await spec.given(accepted(1))
    assert await open_needs(spec) == 1
    await spec.given(offer_revised(1, 1))
    assert await open_needs(spec) == 2
    await spec.given(need_removed(2), need_removed(3))
    assert await open_needs(spec) == 0
    await spec.given(offer_withdrawn(1))
    assert await open_needs(spec) == 1
    await spec.given(offered(2, 1), accepted(2), declined(2))
    assert await open_needs(spec) == 1


async def test_ideas_with_open_needs_are_found_in_any_order(spec):
    """The filter for open needs goes with every order and filter, and leaves ended ideas out."""
    await spec.given(
        opened(),
        logged(1),
        logged(2),
        logged(3),
        need_added(1, idea=1),
        need_added(2, idea=2),
        need_added(3, idea=3),
        closed(3),
        offered(1, 1),
        accepted(1),
    )
    for sort in ("votes", "newest", "momentum", "funding_gap"):
        assert [item.idea_id for item in (await spec.board(sort=sort, needs="open")).items] == [idea_id(2)]
    assert [item.idea_id for item in (await spec.board(stage="closed", needs="open")).items] == [idea_id(3)]
    assert (await spec.board(stage="shaping", needs="open")).items == []


async def test_what_is_still_to_be_found_is_the_ask_less_what_was_found(spec):
    """Pledges of open pools and what a pool committed are taken off the ask; what a pool loses is wanted again."""
    await spec.given(opened(), logged(ask=pounds(amount_minor=100_000)), pool_opened())
    assert await gap(spec) == 100_000
    await spec.given(pledged(30_000), pledged(20_000, number=2), pledged(5_000, number=3, kind="in_kind"))
    assert await gap(spec) == 50_000
    await spec.given(pledge_revised(40_000))
    assert await gap(spec) == 40_000
    await spec.given(pledge_withdrawn(number=2))
    assert await gap(spec) == 60_000
    await spec.given(pledge_revised(9_000, number=3))
    assert await gap(spec) == 60_000
    await spec.given(committed(70_000))
    assert await gap(spec) == 30_000
    await spec.given(revised(ask=pounds(amount_minor=50_000)))
    assert await gap(spec) == 0


@pytest.mark.parametrize("end", [lapsed, cancelled])
async def test_a_pool_that_fails_gives_back_what_was_pledged(spec, end):
    """Lapsed or called off, a pool has found nothing."""
    await spec.given(
        opened(), logged(ask=pounds(amount_minor=100_000)), pool_opened(), pledged(30_000), end()
    )
    assert await gap(spec) == 100_000


async def test_without_an_ask_the_open_needs_say_what_is_wanted(spec):
    """What needs cost is wanted until a chosen offer covers them, in the currency that most of it is in."""
    await spec.given(
        opened(),
        logged(),
        need_added(1, cost=pounds(amount_minor=10_000)),
        need_added(2, cost=pounds(amount_minor=4_000)),
        need_added(3, cost=type(pounds(amount_minor=1))(amount_minor=11_000, currency="EUR")),
        need_added(4),
    )
    assert await gap(spec) == 14_000
    await spec.given(offered(1, 1), accepted(1))
    assert await gap(spec) == 11_000
    await spec.given(need_revised(3, cost=None))
    assert await gap(spec) == 4_000


async def test_the_largest_gap_comes_first(spec):
    """In the order of money still to be found, an idea that was funded falls behind one that asked for less."""
    await spec.given(
        opened(),
        logged(1, ask=pounds(amount_minor=90_000)),
        logged(2, ask=pounds(amount_minor=50_000)),
        pool_opened(),
        pledged(60_000),
    )
    assert [item.idea_id for item in (await spec.board(sort="funding_gap")).items] == [idea_id(2), idea_id(1)]


async def test_needs_are_read_in_their_order(spec):
    """Needs come as they were named, then as they were ordered; one that is named later comes last."""
    await spec.given(opened(), logged(), need_added(1), need_added(2), need_added(3), needs_ordered(3, 1, 2))
    await spec.given(need_added(4), need_removed(1))
    rows = await needs_of_idea(spec.pool, idea_id(1))
    assert [need.need_id for need in rows.items] == [need_id(3), need_id(2), need_id(4)]
    assert rows.next_cursor is None


async def test_needs_are_read_page_by_page(spec):
    """Pages together are the whole, in order."""
    await spec.given(opened(), logged(), *(need_added(number) for number in range(1, 6)))
    first = await needs_of_idea(spec.pool, idea_id(1), limit=2)
    second = await needs_of_idea(spec.pool, idea_id(1), limit=2, cursor=first.next_cursor)
    third = await needs_of_idea(spec.pool, idea_id(1), limit=2, cursor=second.next_cursor)
    assert [need.need_id for need in (*first.items, *second.items, *third.items)] == [
        need_id(number) for number in range(1, 6)
    ]
    assert third.next_cursor is None


async def test_a_need_says_what_it_says_now(spec):
    """A revision replaces everything and tells when; what was said before is in the history."""
    cost = pounds(amount_minor=1_500)
    await spec.given(opened(), logged(), need_added(1, description="Long.", size="Two days", cost=cost))
    (need,) = (await needs_of_idea(spec.pool, idea_id(1))).items
    assert (need.kind, need.title, need.description, need.size, need.cost) == (
        "service",
        "Need 1",
        "Long.",
        "Two days",
        cost,
    )
    await spec.given(need_revised(1, at=NOON + days(1)))
    (need,) = (await needs_of_idea(spec.pool, idea_id(1))).items
    assert (need.kind, need.title, need.cost, need.added_at, need.revised_at) == (
        "people",
        "Need 1, again",
        None,
        NOON,
        NOON + days(1),
    )
