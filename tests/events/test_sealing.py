"""Sealing itself: what is sealed opens to the same, and to nobody else, nowhere else, and not when it was changed."""

from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import Meta

from events.contracts import CONTRACTS
from events.contracts.base import Event, TextOfIdea, TextOfPerson
from events.errors import UnreadableEventError
from events.sealing.boxes import Box, BrokenBoxError, sealed
from events.sealing.codec import SEALED, SEALING
from events.sealing.errors import NoSecretKeyError, WrongSecretKeyError
from events.sealing.keyring import NoKeyring
from events.sealing.marks import marks_of
from events.sealing.opening import recorded_events
from events.sealing.secret_key import InstallationSecret, SecretKey
from tests.events import golden
from tests.events.test_codec import drawn

words = st.text(st.characters(exclude_categories=["Cs"]))
texts = st.dictionaries(st.text("abcdefgh", min_size=1), words, max_size=4)
keys = st.binary(min_size=32, max_size=32)
ids = st.uuids()
secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)

MARKED = [contract for contract in CONTRACTS if marks_of(contract)]
PUBLIC = {
    ("PersonJoined", "origin"),
    ("PersonVerified", "how"),
    ("VotesQuarantined", "signal"),
    ("CommunityOpened", "slug"),
    ("CommunityOpened", "name"),
    ("OrganisationRegistered", "name"),
    ("OrganisationRegistered", "org_id"),
    ("OrganisationRegistered", "website"),
    ("OrganisationRevised", "name"),
    ("OrganisationRevised", "website"),
    ("NeedAdded", "kind"),
    ("NeedRevised", "kind"),
    ("ServiceLaunched", "link"),
    ("OfferMade", "kind"),
    ("OfferRevised", "kind"),
    ("OfferAccepted", "standing"),
    ("OfferDelivered", "link"),
    ("MandatePublished", "mode"),
    ("MandateRevised", "mode"),
    ("PastGrantRecorded", "funder_org_id"),
    ("PastGrantRecorded", "funder_name"),
    ("PastGrantRecorded", "identifier"),
    ("PastGrantRecorded", "recipient_id"),
    ("PastGrantRecorded", "recipient_name"),
    ("EndpointRegistered", "public_key"),
    ("EndpointRegistered", "format"),
    ("EndpointVerified", "proof"),
    ("EndpointRevised", "format"),
    ("SecretRotated", "public_key"),
    ("EndpointPaused", "cause"),
    ("PledgeMade", "kind"),
    ("FundsConfirmed", "document"),
    ("MilestoneReached", "link"),
}
"""Texts that no person wrote, or that name a place or a legal body everybody may know; all others are sealed."""


@given(texts, keys, ids, ids)
def test_what_is_sealed_opens_to_the_same(content, key, subject, event_id):
    """Whatever was written comes out again, and the box tells whose key is needed."""
    word = sealed(content, key, subject=subject, event_id=event_id, type_name="IdeaLogged")
    box = Box.read(word)
    assert box.subject == subject
    assert box.opened(key, event_id=event_id, type_name="IdeaLogged") == content


@given(texts, st.tuples(keys, keys), ids, st.tuples(ids, ids))
def test_a_box_opens_in_its_own_place_alone(content, two_keys, subject, two_ids):
    """Another key, another event, another type: nothing opens."""
    (key, other_key), (event_id, other_id) = two_keys, two_ids
    assume(key != other_key and event_id != other_id)
    box = Box.read(sealed(content, key, subject=subject, event_id=event_id, type_name="IdeaLogged"))
    for wrong in (
        {"key": other_key, "event_id": event_id, "type_name": "IdeaLogged"},
        {"key": key, "event_id": other_id, "type_name": "IdeaLogged"},
        {"key": key, "event_id": event_id, "type_name": "IdeaRevised"},
    ):
        with pytest.raises(BrokenBoxError):
            box.opened(wrong.pop("key"), **wrong)


@given(texts, keys, ids, ids, ids)
def test_a_box_belongs_to_its_subject(content, key, subject, event_id, other):
    """A box that claims to be another subject's does not open, even with the right key."""
    assume(subject != other)
    box = Box.read(sealed(content, key, subject=subject, event_id=event_id, type_name="IdeaLogged"))
    claimed = Box(other, box.nonce, box.content)
    with pytest.raises(BrokenBoxError):
        claimed.opened(key, event_id=event_id, type_name="IdeaLogged")


