"""A team that uses what is published and nothing else: it registers endpoints over the API, and reads schemas and the log."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from jsonschema import Draft202012Validator
from msgspec import Struct, field
from referencing import Registry, Resource

from app.access import accounts, tokens
from app.access.scopes import SCOPES
from app.embedded.ports import free_port
from events.connections import Pool
from events.contracts import EndpointFormat
from ops.faults.hooks import environment, kill
from ops.faults.http_line import HttpLine, NoAnswerError
from ops.faults.surroundings import came_true

_START_SECONDS = 60.0
_PAGE = 100


class Registered(Struct, kw_only=True):
    """An endpoint as its owner has it: how it is written to, and by key its secret as it was shown, and its public key."""

    id: str
    written_as: EndpointFormat
    secrets: dict[str, str]
    public_keys: dict[str, str] = field(default_factory=dict)


class ContractReader:
    """Speaks to one web process as a person with a token."""

    def __init__(self, line: HttpLine, token: str) -> None:
        self._line = line
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    async def registered(self, url: str, written_as: EndpointFormat) -> Registered:
        """Register an endpoint for all events."""
        said = await self._post("", {"url": url, "types": ["*"], "format": written_as})
        secrets = {said["key_id"]: said["secret"]}
        return Registered(id=said["endpoint_id"], written_as=written_as, secrets=secrets)

    async def rotate(self, endpoint: Registered) -> None:
        """Let an endpoint have a second key beside its first."""
        said = await self._post(f"/{endpoint.id}/secret/rotate", {})
        endpoint.secrets[said["key_id"]] = said["secret"]

    async def has_agreed(self, endpoint: Registered) -> bool:
        """Read an endpoint's public keys, and tell whether it has agreed to be sent events."""
        shown = await self._get(f"/api/v1/webhooks/{endpoint.id}")
        endpoint.public_keys = {key["key_id"]: key["public_key"] for key in shown["keys"]}
        return bool(shown["status"] == "active")

    async def whole_life(self, url: str) -> None:
        """Let one more endpoint go through all that can happen to one; events tell of it."""
        spare = await self.registered(url, "standard")
        await came_true(lambda: self.has_agreed(spare), _START_SECONDS)
        await self.rotate(spare)
        for step in ("pause", "resume"):
            await self._post(f"/{spare.id}/{step}", {})
        await self._sent("PATCH", f"/api/v1/webhooks/{spare.id}", {"types": ["PoolCancelled"]})
        await self._sent("DELETE", f"/api/v1/webhooks/{spare.id}", None)

    async def log(self, after: int, until: int) -> Mapping[str, dict[str, Any]]:
        """Read the public log after a position up to another, by the identifiers of its events."""
        found: dict[str, dict[str, Any]] = {}
        while after < until:
            page = await self._get(f"/api/v1/events?after={after}&limit={_PAGE}")
            found |= {event["id"]: event for event in page["items"] if event["position"] <= until}
            after = page["reached"]
        return found

    async def schemas(self) -> "Schemas":
        """Read the published schemas of all types."""
        listed = (await self._get("/api/v1/event-types"))["items"]
        return Schemas([await self._get(urlsplit(each["schema"]).path) for each in listed])

    async def _get(self, path: str) -> Any:
        return await self._sent("GET", path, None)

    async def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        return await self._sent("POST", f"/api/v1/webhooks{path}", body)

    async def _sent(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        sent = b"" if body is None else msgspec.json.encode(body)
        answer = await self._line.ask(method, path, self._headers, sent)
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.body.decode()[:500]}")
        return answer.json()


class Schemas:
    """The published schemas, each by its address."""

    def __init__(self, schemas: Sequence[dict[str, Any]]) -> None:
        registry: Registry[Any] = Registry().with_resources(
            (schema["$id"], Resource.from_contents(schema)) for schema in schemas
        )
        self._registry = registry.crawl()  # Or each look at a part would look for all parts anew.
        self._addresses = {schema["properties"]["type"]["const"]: schema["$id"] for schema in schemas}
        self._validators: dict[str, Draft202012Validator] = {}

    def address_of(self, type_name: str) -> str:
        """Say where the schema of a type is published."""
        return str(self._addresses[type_name])

    def faults(self, body: Any, address: str) -> list[str]:
        """Say what is wrong with a body by the schema at an address."""
        if address not in self._validators:
            self._validators[address] = Draft202012Validator(
                {"$ref": address},
                registry=self._registry,
                format_checker=Draft202012Validator.FORMAT_CHECKER,
            )
        return [fault.message for fault in self._validators[address].iter_errors(body)]


@asynccontextmanager
async def contract_reader(url: str, pool: Pool, folder: Path) -> AsyncIterator[tuple[ContractReader, str]]:
    """Run a web process on a database while the context lasts; give a reader with a token, and the public address."""
    port = free_port(folder)
    address = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli.main", "serve", "--port", str(port)),
        start_new_session=True,  # A terminal's Ctrl-C goes to us alone.
        env=environment(url, public_url=address, log_level="error", limits_factor="1000000"),
    )
    line = HttpLine(port)
    try:
        if not await came_true(lambda: _answers(line), _START_SECONDS):
            raise RuntimeError("The web process did not start.")
        person_id = await accounts.add(pool, email="reader@example.org", name="A reader")
        token = await tokens.create(pool, person_id=person_id, scopes=SCOPES)
        yield ContractReader(line, token), address
    finally:
        line.close()
        await kill(process)


async def _answers(line: HttpLine) -> bool:
    try:
        await line.ask("GET", "/health/live")
    except NoAnswerError:
        return False
    return True
