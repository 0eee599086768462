"""What the pages of passkeys show."""

from msgspec import Struct

from app.access.passkeys import Passkey


class PasskeysPage(Struct, frozen=True, kw_only=True):
    """One's passkeys."""

    passkeys: tuple[Passkey, ...]


class ConfirmItIsYouPage(Struct, frozen=True, kw_only=True):
    """Prove that it is you: by passkey, or by a link to one's own address where that is enough."""

    next: str
    has_passkey: bool
    email: str | None
