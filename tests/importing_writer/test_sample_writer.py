"""The sample content in a log: ideas, their lives and their votes, once, in the order of time."""

from collections import Counter
from datetime import timedelta

import pytest

from app.importing.sample import read_sample, sample_votes
from app.importing.sample.funders import read_sample_funders
from app.importing.sample.offers import read_sample_offers
from app.importing.sample.pools import read_sample_pools
from app.importing.sample_funders import SAMPLE_FUNDERS
from app.importing.sample_writer import SAMPLE_STEPS, add_sample_accounts, import_sample
from domain.pool import POOL, Committed
from domain.pool_gathering import Open, resolution_of
from events.codes.places import is_place
from events.codes.themes import is_theme
from events.contracts import (
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    MandatePublished,
    NeedAdded,
    OfferAccepted,
    OfferDeclined,
    OfferDelivered,
    OfferMade,
    OrganisationRegistered,
    PersonJoined,
    PledgeMade,
    PoolOpened,
    PoolReachedMinimum,
    TrancheReleased,
    VoteCast,
    VoteWithdrawn,
)
from events.memory import MemoryStore
from events.streams import community_id, pool_stream
from tests.importing_writer.examples import NOW

pytestmark = pytest.mark.asyncio


async def recorded(store):
    """Read the whole log."""
    return (await store.read_tail(0, limit=50_000)).events


async def test_the_sample_is_in_the_commons_with_its_votes():
    """Every idea has the votes that its text promises, less what was withdrawn."""
    store = MemoryStore()
    report = await import_sample(store, now=NOW)
    events = [event.data for event in await recorded(store)]
    ideas = {event.idea_id: event for event in events if isinstance(event, IdeaLogged)}
    tally = Counter(event.idea_id for event in events if isinstance(event, VoteCast))
    tally.subtract(event.idea_id for event in events if isinstance(event, VoteWithdrawn))
    promised = {idea.key: idea.votes for idea in read_sample().ideas}

    assert {idea.source.id: tally[idea.idea_id] for idea in ideas.values()} == promised
    assert {idea.community_id for idea in ideas.values()} == {community_id("commons")}
    assert {idea.source.system for idea in ideas.values()} == {"sample"}
    assert {event.origin for event in events if isinstance(event, PersonJoined)} == {"sample"}
    # The community came first, each organisation brought its first administrator along, and a pledge the minimum.
    brought = sum(isinstance(event, OrganisationRegistered | PoolReachedMinimum) for event in events)
    assert report.appended == len(events) - 1 - brought
    assert abs(report.appended - SAMPLE_STEPS) < 1_000


async def test_the_lives_of_the_ideas_are_told():
    """Revisions, withdrawals and reopenings of the sample are events of their ideas, with their reasons."""
    store = MemoryStore()
    await import_sample(store, now=NOW)
    told = Counter(event.type for event in await recorded(store))
    ideas = read_sample().ideas

    assert told[IdeaRevised.__name__] == sum(len(idea.revisions) for idea in ideas) > 0
    assert told[IdeaWithdrawn.__name__] == sum(idea.withdrawn is not None for idea in ideas) > 0
    assert told[IdeaReopened.__name__] == sum(idea.reopened is not None for idea in ideas) > 0


async def test_the_sample_has_organisations_that_offer_parts():
    """Every need, offer and answer of the sample is told, and every organisation says that it is invented."""
    store = MemoryStore()
    await import_sample(store, now=NOW)
    events = [event.data for event in await recorded(store)]
    told = Counter(type(event) for event in events)
    sample = read_sample_offers()
    answers = [offer.answer for offer in sample.offers if offer.answer]

    assert told[NeedAdded] == len(sample.needs) > 0
    assert told[OfferMade] == len(sample.offers) > 0
    assert told[OfferAccepted] == sum(answer.standing is not None for answer in answers) > 0
    assert told[OfferDeclined] == sum(answer.declined is not None for answer in answers) > 0
    assert told[OfferDelivered] == sum(answer.delivered_days_ago is not None for answer in answers) > 0
    funders = read_sample_funders()
    names = [event.name for event in events if isinstance(event, OrganisationRegistered)]
    assert len(names) == len(sample.organisations) + len(funders.funders) > 0
    assert all(name.endswith("(sample)") for name in names)


