"""What other programs can hold us to: the list of types, their schemas, AsyncAPI, and the webhooks in OpenAPI."""

from urllib.parse import urlsplit

import msgspec
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from app.webhooks.catalogue import CATALOGUE
from app.webhooks.messages import DATA_ANCHOR, message_of
from events.contracts import CONTRACTS
from tests.events.examples import idea

pytestmark = pytest.mark.asyncio


async def read(service, path):
    """Read a document as anybody may."""
    response = await service.client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


def resolved(document, reference):
    """Follow a reference within a document; it fails where there is nothing."""
    assert reference.startswith("#/"), reference
    for step in reference.removeprefix("#/").split("/"):
        document = document[step.replace("~1", "/")]
    return document


def references(part):
    """List all references in a document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inside in part.values():
            yield from references(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from references(inside)


async def test_every_type_of_event_is_listed_with_its_schema(service):
    """The list has every type, and where it says that a schema is, there is one of that type and address."""
    listed = await read(service, "/api/v1/event-types")
    assert [each["type"] for each in listed["items"]] == [contract.__name__ for contract in CONTRACTS]
    assert listed["next_cursor"] is None
    for each in listed["items"]:
        assert (each["version"], each["title"]) == (1, CATALOGUE[each["type"]].title)
        assert each["description"].endswith(".")
        response = await service.client.get(urlsplit(each["schema"]).path)
        assert response.headers["content-type"] == "application/schema+json"
        schema = response.json()
        assert schema["$id"] == each["schema"]
        assert schema["properties"]["type"] == {"const": each["type"]}
        Draft202012Validator.check_schema(schema)


async def test_a_message_leads_to_its_schema(service):
    """The address in a message is one where this installation answers, with a schema by which the body is valid."""
    source = service.resources.settings.public_url
    example = CATALOGUE["PledgeMade"].example
    sent = message_of(example, written_as="cloudevents_binary", source=source)
    address = urlsplit(sent.headers["ce-dataschema"])
    assert address.fragment == DATA_ANCHOR
    schema = await read(service, address.path)
    validator = Draft202012Validator(
        {"$ref": sent.headers["ce-dataschema"]},
        registry=Registry().with_resource(schema["$id"], Resource.from_contents(schema)),
    )
    validator.validate(msgspec.json.decode(sent.body))
    assert not validator.is_valid({"type": "PledgeMade"})


async def test_there_is_no_schema_of_what_is_no_type(service):
    """A type that is none, or is written otherwise, is not there."""
    for name in ("IdeaTranscended", "idealogged", "%00", "IdeaLogged2"):
        response = await service.client.get(f"/api/v1/event-types/{name}/schema.json")
        assert response.status_code in {400, 404}, name
        assert response.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "path", ["/api/v1/event-types", "/api/v1/event-types/VoteCast/schema.json", "/api/asyncapi.json"]
)
async def test_whoever_has_a_document_need_not_load_it_again(service, path):
    """A document may be kept for an hour, and its tag tells later whether it is still the same."""
    first = await service.client.get(path)
    assert first.headers["cache-control"] == "public, max-age=3600"
    again = await service.client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_asyncapi_document_has_every_message_in_every_format(service):
    """Each way to write a message is a channel with every type in it, and an operation that sends them."""
    document = await read(service, "/api/asyncapi.json")
    assert document["asyncapi"] == "3.0.0"
    assert set(document["channels"]) == {"standard", "cloudeventsStructured", "cloudeventsBinary"}
    for channel in document["channels"].values():
        assert list(channel["messages"]) == list(CATALOGUE)
        assert channel["address"] is None
    for operation in document["operations"].values():
        assert operation["action"] == "send"
        assert len(operation["messages"]) == len(CATALOGUE)


async def test_the_asyncapi_document_refers_only_to_what_exists(service):
    """Every reference leads somewhere in the document, and no schema in it is for nothing."""
    document = await read(service, "/api/asyncapi.json")
    found = set(references(document))
    for reference in found:
        assert resolved(document, reference), reference
    assert {f"#/components/schemas/{name}" for name in document["components"]["schemas"]} <= found
    assert {f"#/components/messages/{name}" for name in document["components"]["messages"]} <= found


async def test_the_examples_of_asyncapi_are_valid_by_its_schemas(service):
    """Each example of a message, its headers too, is as the document itself says."""
    document = await read(service, "/api/asyncapi.json")
    registry = Registry().with_resource(
        "urn:asyncapi", Resource.from_contents(document, default_specification=DRAFT202012)
    )
    for name, message in document["components"]["messages"].items():
        (example,) = message["examples"]
        for part in ("payload", "headers"):
            whole = {"$ref": f"urn:asyncapi{message[part]['$ref']}"}
            faults = list(Draft202012Validator(whole, registry=registry).iter_errors(example[part]))
            assert faults == [], (name, part)


async def test_the_openapi_document_has_a_webhook_for_every_type(service):
    """A receiver finds what is sent for each type, with examples that are valid, and what it has to answer."""
    document = await read(service, "/api/openapi.json")
    assert list(document["webhooks"]) == list(CATALOGUE)
    registry = Registry().with_resource(
        "urn:openapi", Resource.from_contents(document, default_specification=DRAFT202012)
    )
    ids = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    for name, item in document["webhooks"].items():
        told = item["post"]
        assert told["operationId"] not in ids
        assert {"2XX", "410", "429", "default"} == set(told["responses"])
        assert [each["name"] for each in told["parameters"]] == [
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature",
        ]
        assert set(told["requestBody"]["content"]) == {"application/json", "application/cloudevents+json"}
        for media in told["requestBody"]["content"].values():
            whole = {"$ref": f"urn:openapi{media['schema']['$ref']}"}
            example = media["examples"]["example"]["value"]
            assert example["type"] == name
            assert list(Draft202012Validator(whole, registry=registry).iter_errors(example)) == []


async def test_every_reference_of_the_openapi_document_leads_somewhere(service):
    """Neither the API's own schemas nor those of events are referred to by a name that is none."""
    document = await read(service, "/api/openapi.json")
    for reference in set(references(document)):
        assert resolved(document, reference), reference


async def test_the_page_shows_every_type_with_its_fields_and_an_example(service):
    """People who write programs find each type by its address, and what this is links to the page."""
    page = (await service.client.get("/about/events", headers={"accept": "text/html"})).text
    for kind in CATALOGUE.values():
        assert f'id="{kind.name}"' in page
        assert f"/api/v1/event-types/{kind.name}/schema.json" in page
    assert "0198f2c5-77aa-7d10-9d2c-6f5b1f0c3a12" in page
    assert idea().title not in page
    assert 'href="/about/events"' in (await service.client.get("/about")).text
    assert 'href="/about/events"' in (await service.client.get("/api/docs")).text
