"""The drawn votes of the sample: exact totals, honest voters, time in order, the same draw every time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.importing.sample import SampleContent, SampleIdea, read_sample, sample_votes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def content() -> SampleContent:
    """The sample as it is shipped."""
    return read_sample()


@pytest.fixture(scope="module")
def votes(content):
    """One draw of all its votes."""
    return list(sample_votes(content, NOW, seed=7))


def standing(votes) -> Counter[str]:
    """Count the votes that stand at the end, idea by idea, refusing what a voter could not have done."""
    supporters: set[tuple[str, str]] = set()
    for vote in votes:
        pair = (vote.idea_key, vote.voter_key)
        assert (pair in supporters) != vote.supports, f"{pair} twice without a change"
        supporters ^= {pair}
    return Counter(idea for idea, _ in supporters)


def is_open(idea: SampleIdea, at: datetime) -> bool:
    """Say whether the idea could be voted for at that moment."""
    days_ago = (NOW - at) / timedelta(days=1)
    return any(start > days_ago > end for start, end in idea.open_spans)


def test_there_are_thousands_of_votes_and_some_are_withdrawn(votes):
    """The sample is large enough to look alive, and people change their minds."""
    withdrawn = sum(not vote.supports for vote in votes)
    assert 6_000 <= len(votes) <= 9_000
    assert 100 <= withdrawn <= 500
    assert len({vote.voter_key for vote in votes}) > 1_000


def test_the_votes_that_stand_are_those_written_down(content, votes):
    """Every idea ends with exactly its number of votes."""
    assert standing(votes) == Counter({idea.key: idea.votes for idea in content.ideas if idea.votes})


def test_nobody_votes_for_their_own_idea(content, votes):
    """Authors vote, though never for what they logged themselves, and every voter is known."""
    author_of = {idea.key: idea.author for idea in content.ideas}
    assert [vote for vote in votes if vote.voter_key == author_of[vote.idea_key]] == []
    assert {vote.voter_key for vote in votes} & set(author_of.values())
    assert {vote.voter_key for vote in votes} <= set(content.voter_keys)


def test_votes_come_in_the_order_of_time_while_the_idea_is_open(content, votes):
    """Times never go back, and none is before the idea was logged, while it was withdrawn, or after now."""
    ideas = {idea.key: idea for idea in content.ideas}
    assert all(earlier.at <= later.at for earlier, later in pairwise(votes))
    assert all(is_open(ideas[vote.idea_key], vote.at) for vote in votes)


def test_shapes_show_in_the_votes(content, votes):
    """Fading support came early, rising support late, and a burst in a small part of the idea's life."""
    for idea in content.ideas:
        if idea.votes < 60 or idea.withdrawn:
            continue
        shares = [
            1 - (NOW - vote.at) / timedelta(days=idea.days_ago)
            for vote in votes
            if vote.idea_key == idea.key and vote.supports
        ]
        first_half = sum(share < 0.5 for share in shares) / len(shares)
        busiest_tenth = max(sum(start <= share < start + 0.1 for share in shares) for start in shares) / len(
            shares
        )
        match idea.shape:
            case "fading":
                assert first_half > 0.6, idea.key
            case "rising":
                assert first_half < 0.3, idea.key
            case "burst":
                assert busiest_tenth > 0.4, idea.key
            case _:
                assert 0.3 < first_half < 0.7, idea.key
                assert busiest_tenth < 0.3, idea.key


def test_the_same_seed_gives_the_same_votes_at_any_hour(content, votes):
    """Drawn again on another day, only the clock has moved: same voters, same order, same distances in time."""
    later = NOW + timedelta(days=400, hours=5)
    again = list(sample_votes(content, later, seed=7))
    moved = [msgspec.structs.replace(vote, at=vote.at + (later - NOW)) for vote in votes]
    assert again == moved


def test_one_more_idea_changes_nothing_for_the_others(content, votes):
    """Leaving an idea out takes away its votes and no others."""
    fewer = msgspec.structs.replace(content, ideas=content.ideas[1:])
    assert list(sample_votes(fewer, NOW, seed=7)) == [
        vote for vote in votes if vote.idea_key != content.ideas[0].key
    ]


def test_more_votes_than_people_is_refused(content):
    """An idea that wants more support than there are people is named."""
    crowded = msgspec.structs.replace(content, supporters=10)
    with pytest.raises(ValueError, match="voters; there are"):
        list(sample_votes(crowded, NOW, seed=7))


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    wanted=st.integers(0, 130),
    shape=st.sampled_from(["steady", "burst", "fading", "rising", "new"]),
    days_ago=st.floats(0.01, 200),
)
def test_the_rules_hold_for_any_idea(content, seed, wanted, shape, days_ago):
    """Whatever the seed, the shape, the age and the number, totals are exact and nobody votes twice or too early."""
    idea = msgspec.structs.replace(content.ideas[0], votes=wanted, shape=shape, days_ago=days_ago)
    small = msgspec.structs.replace(content, supporters=140, ideas=(idea,))
    votes = list(sample_votes(small, NOW, seed))
    assert standing(votes)[idea.key] == wanted
    assert all(is_open(idea, vote.at) and vote.voter_key != idea.author for vote in votes)
    assert votes == sorted(votes, key=lambda vote: vote.at)