async def test_the_sample_has_funders_that_say_what_they_are_open_to():
    """Every mandate of the sample is published, is open now, and is of a funder that is shown as sample data."""
    store = MemoryStore()
    await import_sample(store, now=NOW)
    events = [event.data for event in await recorded(store)]
    published = [event for event in events if isinstance(event, MandatePublished)]

    assert len(published) == len(read_sample_funders().mandates) > 0
    assert {event.organisation_id for event in published} == SAMPLE_FUNDERS
    assert all(event.opens_at < NOW < event.closes_at for event in published)
    assert all(map(is_theme, (code for event in published for code in event.themes)))
    assert all(map(is_place, (code for event in published for code in event.places)))


async def test_the_sample_has_a_pool_that_is_open_and_one_that_pays_out():
    """Only sample funders pledge; in the open pool one pledge is held by the others, and the other pool has paid a part."""
    store = MemoryStore()
    await import_sample(store, now=NOW)
    log = [event.data for event in await recorded(store)]
    pledged = [event for event in log if isinstance(event, PledgeMade)]
    pools = {}
    for event in log:
        if isinstance(event, PoolOpened):
            stream = await store.read_stream(pool_stream(event.pool_id))
            pools[event.pool_id] = POOL.fold([one.data for one in stream])
    (still_open,) = [pool for pool in pools.values() if isinstance(pool, Open)]
    (committed,) = [pool for pool in pools.values() if isinstance(pool, Committed)]
    outcome = resolution_of(still_open, NOW)
    held = [one for one in outcome.pledges if one.resolved_minor < one.amount_minor]
    released = [event.total.amount_minor for event in log if isinstance(event, TrancheReleased)]

    assert len(pledged) == sum(len(pool.pledges) for pool in read_sample_pools()) > 0
    assert {event.organisation_id for event in pledged} == SAMPLE_FUNDERS
    assert sum(isinstance(event, PoolReachedMinimum) for event in log) == len(pools)
    assert still_open.terms.deadline > NOW
    assert (
        still_open.terms.minimum.amount_minor < outcome.resolved_total < still_open.terms.target.amount_minor
    )
    assert [one.binding for one in held] == [("match_ratio",)]
    assert committed.payout.confirmed == committed.payout.committed.keys()
    assert [one.is_released for one in committed.payout.milestones.values()] == [True, False, False]
    assert sum(committed.payout.committed.values()) - sum(committed.payout.left.values()) == sum(released) > 0
    assert committed.payout.unplanned == 0


async def test_the_sample_stands_in_the_order_of_time(store):
    """Position order is the order of time, and nothing lies in the future."""
    await import_sample(store, now=NOW)
    times = [event.data.occurred_at for event in await recorded(store)]

    assert times == sorted(times)
    assert times[-1] < NOW


async def test_the_sample_is_written_once(store):
    """Later, with another clock, nothing is added."""
    await import_sample(store, now=NOW)
    head = await store.head()
    report = await import_sample(store, now=NOW + timedelta(days=3))

    assert report.appended == 0
    assert await store.head() == head


async def test_a_sample_that_was_interrupted_is_completed():
    """What an earlier attempt wrote stays, and the rest comes, each vote once."""
    whole, halved = MemoryStore(), MemoryStore()
    await import_sample(whole, now=NOW)
    stop_after = 4_000

    class Killed(Exception):  # noqa: N818  # An event of the test, not an error.
        """The process ends here."""

    done = 0

    def advance(rows):
        nonlocal done
        done += rows
        if done > stop_after:
            raise Killed

    with pytest.raises(Killed):
        await import_sample(halved, now=NOW - timedelta(hours=1), advance=advance)
    await import_sample(halved, now=NOW)

    assert Counter((event.stream, event.version) for event in await recorded(halved)) == Counter(
        (event.stream, event.version) for event in await recorded(whole)
    )


async def test_authors_have_names_and_addresses_that_lead_nowhere(pool):
    """Each author has one account, however often they are added; the addresses end in .invalid."""
    await add_sample_accounts(pool)
    await add_sample_accounts(pool)
    rows = await pool.fetch("SELECT name, email, role FROM accounts")

    assert {row["name"] for row in rows} == {author.name for author in read_sample().authors}
    assert {row["role"] for row in rows} == {"member"}
    assert all(row["email"].endswith("@sample.invalid") for row in rows)


async def test_the_votes_of_the_sample_alternate():
    """Each person's vote for an idea is cast, withdrawn and cast again in turn."""
    turns = Counter()
    for vote in sample_votes(read_sample(), NOW, 1):
        turns[vote.idea_key, vote.voter_key] += 1
        assert vote.supports == (turns[vote.idea_key, vote.voter_key] % 2 == 1)
