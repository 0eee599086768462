"""Who acts: the person behind a request, how they are known, and what they showed for it."""

from datetime import datetime
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from msgspec import Struct

from app.access.scopes import SCOPES

Proof: TypeAlias = Literal["link", "oidc", "passkey"]
"""How a person showed, in a session, that it is them; the later in the list the stronger."""

PROOFS: tuple[Proof, ...] = get_args(Proof)
EVERY_SCOPE = frozenset(SCOPES)


class Actor(Struct, frozen=True, kw_only=True):
    """The person a request acts for.

    `via` tells a program with a token from a person with a session, `credential_id` which token or
    session. A session has every scope. `proved_by` and `proved_at` are the latest proof shown in the
    session and its moment; a token shows none.
    """

    person_id: UUID
    scopes: frozenset[str]
    via: Literal["token", "session"]
    credential_id: UUID
    is_operator: bool = False
    expires_at: datetime | None = None
    proved_by: Proof | None = None
    proved_at: datetime | None = None
