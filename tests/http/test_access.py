"""Who may come in: tokens, scopes, and a guard on every route that changes something."""

import httpx
import pytest
from litestar import get
from litestar.handlers import HTTPRouteHandler

from app.access import tokens
from app.access.policy import RULES
from app.access.scopes import SCOPES
from app.asgi import create_app
from app.http.guards import operation_of
from app.settings import Settings
from tests.http.conftest import IDEA

pytestmark = pytest.mark.asyncio

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
BEFORE_SIGN_IN: set[str] = {
    "ask_for_link",
    "use_link",
    "use_code",
    "join",
    "begin_oidc_after_work",
    "beginPasskeySignIn",
    "signInByPasskey",
}
"""What changes something and is open to people who are not signed in: how they sign in."""
DRAFTS = {"save_draft", "keep_draft", "delete_my_draft", "log_my_idea"}
"""What changes drafts, which belong to a browser; to log one, the handler asks who it is."""
BY_WHAT_THEY_WERE_SENT = {"agreeToEvents"}
"""What somebody may do who shows the words that were sent to them alone."""


async def test_every_route_has_a_rule():
    """Every route's operation stands in the table of rules, and every rule belongs to a route."""
    app = create_app(Settings(database_url="postgresql://nowhere/none"))
    operations = {
        operation_of(handler)
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and handler.http_methods != {"OPTIONS"}
    }
    assert operations == set(RULES)


async def test_a_rule_that_changes_something_asks_for_somebody():
    """Whoever may change something is known, and a token says so in its scopes."""
    app = create_app(Settings(database_url="postgresql://nowhere/none"))
    changing = {
        operation_of(handler)
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and handler.http_methods & UNSAFE
    }
    assert len(changing) >= 6
    open_to_anyone = {operation for operation in changing if RULES[operation].who in {"anyone", "everyone"}}
    assert open_to_anyone <= BEFORE_SIGN_IN | DRAFTS | BY_WHAT_THEY_WERE_SENT
    assert all(RULES[operation].scope in SCOPES for operation in changing if RULES[operation].scope)


async def test_an_operation_without_a_rule_is_nobodys():
    """A route that is not in the table lets nobody in, whoever they are."""

    @get("/nobodys", operation_id="nobodys")
    async def nobodys() -> str:
        return "in"

    app = create_app(Settings(database_url="postgresql://nowhere/none"))
    app.register(nobodys)
    app.state["resources"] = None
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        assert (await client.get("/nobodys")).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer nonsense"},
        {"authorization": "Basic dTpw"},
        {"authorization": f"Bearer {tokens._new_token()}"},
    ],
)
async def test_without_a_valid_token_nobody_writes(service, headers):
    """No token, half a token and an unknown token are answered with 401 and how to do it."""
    for method, path in (("POST", "/api/v1/ideas"), ("GET", "/api/v1/me")):
        answer = await service.client.request(method, path, json=IDEA, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:open-impact:unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_is_good_for_its_scopes_only(service, author):
    """A token without the scope is answered with 403, by name of what is missing."""
    reader = await service.person(scopes=("read", "votes:write"))
    answer = await reader.send("POST", "/api/v1/ideas", IDEA)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:open-impact:forbidden")
    assert "ideas:write" in answer.json()["detail"]
    assert 'scope="ideas:write"' in answer.headers["www-authenticate"]
    assert (await reader.vote(await author.log_idea())).status_code == 200


async def test_a_token_says_who_one_is(service):
    """Whoever has a token reads their identifier, their name and their scopes."""
    person = await service.person("Ada Sample", scopes=("votes:write", "read"))
    me = (await person.send("GET", "/api/v1/me")).json()
    assert (me["person_id"], me["name"]) == (str(person.person_id), "Ada Sample")
    assert (me["scopes"], me["via"], me["proved_by"]) == (["read", "votes:write"], "token", None)


async def test_reading_needs_no_token(service, author):
    """Everything that is public is read without a token."""
    idea_id = await author.log_idea()
    for path in (
        f"/api/v1/ideas?min_position={await service.resources.store.head()}",
        f"/api/v1/ideas/{idea_id}?min_position={await service.resources.store.head()}",
        f"/api/v1/ideas/{idea_id}/history",
        "/api/v1/history",
        "/api/v1/events",
        "/api/v1/communities",
        "/api/v1/themes",
        "/api/v1/places",
    ):
        assert (await service.client.get(path)).status_code == 200, path


async def test_what_is_the_same_for_everyone_looks_at_no_token(service):
    """An operation that is everyone's answers whatever is sent as a token, and needs no database to know people."""
    for path in ("/api/v1/ideas", "/health/live", "/api/v1/themes"):
        answer = await service.client.get(path, headers={"authorization": "Bearer nonsense"})
        assert answer.status_code == 200, path


async def test_a_bad_token_is_told_where_it_matters_who_asks(service):
    """A token that has ended is refused even where nobody need be known, so that no program goes on as a stranger."""
    answer = await service.client.get("/", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert answer.json()["detail"] == "This token is unknown, was revoked or has expired; ask for a new one."


async def test_what_is_not_there_is_not_there_for_anybody(service, voter):
    """Whoever may not change an idea learns that there is none before they learn that it is not theirs."""
    missing = "/api/v1/ideas/0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a11"
    assert (await voter.send("PATCH", missing, {"title": "Mine", "reason": "Mine."})).status_code == 404
