"""From which network people join and vote: keyed digests, noted in batches and kept for 30 days.

An address itself is kept nowhere. What cannot be noted in time is dropped: votes never wait for this, and a signal
that is missing sets nobody's vote aside.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network
from uuid import UUID

from app.access.beside import repeating
from events.connections import LOST, REFUSED, Pool

EVERY_SECONDS = 0.5
WAITING_MAX = 50_000
"""How many notes wait at most; more than these in half a second are dropped."""
_CLOSE_SECONDS = 2.0
_PREFIX = {4: 24, 6: 48}


class Origins:
    """Notes of this process; see `noting`."""

    def __init__(self, pool: Pool, secret: bytes) -> None:
        self._pool = pool
        self._waiting: list[tuple[UUID, UUID | None, bytes, datetime]] = []
        # The same few addresses come again and again.
        self._digest = lru_cache(maxsize=10_000)(lambda address: network_digest(secret, address))

    def network(self, address: str) -> bytes | None:
        """Give the digest of an address's network; nothing for addresses that say nothing about where they are."""
        return self._digest(address)

    def note(self, person_id: UUID, address: str, *, idea_id: UUID | None = None) -> None:
        """Note from where somebody voted for an idea, or joined when there is none."""
        network = self.network(address)
        if network is not None and len(self._waiting) < WAITING_MAX:
            self._waiting.append((person_id, idea_id, network, datetime.now(UTC)))

    async def write(self) -> None:
        """Write what waits."""
        notes, self._waiting = self._waiting, []
        if notes:
            await self._pool.copy_records_to_table(
                "vote_origins", columns=("person_id", "idea_id", "network", "noted_at"), records=notes
            )

    @asynccontextmanager
    async def noting(self) -> AsyncIterator["Origins"]:
        """Write notes down for as long as the block runs, and what is left at its end."""
        try:
            async with repeating(self.write, name="vote origins", every_seconds=EVERY_SECONDS):
                yield self
        finally:
            with suppress(*LOST, *REFUSED):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self.write()


def network_digest(secret: bytes, address: str) -> bytes | None:
    """Work out the keyed digest of the network an address is in: its first 24 bits, or 48 of IPv6.

    Only public addresses tell networks apart. Private ones are those of a machine in front of us whose word we do
    not take: behind it everybody would look like one network.
    """
    try:
        read = ip_address(address)
    except ValueError:
        return None
    if not read.is_global:
        return None
    network = ip_network((read, _PREFIX[read.version]), strict=False)
    return hmac.digest(secret, b"network|" + network.network_address.packed, hashlib.sha256)[:16]
