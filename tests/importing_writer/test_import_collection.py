"""A collection becomes events: ideas, people and votes at their own times, once."""

from collections import Counter

import pytest

from app.command_handling import Cause, Handler
from app.importing import writer as writing
from app.importing.communities import ensure_commons, ensure_community, slug_of
from app.importing.rows import BadRow
from app.importing.writer import ImportRefusedError, import_collection, slug_for
from domain.community import COMMUNITY, OpenCommunity, PauseVoting
from events.contracts import IdeaLogged, Money, PersonJoined, Source, VoteCast, VoteWithdrawn, VotingRules
from events.memory import MemoryStore
from events.streams import community_id, community_stream, derived_id
from tests.importing_writer.examples import NOW, Rows, at

pytestmark = pytest.mark.asyncio

VOTES = [
    ("a", "v1", 7, True),
    ("b", "v1", 7, True),
    ("a", "v2", 8, True),
    ("a", "v1", 9, False),
    ("a", "v1", 10, True),
]


async def imported(store, reader=None, **more):
    """Import the example's rows."""
    return await import_collection(store, reader or Rows(["a", "b"], VOTES), now=NOW, **more)


async def recorded(store):
    """Read the whole log."""
    return (await store.read_tail(0, limit=10_000)).events


def idea(name, identity="exampleton/2023"):
    """Give the identifier of an idea of the example."""
    return derived_id("idea", "pabulib", identity, name)


def voter(name, identity="exampleton/2023"):
    """Give the identifier of a voter of the example."""
    return derived_id("person", "pabulib", identity, name)


async def test_a_collection_becomes_events_at_their_own_times(log):
    """The community is opened now; ideas and votes keep the times that the file gives."""
    report = await imported(log, community_slug="exampleton", community_name="Exampleton")
    events = await recorded(log)

    assert (report.ideas, report.voters, report.votes, report.withdrawals) == (2, 2, 4, 1)
    assert (report.appended, report.unchanged) == (len(events) - 1, 0)
    assert [(event.type, event.data.occurred_at) for event in events] == [
        ("CommunityOpened", NOW),
        ("PersonJoined", NOW),
        ("IdeaLogged", at(0)),
        ("IdeaLogged", at(0)),
        ("PersonJoined", at(7)),
        ("VoteCast", at(7)),
        ("VoteCast", at(7)),
        ("PersonJoined", at(8)),
        ("VoteCast", at(8)),
        ("VoteWithdrawn", at(9)),
        ("VoteCast", at(10)),
    ]


async def test_an_idea_carries_its_source_and_its_author_is_no_voter(log):
    """Where it comes from stands in the idea; one pseudonym for all of them is its author."""
    await imported(log)
    ideas = [event for event in await recorded(log) if isinstance(event.data, IdeaLogged)]
    authors = {event.data.author_id for event in ideas}

    assert ideas[0].data.source == Source(system="pabulib", collection="2023", id="a")
    assert ideas[0].data.ask == Money(amount_minor=12_345, currency="PLN")
    assert (ideas[0].data.title, ideas[0].data.problem) == ("Title of a", "Text of a")
    assert ideas[0].metadata.command == "LogIdea"
    assert len(authors) == 1
    assert authors.isdisjoint({voter("v1"), voter("v2")})


async def test_votes_name_their_voter_as_the_actor(log):
    """The metadata of a vote and of its withdrawal name the command and the person."""
    await imported(log)
    of_votes = [event for event in await recorded(log) if isinstance(event.data, VoteCast | VoteWithdrawn)]

    assert {event.metadata.actor for event in of_votes} == {voter("v1"), voter("v2")}
    assert Counter(event.metadata.command for event in of_votes) == {"CastVote": 4, "WithdrawVote": 1}
    assert {(event.data.idea_id) for event in of_votes} == {idea("a"), idea("b")}


async def test_importing_again_adds_nothing(log):
    """The same rows a second time are all there already, withdrawn votes included."""
    await imported(log)
    head = await log.head()
    report = await imported(log)

    assert (report.appended, report.unchanged) == (0, head - 1)
    assert await log.head() == head


async def test_rows_that_came_later_are_added(log):
    """A collection that has grown adds what is new, and nothing twice."""
    await imported(log)
    head = await log.head()
    report = await imported(log, Rows(["a", "b", "c"], [*VOTES, ("c", "v3", 11, True)]))

    assert report.appended == 3
    assert await log.head() == head + 3


async def test_two_collections_do_not_mix(log):
    """The same ids in another collection are other ideas and other people."""
    await imported(log)
    await imported(log, Rows(["a", "b"], VOTES, identity="other/2023"))
    joined = [event.data.person_id for event in await recorded(log) if isinstance(event.data, PersonJoined)]

    assert len(set(joined)) == len(joined) == 6


