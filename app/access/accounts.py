"""Accounts: the name and address behind a person's identifier, kept outside the log."""

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime
from typing import Literal, TypeAlias, get_args
from uuid import UUID

import asyncpg
from msgspec import Struct

from app.access.disposable import is_disposable
from events.connections import Pool, unavailable_when_lost
from events.streams import new_id
from projections.language import N_
from projections.language import gettext as _

Role: TypeAlias = Literal["member", "operator"]
ROLES: tuple[Role, ...] = get_args(Role)

EMAIL_LENGTH_MAX = 254
NAME_LENGTH_MAX = 200

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+")


class AccountError(ValueError):
    """An account cannot be made like this; the message says what to change."""


class AccountExistsError(AccountError):
    """There is already an account with this e-mail address; use another address, or that account."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Account(Struct, frozen=True, kw_only=True):
    """Somebody with an account."""

    person_id: UUID
    email: str
    name: str
    role: Role
    created_at: datetime


async def add(pool: Pool, *, email: str, name: str, role: Role = "member") -> UUID:
    """Add an account and give the new person's identifier.

    The account alone: that the person joined is an event, which the caller appends.

    Raises:
        AccountError: the address or the name cannot be one.
        AccountExistsError: the address, in whatever case, has an account.
        LogUnavailableError: the database cannot be reached.
    """
    person_id = new_id()
    try:
        async with unavailable_when_lost():
            await pool.execute(
                "INSERT INTO accounts (person_id, email, name, role, disposable) VALUES ($1, $2, $3, $4, $5)",
                person_id,
                normalised_email(email),
                checked_name(name),
                role,
                is_disposable(email),
            )
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "accounts_email":
            raise
        raise AccountExistsError from error
    return person_id


async def by_email(pool: Pool, email: str) -> Account | None:
    """Find the account with an e-mail address, in whatever case it is written.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    try:
        address = normalised_email(email)
    except AccountError:
        return None
    async with unavailable_when_lost():
        row = await pool.fetchrow(
            "SELECT person_id, email, name, role, created_at FROM accounts WHERE lower(email) = lower($1)",
            address,
        )
    return None if row is None else Account(**row)


async def by_id(pool: Pool, person_id: UUID) -> Account | None:
    """Find a person's account.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        row = await pool.fetchrow(
            "SELECT person_id, email, name, role, created_at FROM accounts WHERE person_id = $1", person_id
        )
    return None if row is None else Account(**row)


async def email_of(pool: Pool, person_id: UUID) -> str | None:
    """Give the e-mail address of a person with an account.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    account = await by_id(pool, person_id)
    return None if account is None else account.email


async def name_of(pool: Pool, person_id: UUID) -> str | None:
    """Name a person, or nobody for a pseudonym that has no account."""
    return (await names_of(pool, [person_id])).get(person_id)


async def names_of(pool: Pool, people: Collection[UUID]) -> dict[UUID, str]:
    """Name several people in one go; who has no account is left out.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    if not people:
        return {}
    async with unavailable_when_lost():
        rows = await pool.fetch(
            "SELECT person_id, name FROM accounts WHERE person_id = ANY($1::uuid[])", list(set(people))
        )
    return {row["person_id"]: row["name"] for row in rows}


def normalised_email(email: str) -> str:
    """Write an address the one way it is kept: composed, without blanks around it, its domain in lower case.

    Raises:
        AccountError: this cannot be an e-mail address.
    """
    address = unicodedata.normalize("NFC", email).strip()
    if len(address) > EMAIL_LENGTH_MAX or not _EMAIL.fullmatch(address):
        raise AccountError(N_("This is not an e-mail address; write one like name@example.org."))
    person, _, domain = address.rpartition("@")
    return f"{person}@{domain.lower()}"


def checked_name(name: str) -> str:
    """Write a name the one way it is kept: composed, without blanks around it.

    Raises:
        AccountError: this cannot be a name.
    """
    checked = " ".join(unicodedata.normalize("NFC", name).split())
    if not checked or len(checked) > NAME_LENGTH_MAX:
        raise AccountError(_("A name has 1 to %(most)s characters.", most=NAME_LENGTH_MAX))
    # Control characters, halves of characters, and what turns the direction of the text around it.
    if any(unicodedata.category(char) in {"Cc", "Cs"} or char in _TURNING for char in checked):
        raise AccountError(N_("A name has letters and signs that can be seen; leave out the others."))
    return checked


async def rename(pool: Pool, person_id: UUID, name: str) -> None:
    """Give an account another name.

    Raises:
        AccountError: this cannot be a name.
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        await pool.execute(
            "UPDATE accounts SET name = $2 WHERE person_id = $1", person_id, checked_name(name)
        )
