"""The real files, where they are present: the log's votes against the published ones."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from app.importing import READERS
from app.importing.writer import import_collection
from events.contracts import IdeaLogged, VoteCast, VoteWithdrawn
from events.subscription import follow

pytestmark = pytest.mark.asyncio

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


async def standing_votes(store):
    """Count the votes that stand in the log, by the idea's id in its source."""
    sources, tally, head = {}, Counter(), await store.head()
    async for page in follow(store, 0, limit=5_000):
        for event in page.events:
            match event.data:
                case IdeaLogged(idea_id=idea_id, source=source):
                    sources[idea_id] = source.id
                case VoteCast(idea_id=idea_id):
                    tally[idea_id] += 1
                case VoteWithdrawn(idea_id=idea_id):
                    tally[idea_id] -= 1
        if page.reached == head:
            break
    return {source: tally[idea_id] for idea_id, source in sources.items()}


@pytest.mark.parametrize(
    ("name", "people_and_votes"),
    [("poland_swiecie_2023_.pb", (2_553, 7_968)), ("poland_wieliczka_2023_green-budget.pb", (6_586, 16_750))],
)
async def test_a_city_s_votes_in_the_log_equal_the_official_ones(store, real, name, people_and_votes):
    """Every project's votes equal the file's `votes` column, and importing again adds nothing."""
    reader = READERS["pabulib"](real(f"pabulib/{name}"))
    report = await import_collection(store, reader, now=NOW)
    head = await store.head()
    again = await import_collection(store, READERS["pabulib"](real(f"pabulib/{name}")), now=NOW)

    assert (report.voters, report.votes) == people_and_votes
    assert await standing_votes(store) == {idea.source_id: idea.official_votes for idea in reader.ideas()}
    assert (again.appended, await store.head()) == (0, head)


async def test_a_conversation_s_votes_in_the_log_equal_those_of_its_last_votes(store, real):
    """What stands at the end of a conversation stands in the log, with its withdrawal told."""
    reader = READERS["polis"](real("polis/affordable-housing"))
    report = await import_collection(store, reader, now=NOW)
    expected = dict.fromkeys((idea.source_id for idea in reader.ideas()), 0)
    for vote in reader.votes():
        expected[vote.source_id] += 1 if vote.supports else -1

    assert await standing_votes(store) == expected
    assert (report.votes - report.withdrawals, report.withdrawals) == (8_041, 1)
