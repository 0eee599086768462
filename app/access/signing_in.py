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
    stream, now, by = person_stream(person_id), datetime.now(UTC), cause(person_id)
    # Should an earlier call have ended between the account and the events, these make up for it.
    join = JoinPerson(person_id=person_id, origin="account", name=account.name, now=now)
    await resources.handler.handle(PERSON, stream, join, cause=by)
    await resources.handler.handle(
        PERSON, stream, VerifyPerson(person_id=person_id, how=how, now=now), cause=by
    )
    return person_id
