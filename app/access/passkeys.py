"""Passkeys: added in a session, and shown to sign in or to prove that it is still the same person.

The library `webauthn` checks what the specification (Web Authentication Level 3, W3C) asks for. One thing is checked
here: the counter, after the signature and not before it, so that nobody's passkey is set aside by somebody who does
not have it. A counter that runs back means that there is a copy: that use is refused, and the passkey set aside.
"""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import webauthn
from msgspec import Struct
from webauthn.helpers import base64url_to_bytes, options_to_json_dict, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.access import passkey_challenges as challenges
from app.access.passkey_challenges import VALID_SECONDS, Purpose
from app.mail.messages import render
from app.mail.outbox import Outbox
from app.notices import language_of
from domain.decider import DomainError
from events.connections import Pool, unavailable_when_lost
from events.streams import new_id
from projections.language import speaking

PASSKEYS_MAX = 20
NAME_LENGTH_MAX = 100
SERVICE_NAME = "Open Impact"
_TRANSPORTS = frozenset(transport.value for transport in AuthenticatorTransport)
_REQUIRED = UserVerificationRequirement.REQUIRED


class NoPasskeysHereError(DomainError):
    """Passkeys need a domain name over https, or localhost; the operator sets OPEN_IMPACT_PUBLIC_URL to one."""


class PasskeyNotRightError(DomainError):
    """This passkey could not be checked: it was made for another site, did not check that it is you, or was damaged; try again here."""


class PasskeyUnknownError(DomainError):
    """There is no such passkey here; sign in by e-mail, and add it on your own page."""


class PasskeyRemovedError(DomainError):
    """This passkey was removed; use another one, or sign in by e-mail."""


class PasskeyCopiedError(DomainError):
    """This passkey counted backwards, so there may be a copy of it; it was set aside, use another one and remove it."""


class PasskeyKnownError(DomainError):
    """This passkey was added before; use it, or add another one."""


class TooManyPasskeysError(DomainError):
    """You have 20 passkeys, which is as many as one can have; remove one first."""


class RelyingParty(Struct, frozen=True):
    """For whom a passkey is good, in the words of the specification."""

    id: str
    origin: str


class Passkey(Struct, frozen=True, kw_only=True):
    """A passkey as its owner sees it in a list; one that was set aside lets nobody in."""

    passkey_id: UUID
    name: str
    transports: list[str]
    backed_up: bool
    created_at: datetime
    last_used_at: datetime | None
    set_aside_at: datetime | None


def relying_party(public_url: str) -> RelyingParty:
    """Say for whom passkeys are made under an address.

    Raises:
        NoPasskeysHereError: browsers make none for this address.
    """
    parts = urlsplit(public_url)
    host = (parts.hostname or "").rstrip(".")
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if not host or _is_address(host) or (parts.scheme != "https" and host != "localhost"):
        raise NoPasskeysHereError
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


