"""What the page of one's own tokens shows."""

from collections.abc import Sequence

from msgspec import Struct

from app.access.scopes import Scope
from app.http.my_tokens import TokenShown


class ScopeChoice(Struct, frozen=True, kw_only=True):
    """Something a token may be good for, in words."""

    scope: Scope
    meaning: str
    needs_proof: bool


class TokensPage(Struct, frozen=True, kw_only=True):
    """The tokens of a person; `token` is one that was just made, and `error` what is wrong with the form."""

    tokens: Sequence[TokenShown]
    choices: Sequence[ScopeChoice]
    label_max: int
    token: str | None = None
    error: str | None = None
