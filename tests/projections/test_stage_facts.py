"""What moves an idea on besides votes: offers, pools, its launch and its ends; and the history of its stages."""

import pytest

from projections.building import building
from projections.idea_board.evolve import IdeaBoard
from projections.idea_detail.evolve import IdeaDetails
from projections.idea_detail.queries import idea, stage_as_of, stages_of_idea
from tests.projections.examples import (
    NOON,
    days,
    idea_id,
    logged,
    opened,
    reopened,
    rules_set,
    vote,
    vote_withdrawn,
    votes,
    withdrawn,
)
from tests.projections.funding import offered, pool_opened
from tests.projections.making import (
    LINK,
    accepted,
    cancelled,
    closed,
    committed,
    declined,
    lapsed,
    launched,
    offer_withdrawn,
)
from tests.projections.test_stages import stage_of

pytestmark = pytest.mark.asyncio


async def reasons(spec, number: int = 1) -> list[tuple[str, str]]:
    """Tell the stages an idea was in and why, the oldest first."""
    rows = await stages_of_idea(spec.pool, idea_id(number))
    return [(row.stage, row.reason) for row in reversed(rows.items)]


async def test_an_idea_goes_all_the_way(spec):
    """Logged, supported, shaping, funding, delivering, live: each at the moment its fact came about."""
    await spec.given(opened(threshold=2), logged())
    for day, (events, stage) in enumerate(
        (
            ((vote(1, at=NOON + days(1)), vote(2, at=NOON + days(1))), "supported"),
            ((offered(at=NOON + days(1)), accepted(at=NOON + days(2))), "shaping"),
            ((pool_opened(at=NOON + days(3)),), "funding"),
            ((committed(at=NOON + days(4)),), "delivering"),
            ((launched(at=NOON + days(5)),), "live"),
        ),
        start=1,
    ):
        await spec.given(*events)
        assert await stage_of(spec) == (stage, day)
    assert await reasons(spec) == [
        ("logged", "Somebody wrote it down."),
        ("supported", "2 people support it; 2 are enough in this community."),
        ("shaping", "An offer of a part was accepted."),
        ("funding", "A pool was opened."),
        ("delivering", "Its pool closed, and the money is committed."),
        ("live", "The service was launched."),
    ]
    assert (await idea(spec.pool, idea_id(1))).service_link == LINK


async def test_a_stage_goes_back_with_its_fact(spec):
    """A pool that lapses or is called off leaves what is accepted; the last accepted offer taken back leaves the votes."""
    await spec.given(
        opened(threshold=2),
        logged(),
        *votes(2, at=NOON + days(1)),
        offered(1),
        offered(2),
        accepted(1, at=NOON + days(2)),
        accepted(2, at=NOON + days(3), standing="reserve"),
        pool_opened(1, at=NOON + days(4)),
    )
    assert await stage_of(spec) == ("funding", 4)
    await spec.given(lapsed(1, at=NOON + days(5)))
    assert await stage_of(spec) == ("shaping", 5)
    await spec.given(pool_opened(2, at=NOON + days(6)), cancelled(2, at=NOON + days(7)))
    assert await stage_of(spec) == ("shaping", 7)
    await spec.given(offer_withdrawn(1, at=NOON + days(8)))
    assert await stage_of(spec) == ("shaping", 7)
    await spec.given(declined(2, at=NOON + days(9)))
    assert await stage_of(spec) == ("supported", 9)
    assert (await reasons(spec))[-4:] == [
        ("shaping", "Its pool ended without its minimum. An offer of a part is accepted."),
        ("funding", "A pool was opened."),
        ("shaping", "Its pool was called off. An offer of a part is accepted."),
        (
            "supported",
            "The last accepted offer was declined after all. 2 people support it; 2 are enough in this community.",
        ),
    ]


async def test_an_offer_that_was_not_accepted_moves_nothing(spec):
    """Made, declined or taken back before it was accepted, an offer leaves the stage as it is."""
    await spec.given(opened(), logged(), offered(1), declined(1, at=NOON + days(1)), offered(2))
    await spec.given(offer_withdrawn(2, at=NOON + days(1)))
    assert await stage_of(spec) == ("logged", 0)


async def test_votes_do_not_move_what_is_further_on(spec):
    """Votes taken back below the threshold leave a funding idea where it is; when it goes back, they count."""
    await spec.given(opened(threshold=2), logged(), *votes(2), pool_opened(at=NOON + days(1)))
    await spec.given(vote_withdrawn(1, at=NOON + days(2)), rules_set(9, at=NOON + days(3)))
    assert await stage_of(spec) == ("funding", 1)
    await spec.given(lapsed(at=NOON + days(4)))
    assert await stage_of(spec) == ("logged", 4)


async def test_a_committed_pool_stays_committed(spec):
    """Another pool beside a committed one does not send an idea back."""
    await spec.given(opened(), logged(), pool_opened(1), committed(number=1, at=NOON + days(1)))
    await spec.given(pool_opened(2, at=NOON + days(2)), lapsed(2, at=NOON + days(3)))
    assert await stage_of(spec) == ("delivering", 1)


