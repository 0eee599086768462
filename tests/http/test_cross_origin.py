"""The API in other sites' pages: readable by any origin, with a token or as nobody, and never with a cookie."""

import pytest

from tests.http.conftest import IDEA

pytestmark = pytest.mark.asyncio

ORIGIN = {"origin": "https://elsewhere.example"}


async def test_any_origin_reads_the_api(service, author):
    """Answers of the API, refusals too, may be read by any page, and none may bring cookies."""
    await author.log_idea()
    for path, status in (("/api/v1/ideas", 200), ("/api/v1/ideas/nonsense", 404), ("/api/v1/me", 401)):
        answer = await service.client.get(path, headers=ORIGIN)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*"), path
        assert "access-control-allow-credentials" not in answer.headers, path
        assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
    written = await author.send("POST", "/api/v1/ideas", IDEA, **ORIGIN)
    assert (written.status_code, written.headers["access-control-allow-origin"]) == (201, "*")


async def test_a_browser_may_ask_beforehand(service):
    """A preflight allows a token, an idempotency key and a condition, needs nobody, and allows no cookies."""
    answer = await service.client.options(
        "/api/v1/ideas",
        headers={
            **ORIGIN,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,idempotency-key,if-match,content-type",
        },
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "idempotency-key", "if-match", "content-type"} <= set(allowed)
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_pages_and_figures_are_for_their_own_origin(service):
    """Outside the API no other site's page may read anything."""
    for path in ("/", "/about", "/health/live", "/metrics", "/nowhere"):
        answer = await service.client.get(path, headers=ORIGIN)
        assert "access-control-allow-origin" not in answer.headers, path
