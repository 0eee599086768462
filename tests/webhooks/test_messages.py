"""What is sent for an event: the public log's envelope in three ways of writing, and no text that somebody wrote."""

from urllib.parse import urlsplit

import msgspec
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.http.public_log import PublicLog
from app.webhooks.messages import message_of, thin, thin_fields
from events.contracts import CONTRACTS, VoteCast
from events.sealing.marks import marks_of
from tests.events.drawing import drawn, recorded
from tests.events.examples import COMMONS, idea, vote

SOURCE = "https://ideas.example.org"
FORMATS = ("standard", "cloudevents_binary", "cloudevents_structured")
LOG = PublicLog(b"a secret of the tests")
WRITTEN_BY_SOMEBODY = "What Ada wrote about her neighbour."


def public(event, **where):
    """Give an event as the public log shows it."""
    return LOG.published(recorded(event, **where))


def message(event, written_as="standard", source=SOURCE):
    """Write an event of the public log as a message."""
    return message_of(event, written_as=written_as, source=source)


def written(shown):
    """Give what is shown as it looks in JSON."""
    return msgspec.json.decode(msgspec.json.encode(shown))


def parsed(sent):
    """Read a message as a receiver does who has the library of CloudEvents."""
    return from_http_event(HTTPMessage(headers=sent.headers, body=sent.body))


events = st.sampled_from(CONTRACTS).flatmap(drawn)


@given(events)
def test_the_standard_body_has_what_the_standard_asks_for(event):
    """As Standard Webhooks have it, the body has type, timestamp and data, and its headers say that it is JSON."""
    shown = public(event)
    sent = message(shown)
    body, log = msgspec.json.decode(sent.body), written(shown)
    assert sent.headers == {"content-type": "application/json"}
    assert sent.id == str(shown.id)
    assert (body["type"], body["timestamp"]) == (type(event).__name__, log["recorded_at"])
    assert body["data"] == {name: log["data"][name] for name in thin_fields(type(event))}


@pytest.mark.parametrize("contract", CONTRACTS)
@settings(max_examples=20)
@given(st.data())
def test_what_is_delivered_is_what_the_public_log_says_but_for_texts(contract, data):
    """Of every type, a program that reads the log itself gets the envelope that others are sent, and in it what is sent."""
    shown = public(data.draw(drawn(contract)))
    body, log = msgspec.json.decode(message(shown).body), written(shown)
    assert list(body) == list(log)
    assert body.pop("data") == written(thin(shown.data))
    assert log.pop("data").items() >= written(thin(shown.data)).items()
    assert body == log


@given(events, st.sampled_from(["cloudevents_binary", "cloudevents_structured"]))
def test_the_library_of_cloudevents_reads_what_was_meant(event, mode):
    """In both modes a receiver gets the same attributes and the same data."""
    shown = public(event)
    read = parsed(message(shown, mode))
    assert read.get_id() == str(shown.id)
    assert read.get_type() == type(event).__name__
    assert (read.get_source(), read.get_subject()) == (SOURCE, shown.stream)
    assert read.get_specversion() == "1.0"
    assert read.get_time() == shown.occurred_at
    assert read.get_datacontenttype() == "application/json"
    assert read.get_extension("sequence") == "0000000000000000003"
    assert read.get_extension("position") == "41200"
    assert read.get_extension("recordedtime") == msgspec.to_builtins(shown.recorded_at)
    told = written(shown.data)
    assert read.get_data() == {name: told[name] for name in thin_fields(type(event))}


@given(events)
def test_the_modes_of_cloudevents_say_the_same(event):
    """What stands in headers in the one mode stands in the body in the other."""
    shown = public(event)
    binary, structured = (
        parsed(message(shown, mode)) for mode in ("cloudevents_binary", "cloudevents_structured")
    )
    assert binary.get_attributes() == structured.get_attributes()
    assert binary.get_data() == structured.get_data()


@given(st.data(), st.sampled_from([contract for contract in CONTRACTS if marks_of(contract)]))
def test_no_text_that_somebody_wrote_is_sent(data, contract):
    """Whatever is marked in a contract stands in no message, in no way of writing, and neither does its name."""
    marked = marks_of(contract).fields
    event = replace(data.draw(drawn(contract)), **dict.fromkeys(marked, WRITTEN_BY_SOMEBODY))
    shown = replace(public(event), data=event)
    for written_as in FORMATS:
        sent = message(shown, written_as)
        assert WRITTEN_BY_SOMEBODY not in sent.body.decode()
        assert WRITTEN_BY_SOMEBODY not in str(sent.headers)
    assert not set(marked) & set(msgspec.json.decode(message(shown).body)["data"])


@given(events, st.sampled_from(FORMATS))
def test_the_same_event_makes_the_same_bytes(event, written_as):
    """A message that is sent again is what it was, whoever sends it."""
    assert message(public(event), written_as) == message(public(event), written_as)


@pytest.mark.parametrize("written_as", FORMATS)
def test_who_voted_stays_unknown(written_as):
    """In a message a voter goes by the same pseudonym as in the public log."""
    cast = vote()
    sent = message(public(cast), written_as)
    text = sent.body.decode() + str(sent.headers)
    assert str(cast.person_id) not in text
    assert str(LOG.pseudonym(COMMONS, cast.person_id)) in text


def test_what_is_not_a_text_stays():
    """Of an idea its identifiers and codes are sent, and not what its author wrote."""
    said = msgspec.json.decode(message(public(idea())).body)["data"]
    assert set(said) == {
        "occurred_at",
        "idea_id",
        "community_id",
        "author_id",
        "themes",
        "places",
        "ask",
        "source",
    }


def test_the_sequence_can_be_compared_as_text():
    """The tenth event of a stream comes after the ninth, also where numbers are compared as text."""
    ninth, tenth, last = (
        message(public(vote(), version=version), "cloudevents_binary").headers["ce-sequence"]
        for version in (9, 10, 2**63 - 1)
    )
    assert ninth < tenth < last


def test_the_schema_is_named_by_its_address():
    """The schema of a CloudEvent's data is a part of what is published for its type here."""
    address = message(public(vote()), "cloudevents_binary").headers["ce-dataschema"]
    assert address == f"{SOURCE}/api/v1/event-types/{VoteCast.__name__}/schema.json#data"
    assert urlsplit(address).scheme == "https"


def test_what_a_header_cannot_hold_is_written_so_that_it_can():
    """An address with a letter beyond ASCII arrives as it was."""
    sent = message(public(vote()), "cloudevents_binary", source="https://ideas.example.org/überall")
    assert sent.headers["ce-source"].isascii()
    assert parsed(sent).get_source() == "https://ideas.example.org/überall"
