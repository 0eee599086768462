"""Limits: few are counted exactly in all processes, many without asking each time, and never does Valkey stop anybody."""

import asyncio
import os
import re
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import redis
from structlog.testing import capture_logs

from app.access import limits as table
from app.access.limits import VOTE, WRITE
from app.access.policy import RULES
from app.asgi import create_app
from app.embedded.valkey import embedded_valkey
from app.http import limits
from app.http.limits import Limits, TooManyRequestsError, open_limits
from app.settings import Settings
from tests.http.conftest import SECRET, serving
from tests.http.lines import line_to
from tests.http.test_serve import free_port, ready

pytestmark = pytest.mark.asyncio

# Here the counting is under test, not the deadline: a busy machine must not fall back to counting alone.
PROGRAM = (
    "import os, sys; from app.http import limits; limits.ANSWER_SECONDS = 60.0; from app.serve import serve;"
    " from app.settings import Settings; serve(Settings.from_environment(os.environ), '127.0.0.1', int(sys.argv[1]))"
)
AMOUNT = next(limit.amount for limit in VOTE.limits if limit.per == "account")


def settings(url=None, factor=1.0):
    """Give settings for limits."""
    return Settings(redis_url=url, secret_key=SECRET, limits_factor=factor)


@pytest.fixture
def patient(monkeypatch):
    """Wait for Valkey as long as it takes, where the deadline is not under test."""
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 60.0)


@asynccontextmanager
async def web_process(url, redis_url, factor):
    """Run a web process on the database and on Valkey, and give its address."""
    port = free_port()
    environment = os.environ | {
        "OPEN_IMPACT_DATABASE_URL": url,
        "OPEN_IMPACT_REDIS_URL": redis_url,
        "OPEN_IMPACT_SECRET_KEY": SECRET,
        "OPEN_IMPACT_LIMITS_FACTOR": repr(factor),
    }
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, str(port), env=environment)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        await child.wait()


async def passed(limited, times, **who):
    """Ask so many times at once, and count how often it was let through."""

    async def ask():
        try:
            await limited.require("castVote", **who)
        except TooManyRequestsError:
            return False
        return True

    return sum(await asyncio.gather(*(ask() for _ in range(times))))


async def test_four_processes_let_exactly_ten_of_two_hundred_pass(database_url, redis_url):
    """Of 200 requests sent at once to 4 processes against a limit of 10, exactly 10 pass and 190 hear when to come back."""
    async with AsyncExitStack() as held:
        service = await held.enter_async_context(serving(database_url))
        author, voter = await service.person(), await service.person()
        idea_id = await author.log_idea()
        places = [
            await held.enter_async_context(web_process(database_url, redis_url, 10 / AMOUNT))
            for _ in range(4)
        ]
        client = await held.enter_async_context(
            httpx.AsyncClient(timeout=120, limits=httpx.Limits(max_connections=200))
        )
        for place in places:
            client.base_url = place
            await ready(client)
        answers = await asyncio.gather(
            *(
                client.put(
                    f"{places[number % 4]}/api/v1/ideas/{idea_id}/vote",
                    headers={"authorization": f"Bearer {voter.token}"},
                )
                for number in range(200)
            )
        )
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(429)) == (10, 190)
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-policy"] == '"vote-account";q=10;w=60'
    assert refused.headers["ratelimit"].startswith('"vote-account";r=0;t=')
    assert refused.json()["type"] == "urn:open-impact:too-many-requests"


