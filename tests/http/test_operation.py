"""Health and figures: alive while the process lives, ready while it can serve, counted by route."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.access import accounts, tokens
from app.asgi import create_app
from app.http import operation
from app.http.resources import NoDatabaseError
from app.settings import Settings
from events.memory import MemoryStore
from tests.http.conftest import IDEA, SECRET, Service, running
from tests.http.waiting import until

pytestmark = pytest.mark.asyncio


async def test_a_healthy_process_is_alive_and_ready(service):
    """All checks are ok once the read models are there and the log is followed."""
    assert (await service.client.get("/health/live")).json()["status"] == "ok"
    await until(service.resources.tail.is_fresh)
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
    for state in ("active", "behind", "paused", "resting", "unverified"):
        assert f'open_impact_webhook_endpoints{{state="{state}"}} 0.0' in lines
    for state in ("waiting", "delivered", "aborted"):
        assert f'open_impact_webhook_deliveries{{state="{state}"}} 0.0' in lines
    assert "\nopen_impact_webhook_oldest_due_seconds 0.0" in lines
    assert str(idea_id) not in lines


async def test_made_up_methods_and_addresses_do_not_become_figures(service):
    """A caller cannot fill the figures with names of their own."""
    await asyncio.gather(*(service.client.request("BREW", f"/pot/{number}") for number in range(5)))
    lines = (await service.client.get("/metrics")).text
    assert "BREW" not in lines
    assert "/pot" not in lines
    assert 'method="other",route="unknown"' in lines


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("203.0.113.7", {}),
        ("203.0.113.7", {"x-forwarded-for": "127.0.0.1"}),
        ("203.0.113.7", {"forwarded": "for=127.0.0.1"}),
        ("203.0.113.7", {"host": "localhost"}),
        ("10.0.0.1", {}),
        ("::ffff:203.0.113.7", {}),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
        ("127.0.0.1", {"via": "1.1 a-proxy"}),
        ("203.0.113.7", {"authorization": "Bearer nonsense"}),
    ],
)
async def test_the_figures_are_not_there_for_others(service, peer, headers):
    """Whoever comes from elsewhere, or by way of a proxy on this machine, meets an address where nothing is."""
    async with coming_from(service, peer) as client:
        answer = await client.get("/metrics", headers=headers)
        nowhere = await client.get("/nowhere", headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (404, nowhere.json()["detail"])


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
async def test_the_figures_are_there_on_the_machine_itself(service, peer):
    """Whatever address of this very machine somebody comes from, they see the figures and every check."""
    await until(service.resources.tail.is_fresh)
    async with coming_from(service, peer) as client:
        assert "open_impact_database_up 1.0" in (await client.get("/metrics")).text
        assert (await client.get("/health/ready")).json()["checks"]["database"] == "ok"


async def test_operators_see_how_the_service_runs_from_anywhere(service, author):
    """An operator's token opens the figures and the checks from elsewhere; another's, and none, learn the state alone."""
    await until(service.resources.tail.is_fresh)
    async with coming_from(service, "203.0.113.7") as client:
        assert (await client.get("/health/ready")).json() == {"status": "ok", "checks": {}}
        own = {"authorization": f"Bearer {author.token}"}
        assert (await client.get("/health/ready", headers=own)).json() == {"status": "ok", "checks": {}}
        assert (await client.get("/metrics", headers=own)).status_code == 404
        pool = service.resources.pool
        operator_id = await accounts.add(pool, email="runs@example.org", name="Olu Sample", role="operator")
        token = await tokens.create(pool, person_id=operator_id, scopes=("read",))
        headers = {"authorization": f"Bearer {token}"}
        assert (await client.get("/metrics", headers=headers)).status_code == 200
        assert (await client.get("/health/ready", headers=headers)).json()["checks"]["schema"] == "ok"


async def test_a_process_that_cannot_serve_says_no_more_to_others(own_service, monkeypatch):
    """Others learn from the status that the process cannot serve, and not why."""
    monkeypatch.setattr(operation, "CHECK_SECONDS", 0.2)
    await own_service.resources.pool.close()
    async with coming_from(own_service, "203.0.113.7") as client:
        ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable", "checks": {}})


@asynccontextmanager
async def coming_from(service: Service, peer: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client at an address."""
    transport = httpx.ASGITransport(service.app, raise_app_exceptions=False, client=(peer, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client
