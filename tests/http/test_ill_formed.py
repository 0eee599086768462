"""A sweep of wrong requests over the whole surface: each is refused in one clear sentence, and changes nothing."""

from datetime import UTC, datetime

import httpx
import msgspec
import psycopg
import pytest
import pytest_asyncio

from app.access import accounts, sessions, tokens
from app.access.policy import FRESH_FOR
from app.access.scopes import SCOPES
from app.asgi import create_app
from app.command_handling import Cause, Handler
from app.http.public_log import PublicLog
from app.settings import Settings
from app.webhooks.dispatching import Dispatcher
from domain.community import COMMUNITY, AppointSteward, OpenCommunity
from domain.organisation import ORGANISATION, ROLES, RegisterOrganisation
from domain.person import PERSON, JoinPerson
from events.connections import open_pool
from events.contracts import VotingRules
from events.postgres import open_store
from events.streams import community_id, community_stream, new_id, organisation_stream, person_stream
from tests.conftest import SECRET, TEMPLATE
from tests.http.conftest import IDEA, prepared, read_models_running
from tests.http.ill_formed import Ill, ill_addresses, ill_bodies, ill_forms, ill_headers, path_of, send
from tests.http.matrix import operations_of
from tests.http.processes import free_port, process, ready

pytestmark = pytest.mark.asyncio

APP = create_app(Settings(database_url="postgresql://nowhere/none"))
OPERATIONS = operations_of(APP)
DOCUMENT = msgspec.json.decode(msgspec.json.encode(APP.openapi_schema.to_schema()))
SLUG = "swept"


def parameters_of(name):
    """List the parameters in an operation's address, by the API's description; none of what it does not describe."""
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            if operation["operationId"] == name:
                return [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
    return None


class Swept:
    """A service on its own port, and one person who may do everything, so that nothing is refused for who asks."""

    def __init__(self, port, pool, connection, person_id, named):
        self.port, self.pool, self.person_id, self.named = port, pool, person_id, named
        self.connection, self.session = connection, None

    async def credentials(self, rule):
        """Give the headers of the person: a session where a page asks, or a token. A session stays for one operation.

        What needs a fresh proof refuses a session after five minutes for that alone, and nothing else would be tried.
        """
        if rule.session or rule.scope is None:
            if self.session is None:
                self.session = await sessions.begin(self.pool, person_id=self.person_id, proved_by="passkey")
            return ((b"cookie", b"session=" + self.session.encode()), (b"sec-fetch-site", b"same-origin"))
        return ((b"authorization", b"Bearer " + self.named["token"].encode()),)

    async def is_fresh(self):
        """Tell whether the session, where there is one, goes on and was proved just now."""
        return self.session is None or await self.connection.fetchval(
            "SELECT revoked_at IS NULL AND proved_at > now() - $2::interval FROM sessions WHERE digest = $1",
            sessions.digest_of(self.session),
            FRESH_FOR,
        )

    async def position(self):
        """Tell where the log ends."""
        return await self.connection.fetchval("SELECT coalesce(max(position), 0) FROM events")


@pytest_asyncio.fixture(scope="module")
async def swept(postgres_server):
    """Run a service with an idea, a community and an organisation, all of one operator."""
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE swept TEMPLATE {TEMPLATE}")
    url, port, now = postgres_server.url.rpartition("/")[0] + "/swept", free_port(), datetime.now(UTC)
    async with (
        read_models_running(prepared(url)),
        open_pool(url, name="tests", size_max=3) as pool,
        pool.acquire() as connection,
        open_store(url, pool=pool, secret=SECRET) as store,
        process(url, port, OPEN_IMPACT_LIMITS_FACTOR="1000000", OPEN_IMPACT_LOG_LEVEL="error"),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client,
    ):
        await ready(client)
        handler, organisation_id, identifier = Handler(store), new_id(), community_id(SLUG)
        person_id = await accounts.add(pool, email="all@example.org", name="Ada Sample", role="operator")
        for decider, stream, command in (
            (
                PERSON,
                person_stream(person_id),
                JoinPerson(now=now, person_id=person_id, origin="account", name="Ada"),
            ),
            (
                COMMUNITY,
                community_stream(identifier),
                OpenCommunity(
                    now=now,
                    community_id=identifier,
                    slug=SLUG,
                    name="Swept",
                    rules=VotingRules(support_threshold=3),
                ),
            ),
            (
                COMMUNITY,
                community_stream(identifier),
                AppointSteward(now=now, community_id=identifier, person_id=person_id),
            ),
            (
                ORGANISATION,
                organisation_stream(organisation_id),
                RegisterOrganisation(
                    now=now, organisation_id=organisation_id, person_id=person_id, name="Org", roles=ROLES
                ),
            ),
        ):
            await handler.handle(decider, stream, command, cause=Cause())
        # The list of endpoints waits for this reactor, which no worker runs here.
        await Dispatcher(pool, store, PublicLog(b"secret")).react()
        token = await tokens.create(pool, person_id=person_id, scopes=SCOPES)
        logged = await client.post(
            "/api/v1/ideas", json={**IDEA, "community": SLUG}, headers={"authorization": f"Bearer {token}"}
        )
        named = {"idea_id": logged.json()["idea_id"], "slug": SLUG, "community": SLUG, "token": token}
        yield Swept(port, pool, connection, person_id, named | {"organisation_id": str(organisation_id)})


def ill_requests(operation, named):
    """Make every wrong request to an operation."""
    path = path_of(operation, named)
    if operation.body is not None:
        example = {key: named.get(key, value) for key, value in operation.body.items()}
        yield from ill_bodies(operation, path, example)
    elif operation.method == "POST" and not path.startswith("/api"):
        yield from ill_forms(operation, path)
    yield from ill_addresses(operation, named, parameters_of(operation.name))
    yield from ill_headers(operation, path)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path} {each.name}")
async def test_what_is_wrong_is_refused_in_a_sentence_and_changes_nothing(swept, operation):
    """Whatever is wrong with a request, it is answered in time, never with 5xx, in words, and nothing is recorded."""
    swept.session = None
    faults, before = [], await swept.position()
    for request in ill_requests(operation, swept.named):
        try:
            answer = await send(swept.port, request, await swept.credentials(operation.rule))
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            faults.append(f"{request.what}: no answer, {error!r}")
            continue
        if fault := fault_of(request, answer):
            faults.append(f"{request.what}: {answer.status}, {fault}; {answer.body[:200]!r}")
        after = await swept.position()
        if answer.status >= 400 and after != before:
            faults.append(f"{request.what}: refused with {answer.status}, and recorded all the same")
        if answer.status < 400 and request.method != "GET":
            swept.session = None  # What was let in may have ended it.
        before = after
    assert await swept.is_fresh(), (
        "a request that was refused ended the session: what came after it was refused for that"
    )
    assert faults == [], "\n".join(faults)


def fault_of(request: Ill, answer):
    """Tell what is wrong with an answer, if anything is."""
    if answer.status >= 500:
        return "5xx"
    if answer.status < 400:
        return "let in" if request.must_fail else None
    kind = answer.headers.get("content-type", "")
    if request.method == "HEAD" or "x-request-id" not in answer.headers:
        return None  # The server itself refuses what is no HTTP.
    if kind == "application/problem+json":
        problem = msgspec.json.decode(answer.body)
        return None if problem["detail"].endswith((".", "!", "?")) else "no sentence"
    return None if kind.startswith("text/html") else f"no problem but {kind}"