async def test_an_idea_that_ended_comes_back_to_where_its_facts_say(spec):
    """Closed and withdrawn ideas leave the board's usual view; reopened, they are where offers and pools put them."""
    await spec.given(opened(), logged(), offered(), accepted(), closed(at=NOON + days(1)))
    assert await stage_of(spec) == ("closed", 1)
    assert (await spec.board()).items == []
    shown = await idea(spec.pool, idea_id(1))
    assert (shown.closed_reason, shown.withdrawn_reason, shown.stage_reason) == (
        "It does not work.",
        None,
        "It was closed.",
    )
    await spec.given(pool_opened(at=NOON + days(2)))
    assert await stage_of(spec) == ("closed", 1)
    await spec.given(reopened(at=NOON + days(3)))
    assert await stage_of(spec) == ("funding", 3)
    assert (await idea(spec.pool, idea_id(1))).closed_reason is None
    (last,) = (await stages_of_idea(spec.pool, idea_id(1), limit=1)).items
    assert (last.reason, last.said) == (
        "It was opened again. Its pool is open to pledges.",
        "Needed after all.",
    )


async def test_reopening_a_live_idea_says_that_its_service_is_no_more(spec):
    """Reopened, an idea has no service any longer, whether it was live or closed after it had been."""
    await spec.given(opened(), logged(), launched(), reopened(at=NOON + days(1)))
    assert await stage_of(spec) == ("logged", 1)
    assert (await idea(spec.pool, idea_id(1))).service_link is None
    await spec.given(launched(), closed(at=NOON + days(2)), reopened(at=NOON + days(3)))
    assert await stage_of(spec) == ("logged", 3)
    assert (await idea(spec.pool, idea_id(1))).service_link is None


async def test_the_history_of_stages_is_whole_and_in_order(spec):
    """Every stage is told with from when until when, what was said and its position, also those within one page."""
    await spec.given(
        opened(threshold=1),
        logged(),
        vote(1, at=NOON + days(1)),
        vote_withdrawn(1, cast_at=NOON + days(1), at=NOON + days(2)),
        withdrawn(reason="Later.", at=NOON + days(3)),
    )
    rows = (await stages_of_idea(spec.pool, idea_id(1))).items
    assert [(row.stage, row.since, row.until, row.said) for row in rows] == [
        ("withdrawn", NOON + days(3), None, "Later."),
        ("logged", NOON + days(2), NOON + days(3), None),
        ("supported", NOON + days(1), NOON + days(2), None),
        ("logged", NOON, NOON + days(1), None),
    ]
    assert [row.position for row in rows] == sorted((row.position for row in rows), reverse=True)


async def test_stages_are_read_page_by_page(spec):
    """Pages of the history together are the whole, each stage once."""
    await spec.given(opened(threshold=1), logged(), vote(1), vote_withdrawn(1), vote(1), vote_withdrawn(1))
    whole = (await stages_of_idea(spec.pool, idea_id(1))).items
    walked, cursor = [], None
    while cursor or not walked:
        page = await stages_of_idea(spec.pool, idea_id(1), limit=2, cursor=cursor)
        walked, cursor = walked + page.items, page.next_cursor
    assert walked == whole
    assert len(whole) == 5


async def test_new_rules_are_a_reason(spec):
    """An idea that moves because its community changed the rules says so, with what was said about them."""
    await spec.given(opened(threshold=3), logged(), *votes(2))
    at = await spec.given(rules_set(2, at=NOON + days(1)))
    (last,) = (await stages_of_idea(spec.pool, idea_id(1), limit=1)).items
    assert (last.stage, last.since, last.position, last.said) == (
        "supported",
        NOON + days(1),
        at,
        "Agreed in May.",
    )
    assert last.reason == (
        "Its community changed the voting rules. 2 people support it; 2 are enough in this community."
    )


async def test_the_stage_of_an_earlier_moment_is_known(spec):
    """As of a position or a moment, an idea was in the stage it was in then."""
    first = await spec.given(opened(threshold=1), logged())
    second = await spec.given(vote(1, at=NOON + days(1)))
    await spec.given(pool_opened(at=NOON + days(2)))

    async def stage(position: int = 2**53, moment=None) -> tuple[str, float] | None:
        found = await stage_as_of(spec.pool, idea_id(1), position=position, moment=moment)
        return found and (found[0], (found[1] - NOON) / days(1))

    assert await stage(first) == ("logged", 0)
    assert await stage(second) == ("supported", 1)
    assert await stage(moment=NOON + days(1.5)) == ("supported", 1)
    assert await stage() == ("funding", 2)
    assert await stage(moment=NOON - days(1)) is None


@pytest.mark.parametrize("model", [IdeaBoard(), IdeaDetails()], ids=lambda model: model.name)
async def test_votes_read_nothing_but_their_tallies(spec, model):
    """A page of votes alone loads tallies once and adds to its day, and reads neither facts nor needs, offers or money."""
    await spec.given(opened(), logged(), offered(), accepted(), pool_opened(), *votes(2))
    position = await spec.given(vote(3))
    (event,) = await spec.store.read_positions([position])
    asked: list[str] = []
    async with building(spec.pool, model.name) as connection, connection.transaction():
        with connection.query_logger(lambda record: asked.append(record.query)):
            await model.apply(connection, [event])
    reading = [query for query in asked if "FROM tallies" in query]
    assert len(reading) == 1
    assert len(asked) == (4 if model.name == "idea_detail" else 2)
    assert not [query for query in asked for table in ("facts", "needs", "offers", "money") if table in query]
