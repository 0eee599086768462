"""Every operation is allowed to exactly those who may do it: a matrix of all operations and a cast of all roles."""

import asyncio
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import httpx
import msgspec
import psycopg
import pytest
import pytest_asyncio

from app.access import accounts, sessions, tokens
from app.access.policy import RULES
from app.access.scopes import SCOPES
from app.asgi import create_app
from app.command_handling import Cause
from app.http.cookies import SESSION
from app.http.mandate_bodies import NewMandate
from app.http.mandate_examples import NEW_MANDATE
from app.settings import Settings
from app.webhooks.signing import new_keys, public_key_of
from domain.community import COMMUNITY, AppointSteward, RemoveSteward
from domain.endpoint import ENDPOINT, RegisterEndpoint, Subscription
from domain.mandate import MANDATE, PublishMandate
from domain.organisation import (
    ORGANISATION,
    AddMember,
    ChangeRoles,
    OrganisationCommand,
    RegisterOrganisation,
)
from events.streams import (
    community_id,
    community_stream,
    endpoint_stream,
    mandate_stream,
    new_id,
    organisation_stream,
)
from tests.conftest import TEMPLATE
from tests.http.conftest import Person, Service, serving
from tests.http.matrix import (
    CAST,
    ORGANISATION_ROLES,
    STALE_MINUTES,
    Operation,
    Player,
    is_let_in,
    operations_of,
)
from tests.http.streams import ENDLESS

pytestmark = pytest.mark.asyncio

OPERATIONS = operations_of(create_app(Settings(database_url="postgresql://nowhere/none")))
REFUSED = {401, 403}
NOT_THERE = {404}
"""How what is for the machine itself is refused."""
OF_THE_WHOLE_LOG = {"download_history_csv", "download_history_lines"}
"""What grows with every scene that was made for another operation."""
ELSEWHERE = ("203.0.113.7", 4711)
KNOWN_FOR_SECONDS = 1.0


