"""Risk, and the work that is asked for where there is some: a proof of work, self-hosted, by the library altcha.

Nobody has to do anything unless a wave of votes or many new accounts came from their network a short while ago, or
their address is a throw-away one. Then their program or browser computes for a moment; a person hardly notices, and
who makes thousands of accounts pays for each. Whose browser cannot compute answers a challenge by waiting; since
waiting costs a script nothing, only a few may do so from one network. See ops/decisions/0034.
"""

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

import altcha
import msgspec

from app.access.beside import repeating
from app.access.disposable import is_disposable
from app.access.origins import Origins
from events.connections import Pool, unavailable_when_lost

JOINS_MAX = 20
"""So many people who joined from one network within the hour make it a risky one."""
NEW_FOR = timedelta(days=1)
"""How long an account counts as new; only new ones are asked for work when they vote."""
VALID_SECONDS = 600
PAGE_VALID_SECONDS = 3_600
"""A challenge on a page lives longer: who waits may read slowly, or be called away."""
WAIT_SECONDS = 180
PROOF_LENGTH_MAX = 4_096
REFRESH_SECONDS = 2.0
_ALGORITHM = "PBKDF2/SHA-256"
VOTE_COST = 2_000
"""256 derivations of so many rounds on average: a tenth of a second on a laptop, a second on an old phone."""
JOIN_COST = 8_000
"""An account is made once, and may vote many times: four times the work."""

_RISKY = """
SELECT network FROM risky_networks WHERE until > now()
 UNION
SELECT network FROM vote_origins WHERE idea_id IS NULL AND noted_at > now() - interval '1 hour'
 GROUP BY network HAVING count(DISTINCT person_id) >= $1
"""

Waited: TypeAlias = Literal["long_enough", "too_short", "in_vain"]
"""Whether a challenge was waited out: yes, not yet, or it is over, used or none of ours."""

_UNSOLVED = altcha.Solution(-1, "")


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

    def challenge(
        self, *, cost: int = VOTE_COST, valid_seconds: int = VALID_SECONDS, made_at: float | None = None
    ) -> dict[str, Any]:
        """Make a challenge, which is good for so many seconds from now (or `made_at`, in seconds), and once."""
        at = int(time.time() if made_at is None else made_at)
        made = altcha.create_challenge(
            _ALGORITHM,
            cost,
            expires_at=at + valid_seconds,
            data={"made_at": at},
            hmac_secret=self._secret,
        )
        return dict(made.to_dict())

    def network_name(self, address: str) -> str:
        """Name the network of an address, for counting: nothing but a digest where it is a public one."""
        network = self._origins.network(address)
        return address if network is None else network.hex()

    async def verify(self, proof: str, *, cost: int = VOTE_COST) -> bool:
        """Check a proof of so much work or more, and use it up; one of less is left as it is.

        Raises:
            LogUnavailableError: the database, which knows used proofs, cannot be reached.
        """
        if not 0 < len(proof) <= PROOF_LENGTH_MAX or not altcha.verify_solution(proof, self._secret).verified:
            return False
        challenge = altcha.Payload.from_base64(proof).challenge
        return challenge.parameters.cost >= cost and await self._use_up(challenge)

    def waited(self, challenge: str) -> Waited:
        """Tell whether a challenge, which a page gave out as JSON, was waited out; to look uses nothing up."""
        read = _read(challenge)
        if read is None:
            return "in_vain"
        # An impossible solution: what the library says of the rest is what is wanted.
        said = altcha.verify_solution(altcha.Payload(read, _UNSOLVED), self._secret)
        if said.expired or said.invalid_signature is not False:
            return "in_vain"
        made_at = (read.parameters.data or {}).get("made_at", 0)
        return "long_enough" if time.time() - made_at >= WAIT_SECONDS else "too_short"

    async def use_up(self, challenge: str) -> bool:
        """Use up a challenge that was waited out; False when it was not, or was used before.

        Raises:
            LogUnavailableError: the database, which knows used proofs, cannot be reached.
        """
        read = _read(challenge)
        return read is not None and self.waited(challenge) == "long_enough" and await self._use_up(read)

    async def _use_up(self, challenge: altcha.Challenge) -> bool:
        async with unavailable_when_lost():
            fresh = await self._pool.fetchval(
                """
                INSERT INTO used_proofs (digest, expires_at) VALUES ($1, now() + make_interval(secs => $2))
                ON CONFLICT DO NOTHING RETURNING true
                """,
                hashlib.sha256((challenge.signature or "").encode()).digest(),
                float(PAGE_VALID_SECONDS),
            )
        return bool(fresh)

    async def refresh(self) -> None:
        """Read anew which networks are risky."""
        rows = await self._pool.fetch(_RISKY, JOINS_MAX)
        self._risky = frozenset(row["network"] for row in rows)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator["Risk"]:
        """Keep what is known fresh for as long as the block runs."""
        async with repeating(self.refresh, name="risk", every_seconds=REFRESH_SECONDS):
            yield self


def _read(challenge: str) -> altcha.Challenge | None:
    """Read a challenge that came back from a page; nothing when it is none."""
    if not 0 < len(challenge) <= PROOF_LENGTH_MAX:
        return None
    try:
        return altcha.Challenge.from_dict(msgspec.json.decode(challenge))
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError, RecursionError, ValueError):
        return None


def _is_new(person_id: UUID) -> bool:
    """Tell whether an identifier was made a short while ago: it is a UUIDv7, which begins with its time."""
    made = datetime.fromtimestamp((person_id.int >> 80) / 1_000, UTC)
    return datetime.now(UTC) - made < NEW_FOR
