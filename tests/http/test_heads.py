"""HEAD: what GET answers, without the body."""

import asyncio

import pytest

from app.http.cross_origin import CrossOrigin
from app.http.heads import Heads

pytestmark = pytest.mark.asyncio

PATIENCE_SECONDS = 20
SAME = ("content-type", "content-length", "etag", "cache-control")


async def got_and_head(client, path):
    """Ask by GET and by HEAD while there is nothing new to say: a page tells how far into the log it goes."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            got, head, again = await client.get(path), await client.head(path), await client.get(path)
            if got.status_code != 200 or got.content == again.content:
                return got, head


async def test_head_answers_like_get_without_a_body(service, author):
    """Pages, reads, static files and the document answer HEAD with GET's status and headers, and no body."""
    idea_id = await author.log_idea()
    await service.shown()
    for path in (
        "/",
        "/about",
        f"/ideas/{idea_id}",
        "/static/icon.svg",
        "/api/docs",
        "/api/openapi.json",
        f"/api/v1/ideas/{idea_id}",
        "/api/v1/themes",
        "/api/v1/communities/nowhere",
        "/health/live",
        "/nowhere",
    ):
        got, head = await got_and_head(service.client, path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        if got.status_code == 200:
            assert [head.headers.get(name) for name in SAME] == [got.headers.get(name) for name in SAME], path


async def test_head_of_what_needs_somebody_asks_for_somebody(service, author):
    """HEAD is let in by the rule of GET."""
    answer = await service.client.head("/api/v1/me")
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert (await author.send("HEAD", "/api/v1/me")).status_code == 200


async def test_head_of_the_live_stream_ends_at_once(service):
    """HEAD of a stream gives its headers and follows nothing."""
    async with asyncio.timeout(5):
        answer = await service.client.head("/api/v1/events/stream")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert service.resources.tail.subscribers == 0


async def test_head_stays_head_in_the_figures(service):
    """The figures count a HEAD as a HEAD, under its route."""
    await service.client.head("/api/v1/places")
    figures = (await service.client.get("/metrics")).text
    assert 'method="HEAD",route="/api/v1/places"' in figures


async def test_an_address_lists_head_beside_get(service):
    """OPTIONS, and the refusal of a method, name HEAD where GET is taken, and only there."""
    assert (await service.client.options("/about")).headers["allow"] == "GET, HEAD, OPTIONS"
    asked = await service.client.options("/api/v1/ideas")
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert (await service.client.options("/nowhere")).status_code == 404
    refused = await service.client.request("TRACE", "/api/v1/ideas")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    answer = await service.client.head("/api/v1/ideas/0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a11/reopen")
    assert (answer.status_code, answer.content) == (405, b"")
    assert answer.headers["allow"] == "OPTIONS, POST"


async def test_other_kinds_of_connections_pass_untouched():
    """What is not HTTP goes through both layers as it is."""
    seen = []

    async def inside(scope, receive, send):
        seen.append(scope)

    scope = {"type": "lifespan"}
    await CrossOrigin(Heads(inside))(scope, None, None)
    assert seen == [scope]