@given(st.data(), texts, keys, ids, ids)
def test_a_changed_byte_is_noticed(data, content, key, subject, event_id):
    """Any character of a box replaced by another, or cut off, leaves nothing that opens."""
    word = sealed(content, key, subject=subject, event_id=event_id, type_name="IdeaLogged")
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_=+ é") | st.just(""))
    changed = word[:place] + letter + word[place + 1 :]
    assume(changed != word)
    with pytest.raises(BrokenBoxError):
        Box.read(changed).opened(key, event_id=event_id, type_name="IdeaLogged")


@given(st.data(), st.sampled_from(MARKED))
def test_every_marked_event_survives_the_log(data, contract):
    """Any event of any contract with texts is read as it was, and no text of it is stored."""
    event = data.draw(drawn(contract))
    kept = golden.stored(event)
    assert golden.opened(contract.__name__, kept) == event
    held = msgspec.json.decode(kept)
    assert all(held[name] == "" for name in marks_of(contract).fields)
    assert (SEALED in held) == any(marks_of(contract).texts_of(event).values())


def test_every_text_is_sealed_or_known_to_be_public():
    """A contract with a new text says for whom it is sealed, or stands in the list of what is public."""
    open_texts = {
        (contract.__name__, field.name)
        for contract in CONTRACTS
        for field in msgspec.structs.fields(contract)
        if _may_be_text(field.type) and field.name not in getattr(marks_of(contract), "fields", ())
    }
    assert open_texts == PUBLIC


def _may_be_text(kind: object) -> bool:
    return any(
        isinstance(found, msgspec.inspect.StrType | msgspec.inspect.LiteralType) for found in _inside(kind)
    )


def _inside(kind: object):
    found = msgspec.inspect.type_info(kind)
    found = found.type if isinstance(found, msgspec.inspect.Metadata) else found
    yield from found.types if isinstance(found, msgspec.inspect.UnionType) else [found]


class _TwoSubjects(Event, frozen=True, kw_only=True):
    person_id: UUID
    idea_id: UUID
    name: TextOfPerson
    title: TextOfIdea


class _NoSubject(Event, frozen=True, kw_only=True):
    name: TextOfPerson


class _NotText(Event, frozen=True, kw_only=True):
    person_id: UUID
    age: Annotated[int, Meta(extra={"sealed_for": "person_id"})]


@pytest.mark.parametrize("contract", [_TwoSubjects, _NoSubject, _NotText])
def test_marks_that_cannot_be_kept_are_refused(contract):
    """A contract with texts of two subjects, of nobody, or with something sealed that is no text, is a mistake."""
    with pytest.raises(TypeError, match="can seal texts alone"):
        marks_of(contract)


@pytest.mark.parametrize("box", ["", "AQ", "not base64", "é", "AgAAAA" * 20, 7, ["AQ"]])
def test_a_malformed_box_is_named_by_its_position(box):
    """What cannot be a sealed value is an error that names the event, not an event without texts."""
    data = msgspec.json.encode(
        {"occurred_at": "2026-05-04T12:00:00Z", "idea_id": str(UUID(int=1)), "reason": "", "sealed": box}
    ).decode()
    row = (7, "idea-a", 1, UUID(int=2), "IdeaWithdrawn", data, "{}", None)
    with pytest.raises(UnreadableEventError, match="IdeaWithdrawn at position 7"):
        recorded_events([row])
    assert SEALING.sealed_subjects([row]) == set()


@given(secrets, secrets, keys, ids, ids)
def test_a_wrapped_key_opens_for_its_secret_and_subject(secret, other, key, subject, stranger):
    """The same secret unwraps it; another secret, or the place of another subject, does not."""
    assume(secret != other and subject != stranger)
    wrapped = SecretKey(secret).wrap(key, subject)
    assert SecretKey(secret).unwrap(wrapped, subject) == key
    with pytest.raises(WrongSecretKeyError):
        SecretKey(other).unwrap(wrapped, subject)
    with pytest.raises(WrongSecretKeyError):
        SecretKey(secret).unwrap(wrapped, stranger)
    with pytest.raises(WrongSecretKeyError):
        SecretKey(secret).unwrap_installation(wrapped)


@given(keys, words, words)
def test_derived_secrets_are_one_a_purpose(secret, purpose, other):
    """The same purpose gives the same secret, and another one another."""
    assume(purpose != other)
    installation = InstallationSecret(secret)
    assert installation.derived(purpose) == InstallationSecret(secret).derived(purpose)
    assert installation.derived(purpose) != installation.derived(other)
    assert len(installation.derived(purpose)) == 32


@pytest.mark.asyncio
async def test_without_a_secret_key_nothing_opens():
    """Who has no secret key is told so, and not shown empty texts."""
    with pytest.raises(NoSecretKeyError, match="set OPEN_IMPACT_SECRET_KEY"):
        await NoKeyring().found([UUID(int=1)])
