"""Health and figures: alive while the process lives, ready while it can serve, counted by route."""

import asyncio

import pytest

from app.asgi import create_app
from app.http import operation
from app.http.resources import NoDatabaseError
from app.settings import Settings
from events.memory import MemoryStore
from tests.http.conftest import IDEA, SECRET, Service, running

pytestmark = pytest.mark.asyncio


async def test_a_healthy_process_is_alive_and_ready(service):
    """All checks are ok once the read models are there and the log is followed."""
    assert (await service.client.get("/health/live")).json()["status"] == "ok"
    ready = await service.client.get("/health/ready")
    assert (ready.status_code, ready.json()["checks"]) == (
        200,
        {"database": "ok", "schema": "ok", "live_tail": "ok"},
    )


async def test_without_read_models_it_is_not_ready(database_url):
    """Before a worker has built the read models, the process is alive, not ready, and the board asks to come back."""
    app = create_app(Settings(database_url=database_url, secret_key=SECRET))
    async with running(app):
        client = Service(app).client
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.headers["retry-after"]) == (503, "2")
        assert "worker" in ready.json()["checks"]["schema"]
        board = await client.get("/api/v1/ideas")
        assert (board.status_code, board.headers["retry-after"]) == (503, "2")


async def test_without_a_database_it_is_not_ready(own_service, monkeypatch):
    """When the database cannot be reached, the process is alive, not ready, and everything asks to come back."""
    monkeypatch.setattr(operation, "CHECK_SECONDS", 0.2)
    person = await own_service.person()
    await own_service.resources.pool.close()
    assert (await own_service.client.get("/health/live")).status_code == 200
    ready = await own_service.client.get("/health/ready")
    assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "unreachable")
    for answer in (
        await own_service.client.get("/api/v1/ideas"),
        await own_service.client.get("/"),
        await person.send("POST", "/api/v1/ideas", IDEA),
    ):
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
    metrics = await own_service.client.get("/metrics")
    assert "open_impact_database_up 0.0" in metrics.text


async def test_without_an_address_of_a_database_it_does_not_start():
    """Settings without a database are refused in a sentence that says what to set."""
    with pytest.raises(NoDatabaseError, match="OPEN_IMPACT_DATABASE_URL"):
        create_app(Settings())


async def test_another_log_can_take_the_place_of_the_one_in_the_database(database_url):
    """The application runs on any store that keeps the log's promises; accounts and tokens stay in the database."""
    store = MemoryStore()
    app = create_app(Settings(database_url=database_url, secret_key=SECRET), store=store)
    async with running(app):
        service = Service(app)
        await service.community()
        page = (await service.client.get("/api/v1/events")).json()
    assert [event["type"] for event in page["items"]] == ["CommunityOpened"]
    assert await store.head() == 1


async def test_the_figures_tell_what_happens(service, author):
    """Requests are counted by route and status, rules by name; lag, queue and clients are shown."""
    idea_id = await author.log_idea()
    await author.vote(idea_id)
    answer = await service.client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text
    assert 'http_request_seconds_count{method="POST",route="/api/v1/ideas",status="201"}' in lines
    assert 'route="/api/v1/ideas/{idea_id}/vote",status="409"' in lines
    assert 'open_impact_rules_broken_total{rule="own-idea"}' in lines
    for name in ("appends_queued", "event_stream_clients", "database_up"):
        assert f"\nopen_impact_{name} " in lines
    for projection in ("idea_board", "idea_detail", "audit_history"):
        assert f'open_impact_projection_lag_events{{generation="live",projection="{projection}"}}' in lines
    assert str(idea_id) not in lines


async def test_made_up_methods_and_addresses_do_not_become_figures(service):
    """A caller cannot fill the figures with names of their own."""
    await asyncio.gather(*(service.client.request("BREW", f"/pot/{number}") for number in range(5)))
    lines = (await service.client.get("/metrics")).text
    assert "BREW" not in lines
    assert "/pot" not in lines
    assert 'method="other",route="unknown"' in lines
