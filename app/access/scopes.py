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
