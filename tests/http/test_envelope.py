"""What every answer has: its request's identifier, safe headers, and errors as problems or as pages."""

import re

import pytest
from structlog.testing import capture_logs

from tests.http.conftest import IDEA
from tests.http.streams import ENDLESS

pytestmark = pytest.mark.asyncio

EVERY_KIND = [
    "/",
    "/about",
    "/nowhere",
    "/api/v1/ideas",
    "/api/v1/nowhere",
    "/health/live",
    "/static/icon.svg",
]


@pytest.mark.parametrize("path", EVERY_KIND)
async def test_every_answer_is_dressed(service, path):
    """Whatever is answered carries its request's identifier and the headers that keep browsers safe."""
    answer = await service.client.get(path)
    assert answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"]
    policy = answer.headers["content-security-policy"]
    for rule in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert ("script-src 'self'" in policy) is not path.startswith(("/api/v1", "/health", "/static"))
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    elsewhere = "cross-origin" if path.startswith(("/api/v1", "/health")) else "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == elsewhere
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "cache-control" in answer.headers
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("req-42", True),
        ("a" * 128, True),
        ("a" * 129, False),
        ("two words", False),
        ("", False),
        ("ü", False),
    ],
)
async def test_a_well_formed_request_id_is_kept(service, given, is_taken):
    """A caller's own identifier is used when it is well formed, and replaced when it is not."""
    answer = await service.client.get("/health/live", headers={"x-request-id": given.encode()})
    assert (answer.headers["x-request-id"] == given) is is_taken


async def test_writes_are_never_cached(author):
    """The answer to a write, and every error, must not be stored by anybody."""
    for answer in (
        await author.send("POST", "/api/v1/ideas", IDEA),
        await author.send("POST", "/api/v1/ideas", {}),
        await author.client.get("/api/v1/nowhere"),
    ):
        assert answer.headers["cache-control"] == "no-store"


async def test_an_error_is_a_problem(service):
    """An error on the API is RFC 9457 problem details, whatever the caller accepts."""
    for accept in ("application/json", "text/html", "*/*"):
        answer = await service.client.get("/api/v1/nowhere", headers={"accept": accept, "x-request-id": "r1"})
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json() == {
            "type": "urn:open-impact:not-found",
            "title": "Not Found",
            "status": 404,
            "detail": "There is nothing at this address.",
            "instance": "/api/v1/nowhere",
            "request_id": "r1",
        }


async def test_an_error_on_a_page_is_a_page(service):
    """Somebody with a browser gets a page that says what to do; a program gets a problem."""
    page = await service.client.get("/nowhere", headers={"accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "We cannot find this page" in page.text
    problem = await service.client.get("/nowhere", headers={"accept": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"


async def test_a_wrong_method_says_which_are_right(service):
    """A method that an address does not take is answered with 405 and those it takes."""
    answer = await service.client.post("/api/v1/history")
    assert (answer.status_code, answer.json()["type"]) == (405, "urn:open-impact:method-not-allowed")
    assert "GET" in answer.headers["allow"]


async def test_what_is_our_fault_says_nothing(own_service, monkeypatch):
    """An unforeseen error is a 500 that tells the caller nothing but the request's identifier, and is logged once."""

    async def broken(*_args, **_named):
        raise RuntimeError("the secret behind it")

    monkeypatch.setattr("app.http.communities.communities", broken)
    with capture_logs() as logs:
        answer = await own_service.client.get("/api/v1/communities", headers={"x-request-id": "r2"})
    assert (answer.status_code, answer.json()["request_id"]) == (500, "r2")
    assert "secret" not in answer.text
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["request_failed"]


async def test_no_token_is_logged(own_service):
    """Whatever is logged about a request, its token is not in it."""
    person = await own_service.person()
    with capture_logs() as logs:
        await person.send("POST", "/api/v1/ideas", {"title": 5})
        await person.send("GET", "/api/v1/me")
    assert 400 in [line["status"] for line in logs if line["event"] == "request_answered"]
    assert person.token not in repr(logs)


async def test_a_secure_address_asks_for_secure_ones(database_url):
    """Where people come by https, browsers are told to keep to it."""
    from tests.http.conftest import serving

    async with serving(database_url, public_url="https://impact.example.org") as service:
        answer = await service.client.get("/health/live")
    assert "max-age" in answer.headers["strict-transport-security"]


async def test_every_route_and_every_error_is_dressed(service):
    """Whatever the route and the method, and however wrong the request, each safe header stands there exactly once."""
    wanted = {
        "content-security-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "referrer-policy",
        "x-content-type-options",
        "x-request-id",
    }
    paths = {re.sub(r"\{[^}]*\}", "nothing", route.path) for route in service.app.routes}
    asked = 0
    for path in sorted(paths - set(ENDLESS.values())):
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            answer = await service.client.request(method, path, headers={"accept": "text/html"})
            names = [name.decode() for name, _ in answer.headers.raw]
            assert wanted <= set(names), (method, path)
            assert len([name for name in names if name in wanted]) == len(wanted), (method, path)
            asked += 1
    assert asked > 100


async def test_a_page_of_an_error_does_not_ask_those_who_are_signed_in_to_sign_in(service):
    """Whoever has a session finds the way to their own page on it, and everybody else the way in."""
    html = {"accept": "text/html"}
    known = await service.client.get("/nowhere", headers={**html, "cookie": "session=oi_something"})
    assert 'href="/me"' in known.text
    assert "Sign in" not in known.text
    assert "Sign in" in (await service.client.get("/nowhere", headers=html)).text
