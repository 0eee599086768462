"""Ballots: what decides about a vote, known without asking, and never older than the last event."""

import asyncio

import pytest
import pytest_asyncio

from app.command_handling import Cause, Handler
from app.http import ballots as ballots_module
from app.http.ballots import Ballots
from app.http.live_tail import LiveTail
from domain.community import COMMUNITY, OpenCommunity, PauseVoting, ResumeVoting
from domain.idea import IDEA, IdeaTexts, IdeaUnknownError, LogIdea, ReopenIdea, WithdrawIdea
from events.contracts import VotingRules
from events.memory import MemoryStore
from events.streams import community_id, community_stream, idea_stream, new_id
from tests.http.waiting import NOW, until

pytestmark = pytest.mark.asyncio

COMMONS = community_id("commons")
TEXTS = IdeaTexts(title="T", problem="P", proposal="Q", beneficiaries="B")


class Counting(MemoryStore):
    """A log that counts how often streams are read, and can be slow at it."""

    def __init__(self):
        super().__init__()
        self.reads = 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def read_stream(self, stream, *, after=0, limit=10_000):
        self.reads += 1
        read = await super().read_stream(stream, after=after, limit=limit)
        await self.may_go_on.wait()
        return read


class World:
    """A log with a community, its tail, and ballots."""

    def __init__(self):
        self.store = Counting()
        self.handler = Handler(self.store)
        self.tail = LiveTail(self.store)
        self.ballots = Ballots(self.store, self.tail)
        self.author = new_id()

    async def handle(self, decider, stream, command):
        """Handle a command and wait until the tail has passed it."""
        handled = await self.handler.handle(decider, stream, command, cause=Cause())
        await until(lambda: self.tail.position >= handled.position)

    async def idea(self):
        """Log an idea."""
        idea_id = new_id()
        command = LogIdea(now=NOW, idea_id=idea_id, community_id=COMMONS, author_id=self.author, texts=TEXTS)
        await self.handle(IDEA, idea_stream(idea_id), command)
        return idea_id


@pytest_asyncio.fixture
async def world():
    """Give a world in which a community votes."""
    made = World()
    async with made.tail.following(after=0):
        rules = VotingRules(support_threshold=3)
        command = OpenCommunity(now=NOW, community_id=COMMONS, slug="commons", name="Commons", rules=rules)
        await made.handle(COMMUNITY, community_stream(COMMONS), command)
        yield made


async def test_a_ballot_is_known_without_asking_again(world):
    """The second ballot for an idea reads nothing."""
    idea_id = await world.idea()
    first = await world.ballots.ballot(idea_id, NOW)
    assert (first.author_id, first.idea_is_open, first.voting_is_running) == (world.author, True, True)
    reads = world.store.reads
    assert await world.ballots.ballot(idea_id, NOW) == first
    assert world.store.reads == reads


async def test_many_who_ask_at_once_read_once(world):
    """A rush on an idea that nobody asked for before reads its stream once."""
    idea_id = await world.idea()
    reads = world.store.reads
    await asyncio.gather(*(world.ballots.ballot(idea_id, NOW) for _ in range(50)))
    assert world.store.reads == reads + 2  # The idea's stream and the community's.


async def test_a_change_of_the_idea_counts(world):
    """Withdrawing and reopening change the ballot."""
    idea_id = await world.idea()
    assert (await world.ballots.ballot(idea_id, NOW)).idea_is_open
    command = WithdrawIdea(now=NOW, idea_id=idea_id, person_id=world.author, reason="Enough.")
    await world.handle(IDEA, idea_stream(idea_id), command)
    assert not (await world.ballots.ballot(idea_id, NOW)).idea_is_open
    command = ReopenIdea(now=NOW, idea_id=idea_id, person_id=world.author)
    await world.handle(IDEA, idea_stream(idea_id), command)
    assert (await world.ballots.ballot(idea_id, NOW)).idea_is_open


async def test_a_change_of_the_community_counts(world):
    """Pausing and resuming change the ballots of all ideas in a community."""
    ideas = [await world.idea() for _ in range(2)]
    for command, running in (
        (PauseVoting(now=NOW, community_id=COMMONS, reason="New rules."), False),
        (ResumeVoting(now=NOW, community_id=COMMONS), True),
    ):
        await world.handle(COMMUNITY, community_stream(COMMONS), command)
        for idea_id in ideas:
            assert (await world.ballots.ballot(idea_id, NOW)).voting_is_running is running


async def test_what_was_read_before_a_change_is_not_kept(world):
    """When an idea changes while it is being read, the next ballot reads it again."""
    idea_id = await world.idea()
    world.store.may_go_on.clear()
    outdated = asyncio.create_task(world.ballots.ballot(idea_id, NOW))
    await asyncio.sleep(0.01)
    # The command's own reading must pass, so it goes round the gate.
    gate, world.store.may_go_on = world.store.may_go_on, asyncio.Event()
    world.store.may_go_on.set()
    command = WithdrawIdea(now=NOW, idea_id=idea_id, person_id=world.author, reason="Enough.")
    await world.handle(IDEA, idea_stream(idea_id), command)
    gate.set()
    await outdated
    assert not (await world.ballots.ballot(idea_id, NOW)).idea_is_open


async def test_a_stale_tail_vouches_for_nothing(world, monkeypatch):
    """When the tail does not follow, every ballot is read anew."""
    idea_id = await world.idea()
    await world.ballots.ballot(idea_id, NOW)
    monkeypatch.setattr(world.tail, "is_fresh", lambda: False)
    reads = world.store.reads
    for _ in range(2):
        await world.ballots.ballot(idea_id, NOW)
    assert world.store.reads == reads + 4


async def test_an_unknown_idea_is_unknown_each_time(world):
    """An idea that is not there yet is found as soon as it is."""
    idea_id = new_id()
    with pytest.raises(IdeaUnknownError):
        await world.ballots.ballot(idea_id, NOW)
    command = LogIdea(now=NOW, idea_id=idea_id, community_id=COMMONS, author_id=world.author, texts=TEXTS)
    await world.handle(IDEA, idea_stream(idea_id), command)
    assert (await world.ballots.ballot(idea_id, NOW)).idea_is_open


async def test_what_is_known_stays_bounded(world, monkeypatch):
    """However many ideas are voted for, only so many ballots are kept."""
    monkeypatch.setattr(ballots_module, "KEPT_MAX", 3)
    for _ in range(6):
        await world.ballots.ballot(await world.idea(), NOW)
    assert len(world.ballots._ideas.kept) == 3
