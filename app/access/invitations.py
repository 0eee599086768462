"""Invitations to act for an organisation: a word in a mail, good once, for the address it was sent to.

The word is kept as a digest, the address as a keyed digest with a hint for whoever sent it. Claiming an invitation
ends it before the membership is recorded: should that fail, it is given back; should the process die between the
two, the invitation is lost and another is asked for, which is better than one that works twice.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import asyncpg
from msgspec import Struct

from app.access.accounts import normalised_email
from app.access.addresses import checked_address
from app.mail.messages import render
from app.mail.outbox import Outbox
from domain.decider import DomainError
from events.connections import Pool, unavailable_when_lost
from events.contracts import OrganisationRole
from events.errors import KeyReusedError
from projections.language import N_, in_a_row
from projections.language import gettext as _

SECRET_BYTES = 32
GOOD_FOR_DAYS = 14
_KEPT_DAYS = 30
_KEPT_BATCH = 100
OPEN_MAX = 100
"""How many invitations of one organisation may be open: each is a mail to somebody who did not ask for it."""

_ROLES = {
    "member": N_("as a member"),
    "offers": N_("making offers"),
    "funder": N_("committing money"),
    "admin": N_("administering it"),
}


class InvitationUnknownError(DomainError):
    """This invitation was used, was withdrawn or has expired; ask for a new one."""


class InvitedAnotherError(DomainError):
    """This invitation was sent to another e-mail address; sign in with that one."""


class TooManyInvitationsError(DomainError):
    """This organisation has too many open invitations; withdraw some first."""


class Invitation(Struct, frozen=True, kw_only=True):
    """An open invitation as administrators see it; `sent_to` hints at the address."""

    invitation_id: UUID
    sent_to: str
    roles: list[OrganisationRole]
    invited_by: UUID
    created_at: datetime
    expires_at: datetime


class Invited(Struct, frozen=True, kw_only=True):
    """What an invitation is good for; `address` is the keyed digest of whom it was sent to."""

    invitation_id: UUID
    organisation_id: UUID
    roles: tuple[OrganisationRole, ...]
    invited_by: UUID
    address: bytes


class NewInvitation(Struct, frozen=True, kw_only=True):
    """An invitation to be sent; the names are what its mail says."""

    invitation_id: UUID
    organisation_id: UUID
    organisation: str
    email: str
    roles: tuple[OrganisationRole, ...]
    invited_by: UUID
    inviter: str
    fingerprint: bytes = b""


def digest_of(word: str) -> bytes:
    """Give the digest under which the word of a link is kept."""
    return hashlib.sha256(word.encode("utf-8", "replace")).digest()


def hint_of(email: str) -> str:
    """Show enough of an address for whoever wrote it to know it again."""
    person, _, domain = email.rpartition("@")
    return f"{person[:1]}…@{domain}"


class Invitations:
    """Sends, lists, withdraws and claims invitations."""

    def __init__(self, pool: Pool, outbox: Outbox, secret: bytes, *, public_url: str) -> None:
        self._pool = pool
        self._outbox = outbox
        self._secret = secret
        self._public_url = public_url.rstrip("/")

    async def send(self, new: NewInvitation) -> None:
        """Keep an invitation and leave its mail to be sent; the same identifier again does nothing more.

        Raises:
            AccountError: this cannot be an e-mail address.
            TooManyInvitationsError: the organisation has too many that are open.
            KeyReusedError: the identifier stands for another invitation.
            LogUnavailableError: the database cannot be reached.
        """
        email, word = checked_address(new.email), secrets.token_urlsafe(SECRET_BYTES)
        async with unavailable_when_lost(), self._pool.acquire() as connection, connection.transaction():
            # One at a time for an organisation, or many at once would pass the limit together.
            await connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('invitations ' || $1, 0))",
                str(new.organisation_id),
            )
            kept = await connection.fetchval(
                "SELECT fingerprint FROM invitations WHERE invitation_id = $1", new.invitation_id
            )
            if kept is not None:
                if kept != new.fingerprint:
                    raise KeyReusedError(new.invitation_id)
                return
            if await self._open(connection, new.organisation_id) >= OPEN_MAX:
                raise TooManyInvitationsError
            expires_at = await connection.fetchval(
                "INSERT INTO invitations (invitation_id, organisation_id, digest, address, address_hint, roles,"
                " invited_by, fingerprint, expires_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(days => $9)) RETURNING expires_at",
                new.invitation_id,
                new.organisation_id,
                digest_of(word),
                self._address(email),
                hint_of(email),
                list(new.roles),
                new.invited_by,
                new.fingerprint,
                GOOD_FOR_DAYS,
            )
            message = render(
                "invitation",
                to=email,
                inviter=new.inviter,
                organisation=new.organisation,
                roles=in_a_row([_(_ROLES[role]) for role in new.roles or ("member",)]),
                link=f"{self._public_url}/invitations/{word}",
                expires_at=expires_at,
            )
            await self._outbox.post(connection, message)
            await connection.execute(
                "DELETE FROM invitations WHERE invitation_id IN (SELECT invitation_id FROM invitations"
                " WHERE expires_at < now() - make_interval(days => $1) ORDER BY expires_at LIMIT $2)",
                _KEPT_DAYS,
                _KEPT_BATCH,
            )

    @staticmethod
    async def _open(connection: asyncpg.pool.PoolConnectionProxy, organisation_id: UUID) -> int:
        return cast(
            "int",
            await connection.fetchval(
                "SELECT count(*) FROM invitations"
                " WHERE organisation_id = $1 AND ended_at IS NULL AND expires_at > now()",
                organisation_id,
            ),
        )

    async def open_ones(self, organisation_id: UUID) -> list[Invitation]:
        """List an organisation's invitations that can still be accepted, the newest first."""
        async with unavailable_when_lost():
            rows = await self._pool.fetch(
                "SELECT invitation_id, address_hint AS sent_to, roles, invited_by, created_at, expires_at"
                " FROM invitations WHERE organisation_id = $1 AND ended_at IS NULL AND expires_at > now()"
                " ORDER BY created_at DESC, invitation_id LIMIT $2",
                organisation_id,
                OPEN_MAX,
            )
        return [Invitation(**row) for row in rows]

    async def look_up(self, word: str) -> Invited:
        """Tell what an invitation is good for, without using it.

        Raises:
            InvitationUnknownError: it was used, was withdrawn, has expired, or never was.
            LogUnavailableError: the database cannot be reached.
        """
        async with unavailable_when_lost():
            row = await self._pool.fetchrow(
                "SELECT invitation_id, organisation_id, roles, invited_by, address FROM invitations"
                " WHERE digest = $1 AND ended_at IS NULL AND expires_at > now()",
                digest_of(word),
            )
        return _invited(row)

    def is_for(self, invited: Invited, email: str) -> bool:
        """Tell whether an invitation was sent to an address."""
        return hmac.compare_digest(invited.address, self._address(email))

    async def claim(self, word: str, *, email: str, person_id: UUID) -> Invited:
        """Use an invitation up for a person with this address, and tell what it is good for.

        Raises:
            InvitationUnknownError: it was used, was withdrawn, has expired, or never was.
            InvitedAnotherError: it was sent to another address.
            LogUnavailableError: the database cannot be reached.
        """
        async with unavailable_when_lost():
            row = await self._pool.fetchrow(
                "UPDATE invitations SET ended_at = now(), accepted_by = $3"
                " WHERE digest = $1 AND address = $2 AND ended_at IS NULL AND expires_at > now()"
                " RETURNING invitation_id, organisation_id, roles, invited_by, address",
                digest_of(word),
                self._address(email),
                person_id,
            )
        if row is None:
            await self.look_up(word)
            raise InvitedAnotherError
        return _invited(row)

    async def give_back(self, invitation_id: UUID, *, person_id: UUID) -> None:
        """Open an invitation again whose acceptance came to nothing."""
        async with unavailable_when_lost():
            await self._pool.execute(
                "UPDATE invitations SET ended_at = NULL, accepted_by = NULL"
                " WHERE invitation_id = $1 AND accepted_by = $2",
                invitation_id,
                person_id,
            )

    async def withdraw(self, organisation_id: UUID, invitation_id: UUID) -> None:
        """End an invitation of an organisation, whether or not it was open."""
        async with unavailable_when_lost():
            await self._pool.execute(
                "UPDATE invitations SET ended_at = coalesce(ended_at, now())"
                " WHERE organisation_id = $1 AND invitation_id = $2",
                organisation_id,
                invitation_id,
            )

    async def withdraw_all(self, organisation_id: UUID, email: str) -> None:
        """End all open invitations of an organisation to one address: whoever loses a role must not come by it again
        with one that they kept.
        """
        async with unavailable_when_lost():
            await self._pool.execute(
                "UPDATE invitations SET ended_at = now()"
                " WHERE organisation_id = $1 AND address = $2 AND ended_at IS NULL",
                organisation_id,
                self._address(email),
            )

    def _address(self, email: str) -> bytes:
        """Give the keyed digest under which an address is known here; the key keeps it from being guessed."""
        message = b"invitation|" + normalised_email(email).lower().encode()
        return hmac.digest(self._secret, message, hashlib.sha256)


def _invited(row: asyncpg.Record | None) -> Invited:
    if row is None:
        raise InvitationUnknownError
    roles: Sequence[OrganisationRole] = row["roles"]
    return Invited(
        invitation_id=row["invitation_id"],
        organisation_id=row["organisation_id"],
        roles=tuple(roles),
        invited_by=row["invited_by"],
        address=row["address"],
    )