async def test_a_limit_of_many_is_kept_by_four_processes_without_asking_for_each(redis_url, patient):
    """Of many, what a process lets through without asking is a twentieth of the limit at most, and is settled beyond it."""
    async with AsyncExitStack() as held:
        four = [await held.enter_async_context(open_limits(settings(redis_url))) for _ in range(4)]
        account, other = uuid4(), uuid4()
        assert await passed(four[0], AMOUNT // 20, account=other) == AMOUNT // 20
        with redis.Redis.from_url(redis_url) as valkey:
            assert valkey.dbsize() == 0
        let_in = await asyncio.gather(*(passed(each, AMOUNT, account=account) for each in four))
    assert AMOUNT <= sum(let_in) <= AMOUNT + 4 * (AMOUNT // 20)


async def test_a_lone_process_keeps_a_limit_of_many_exactly(redis_url, patient):
    """What was let through without asking counts as soon as somebody goes beyond it."""
    async with open_limits(settings(redis_url)) as limited:
        assert await passed(limited, AMOUNT * 2, account=uuid4()) == AMOUNT


async def test_each_is_counted_by_itself(redis_url, patient):
    """Accounts and addresses are counted apart, one IPv6 network together, and a key whoever sends it."""
    async with open_limits(settings(redis_url, 10 / AMOUNT)) as limited:
        assert await passed(limited, 20, account=uuid4()) == 10
        assert await passed(limited, 20, account=uuid4()) == 10
        assert await passed(limited, 20, address="2001:db8::1") == 10
        assert await passed(limited, 20, address="2001:db8::2") == 0
        assert await passed(limited, 20, address="2001:db8:0:1::1") == 10
    async with open_limits(settings(redis_url)) as limited:
        for _ in range(5):
            await limited.require("ask_for_link", key="ada@example.org", address="203.0.113.7")
        with pytest.raises(TooManyRequestsError):
            await limited.require("ask_for_link", key="ada@example.org", address="203.0.113.8")
        await limited.require("ask_for_link", key="tom@example.org", address="203.0.113.7")
    with redis.Redis.from_url(redis_url) as valkey:
        names = b" ".join(valkey.keys("*"))
    assert b"sign-in-link-key" in names
    assert b"ada" not in names
    assert b"203.0.113" not in names


async def test_a_key_without_a_limit_is_a_mistake():
    """Whoever counts by a key that no limit is stated for hears of it at once."""
    with pytest.raises(LookupError):
        await Limits(settings(), None).require("castVote", key="anything")


async def test_a_limit_of_more_than_a_million_is_none():
    """Load tests raise the limits so far that nothing is counted any more."""
    assert await passed(Limits(settings(factor=1e9), None), 5_000, account=1) == 5_000


async def test_without_valkey_each_process_counts_by_itself():
    """Where no Valkey is set, limits hold within a process."""
    limited = Limits(settings(factor=10 / AMOUNT), None)
    assert await passed(limited, 50, account=1) == 10


async def test_valkey_that_is_away_stops_nobody(servers_folder, tmp_path_factory, monkeypatch):
    """While Valkey is away or silent, each process counts by itself, says so once, and shares again by itself."""
    monkeypatch.setattr(limits, "REST_SECONDS", 0.1)
    with embedded_valkey(servers_folder / "limits") as server:
        async with line_to(server.url) as line, open_limits(settings(line.url, 10 / AMOUNT)) as limited:
            assert await passed(limited, 1, account=1) == 1
            with capture_logs() as logs:
                await line.cut()
                for _ in range(3):
                    async with asyncio.timeout(5):
                        assert await passed(limited, 20, account=uuid4()) == 10
                    await asyncio.sleep(0.15)
                await line.mend()
                async with asyncio.timeout(20):
                    while not any(line["event"] == "limits_shared" for line in logs):
                        await passed(limited, 1, account=uuid4())
                        await asyncio.sleep(0.05)
            assert [line["event"] for line in logs] == ["limits_alone", "limits_shared"]


async def test_valkey_that_does_not_answer_stops_nobody(monkeypatch):
    """A Valkey that takes connections and says nothing costs one wait, after which it is left alone."""
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 0.1)
    held = []
    silent = await asyncio.start_server(lambda _reader, writer: held.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    try:
        async with open_limits(settings(f"redis://127.0.0.1:{port}/0", 10 / AMOUNT)) as limited:
            with capture_logs() as logs:
                async with asyncio.timeout(5):
                    for _ in range(20):
                        await passed(limited, 10, account=uuid4())
        assert [line["event"] for line in logs] == ["limits_alone"]
    finally:
        for writer in held:
            writer.transport.abort()
        silent.close()


async def test_a_header_of_ones_own_gives_no_new_address(database_url):
    """Whoever is not a trusted proxy is counted by the address they come from, whatever they send."""
    factor = 5 / next(limit.amount for limit in WRITE.limits if limit.per == "address")
    async with serving(database_url, limits_factor=factor, trusted_proxies="10.0.0.0/8") as service:

        async def statuses(peer):
            transport = httpx.ASGITransport(service.app, raise_app_exceptions=False, client=(peer, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return [
                    (
                        await client.post(
                            "/api/v1/ideas", headers={"x-forwarded-for": f"198.51.100.{number}"}
                        )
                    ).status_code
                    for number in range(10)
                ]

        assert await statuses("203.0.113.7") == [401] * 5 + [429] * 5
        assert await statuses("10.0.0.1") == [401] * 10


async def test_a_refused_person_sees_a_page(database_url):
    """In a browser, too much is a page with a sentence; what everybody may read is counted with it, a file never."""
    factor = 2 / next(limit.amount for limit in table.READ.limits if limit.per == "address")
    async with serving(database_url, limits_factor=factor) as service:
        for _ in range(3):
            answer = await service.client.get("/about", headers={"accept": "text/html"})
        assert answer.status_code == 429
        assert "One moment, please" in answer.text
        assert (await service.client.get("/api/v1/themes")).status_code == 429
        assert (await service.client.get("/static/icon.svg")).status_code == 200


async def test_the_document_tells_what_is_limited():
    """The OpenAPI document shows 429 for exactly the operations that have limits."""
    app = create_app(Settings(database_url="postgresql://nowhere/none"))
    for path in app.openapi_schema.to_schema()["paths"].values():
        for method in ("get", "post", "put", "patch", "delete"):
            if (operation := path.get(method)) is not None:
                limited = table.allowance_of(operation["operationId"], writes=method != "get").limits
                assert ("429" in operation["responses"]) is bool(limited), operation["operationId"]


async def test_every_entry_of_the_table_is_used():
    """An entry is a route's operation or what a handler counts by itself, and a limit by key is counted somewhere."""
    counted = [
        each
        for path in (Path(limits.__file__).parents[1]).rglob("*.py")
        for each in re.findall(r'limits\.require\(\s*"(\w+)",\s*(\w+)=', path.read_text())
    ]
    keyed = {name for name, by in counted if by == "key"}
    assert table.ALLOWANCES.keys() <= RULES.keys() | {name for name, _ in counted}
    for name, allowance in table.ALLOWANCES.items():
        sharing = {other for other, theirs in table.ALLOWANCES.items() if theirs is allowance}
        by_key = any(limit.per == "key" for limit in allowance.limits)
        assert bool(sharing & keyed) is by_key, (
            f"{name} is limited by a key that nobody counts, or the other way round"
        )
    stated = {value for value in vars(table).values() if isinstance(value, table.Allowance)}
    assert {each.name for each in stated} == {
        each.name for each in (*table.ALLOWANCES.values(), table.READ, table.WRITE)
    }


async def test_nobody_is_without_a_limit():
    """Every operation has an allowance with a limit for addresses and accounts; what is free is listed here."""
    free = {name for name in RULES if not table.allowance_of(name, writes=True).limits}
    assert free == {"isAlive", "isReady", "getMetrics", "serve_static"}
    for name in RULES.keys() - free:
        limits_of = table.allowance_of(name, writes=True).limits
        assert {"address", "account"} <= {limit.per for limit in limits_of}, name