async def test_ideas_go_to_a_community_of_their_own_by_default(log):
    """Without a name the community is called after the collection, and opened with the default threshold."""
    report = await imported(log)
    opened = (await recorded(log))[0].data

    assert report.community == "pabulib-exampleton-2023"
    assert (opened.slug, opened.name) == ("pabulib-exampleton-2023", "Budget of Exampleton")
    assert opened.rules == VotingRules(support_threshold=10)


async def test_ideas_stay_in_the_community_they_came_to(log):
    """Importing again without a name finds it; naming another one is refused, and nothing is opened."""
    await imported(log, community_slug="exampleton")
    head = await log.head()
    report = await imported(log)
    with pytest.raises(ImportRefusedError, match="'exampleton'"):
        await imported(log, community_slug="elsewhere")

    assert report.community == "exampleton"
    assert await log.head() == head


async def test_a_paused_community_takes_nothing(log):
    """While voting is paused the import is refused before anything is appended."""
    identifier, _ = await ensure_community(log, "exampleton", "Exampleton", now=NOW)
    pause = PauseVoting(community_id=identifier, reason="A complaint.", now=NOW)
    await Handler(log).handle(COMMUNITY, community_stream(identifier), pause, cause=Cause())
    head = await log.head()
    with pytest.raises(ImportRefusedError, match="paused"):
        await imported(log, community_slug="exampleton")

    assert await log.head() == head


async def test_votes_outside_a_community_s_period_are_refused_by_line(log):
    """A vote at a time at which the community does not vote is named, and nothing is appended."""
    identifier = community_id("exampleton")
    rules = VotingRules(support_threshold=5, opens_at=at(0), closes_at=at(8))
    command = OpenCommunity(
        community_id=identifier, slug="exampleton", name="Exampleton", rules=rules, now=NOW
    )
    await Handler(log).handle(COMMUNITY, community_stream(identifier), command, cause=Cause())
    with pytest.raises(ImportRefusedError, match="line 102, of 2023-09-26"):
        await imported(log, community_slug="exampleton")

    assert await log.head() == 1


async def test_a_collection_without_ideas_is_fine(log):
    """An empty collection opens its community and adds nothing else."""
    report = await imported(log, Rows([], []))

    assert (report.ideas, report.votes, report.appended) == (0, 0, 0)


async def test_a_file_that_does_not_pass_its_check_adds_nothing(log):
    """What `check` raises comes before anything is appended."""

    class Broken(Rows):
        def check(self):
            raise BadRow(self.path, 7, "this row is broken.")

        @property
        def path(self):
            return type("Path", (), {"name": "x.pb"})

    with pytest.raises(BadRow, match="line 7"):
        await imported(log, Broken(["a"], []))
    assert await log.head() == 0


async def test_a_voter_forgotten_in_between_does_not_join_twice(monkeypatch):
    """However few voters are remembered at a time, each joins once."""
    monkeypatch.setattr(writing, "_VOTERS_REMEMBERED", 2)
    store = MemoryStore()
    votes = [(name, f"v{number}", number, True) for name in "ab" for number in range(5)]
    await imported(store, Rows(["a", "b"], votes))
    joined = [event.data.person_id for event in await recorded(store) if isinstance(event.data, PersonJoined)]

    assert len(set(joined)) == len(joined) == 6


async def test_the_commons_are_opened_once(log):
    """The default community has the slug `commons` and a threshold of 10 votes."""
    first, second = await ensure_commons(log, NOW), await ensure_commons(log, at(0))
    opened = (await recorded(log))[0].data

    assert first == second == community_id("commons")
    assert await log.head() == 1
    assert (opened.slug, opened.rules.support_threshold, opened.occurred_at) == ("commons", 10, NOW)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Łódź 2024", "lodz-2024"),
        ("Świecie/2023//", "swiecie-2023"),
        ("Côte-d'Or & Ærø", "cote-d-or-aero"),
        ("--", ""),
        ("x" * 100, "x" * 60),
    ],
)
async def test_short_names_are_made_of_any_name(name, slug):
    """A short name has only small letters, digits and single hyphens, at most 60 of them."""
    assert slug_of(name) == slug
    assert slug_of(slug) == slug


async def test_the_identity_names_the_community():
    """Percent signs of the identity do not show in the community's short name."""
    assert (
        slug_for(Rows([], [], identity="poland/%C5%82%C3%B3d%C5%BA///2024").collection)
        == "pabulib-poland-lodz-2024"
    )
