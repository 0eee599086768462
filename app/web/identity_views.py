"""What the pages of sign-in with an identity provider show."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct


class IdentityLine(Struct, frozen=True, kw_only=True):
    """An identity that opens the account: by which provider, and since when."""

    identity_id: UUID
    provider: str
    linked_at: datetime


class IdentitiesPage(Struct, frozen=True, kw_only=True):
    """The identities of an account; `provider` is the one that more can be linked with."""

    provider: str | None
    identities: Sequence[IdentityLine]


class LeavingPage(Struct, frozen=True, kw_only=True):
    """The last page here before the provider's; it leads there by itself when that is to be `at_once`."""

    provider: str
    address: str
    at_once: bool = False


class NotSignedInPage(Struct, frozen=True, kw_only=True):
    """Why a sign-in came to nothing, and what to do now; `work_href` is where to begin again with some work."""

    title: str
    sentence: str
    provider: str
    is_signed_in: bool
    work_href: str | None = None
