"""Where to send and with which keys to sign, kept at hand: endpoints change rarely and are sent to often."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.folding import folded
from app.outbound.messages import OutboundError, Request
from app.webhooks.keys import kept_keys
from app.webhooks.signing import EndpointKeys, signed
from domain.endpoint import ENDPOINT, Registered
from events.connections import Pool
from events.contracts import EndpointFormat
from events.sealing.keyring import Keyring
from events.store import EventStore
from events.streams import endpoint_stream

KEPT_MAX = 10_000


class NoKeyError(OutboundError):
    """The keys of this endpoint are gone, so nothing can be signed for it; register it anew."""


class Target(Struct, frozen=True, kw_only=True):
    """An endpoint as its stream has it now."""

    url: str
    written_as: EndpointFormat
    keys: tuple[tuple[EndpointKeys, datetime | None], ...]
    moves: int

    def signed_request(
        self, *, message_id: str, at: datetime, body: bytes, headers: Mapping[str, str]
    ) -> Request:
        """Sign a message with every key of the moment, as a request to the endpoint.

        Raises:
            NoKeyError: there is none; nothing is sent that its receiver could not check.
        """
        keys = self.keys_at(at)
        if not keys:
            raise NoKeyError
        signature = signed(message_id=message_id, at=at, body=body, keys=keys)
        return Request(url=self.url, headers={**headers, **signature.as_headers()}, body=body)

    def keys_at(self, moment: datetime) -> list[EndpointKeys]:
        """Give the keys that sign at a moment, the newest first."""
        return [keys for keys, until in self.keys if until is None or until > moment]


class Targets:
    """Endpoints by the version of their stream that the dispatcher has seen."""

    def __init__(self, pool: Pool, store: EventStore, keyring: Keyring) -> None:
        self._pool = pool
        self._store = store
        self._keyring = keyring
        self._kept: dict[UUID, tuple[int, Target]] = {}

    async def target(self, endpoint_id: UUID, version: int) -> Target | None:
        """Give an endpoint as of a version or later; nothing when it was removed.

        Raises:
            LogUnavailableError: the log cannot be reached.
        """
        kept = self._kept.get(endpoint_id)
        if kept is not None and kept[0] >= version:
            return kept[1]
        found = await folded(self._store, ENDPOINT, endpoint_stream(endpoint_id))
        if not isinstance(found.state, Registered):
            return None
        target = await self._made(found.state)
        if len(self._kept) >= KEPT_MAX:
            self._kept.clear()
        self._kept[endpoint_id] = (found.version, target)
        return target

    async def _made(self, state: Registered) -> Target:
        until = {key.key_id: key.until for key in state.keys}
        kept = await kept_keys(self._pool, self._keyring, state.endpoint_id, list(until))
        return Target(
            url=state.subscription.url,
            written_as=state.subscription.format,
            moves=state.moves,
            keys=tuple((kept[key_id], until[key_id]) for key_id in until if key_id in kept),
        )
