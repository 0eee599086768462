"""What a token may be good for."""

from typing import Literal, TypeAlias, get_args

Scope: TypeAlias = Literal[
    "read",
    "ideas:write",
    "votes:write",
    "comments:write",
    "offers:write",
    "funding:write",
    "webhooks:write",
    "moderate",
    "admin",
]

SCOPES: tuple[Scope, ...] = get_args(Scope)
"""Every scope there is, in the order they are listed to people."""

FRESH_SCOPES: frozenset[Scope] = frozenset({"admin", "funding:write", "moderate"})
"""What a token is made good for only by somebody who has just shown that it is them."""
