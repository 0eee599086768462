"""Sign-in with an identity provider: leaving for it, and coming back.

What begins in a browser ends in the same one: it keeps a short-lived cookie with the nonce and the code verifier
of the request, and the server keeps digests of that cookie and of the state, to be used once within ten minutes.
"""

import hashlib
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from app.access.identity_provider import IdentityProvider, NotVouchedForError, VouchedFor, new_word
from app.access.refusals import RefusalError
from events.connections import Pool, unavailable_when_lost

MINUTES = 10
_CODE_LENGTH_MAX = 4096
_WORD_LENGTH_MAX = 200


class NotBegunHereError(RefusalError):
    """This sign-in was not begun in this browser, is over already or took more than 10 minutes; begin it again."""


class TurnedAwayError(RefusalError):
    """The identity provider did not let you in, so nothing was changed; begin again, or use an e-mail link."""


class Begun(Struct, frozen=True, kw_only=True):
    """Where to send the browser, and what it keeps in a cookie till it comes back."""

    address: str
    kept: str


class Completed(Struct, frozen=True, kw_only=True):
    """Whom the provider vouches for, and what for: to sign in, or to link it to the account of `person_id`.

    `has_worked` tells whether a proof of work was shown before.
    """

    vouched_for: VouchedFor
    person_id: UUID | None
    next: str
    has_worked: bool


class Answered(Protocol):
    """The parameters with which the provider sent a browser back."""

    def getall(self, key: str, default: list[str]) -> Sequence[str]:
        """Give every value of a parameter."""
        ...


async def begin(
    pool: Pool,
    provider: IdentityProvider,
    *,
    next_: str,
    person_id: UUID | None = None,
    has_worked: bool = False,
) -> Begun:
    """Begin a sign-in, or with a person the linking of an identity to their account.

    Raises:
        ProviderAwayError: the provider cannot be asked just now.
        LogUnavailableError: the database cannot be reached.
    """
    state, nonce, verifier = new_word(), new_word(), new_word()
    address = await provider.address(state=state, nonce=nonce, verifier=verifier)
    kept = f"{nonce}.{verifier}"
    async with unavailable_when_lost():
        await pool.execute(
            "WITH over AS (DELETE FROM oidc_requests WHERE begun_at < now() - make_interval(mins => $6))"
            " INSERT INTO oidc_requests (state_digest, browser_digest, person_id, next, has_worked)"
            " VALUES ($1, $2, $3, $4, $5)",
            _digest_of(state),
            _digest_of(kept),
            person_id,
            next_,
            has_worked,
            MINUTES,
        )
    return Begun(address=address, kept=kept)


async def complete(
    pool: Pool, provider: IdentityProvider, answered: Answered, *, kept: str | None
) -> Completed:
    """Complete what was begun, with what the provider sent back and what the browser kept.

    Raises:
        NotBegunHereError: the state or the cookie is missing, wrong, used or too old.
        TurnedAwayError: the provider says that it did not let the person in.
        NotVouchedForError: what the provider says cannot be believed.
        ProviderAwayError: the provider cannot be asked just now.
        LogUnavailableError: the database cannot be reached.
    """
    state = _only(answered, "state", _WORD_LENGTH_MAX)
    if state is None and answered.getall("error", []):
        raise TurnedAwayError  # Some providers forget the state when they refuse; nothing is used up then.
    if state is None or not kept or len(kept) > _WORD_LENGTH_MAX or kept.count(".") != 1:
        raise NotBegunHereError
    async with unavailable_when_lost():
        request = await pool.fetchrow(
            "DELETE FROM oidc_requests WHERE state_digest = $1 AND browser_digest = $2"
            " RETURNING person_id, next, has_worked, begun_at > now() - make_interval(mins => $3) AS in_time",
            _digest_of(state),
            _digest_of(kept),
            MINUTES,
        )
    if request is None or not request["in_time"]:
        raise NotBegunHereError
    # RFC 9207: a provider that names itself must be the one that was asked.
    if answered.getall("iss", []) and _only(answered, "iss", _CODE_LENGTH_MAX) != provider.issuer:
        raise NotVouchedForError
    code = _only(answered, "code", _CODE_LENGTH_MAX)
    if answered.getall("error", []) or code is None:
        raise TurnedAwayError
    nonce, _, verifier = kept.partition(".")
    vouched_for = await provider.vouched_for(code=code, nonce=nonce, verifier=verifier)
    return Completed(
        vouched_for=vouched_for,
        person_id=request["person_id"],
        next=request["next"],
        has_worked=request["has_worked"],
    )


def _only(answered: Answered, name: str, length_max: int) -> str | None:
    """Give a parameter that is there once and not too long."""
    values = answered.getall(name, [])
    return values[0] if len(values) == 1 and 0 < len(values[0]) <= length_max else None


def _digest_of(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()
