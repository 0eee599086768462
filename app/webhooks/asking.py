"""Asking endpoints whether they want what we send, so that nobody can have us send anything to a stranger.

Two questions take turns, a minute apart at the least. The first is the handshake of CloudEvents (HTTP 1.1 Web Hooks for
Event Delivery, section 4): OPTIONS at the very address, answered by naming us in `WebHook-Allowed-Origin`; a status alone
is no consent. With it goes an address at which the receiver may agree later (see `app.webhooks.callbacks`). The second is
for receivers that know nothing of it: a signed message with a challenge, which they give back. Whoever agrees to neither
in some time is not asked again until its owner wants it.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct

from app.command_handling import Cause, Handler
from app.outbound.client import Outbound
from app.outbound.messages import Answer, OutboundError, Request
from app.webhooks.answers import is_success
from app.webhooks.callbacks import Callbacks
from app.webhooks.endpoints import SQL
from app.webhooks.targets import Target, Targets
from domain.decider import DomainError
from domain.endpoint import ENDPOINT, VerifyEndpoint
from events.connections import LOST, REFUSED, Pool
from events.contracts import EndpointProof
from events.errors import OperationalError, WrongVersionError
from events.postgres import PostgresStore
from events.streams import endpoint_stream, new_id
from projections.language import N_
from projections.statements import statement

CHALLENGE_TYPE = "endpoint.challenge"
BETWEEN = timedelta(minutes=1)
ASKED_MAX = 60
"""How often an endpoint is asked: for an hour after its registration, or after its owner wants it again."""
POLL_SECONDS = 0.5
RATE_MAX = 1_000_000
AGREED = N_("It agreed.")
_AT_ONCE = 20

_log = structlog.get_logger(__name__)


class Consent(Struct, frozen=True, kw_only=True):
    """That an endpoint agreed, and to how many messages a minute if it set a number."""

    proof: EndpointProof
    rate_per_minute: int | None = None


class Asker:
    """Asks until it is stopped."""

    def __init__(
        self,
        pool: Pool,
        store: PostgresStore,
        outbound: Outbound,
        *,
        callbacks: Callbacks,
        public_url: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pool = pool
        self._handler = Handler(store)
        self._outbound = outbound
        self._callbacks = callbacks
        self._origin = urlsplit(public_url).hostname or ""
        self._targets = Targets(pool, store, store.keyring)
        self._clock = clock

    async def run(self) -> None:
        """Ask whom there is to ask, at every interval, until cancelled."""
        while True:
            try:
                asked = await self.ask_due()
            except (*LOST, *REFUSED, OperationalError) as error:
                _log.warning("asking_put_off", error=repr(error))
                asked = 0
            except Exception:  # noqa: BLE001  # Whatever it is, it is loud, and the rest of the worker goes on.
                _log.exception("asking_failed")
                asked = 0
            if not asked:
                await asyncio.sleep(POLL_SECONDS)

    async def ask_due(self) -> int:
        """Ask everybody who is to be asked now, some at once; tell how many.

        Raises:
            LogUnavailableError, OSError, asyncpg.PostgresError: the database is away; they are asked again later.
        """
        now = self._clock()
        rows = await self._pool.fetch(statement(SQL, "ask"), now, now + BETWEEN, ASKED_MAX, _AT_ONCE)
        await asyncio.gather(*(self._ask(row["endpoint_id"], row["version"], row["asked"]) for row in rows))
        return len(rows)

    async def _ask(self, endpoint_id: UUID, version: int, asked: int) -> None:
        target = await self._targets.target(endpoint_id, version)
        if target is None:
            return
        said = AGREED
        try:
            consent = await (self._handshake(endpoint_id, target) if asked % 2 else self._challenge(target))
        except OutboundError as error:
            consent, said = None, str(error)
        else:
            if consent is None:
                said = _NO_CONSENT
        await self._pool.execute(
            "UPDATE webhook_endpoints SET ask_answer = $2 WHERE endpoint_id = $1", endpoint_id, said
        )
        if consent is not None:
            await self._agreed(endpoint_id, target.url, consent)

    async def _handshake(self, endpoint_id: UUID, target: Target) -> Consent | None:
        callback = self._callbacks.address(endpoint_id, moves=target.moves, now=self._clock())
        headers = {"webhook-request-origin": self._origin, "webhook-request-callback": callback}
        answer = await self._outbound.send(Request(url=target.url, method="OPTIONS", headers=headers))
        return consent_in(answer, self._origin)

    async def _challenge(self, target: Target) -> Consent | None:
        challenge, at = secrets.token_urlsafe(24), self._clock()
        body = msgspec.json.encode(
            {"type": CHALLENGE_TYPE, "timestamp": at, "data": {"challenge": challenge}}
        )
        answer = await self._outbound.send(
            target.signed_request(
                message_id=str(new_id()), at=at, body=body, headers={"content-type": "application/json"}
            )
        )
        return Consent(proof="challenge") if gives_back(answer, challenge) else None

    async def _agreed(self, endpoint_id: UUID, url: str, consent: Consent) -> None:
        command = VerifyEndpoint(
            now=self._clock(),
            endpoint_id=endpoint_id,
            url=url,
            proof=consent.proof,
            rate_per_minute=consent.rate_per_minute,
        )
        try:
            await self._handler.handle(ENDPOINT, endpoint_stream(endpoint_id), command, cause=Cause())
        except (DomainError, WrongVersionError) as error:
            # It has another address by now, or is gone.
            _log.info("endpoint_changed_meanwhile", endpoint_id=str(endpoint_id), error=repr(error))
        else:
            _log.info("endpoint_verified", endpoint_id=str(endpoint_id), proof=consent.proof)


_NO_CONSENT = N_(
    "It was reached and did not agree: it has to name us in the header WebHook-Allowed-Origin when asked with OPTIONS, "
    "to call the address in WebHook-Request-Callback within a day, or to give back the challenge that it is sent."
)


def consent_in(answer: Answer, origin: str) -> Consent | None:
    """Read whether an answer to the handshake agrees: by its headers alone, whatever its status says of success."""
    if not is_success(answer.status):
        return None
    allowed = {name.strip().lower() for name in answer.headers.get("webhook-allowed-origin", "").split(",")}
    if not allowed & {origin.lower(), "*"}:
        return None
    rate = answer.headers.get("webhook-allowed-rate", "*").strip()
    per_minute = min(int(rate), RATE_MAX) if rate.isascii() and rate.isdigit() else None
    return Consent(proof="handshake", rate_per_minute=per_minute or None)


def gives_back(answer: Answer, challenge: str) -> bool:
    """Tell whether an answer gives a challenge back, as it is or as the field `challenge` of JSON."""
    if not is_success(answer.status) or not answer.is_whole:
        return False
    try:
        said: Any = msgspec.json.decode(answer.body)
    except msgspec.MsgspecError:
        said = answer.body.decode("utf-8", "replace").strip()
    if isinstance(said, dict):
        said = said.get("challenge")
    return isinstance(said, str) and hmac.compare_digest(said.encode(), challenge.encode())
