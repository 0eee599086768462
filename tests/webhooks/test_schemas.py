"""The catalogue and its schemas: every type is in it, and every message of every event is valid."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from app.http.public_log import PublicLog
from app.webhooks.catalogue import CATALOGUE, EventType, sentence_of, title_of, version_of
from app.webhooks.event_examples import SOURCE
from app.webhooks.messages import message_of
from app.webhooks.schemas import CLOUDEVENT_ANCHOR, component_schemas, published_schema
from events.contracts import CONTRACTS
from events.sealing.marks import marks_of
from tests.events.drawing import drawn, recorded

LOG = PublicLog(b"a secret of the tests")
KINDS = list(CATALOGUE.values())
SCHEMAS = {kind.name: published_schema(kind, SOURCE) for kind in KINDS}
REGISTRY = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)
FORMATS = ("standard", "cloudevents_binary", "cloudevents_structured")


def faults(body, address):
    """Say what is wrong with a body by what is published at an address."""
    validator = Draft202012Validator(
        {"$ref": address}, registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [fault.message for fault in validator.iter_errors(msgspec.json.decode(body))]


def address_of(event, sent, written_as):
    """Say where the schema of a message's body is published."""
    whole = SCHEMAS[event.type]["$id"]
    return {
        "standard": whole,
        "cloudevents_structured": f"{whole}#{CLOUDEVENT_ANCHOR}",
        "cloudevents_binary": sent.headers.get("ce-dataschema"),
    }[written_as]


@given(st.sampled_from(CONTRACTS).flatmap(drawn), st.sampled_from(FORMATS))
def test_every_message_is_valid_by_its_published_schema(event, written_as):
    """Whatever happens, its body is as the schema says that its address leads to, in each way of writing."""
    shown = LOG.published(recorded(event))
    sent = message_of(shown, written_as=written_as, source=SOURCE)
    assert faults(sent.body, address_of(shown, sent, written_as)) == []
    if written_as == "cloudevents_structured":
        body = msgspec.json.decode(sent.body)
        assert faults(msgspec.json.encode(body["data"]), body["dataschema"]) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_example_of_every_type_is_valid(kind):
    """The example of a type is a message like those that are sent, with every field shown."""
    for written_as in FORMATS:
        sent = message_of(kind.example, written_as=written_as, source=SOURCE)
        assert faults(sent.body, address_of(kind.example, sent, written_as)) == []
    data = msgspec.json.decode(message_of(kind.example, written_as="standard", source=SOURCE).body)["data"]
    assert list(data) == list(SCHEMAS[kind.name]["$defs"][kind.name]["properties"])
    assert None not in data.values()


def test_every_contract_is_in_the_catalogue():
    """The catalogue has each type of event once, in words of its own, with a sentence."""
    assert tuple(kind.contract for kind in KINDS) == CONTRACTS
    assert len({kind.title for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert kind.version == 1
        assert kind.subject_title
        assert kind.description[0].isupper()
        assert kind.description.endswith(".")
        assert kind.example.stream.startswith(f"{kind.subject}-")


def test_a_second_shape_has_a_version_of_its_own():
    """The number at the end of a name is the version, and no part of what the type is called."""
    assert (version_of("PlaceNamed"), title_of("PlaceNamed")) == (1, "Place named")
    assert (version_of("PlaceNamed3"), title_of("PlaceNamed3")) == (3, "Place named")
    assert (version_of("PlaceNamed12"), title_of("PlaceNamed12")) == (12, "Place named")


def test_a_sentence_is_the_first_and_whole():
    """Of a description in several sentences the first is taken, over as many lines as it has."""

    class Told(msgspec.Struct):
        """It goes on
        over two lines. And then further.

        And more.
        """

    assert sentence_of(Told) == "It goes on over two lines."
    assert EventType.__doc__.startswith(sentence_of(EventType))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_schema_is_sound_and_open(kind):
    """A schema keeps to its draft, has no field for what somebody wrote, and closes nothing to later fields."""
    schema = SCHEMAS[kind.name]
    Draft202012Validator.check_schema(schema)
    assert "additionalProperties" not in str(schema)
    marks = marks_of(kind.contract)
    assert not set(marks.fields if marks else ()) & set(schema["$defs"][kind.name]["properties"])


def test_a_choice_of_tomorrow_is_valid_today():
    """A word that a choice does not have yet, and a field that a type does not have yet, pass; a wrong type does not."""
    example = CATALOGUE["PledgeMade"].example
    body = msgspec.json.decode(message_of(example, written_as="standard", source=SOURCE).body)
    address = SCHEMAS["PledgeMade"]["$id"]
    later = {**body, "data": {**body["data"], "kind": "time", "made_in": "Leeds"}, "hash": "abc"}
    assert faults(msgspec.json.encode(later), address) == []
    for wrong in ({"kind": 7}, {"amount": 12}, {"pool_id": "no identifier"}, {"made_by": 3}):
        told = {**body, "data": {**body["data"], **wrong}}
        assert faults(msgspec.json.encode(told), address) != []
    assert faults(msgspec.json.encode({**body, "type": "PledgeRevised"}), address) != []


def test_the_schemas_of_a_larger_document_refer_to_each_other():
    """As components of a larger document, the schemas refer to nothing that is not among them."""
    made = component_schemas(lambda name: f"#/components/schemas/{name}")

    def references(schema):
        inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
        if isinstance(schema, dict) and "$ref" in schema:
            yield schema["$ref"].removeprefix("#/components/schemas/")
        for part in inside:
            yield from references(part)

    assert set(references(made)) <= set(made)
    assert {f"{kind.name}Message" for kind in KINDS} <= set(made)
