"""Who somebody is who showed that an address is theirs: the person with its account, made when there is none."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from app.access import accounts
from app.access.accounts import AccountExistsError
from app.access.addresses import checked_address
from app.command_handling import Cause, Handler
from domain.person import PERSON, JoinPerson, VerifyPerson
from events.connections import Pool
from events.contracts import VerifiedHow
from events.streams import person_stream


class Backends(Protocol):
    """What signing in needs of what a process holds open."""

    @property
    def pool(self) -> Pool:
        """Give the database."""
        ...

    @property
    def handler(self) -> Handler:
        """Give the handler of commands."""
        ...


def _nobody(_person_id: UUID) -> Cause:
    return Cause()


async def person_for(
    resources: Backends,
    *,
    email: str,
    name: str,
    how: VerifiedHow,
    cause: Callable[[UUID], Cause] = _nobody,
) -> UUID:
    """Give the person whose account has this address, with what just verified them in the log.

    An account is made, under `name`, when there is none; an account that is there keeps its name. However many do
    this at once, there is one account, and the person joined and was verified once.

    Raises:
        AccountError: the address or the name cannot be one.
        LogUnavailableError: the database cannot be reached.
    """
    address = checked_address(email)
    account = await accounts.by_email(resources.pool, address)
    if account is None:
        with suppress(
            AccountExistsError
        ):  # Somebody was faster with the same address: theirs is the account.
            await accounts.add(resources.pool, email=address, name=name)
        account = await accounts.by_email(resources.pool, address)
        if account is None:
            raise LookupError("An account that was there a moment ago is gone.")
    person_id = account.person_id
    await note_verified(resources.handler, person_id, name=account.name, how=how, cause=cause(person_id))
    return person_id


async def note_verified(
    handler: Handler, person_id: UUID, *, name: str, how: VerifiedHow, cause: Cause
) -> None:
    """Record that a person joined and was verified; what is recorded already is not recorded again.

    So whatever a process missed that ended between an account and its events is made up for the next time.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    stream, now = person_stream(person_id), datetime.now(UTC)
    join = JoinPerson(person_id=person_id, origin="account", name=name, now=now)
    await handler.handle(PERSON, stream, join, cause=cause)
    await handler.handle(PERSON, stream, VerifyPerson(person_id=person_id, how=how, now=now), cause=cause)
