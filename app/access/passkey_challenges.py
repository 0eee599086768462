"""Challenges of passkeys: answered once, within five minutes, for what they were asked, where they were asked.

Where is a session, or for somebody who is not signed in yet a browser known by a word in its cookie. Only digests are
kept.
"""

import hashlib
from typing import Literal, TypeAlias
from uuid import UUID

from webauthn.helpers import generate_challenge

from domain.decider import DomainError
from events.connections import Pool, unavailable_when_lost

VALID_SECONDS = 300

Purpose: TypeAlias = Literal["add", "sign_in", "step_up"]


class ChallengeOverError(DomainError):
    """This request for your passkey is over: it was answered, is older than five minutes, or was made elsewhere; ask again."""


async def asked(pool: Pool, purpose: Purpose, *, binding: bytes, person_id: UUID | None = None) -> bytes:
    """Make a challenge, and let go of old ones.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    challenge = generate_challenge()
    async with unavailable_when_lost():
        await pool.execute(
            "WITH over AS (DELETE FROM passkey_challenges WHERE begun_at < now() - make_interval(secs => $5))"
            " INSERT INTO passkey_challenges (digest, purpose, person_id, binding) VALUES ($1, $2, $3, $4)",
            _digest(challenge),
            purpose,
            person_id,
            _digest(binding),
            VALID_SECONDS,
        )
    return challenge


async def use_up(
    pool: Pool, challenge: bytes, purpose: Purpose, *, binding: bytes, person_id: UUID | None = None
) -> None:
    """Use a challenge up; where it does not belong it stays as it is.

    Raises:
        ChallengeOverError: there is no such challenge, or no more.
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        used = await pool.fetchval(
            "DELETE FROM passkey_challenges WHERE digest = $1 AND purpose = $2 AND person_id IS NOT DISTINCT FROM $3"
            " AND binding = $4 AND begun_at > now() - make_interval(secs => $5) RETURNING true",
            _digest(challenge),
            purpose,
            person_id,
            _digest(binding),
            VALID_SECONDS,
        )
    if not used:
        raise ChallengeOverError


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
