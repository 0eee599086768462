"""What becomes of somebody an identity provider vouches for: let in, linked, new here, or asked to show more.

A provider's word about an address never opens an account that is there already: whoever has the account links
the identity to it. Nor does it make an account without a verified address, which is everybody's way in.
"""

from collections.abc import Callable
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from app.access import accounts, identities
from app.access.accounts import NAME_LENGTH_MAX, AccountError, AccountExistsError
from app.access.actor import Actor
from app.access.addresses import checked_address
from app.access.identity_provider import VouchedFor
from app.access.oidc import Completed
from app.access.refusals import RefusalError
from app.access.signing_in import note_verified
from app.command_handling import Cause, Handler
from events.connections import Pool

NAMELESS = "Somebody new"
"""The name of whoever a provider gives none for; they take another on their own page."""


class AddressHasAccountError(RefusalError):
    """There is an account with your e-mail address; sign in to it with an e-mail link, then connect the two."""


class AddressUnverifiedError(RefusalError):
    """Your e-mail address is not confirmed yet; sign in with an e-mail link first, then connect the two."""


class WorkFirstError(RefusalError):
    """Before a new account is made for you, your browser has to do a sum first; begin again, and it will."""


class SomebodyElseError(RefusalError):
    """You are signed out, or somebody else is signed in by now; sign in again, then connect once more."""


class Arrived(Struct, frozen=True, kw_only=True):
    """Whose account it is, and whether it was made just now."""

    person_id: UUID
    is_new: bool


async def arrive(
    pool: Pool,
    handler: Handler,
    completed: Completed,
    actor: Actor | None,
    *,
    cause: Cause,
    needs_work: Callable[[str], bool],
) -> Arrived:
    """Settle whose account it is, linking the identity where that is right.

    `actor` is whoever is signed in at this browser; `needs_work` tells whether a new account with an address asks
    for a proof of work, which has to be shown before one leaves for the provider.

    Raises:
        WorkFirstError: an account would be made, and no proof of work was shown.
        AddressHasAccountError: the address belongs to an account that this browser is not signed in to.
        AddressUnverifiedError: nobody knows the identity, and the provider has verified no address.
        SomebodyElseError: it was to be linked to an account that this browser is not signed in to any more.
        IdentityTakenError: it was to be linked, and opens another account.
        LogUnavailableError: the database cannot be reached.
    """
    whom = completed.vouched_for
    is_new = False
    signed_in = actor.person_id if actor is not None and actor.via == "session" else None
    if completed.person_id is not None:
        if completed.person_id != signed_in:
            raise SomebodyElseError
        person_id = completed.person_id
    else:
        known = await identities.person_of(pool, whom.issuer, whom.subject)
        if known is not None:
            person_id = known
        else:
            needed = not completed.has_worked and whom.email is not None and needs_work(whom.email)
            person_id, is_new = await _newcomer(pool, whom, signed_in, needs_work=needed)
    await identities.link(pool, issuer=whom.issuer, subject=whom.subject, person_id=person_id)
    name = await accounts.name_of(pool, person_id) or NAMELESS
    await note_verified(handler, person_id, name=name, how="oidc", cause=replace(cause, actor=person_id))
    return Arrived(person_id=person_id, is_new=is_new)


async def _newcomer(
    pool: Pool, whom: VouchedFor, signed_in: UUID | None, *, needs_work: bool
) -> tuple[UUID, bool]:
    """Make an account, or find the one with this address that this very browser is signed in to; tell which."""
    if whom.email is None:
        raise AddressUnverifiedError
    try:
        address = checked_address(whom.email)
        if needs_work and await accounts.by_email(pool, address) is None:
            raise WorkFirstError
        name = whom.name[:NAME_LENGTH_MAX].strip() or NAMELESS
        return await accounts.add(pool, email=address, name=name), True
    except AccountExistsError:
        account = await accounts.by_email(pool, whom.email)
        if account is None or account.person_id != signed_in:
            raise AddressHasAccountError from None
        return account.person_id, False
    except AccountError:
        raise AddressUnverifiedError from None
