"""Which votes count: all, verified, set aside; and that every way of counting them agrees."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.contracts import PersonJoined
from projections.fair_votes import FairVotes
from projections.fair_votes.queries import (
    FairTally,
    aside_now,
    ballots,
    community_tally,
    fair_tallies,
    most_set_aside,
    people_to_age,
    quarantines,
    quarantines_in,
    tallies_as_of,
    tally_as_of,
    vote_of,
    votes_of,
)
from projections.fair_votes.recount import Recount
from projections.rebuild import rebuild
from tests.projections.examples import (
    NOON,
    also_set_aside,
    community_id,
    days,
    idea_id,
    joined,
    lifted,
    logged,
    opened,
    person_id,
    quarantine_id,
    set_aside,
    verified,
    vote,
    vote_withdrawn,
)
from tests.projections.histories import histories
from tests.projections.test_purity import log_of

pytestmark = pytest.mark.asyncio


def came(number, *, at=NOON):
    """Make somebody known who came by themselves, for whom nobody vouches."""
    return PersonJoined(person_id=person_id(number), origin="account", occurred_at=at)


async def counted(spec, idea=1):
    """Tell all, verified and set-aside votes of an idea."""
    tally = (await fair_tallies(spec.pool, [idea_id(idea)]))[idea_id(idea)]
    return tally.votes, tally.verified_votes, tally.set_aside


async def test_an_idea_without_votes_has_a_tally_of_nothing(spec):
    """Whoever asks for an idea that nobody voted for is told so."""
    assert await fair_tallies(spec.pool, [idea_id(7)]) == {idea_id(7): FairTally()}


async def test_a_vote_counts_as_verified_whatever_came_first(spec):
    """A person may be verified before or after the vote, and twice is once; nobody else's vote counts so."""
    await spec.given(opened(), logged(), came(1), verified(1), vote(1), came(2), vote(2), vote(3))
    assert await counted(spec) == (3, 1, 0)
    await spec.given(verified(2), verified(2, "passkey"), verified(3))
    assert await counted(spec) == (3, 3, 0)


async def test_imported_and_sample_votes_count_as_verified(spec):
    """Whoever came with imported data is vouched for by its source, before the vote or after."""
    await spec.given(opened(), logged(), joined(1), vote(1), vote(2))
    await spec.given(joined(2))
    assert await counted(spec) == (2, 2, 0)


async def test_a_vote_taken_back_counts_nowhere(spec):
    """A withdrawal takes out exactly what the vote had put in, and a vote cast again counts again."""
    await spec.given(opened(), logged(), joined(1), vote(1), vote(2), set_aside(2))
    await spec.given(vote_withdrawn(1), vote_withdrawn(2))
    assert await counted(spec) == (0, 0, 0)
    await spec.given(vote(1), vote(2))
    assert await counted(spec) == (2, 1, 1)
    await spec.given(vote_withdrawn(1), vote(1), vote_withdrawn(1))
    assert await counted(spec) == (1, 0, 1)


async def test_votes_set_aside_stay_among_all_and_come_back(spec):
    """A quarantine takes votes out of the verified ones, those to come included, until it is lifted."""
    people = (1, 2, 3)
    await spec.given(opened(), logged(1), logged(2), *map(joined, people))
    await spec.given(*(vote(person) for person in people), vote(1, idea=2), set_aside(1, 2))
    assert (await counted(spec), await counted(spec, 2)) == ((3, 1, 2), (1, 0, 1))
    await spec.given(vote(2, idea=2), also_set_aside(3, 3))
    assert (await counted(spec), await counted(spec, 2)) == ((3, 0, 3), (2, 0, 2))
    await spec.given(lifted())
    assert (await counted(spec), await counted(spec, 2)) == ((3, 3, 0), (2, 2, 0))


async def test_two_quarantines_of_one_person_count_once(spec):
    """A vote is set aside once, and stays so until the last quarantine against it is lifted."""
    await spec.given(opened(), logged(), joined(1), vote(1), set_aside(1), set_aside(1, number=2))
    assert await counted(spec) == (1, 0, 1)
    assert [aside.votes for aside in await aside_now(spec.pool, idea_id(1))] == [1, 1]
    await spec.given(lifted(1))
    assert await counted(spec) == (1, 0, 1)
    await spec.given(lifted(2))
    assert await counted(spec) == (1, 1, 0)


async def test_a_quarantine_is_told_with_its_reason_and_numbers(spec):
    """Everybody can read why votes were set aside, how many, and why they count again."""
    await spec.given(opened(), logged(), joined(1), vote(1), vote(2), set_aside(1, 2, 4))
    (row,) = (await quarantines(spec.pool)).items
    assert (row.signal, row.reason, row.people, row.votes) == (
        "shared_network",
        "They came all at once.",
        3,
        2,
    )
    assert (await quarantines(spec.pool, idea_id=idea_id(1))).items == [row]
    assert (await quarantines(spec.pool, idea_id=idea_id(2))).items == []
    await spec.given(lifted())
    (row,) = (await quarantines(spec.pool, quarantine_id=quarantine_id())).items
    assert (row.lifted_reason, row.votes) == ("It was an open day.", 0)