class World:
    """Two communities and two ideas with people in every role; what addresses name is always A's."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.people: dict[str, UUID] = {}
        transport = httpx.ASGITransport(service.app, raise_app_exceptions=False, client=ELSEWHERE)
        self.elsewhere = httpx.AsyncClient(transport=transport, base_url="http://testserver")
        self._numbers = count(1)

    async def person(self, part: str) -> UUID:
        """Give who plays a part, the same person each time."""
        if part not in self.people:
            role = "operator" if part == "operator" else "member"
            email = f"{part.replace(' ', '-')}@cast.example"
            pool = self.service.resources.pool
            self.people[part] = await accounts.add(pool, email=email, name=f"The {part}", role=role)
        return self.people[part]

    async def scene(self) -> dict[str, str]:
        """Make communities and ideas anew, and give the names that addresses and bodies of A use."""
        slugs = {which: f"{which.lower()}-{next(self._numbers)}" for which in "AB"}
        named: dict[str, str] = {"delivery_id": "1"}
        for which, slug in slugs.items():
            await self.service.community(slug)
            await self.appoint(slug, await self.person(f"steward {which}"))
            idea = await self._idea(slug, "author" if which == "A" else "author B")
            organisation = await self.organisation(which)
            if which == "A":
                named["organisation_id"] = str(organisation)
                named["mandate_id"] = str(await self.mandate(organisation, await self.person("funder A")))
                named["endpoint_id"] = str(await self.endpoint(organisation, await self.person("admin A")))
            named |= {} if which == "B" else {"idea_id": str(idea), "slug": slug, "community": slug}
        return named

    async def organisation(self, which: str) -> UUID:
        """Register an organisation in which each role has one person, and who registered it is a further one."""
        identifier, first = new_id(), await self.person(f"founder {which}")
        founded = RegisterOrganisation(
            now=datetime.now(UTC), organisation_id=identifier, person_id=first, name=f"The {which}s"
        )
        await self._organisation(founded)
        for role in ORGANISATION_ROLES:
            person_id = await self.person(f"{role} {which}")
            await self._organisation(
                AddMember(
                    now=datetime.now(UTC),
                    organisation_id=identifier,
                    person_id=person_id,
                    roles=(role,),
                    invited_by=first,
                )
            )
        return identifier

    async def mandate(self, organisation_id: UUID, person_id: UUID) -> UUID:
        """Publish a mandate of an organisation."""
        identifier, now = new_id(), datetime.now(UTC)
        body = {**NEW_MANDATE, "organisation_id": str(organisation_id)}
        statement = msgspec.convert(body, NewMandate).statement(now)
        command = PublishMandate(
            now=now,
            mandate_id=identifier,
            organisation_id=organisation_id,
            person_id=person_id,
            statement=statement,
        )
        await self.service.resources.handler.handle(
            MANDATE, mandate_stream(identifier), command, cause=Cause()
        )
        return identifier

    async def endpoint(self, organisation_id: UUID, person_id: UUID) -> UUID:
        """Register an endpoint for an organisation."""
        identifier = new_id()
        command = RegisterEndpoint(
            now=datetime.now(UTC),
            endpoint_id=identifier,
            by=person_id,
            organisation_id=organisation_id,
            subscription=Subscription(url="https://hooks.example.org/", types=("*",)),
            key_id=new_id(),
            public_key=public_key_of(new_keys()),
        )
        await self.service.resources.handler.handle(
            ENDPOINT, endpoint_stream(identifier), command, cause=Cause()
        )
        return identifier

    async def take_roles(self, organisation_id: UUID, part: str, which: str) -> None:
        """Leave somebody no role in an organisation but that of a member."""
        await self._organisation(
            ChangeRoles(
                now=datetime.now(UTC),
                organisation_id=organisation_id,
                person_id=await self.person(part),
                roles=(),
                by=await self.person(f"founder {which}"),
            )
        )

    async def _organisation(self, command: OrganisationCommand) -> None:
        handler, stream = self.service.resources.handler, organisation_stream(command.organisation_id)
        await handler.handle(ORGANISATION, stream, command, cause=Cause())

    async def appoint(self, slug: str, person_id: UUID) -> None:
        """Make somebody a steward."""
        identifier = community_id(slug)
        await self._steward(
            AppointSteward(now=datetime.now(UTC), community_id=identifier, person_id=person_id)
        )

    async def dismiss(self, slug: str, person_id: UUID) -> None:
        """Take a stewardship away."""
        identifier = community_id(slug)
        await self._steward(
            RemoveSteward(
                now=datetime.now(UTC), community_id=identifier, person_id=person_id, reason="Moved away."
            )
        )

    async def _steward(self, command: AppointSteward | RemoveSteward) -> None:
        handler, stream = self.service.resources.handler, community_stream(command.community_id)
        await handler.handle(COMMUNITY, stream, command, cause=Cause())

    async def _idea(self, slug: str, part: str) -> UUID:
        person_id = await self.person(part)
        token = await tokens.create(self.service.resources.pool, person_id=person_id, scopes=SCOPES)
        return await Person(self.service.client, person_id, token).log_idea(community=slug)

    async def credentials(self, player: Player, rule_scope: str | None = None) -> dict[str, str]:
        """Give the headers with which a player comes, made for this once."""
        pool = self.service.resources.pool
        if player.via == "nothing":
            return {"sec-fetch-site": "same-origin"}
        if player.via == "invalid":
            return {"authorization": f"Bearer {tokens._new_token()}"}
        person_id = await self.person(player.part)
        if player.via == "token":
            scopes = [scope for scope in SCOPES if player.scoped or scope != rule_scope]
            return {
                "authorization": f"Bearer {await tokens.create(pool, person_id=person_id, scopes=scopes)}",
                "sec-fetch-site": "same-origin",
            }
        secret = await sessions.begin(pool, person_id=person_id, proved_by=player.proved_by)
        if player.stale:
            await pool.execute(
                "UPDATE sessions SET proved_at = now() - make_interval(mins => $2) WHERE digest = $1",
                sessions.digest_of(secret),
                STALE_MINUTES,
            )
        https = self.service.resources.is_https
        site = "cross-site" if player.foreign else "same-origin"
        return {"cookie": f"{SESSION.name(https=https)}={secret}", "sec-fetch-site": site}

    async def play(self, operation: Operation, player: Player, named: dict[str, str]) -> httpx.Response:
        """Send the operation as a player would."""
        headers = await self.credentials(player, operation.rule.scope)
        body = None if operation.body is None else msgspec.json.encode(_filled(operation.body, named))
        if body is not None:
            headers["content-type"] = "application/json"
        # HEAD asks the same rule, and ends.
        method = "HEAD" if operation.name in {*ENDLESS, *OF_THE_WHOLE_LOG} else operation.method
        # Where an address names a person it is who asks: everybody may try it on themselves.
        path = operation.path.format_map(_Names(named, person_id=await self.person(player.part)))
        client = self.service.client if player.here else self.elsewhere
        return await client.request(method, path, headers=headers, content=body)


class _Names(dict[str, object]):
    """Names for addresses; what the world does not know is something that is not there."""

    def __missing__(self, name: str) -> str:
        return str(new_id())


def _filled(example: object, named: dict[str, str]) -> object:
    """Put the world's names into the example of a body."""
    if not isinstance(example, dict):
        return example
    return {key: named.get(key, value) for key, value in example.items()}


@pytest_asyncio.fixture(scope="module")
async def world(postgres_server):
    """Give one application with a log of its own, where only a passkey is a fresh proof."""
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE authorisation TEMPLATE {TEMPLATE}")
    url = postgres_server.url.rpartition("/")[0] + "/authorisation"
    async with serving(url, step_up="passkey") as service:
        yield World(service)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path} {each.name}")
