"""Names of streams and identifiers: the same wherever they are worked out, different for different things."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import streams
from tests.events.examples import request

IDEA = UUID("0190a000-0000-7000-8000-00000000000a")
PERSON = UUID("0190a000-0000-7000-8000-00000000000b")


@pytest.mark.parametrize("stream", ["", "idea-\x1e", "idea-\x00", "idea-\n", "idea-\ud800"])
def test_an_unprintable_stream_name_is_refused(stream):
    """A name that is empty or has control characters never reaches a store, where it would confuse a group."""
    with pytest.raises(ValueError, match="printable word"):
        request(stream)


def test_worked_out_identifiers_stay_what_they_are():
    """Votes and communities in old logs are found under the identifiers they were given: these never change."""
    assert streams.community_id("commons") == UUID("5ceb3f16-a071-588c-9ebf-de5e94023f77")
    assert streams.vote_id(IDEA, PERSON) == UUID("9b967281-3182-5751-95b5-31810bf7e1f2")
    assert streams.derived_id("polis", "a", "b") == UUID("f7e3b2ce-931f-5389-b2ed-9b697e1043cf")


def test_streams_are_named_by_category_and_identifier():
    """Each aggregate has a stream of its own, named by its kind."""
    assert streams.person_stream(PERSON) == f"person-{PERSON}"
    assert streams.community_stream(IDEA) == f"community-{IDEA}"
    assert streams.idea_stream(IDEA) == f"idea-{IDEA}"
    assert streams.vote_stream(IDEA, PERSON) == f"vote-{streams.vote_id(IDEA, PERSON)}"


@given(st.uuids(), st.uuids(), st.uuids())
def test_a_vote_belongs_to_one_person_and_one_idea(idea, person, other):
    """Different people or ideas have different votes."""
    same = {streams.vote_id(idea, person), streams.vote_id(UUID(str(idea)), UUID(str(person)))}
    assert len(same) == 1
    if other != person:
        assert streams.vote_id(idea, other) not in same
    if other != idea:
        assert streams.vote_id(other, person) not in same


@given(st.lists(st.text(alphabet="abc"), max_size=3), st.lists(st.text(alphabet="abc"), max_size=3))
def test_words_are_kept_apart(some, others):
    """Different lists of words give different identifiers, wherever the words are cut."""
    if some and others:
        assert (streams.derived_id(*some) == streams.derived_id(*others)) == (some == others)


def test_fresh_identifiers_grow():
    """Identifiers made one after another sort in that order (UUIDv7)."""
    made = [streams.new_id() for _ in range(1_000)]
    assert made == sorted(set(made))
    assert {identifier.version for identifier in made} == {7}