async def test_a_community_is_told_what_concerns_its_ideas_alone(spec):
    """Its tally, its most stuffed ideas and its quarantines count the votes for its own ideas, page by page."""
    here, there = community_id("commons"), community_id("elsewhere")
    await spec.given(opened(), opened("elsewhere"), logged(1), logged(2), logged(3, slug="elsewhere"))
    await spec.given(*map(joined, (1, 2, 3)), came(4), vote(4), vote(3, idea=3))
    await spec.given(*(vote(person, idea=idea) for person in (1, 2) for idea in (1, 2, 3)))
    assert await community_tally(spec.pool, here) == FairTally(
        votes=5,
        verified_votes=4,
        set_aside=0,
        position=(await fair_tallies(spec.pool, [idea_id(2)]))[idea_id(2)].position,
    )
    await spec.given(
        set_aside(1),
        vote_withdrawn(2, idea=2),
        set_aside(2, number=2, idea=3),
        set_aside(3, number=3, idea=3),
    )
    tally = await community_tally(spec.pool, here)
    assert (tally.votes, tally.verified_votes, tally.set_aside) == (4, 0, 3)
    assert list(await most_set_aside(spec.pool, here, limit=9)) == [idea_id(1), idea_id(2)]
    assert list(await most_set_aside(spec.pool, there, limit=9)) == [idea_id(3)]
    page = await quarantines_in(spec.pool, here, limit=1)
    assert [(row.quarantine_id, row.votes) for row in page.items] == [(quarantine_id(2), 1)]
    page = await quarantines_in(spec.pool, here, limit=1, cursor=page.next_cursor)
    assert [(row.quarantine_id, row.votes) for row in page.items] == [(quarantine_id(1), 2)]
    assert page.next_cursor is None
    await spec.given(lifted(1))
    assert (await quarantines_in(spec.pool, here, limit=9)).items[1].votes == 0
    assert await community_tally(spec.pool, community_id("nowhere")) == FairTally()


async def test_a_tally_can_be_had_as_of_any_position(spec):
    """At every position the tally is what had been counted when the log ended there, with its reasons."""
    steps = [
        (opened(), logged(), joined(1), vote(1)),
        (vote(2),),
        (set_aside(1, 2),),
        (vote_withdrawn(2),),
        (verified(2), vote(2)),
        (lifted(),),
    ]
    seen = [(await spec.given(*step), await counted(spec)) for step in steps]
    for position, expected in seen:
        tally, aside = await tally_as_of(spec.pool, idea_id(1), position)
        assert (tally.votes, tally.verified_votes, tally.set_aside) == expected
        assert max((one.votes for one in aside), default=0) == tally.set_aside
        every = await tallies_as_of(spec.pool, position)
        assert every[idea_id(1)] == tally
        rows = (await ballots(spec.pool, idea_id(1), position, limit=10)).items
        assert len(rows) == tally.votes
        assert sum(row.counts_as == "verified" for row in rows) == tally.verified_votes
        assert sum(bool(row.quarantine_ids) for row in rows) == tally.set_aside


async def test_ones_own_votes_are_listed_page_by_page(spec):
    """A person's votes that stand come newest first, and each can be looked up by its idea."""
    await spec.given(opened(), *map(logged, (1, 2, 3, 4)))
    await spec.given(*(vote(1, idea=number) for number in (1, 2, 3, 4)), vote(2, idea=1))
    await spec.given(vote_withdrawn(1, idea=3))
    first = await votes_of(spec.pool, person_id(1), limit=2)
    assert [row.idea_id for row in first.items] == [idea_id(4), idea_id(2)]
    rest = await votes_of(spec.pool, person_id(1), limit=2, cursor=first.next_cursor)
    assert ([row.idea_id for row in rest.items], rest.next_cursor) == ([idea_id(1)], None)
    assert await vote_of(spec.pool, idea_id(1), person_id(1)) == rest.items[0]
    assert await vote_of(spec.pool, idea_id(3), person_id(1)) is None


async def test_people_of_age_are_found_once(spec):
    """An account that is old enough and was never set aside is found until it is verified by that."""
    await spec.given(*(came(number, at=NOON - days(8)) for number in (1, 2, 3, 4)), came(5), joined(6))
    await spec.given(set_aside(2), set_aside(3, number=2), lifted(2), verified(4), verified(1, "email"))
    assert set(await people_to_age(spec.pool, NOON - days(7), limit=9)) == {person_id(1), person_id(4)}
    await spec.given(verified(1, "age"), verified(4, "age"))
    assert await people_to_age(spec.pool, NOON - days(7), limit=9) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=histories(), part=st.floats(0, 1))
async def test_the_recount_agrees_with_the_read_model_at_any_position(wide_pool, events, part):
    """Whatever happened, counting the log from zero up to a position gives what the read model says of it."""
    store = await log_of(events)
    await wide_pool.execute("DELETE FROM checkpoints")
    await wide_pool.execute("DROP SCHEMA IF EXISTS fair_votes CASCADE")
    await rebuild(wide_pool, store, FairVotes(), holder="test")
    at = round(part * len(events))
    recount = Recount()
    recount.apply((await store.read_tail(0, limit=at)).events if at else [])
    counted = {idea: replace(tally, position=at) for idea, tally in recount.tallies().items()}
    assert await tallies_as_of(wide_pool, at) == counted
    recount = Recount()
    recount.apply((await store.read_tail(0, limit=len(events))).events)
    now = await fair_tallies(wide_pool, list(recount.tallies()))
    for idea, tally in recount.tallies().items():
        assert replace(now[idea], position=0) == replace(tally, position=0)
