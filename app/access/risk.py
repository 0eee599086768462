"""Risk, and the work that is asked for where there is some: a proof of work, self-hosted, by the library altcha.

Nobody has to do anything unless a wave of votes or many new accounts came from their network a short while ago, or
their address is a throw-away one. Then their program or browser computes for a moment; a person hardly notices, and
who makes thousands of accounts pays for each.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import altcha
import structlog

from app.access.disposable import is_disposable
from app.access.origins import Origins
from events.connections import LOST, REFUSED, Pool, unavailable_when_lost

JOINS_MAX = 20
"""So many people who joined from one network within the hour make it a risky one."""
NEW_FOR = timedelta(days=1)
"""How long an account counts as new; only new ones are asked for work when they vote."""
VALID_SECONDS = 600
PROOF_LENGTH_MAX = 4_096
REFRESH_SECONDS = 2.0
_ALGORITHM = "PBKDF2/SHA-256"
_COST = 2_000
"""256 derivations of so many rounds on average: a tenth of a second on a laptop, a second on an old phone."""

_RISKY = """
SELECT network FROM risky_networks WHERE until > now()
 UNION
SELECT network FROM vote_origins WHERE idea_id IS NULL AND noted_at > now() - interval '1 hour'
 GROUP BY network HAVING count(DISTINCT person_id) >= $1
"""

_log = structlog.get_logger(__name__)


class Risk:
    """What this process knows of risky networks, refreshed beside the requests; see `watching`."""

    def __init__(self, pool: Pool, origins: Origins, secret: bytes) -> None:
        self._pool = pool
        self._origins = origins
        self._secret = hmac.digest(secret, b"proof-of-work", hashlib.sha256)
        self._risky: frozenset[bytes] = frozenset()

    def challenge_needed(self, *, address: str, email: str | None = None) -> bool:
        """Tell whether somebody who joins or votes from an address has to show a proof of work first."""
        if email is not None and is_disposable(email):
            return True
        return bool(self._risky) and self._origins.network(address) in self._risky

    def challenge_needed_to_vote(self, *, address: str, person_id: UUID) -> bool:
        """Tell whether a voter has to show a proof of work first: a new account in a risky network."""
        return bool(self._risky) and _is_new(person_id) and self.challenge_needed(address=address)

    def challenge(self) -> dict[str, Any]:
        """Make a challenge, which is good for ten minutes and one proof."""
        made = altcha.create_challenge(
            _ALGORITHM, _COST, expires_at=int(time.time()) + VALID_SECONDS, hmac_secret=self._secret
        )
        return dict(made.to_dict())

    async def verify(self, proof: str) -> bool:
        """Check a proof, and use it up.

        Raises:
            LogUnavailableError: the database, which knows used proofs, cannot be reached.
        """
        if not 0 < len(proof) <= PROOF_LENGTH_MAX or not altcha.verify_solution(proof, self._secret).verified:
            return False
        signature = altcha.Payload.from_base64(proof).challenge.signature or ""
        async with unavailable_when_lost():
            fresh = await self._pool.fetchval(
                """
                INSERT INTO used_proofs (digest, expires_at) VALUES ($1, now() + make_interval(secs => $2))
                ON CONFLICT DO NOTHING RETURNING true
                """,
                hashlib.sha256(signature.encode()).digest(),
                float(VALID_SECONDS),
            )
        return bool(fresh)

    async def refresh(self) -> None:
        """Read anew which networks are risky."""
        rows = await self._pool.fetch(_RISKY, JOINS_MAX)
        self._risky = frozenset(row["network"] for row in rows)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator["Risk"]:
        """Keep what is known fresh for as long as the block runs."""
        task = asyncio.create_task(self._refresh_for_ever(), name="risk")
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _refresh_for_ever(self) -> None:
        while True:
            try:
                await self.refresh()
            except (*LOST, *REFUSED) as error:
                _log.warning("risk_not_refreshed", error=repr(error))
            except Exception:  # noqa: BLE001  # It is loud, and tried again: nobody is asked for work meanwhile.
                _log.exception("risk_not_refreshed")
            await asyncio.sleep(REFRESH_SECONDS)


def _is_new(person_id: UUID) -> bool:
    """Tell whether an identifier was made a short while ago: it is a UUIDv7, which begins with its time."""
    made = datetime.fromtimestamp((person_id.int >> 80) / 1_000, UTC)
    return datetime.now(UTC) - made < NEW_FOR