class Passkeys:
    """The passkeys of everybody, for one public address."""

    def __init__(self, pool: Pool, outbox: Outbox, public_url: str) -> None:
        self._pool = pool
        self._outbox = outbox
        self._public_url = public_url

    async def adding(self, person_id: UUID, *, name: str, email: str, session_id: UUID) -> dict[str, Any]:
        """Give the options with which a browser makes a passkey for a person; it shows them name and address.

        Raises:
            TooManyPasskeysError, NoPasskeysHereError, LogUnavailableError.
        """
        party = relying_party(self._public_url)
        known = await self._descriptors(person_id)
        if len(known) >= PASSKEYS_MAX:
            raise TooManyPasskeysError
        challenge = await challenges.asked(self._pool, "add", binding=session_id.bytes, person_id=person_id)
        return options_to_json_dict(
            webauthn.generate_registration_options(
                rp_id=party.id,
                rp_name=SERVICE_NAME,
                user_id=person_id.bytes,
                user_name=email,
                user_display_name=name,
                challenge=challenge,
                timeout=VALID_SECONDS * 1000,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.PREFERRED, user_verification=_REQUIRED
                ),
                exclude_credentials=known,
            )
        )

    async def add(
        self, person_id: UUID, credential: Mapping[str, Any], *, name: str, session_id: UUID
    ) -> Passkey:
        """Add the passkey that a browser made.

        Raises:
            ChallengeOverError, PasskeyNotRightError, PasskeyKnownError, NoPasskeysHereError, LogUnavailableError.
        """
        party = relying_party(self._public_url)
        challenge = _challenge_in(credential)
        await challenges.use_up(self._pool, challenge, "add", binding=session_id.bytes, person_id=person_id)
        try:
            made = webauthn.verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=party.id,
                expected_origin=party.origin,
                require_user_verification=True,
            )
        except Exception as error:  # The library lets errors of its parsers through beside its own.
            raise PasskeyNotRightError from error
        transports = [each for each in credential["response"].get("transports") or [] if each in _TRANSPORTS]
        try:
            async with unavailable_when_lost():
                row = await self._pool.fetchrow(
                    "INSERT INTO passkeys (passkey_id, credential_id, person_id, public_key, sign_count, name,"
                    " transports, backed_up) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                    " RETURNING passkey_id, name, transports, backed_up, created_at, last_used_at, set_aside_at",
                    new_id(),
                    made.credential_id,
                    person_id,
                    made.credential_public_key,
                    made.sign_count,
                    name,
                    transports,
                    made.credential_backed_up,
                )
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name != "passkeys_credential_id":
                raise
            raise PasskeyKnownError from error
        assert row is not None  # noqa: S101  # What was inserted is given back.
        return Passkey(**row)

    async def signing_in(self, *, browser: str) -> dict[str, Any]:
        """Give the options with which a browser looks for any passkey of this site; `browser` is its cookie's word.

        Raises:
            NoPasskeysHereError, LogUnavailableError.
        """
        return await self._showing("sign_in", binding=browser.encode())

    async def sign_in(self, credential: Mapping[str, Any], *, browser: str) -> UUID:
        """Tell whose passkey was shown.

        Raises:
            ChallengeOverError, PasskeyNotRightError, PasskeyUnknownError, PasskeyRemovedError, PasskeyCopiedError,
            NoPasskeysHereError, LogUnavailableError.
        """
        return await self._shown(credential, "sign_in", binding=browser.encode())

    async def proving(self, person_id: UUID, *, session_id: UUID) -> dict[str, Any]:
        """Give the options with which a browser shows a passkey of a person who is signed in.

        Raises:
            NoPasskeysHereError, LogUnavailableError.
        """
        return await self._showing("step_up", binding=session_id.bytes, person_id=person_id)

    async def prove(self, person_id: UUID, credential: Mapping[str, Any], *, session_id: UUID) -> None:
        """Check the passkey that a person showed in their session.

        Raises:
            As `sign_in`; somebody else's passkey is an unknown one.
        """
        await self._shown(credential, "step_up", binding=session_id.bytes, person_id=person_id)

    async def of_person(self, person_id: UUID) -> list[Passkey]:
        """List a person's passkeys, the newest first, those set aside too."""
        async with unavailable_when_lost():
            rows = await self._pool.fetch(
                "SELECT passkey_id, name, transports, backed_up, created_at, last_used_at, set_aside_at"
                " FROM passkeys WHERE person_id = $1 AND revoked_at IS NULL"
                " ORDER BY created_at DESC, passkey_id DESC LIMIT $2",
                person_id,
                2 * PASSKEYS_MAX,
            )
        return [Passkey(**row) for row in rows]

    async def has_any(self, person_id: UUID) -> bool:
        """Tell whether a person could show a passkey."""
        return bool(await self._descriptors(person_id))

    async def rename(self, person_id: UUID, passkey_id: UUID, name: str) -> Passkey:
        """Give a passkey another name.

        Raises:
            PasskeyUnknownError: the person has no such passkey.
        """
        async with unavailable_when_lost():
            row = await self._pool.fetchrow(
                "UPDATE passkeys SET name = $3 WHERE person_id = $1 AND passkey_id = $2 AND revoked_at IS NULL"
                " RETURNING passkey_id, name, transports, backed_up, created_at, last_used_at, set_aside_at",
                person_id,
                passkey_id,
                name,
            )
        if row is None:
            raise PasskeyUnknownError
        return Passkey(**row)

    async def remove(self, person_id: UUID, passkey_id: UUID) -> None:
        """Take a passkey away; to do so again changes nothing.

        Raises:
            PasskeyUnknownError: the person never had such a passkey.
        """
        async with unavailable_when_lost():
            found = await self._pool.fetchval(
                "UPDATE passkeys SET revoked_at = coalesce(revoked_at, now()) WHERE person_id = $1"
                " AND passkey_id = $2 RETURNING true",
                person_id,
                passkey_id,
            )
        if not found:
            raise PasskeyUnknownError

    async def _descriptors(self, person_id: UUID) -> list[PublicKeyCredentialDescriptor]:
        async with unavailable_when_lost():
            rows = await self._pool.fetch(
                "SELECT credential_id, transports FROM passkeys WHERE person_id = $1 AND revoked_at IS NULL"
                " AND set_aside_at IS NULL ORDER BY created_at LIMIT $2",
                person_id,
                PASSKEYS_MAX,
            )
        return [
            PublicKeyCredentialDescriptor(
                id=row["credential_id"],
                transports=[AuthenticatorTransport(each) for each in row["transports"]] or None,
            )
            for row in rows
        ]

    async def _showing(
        self, purpose: Purpose, *, binding: bytes, person_id: UUID | None = None
    ) -> dict[str, Any]:
        party = relying_party(self._public_url)
        allowed = [] if person_id is None else await self._descriptors(person_id)
        challenge = await challenges.asked(self._pool, purpose, binding=binding, person_id=person_id)
        return options_to_json_dict(
            webauthn.generate_authentication_options(
                rp_id=party.id,
                challenge=challenge,
                timeout=VALID_SECONDS * 1000,
                allow_credentials=allowed,
                user_verification=_REQUIRED,
            )
        )

    async def _shown(
        self,
        credential: Mapping[str, Any],
        purpose: Purpose,
        *,
        binding: bytes,
        person_id: UUID | None = None,
    ) -> UUID:
        party = relying_party(self._public_url)
        challenge = _challenge_in(credential)
        await challenges.use_up(self._pool, challenge, purpose, binding=binding, person_id=person_id)
        async with unavailable_when_lost():
            row = await self._pool.fetchrow(
                "SELECT passkey_id, person_id, public_key, revoked_at, set_aside_at FROM passkeys"
                " WHERE credential_id = $1",
                _bytes_in(credential.get("rawId")),
            )
        if row is None or (person_id is not None and row["person_id"] != person_id):
            raise PasskeyUnknownError
        handle = credential["response"].get("userHandle")
        if handle and _bytes_in(handle) != row["person_id"].bytes:
            raise PasskeyNotRightError
        try:
            shown = webauthn.verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=party.id,
                expected_origin=party.origin,
                credential_public_key=row["public_key"],
                credential_current_sign_count=0,  # The library looks at it before the signature; see the module.
                require_user_verification=True,
            )
        except Exception as error:  # As above: errors of its parsers too.
            raise PasskeyNotRightError from error
        if row["revoked_at"] is not None:
            raise PasskeyRemovedError
        if row["set_aside_at"] is not None or not await self._counted(
            row["passkey_id"], shown.new_sign_count, backed_up=shown.credential_backed_up
        ):
            raise PasskeyCopiedError
        whose: UUID = row["person_id"]
        return whose

    async def _counted(self, passkey_id: UUID, count: int, *, backed_up: bool) -> bool:
        """Note a use and its count, or set the passkey aside where the count did not grow; some never count."""
        async with unavailable_when_lost():
            grew = await self._pool.fetchval(
                "UPDATE passkeys SET sign_count = $2, backed_up = $3, last_used_at = now() WHERE passkey_id = $1"
                " AND revoked_at IS NULL AND set_aside_at IS NULL"
                " AND ($2 > sign_count OR ($2 = 0 AND sign_count = 0)) RETURNING true",
                passkey_id,
                count,
                backed_up,
            )
            if not grew:
                await self._set_aside(passkey_id)
        return bool(grew)

    async def _set_aside(self, passkey_id: UUID) -> None:
        """Let nobody in by a passkey any more, and tell its owner by mail, both or neither."""
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(
                "UPDATE passkeys p SET set_aside_at = now() FROM accounts a WHERE p.passkey_id = $1"
                " AND a.person_id = p.person_id AND p.set_aside_at IS NULL AND p.revoked_at IS NULL"
                " RETURNING p.name, a.person_id, a.email",
                passkey_id,
            )
            if row is not None:
                link = f"{self._public_url.rstrip('/')}/me"
                with speaking(await language_of(connection, row["person_id"])):
                    message = render("passkey_set_aside", to=row["email"], name=row["name"], link=link)
                await self._outbox.post(connection, message)


def _challenge_in(credential: Mapping[str, Any]) -> bytes:
    """Read which challenge a browser says it answers; that it did so is checked with the signature."""
    try:
        return parse_client_data_json(_bytes_in(credential["response"]["clientDataJSON"])).challenge
    except PasskeyNotRightError:
        raise
    except Exception as error:  # As above.
        raise PasskeyNotRightError from error


def _bytes_in(text: object) -> bytes:
    try:
        return base64url_to_bytes(str(text))
    except ValueError as error:
        raise PasskeyNotRightError from error


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
