"""The OpenAPI document: every operation with an id, a summary, an example and its problems."""

import msgspec
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from app.access.policy import RULES
from app.access.scopes import SCOPES
from app.asgi import create_app
from app.http import (
    bodies,
    community_bodies,
    endpoint_bodies,
    examples,
    mandate_bodies,
    mandate_examples,
    organisation_bodies,
    webhook_examples,
)
from app.settings import Settings

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document():
    """Give the document as it is served."""
    app = create_app(Settings(database_url="postgresql://nowhere/none"))
    return msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))


@pytest.fixture(scope="module")
def operations(document):
    """List all operations with their method and path."""
    return [
        (method, path, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]


def test_the_document_is_of_version_3_1(document):
    """The document says its version, and names every tag it uses."""
    assert document["openapi"].startswith("3.1")
    named = {tag["name"] for tag in document["tags"]}
    assert {
        tag for item in document["paths"].values() for each in item.values() for tag in each["tags"]
    } <= named


def test_every_operation_is_described(operations):
    """Every operation has an id of its own, a summary and a description in sentences."""
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(ids) == len(set(ids)) >= 20
    for _, path, operation in operations:
        assert operation["summary"], path
        assert operation["description"].rstrip().endswith("."), path


def test_every_operation_has_an_example_and_its_problems(operations):
    """Every operation shows what it answers, and every problem is problem details."""
    for method, path, operation in operations:
        answers = operation["responses"]
        good = [answer for status, answer in answers.items() if status.startswith("2")]
        assert len(good) == 1, (method, path)
        for media in good[0]["content"].values():
            assert media["examples"], (method, path)
        problems = [answer for status, answer in answers.items() if status >= "400"]
        assert problems, (method, path)
        for problem in problems:
            media = problem["content"]["application/problem+json"]
            assert media["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert media["examples"]


def test_what_is_named_in_an_address_may_not_be_there(operations):
    """Every operation whose address names something says 404: it is not there, or the name cannot be one."""
    for method, path, operation in operations:
        assert "{" not in path or "404" in operation["responses"], (method, path)


ASKS_ELSEWHERE = {"testEndpoint", "verifyEndpoint"}
"""What writes nothing to the log: it sends something to an endpoint, once more each time."""


def test_every_write_says_what_it_needs(operations):
    """Every write of a token names its scope, and every write to the log takes an Idempotency-Key."""
    for method, path, operation in operations:
        rule = RULES[operation["operationId"]]
        if method == "get" or rule.session or rule.who in {"anyone", "everyone"} or rule.scope == "read":
            continue
        if operation["operationId"] in ASKS_ELSEWHERE:
            continue
        ((scope,),) = [needed for need in operation["security"] for needed in need.values()]
        assert scope in SCOPES, path
        assert "Idempotency-Key" in [parameter["name"] for parameter in operation["parameters"]], path


def test_what_the_document_asks_for_is_what_the_guard_asks_for(operations):
    """Every operation says what its rule asks for: nothing, a token if one likes, or a token with its scope."""
    for _, path, operation in operations:
        rule = RULES[operation["operationId"]]
        needed = [{"session": []}] if rule.session else [{"token": [rule.scope] if rule.scope else []}]
        asked = {"everyone": [], "anyone": [{}, {"token": []}], "machine": [{}, {"token": []}]}.get(
            rule.who, needed
        )
        assert operation["security"] == asked, path
        refusals = {"everyone": set(), "machine": {"404"}}.get(rule.who, {"401", "403"})
        assert refusals <= set(operation["responses"]), path


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        (bodies.NewIdea, examples.NEW_IDEA),
        (bodies.IdeaChanges, examples.IDEA_CHANGES),
        (bodies.Reason, examples.REASON),
        (bodies.NewQuarantine, examples.NEW_QUARANTINE),
        (bodies.NewToken, examples.NEW_TOKEN),
        (community_bodies.NewCommunity, examples.NEW_COMMUNITY),
        (community_bodies.NewRules, examples.NEW_RULES),
        (organisation_bodies.NewOrganisation, examples.NEW_ORGANISATION),
        (organisation_bodies.OrganisationChanges, examples.ORGANISATION_CHANGES),
        (organisation_bodies.MemberRoles, examples.MEMBER_ROLES),
        (organisation_bodies.InvitationToSend, examples.INVITATION_TO_SEND),
        (organisation_bodies.InvitationToAccept, examples.INVITATION_TO_ACCEPT),
        (bodies.OptionalReason, examples.REASON),
        (mandate_bodies.NewMandate, mandate_examples.NEW_MANDATE),
        (mandate_bodies.MandateChanges, mandate_examples.MANDATE_CHANGES),
        (endpoint_bodies.NewEndpoint, webhook_examples.NEW_ENDPOINT),
        (endpoint_bodies.NewEndpoint, webhook_examples.ENDPOINT_AT_THRESHOLDS),
    ],
)
def test_the_examples_of_bodies_are_taken(kind, example):
    """What the document shows as a body passes the checks."""
    body = msgspec.json.decode(msgspec.json.encode(example), type=kind)
    assert list(body.faults()) == []


def test_an_endpoint_is_shown_with_thresholds_too(document):
    """Beside the plain body there is one that asks to be told once, at a number of votes and at a minimum."""
    body = document["paths"]["/api/v1/webhooks"]["post"]["requestBody"]["content"]["application/json"]
    assert list(body["examples"]) == ["example", "at_thresholds"]
    assert body["examples"]["at_thresholds"]["value"] == webhook_examples.ENDPOINT_AT_THRESHOLDS


def test_the_examples_of_answers_are_valid(operations, document):
    """What the document shows as an answer is as it describes it, and shows every field."""
    registry = Registry().with_resource(
        "urn:openapi", Resource.from_contents(document, default_specification=DRAFT202012)
    )
    for _, path, operation in operations:
        for status, answer in operation["responses"].items():
            for media in answer["content"].values() if status.startswith("2") else ():
                schema = media["schema"]
                name = schema.get("$ref", "").removeprefix("#")
                whole = {"$ref": f"urn:openapi#{name}"} if name else schema
                (example,) = media["examples"].values()
                faults = Draft202012Validator(whole, registry=registry).iter_errors(example["value"])
                assert [fault.message for fault in faults] == [], path
                if name:
                    described = document["components"]["schemas"][name.rpartition("/")[2]]
                    assert set(example["value"]) <= set(described["properties"]), path
