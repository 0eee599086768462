"""Who meets what in the matrix of authorisation: every operation of the application, and a cast for all roles.

The operations come from the application's routes, the bodies from the examples of its OpenAPI document, and what
is expected from the table of rules: an operation that is added is in the matrix without a word here.
"""

from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from app.access.actor import Proof
from app.access.policy import RULES, Rule
from app.http.guards import operation_of

SAFE = {"GET", "HEAD"}
STALE_MINUTES = 10
ORGANISATION_ROLES = ("admin", "funder", "offers", "member")


class Operation(Struct, frozen=True, kw_only=True):
    """An operation as a request can be made of it; `{names}` in its path are filled from the cast's world."""

    name: str
    method: str
    path: str
    rule: Rule
    body: Any = None


class Player(Struct, frozen=True, kw_only=True):
    """Somebody in a role: by token or session, or with nothing, or with a token that is none; from elsewhere, or here
    on the machine that serves.
    """

    name: str
    part: str = "stranger"
    via: str = "token"
    scoped: bool = True
    foreign: bool = False
    proved_by: Proof = "link"
    stale: bool = False
    here: bool = False


CAST = (
    Player(name="nobody", via="nothing"),
    Player(name="nobody on the machine itself", via="nothing", here=True),
    Player(name="an invalid token", via="invalid"),
    Player(name="a token without the scope", scoped=False),
    Player(name="a stranger's token with every scope"),
    Player(name="a stranger's session", via="session"),
    Player(name="a stranger's session from another site", via="session", foreign=True),
    Player(name="a stranger's session with a passkey", via="session", proved_by="passkey"),
    Player(name="the author", part="author"),
    Player(name="a steward of community A", part="steward A"),
    Player(name="a steward of community B", part="steward B"),
    *(
        Player(name=f"{role} of organisation {which}", part=f"{role} {which}")
        for which in "AB"
        for role in ORGANISATION_ROLES
    ),
    Player(
        name="a session of an administrator of organisation A",
        part="founder A",
        via="session",
        proved_by="passkey",
    ),
    Player(name="an operator's token", part="operator"),
    Player(
        name="an operator's session of old", part="operator", via="session", proved_by="passkey", stale=True
    ),
    Player(name="an operator's session from another site", part="operator", via="session", foreign=True),
    Player(name="an operator's session", part="operator", via="session", proved_by="passkey"),
)

RELATED = {
    "author": {"author"},
    "in_charge": {"author", "steward A", "operator"},
    "steward": {"steward A", "operator"},
    "member": {f"{role} A" for role in (*ORGANISATION_ROLES, "founder")},
    "offers": {"offers A"},
    "funder": {"funder A"},
    "admin": {"admin A", "founder A"},
    "owner": {"admin A", "founder A"},
}
"""Who stands in a relation to the idea, the community, the organisation and its endpoint that every address names: those of A."""


def operations_of(app: Litestar) -> list[Operation]:
    """List every operation of every route, those of pages too, in one order: the application's is another each time."""
    document = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    bodies = {
        operation["operationId"]: _example(operation.get("requestBody"))
        for item in document["paths"].values()
        for operation in item.values()
    }
    operations = [
        Operation(
            name=operation_of(handler),
            method=method,
            path=route.path_format,
            rule=RULES[operation_of(handler)],
            body=bodies.get(operation_of(handler)),
        )
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods - {"OPTIONS"}
    ]
    return sorted(operations, key=lambda each: (each.path, each.method, each.name))


def _example(body: dict[str, Any] | None) -> Any:
    for media in (body or {}).get("content", {}).values():
        for example in media.get("examples", {}).values():
            return example["value"]
    return None


def is_let_in(operation: Operation, player: Player) -> bool:
    """Tell from the rule alone whether a player may come in."""
    rule = operation.rule
    if rule.who == "everyone":
        return True
    if rule.who == "machine":
        return player.here or player.part == "operator"
    if player.via == "invalid":
        return False
    if player.via == "nothing":
        return rule.who == "anyone"
    return not (
        (player.foreign and operation.method not in SAFE)
        or (rule.scope is not None and not player.scoped)
        or (rule.session and player.via != "session")
        or (rule.who == "operator" and player.part != "operator")
        or (rule.relation is not None and player.part not in RELATED[rule.relation])
        or (rule.recent and player.via == "session" and player.stale)
        or (rule.fresh and player.via == "session" and (player.stale or player.proved_by != "passkey"))
    )
