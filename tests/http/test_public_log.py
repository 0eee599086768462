"""Pseudonyms of voters: the same for one person and idea, unrelated between ideas, and unguessable."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.http.public_log import PublicLog, types_of
from events.contracts import (
    EndpointRegistered,
    EndpointRevised,
    IdeaWithdrawn,
    PersonVerified,
    VoteCast,
    VoteWithdrawn,
)
from events.envelope import Metadata, RecordedEvent, encode_metadata
from events.streams import new_id, vote_id, vote_stream

ids = st.uuids()
secrets = st.binary(min_size=1, max_size=64)
NOW = datetime(2026, 11, 2, 14, 5, tzinfo=UTC)


def vote(idea_id, person_id, kind=VoteCast, **more):
    """Make a recorded vote."""
    data = kind(idea_id=idea_id, person_id=person_id, occurred_at=NOW, **more)
    metadata = encode_metadata(Metadata(command="CastVote", actor=person_id)).decode()
    return RecordedEvent(7, vote_stream(idea_id, person_id), 1, new_id(), kind.__name__, data, metadata, NOW)


@given(secrets, ids, ids)
def test_one_person_and_idea_have_one_pseudonym(secret, idea_id, person_id):
    """Whoever has the secret gives one person one pseudonym for one idea, every time."""
    pseudonym = PublicLog(secret).pseudonym(idea_id, person_id)
    assert pseudonym == PublicLog(secret).pseudonym(idea_id, person_id)
    assert (pseudonym.version, pseudonym.variant) == (8, "specified in RFC 4122")


@given(secrets, ids, ids, ids)
def test_one_person_has_another_pseudonym_for_another_idea(secret, first, second, person_id):
    """The votes of one person for two ideas have nothing in common."""
    log = PublicLog(secret)
    assert (log.pseudonym(first, person_id) == log.pseudonym(second, person_id)) is (first == second)


@given(secrets, secrets, ids, ids)
def test_another_secret_gives_another_pseudonym(one, other, idea_id, person_id):
    """Without the secret nobody can work a pseudonym out."""
    same = PublicLog(one).pseudonym(idea_id, person_id) == PublicLog(other).pseudonym(idea_id, person_id)
    # HMAC pads short keys with zeros, so keys that differ by them alone are the same key.
    assert same is (one.rstrip(b"\0") == other.rstrip(b"\0"))


@given(secrets, ids, ids)
def test_a_public_vote_does_not_give_the_voter_away(secret, idea_id, person_id):
    """Neither the person nor what can be worked out from idea and person stands in a public vote."""
    log = PublicLog(secret)
    for event in (vote(idea_id, person_id), vote(idea_id, person_id, VoteWithdrawn, cast_at=NOW)):
        public = log.published(event)
        written = msgspec.json.encode(public).decode()
        # An identifier may be another's by chance alone: what is hidden are the person and the stream.
        if person_id != idea_id:
            assert str(person_id) not in written
        assert str(vote_id(idea_id, person_id)) not in written
        assert public.data.person_id == log.pseudonym(idea_id, person_id)
        assert public.stream == f"vote-{log.pseudonym(idea_id, person_id)}"
        assert (public.position, public.version, public.type) == (7, 1, event.type)


def test_who_was_verified_is_not_public():
    """A verification is public without saying whose, or the tallies around it would tell for what they voted."""
    person_id, log = UUID(int=5), PublicLog(b"secret")
    data = PersonVerified(person_id=person_id, how="age", occurred_at=NOW)
    event = RecordedEvent(8, f"person-{person_id}", 2, new_id(), "PersonVerified", data, "{}", NOW)
    written = msgspec.json.encode(log.published(event)).decode()
    assert str(person_id) not in written
    assert written == msgspec.json.encode(log.published(event)).decode()


def test_other_events_are_public_as_they_are():
    """What is not a vote is published as it stands in the log."""
    idea_id = UUID(int=1)
    data = IdeaWithdrawn(idea_id=idea_id, reason="Done elsewhere.", occurred_at=NOW)
    event = RecordedEvent(8, f"idea-{idea_id}", 3, new_id(), "IdeaWithdrawn", data, "{}", NOW)
    public = PublicLog(b"secret").published(event)
    assert (public.data, public.stream, public.id) == (data, event.stream, event.event_id)


def test_a_list_of_types_is_read():
    """Types are separated by commas; blanks do not count, and nothing means all."""
    assert types_of(" VoteCast, IdeaLogged ,") == ["VoteCast", "IdeaLogged"]
    assert types_of("") is types_of(None) is types_of(" , ") is None


@given(
    secrets, ids, ids, st.sampled_from(["https://hooks.example.org/?token=s3cret", "https://a.example.org/x"])
)
def test_where_a_program_is_told_of_events_is_not_public(secret, endpoint_id, person_id, url):
    """The log has no gap where an endpoint was registered or revised, and neither its address nor its condition."""
    said = {"endpoint_id": endpoint_id, "url": url, "types": ("*",), "filter": "s3cret", "occurred_at": NOW}
    for data in (
        EndpointRegistered(registered_by=person_id, key_id=person_id, public_key="whpk_AA==", **said),
        EndpointRevised(revised_by=person_id, **said),
    ):
        kind = type(data).__name__
        metadata = encode_metadata(Metadata(command="RegisterEndpoint", actor=person_id)).decode()
        event = RecordedEvent(7, f"endpoint-{endpoint_id}", 1, new_id(), kind, data, metadata, NOW)
        written = msgspec.json.encode(PublicLog(secret).published(event)).decode()
        assert url not in written
        assert "s3cret" not in written