async def test_an_operation_is_for_those_whom_its_rule_names(world, operation):
    """Those whom the rule keeps out get 401 or 403, or 404, and change nothing; all others get in."""
    refused = NOT_THERE if operation.rule.who == "machine" else REFUSED
    named = await world.scene()
    head = await world.service.resources.store.head()
    for player in CAST:
        if not is_let_in(operation, player):
            answer = await world.play(operation, player, named)
            assert answer.status_code in refused, (player.name, answer.text)
            if refused is REFUSED:
                _explains_itself(answer, player)
            assert await world.service.resources.store.head() == head, player.name
    for player in CAST:
        if is_let_in(operation, player):
            answer = await world.play(operation, player, named)
            assert answer.status_code not in REFUSED, (player.name, answer.text)
            assert refused is REFUSED or answer.status_code == 200, (player.name, answer.text)
            assert answer.status_code < 500, (player.name, answer.text)


def _explains_itself(answer: httpx.Response, player: Player) -> None:
    known = player.via not in {"nothing", "invalid"}
    assert (answer.status_code == 403) == known, player.name
    assert ("www-authenticate" in answer.headers) or known, player.name
    if answer.request.method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json", player.name
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["detail"].endswith((".", "!")), problem


async def test_the_matrix_is_whole(capsys):
    """Every rule is in the matrix, and every role of every rule is played."""
    assert {operation.name for operation in OPERATIONS} == set(RULES)
    cells = len(OPERATIONS) * len(CAST)
    with capsys.disabled():
        print(f"\nauthorisation: {len(OPERATIONS)} operations x {len(CAST)} actors = {cells} cells")  # noqa: T201  # Told here alone.
    outcomes = [is_let_in(operation, player) for operation in OPERATIONS for player in CAST]
    assert len(outcomes) == cells
    assert any(outcomes)
    assert not all(outcomes)


@pytest.mark.parametrize("via", ["token", "session"])
async def test_a_stewardship_that_was_taken_away_is_gone_at_once(world, via):
    """Whoever was a steward a moment ago is none, by token and by session."""
    operation = _operation("setVotesAside")
    named = await world.scene()
    steward = Player(name="a steward", part="steward A", via=via, proved_by="passkey")
    assert (await world.play(operation, steward, named)).status_code not in REFUSED
    await world.dismiss(named["slug"], world.people["steward A"])
    assert (await world.play(operation, steward, named)).status_code == 403
    assert await world.service.resources.store.head() > 0


@pytest.mark.parametrize("via", ["token", "session"])
async def test_a_role_in_an_organisation_that_was_taken_away_is_gone_at_once(world, via):
    """Whoever administered an organisation a moment ago does not, by token and by session, and is a member still."""
    named = await world.scene()
    admin = Player(name="an administrator", part="admin A", via=via, proved_by="passkey")
    assert (await world.play(_operation("sendInvitation"), admin, named)).status_code == 201
    await world.take_roles(UUID(named["organisation_id"]), "admin A", "A")
    assert (await world.play(_operation("sendInvitation"), admin, named)).status_code == 403
    assert (await world.play(_operation("listMembers"), admin, named)).status_code == 200


@pytest.mark.parametrize("via", ["token", "session"])
async def test_an_operator_no_longer_is_one_after_a_second(world, via):
    """A role taken away in the accounts is gone within a second, though credentials are known in memory."""
    operation, pool = _operation("setVotesAside"), world.service.resources.pool
    named = await world.scene()
    headers = await world.credentials(
        Player(name="an operator", part="operator", via=via, proved_by="passkey"), None
    )

    async def status() -> int:
        path = operation.path.format_map(named)
        return (await world.service.client.post(path, headers=headers, json=operation.body)).status_code

    assert await status() not in REFUSED
    await pool.execute(
        "UPDATE accounts SET role = 'member' WHERE person_id = $1", await world.person("operator")
    )
    try:
        await asyncio.sleep(KNOWN_FOR_SECONDS)
        assert await status() == 403
    finally:
        await pool.execute(
            "UPDATE accounts SET role = 'operator' WHERE person_id = $1", await world.person("operator")
        )
        await asyncio.sleep(KNOWN_FOR_SECONDS)


@pytest.mark.parametrize("via", ["token", "session"])
async def test_a_credential_that_was_ended_is_gone_after_a_second(world, via):
    """A token that was revoked, and a session that was ended elsewhere, let nobody in a second later."""
    pool = world.service.resources.pool
    headers = await world.credentials(Player(name="a stranger", via=via))

    async def status() -> int:
        return (await world.service.client.get("/api/v1/me", headers=headers)).status_code

    assert await status() == 200
    person_id = await world.person("stranger")
    await pool.execute("UPDATE tokens SET revoked_at = now() WHERE person_id = $1", person_id)
    await sessions.revoke(pool, person_id=person_id)
    await asyncio.sleep(KNOWN_FOR_SECONDS)
    assert await status() == 401


async def test_what_was_given_is_not_taken_for_the_other(world):
    """A person's own idea does not make them the author of another's."""
    named = await world.scene()
    operation = _operation("reviseIdea")
    other = Player(name="author of B", part="author B")
    assert (await world.play(operation, other, named)).status_code == 403


def _operation(name: str) -> Operation:
    return next(operation for operation in OPERATIONS if operation.name == name)
