"""Who may do what, for people to read: every operation with what its rule asks for, made from the table itself."""

import inspect
from typing import assert_never

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from app.access.policy import RULES, Relation, Rule
from app.http.guards import operation_of
from app.http.openapi import TAGS
from projections.language import N_

PAGES = "pages"
_ROLES: dict[Relation, str] = {
    "author": N_("the author of the idea"),
    "in_charge": N_("the author of the idea, stewards of its community, and operators"),
    "steward": N_("stewards of the community, and operators"),
    "member": N_("members of the organisation"),
    "offers": N_("members who may make offers for the organisation"),
    "funder": N_("members who may commit the organisation's money"),
    "admin": N_("administrators of the organisation"),
    "owner": N_("the owner of the endpoint, or an administrator of the organisation it is for"),
}
_OF_THE_FRAMEWORK = "Read the description of the API for programs."


class Permission(Struct, frozen=True, kw_only=True):
    """An operation, who may do it, and what else it asks for; `fresh` is a proof, in the last minutes, that it is you."""

    subject: str
    operation: str
    does: str
    method: str
    path: str
    who: str
    scope: str | None
    relation: str | None
    fresh: bool


def permissions(app: Litestar) -> list[Permission]:
    """List every operation, in the order of the API's subjects, and pages after them."""
    order = {tag.name: number for number, tag in enumerate(TAGS)}
    found = [
        _permission(handler, method, route.path_format)
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and operation_of(handler) in RULES
        for method in sorted(handler.http_methods - {"OPTIONS"})
    ]
    return sorted(found, key=lambda each: (order.get(each.subject, len(order)), each.path, each.method))


def _permission(handler: HTTPRouteHandler, method: str, path: str) -> Permission:
    operation = operation_of(handler)
    rule = RULES[operation]
    return Permission(
        subject=next(iter(handler.resolve_tags()), PAGES),
        operation=operation,
        does=handler.summary or (inspect.getdoc(handler.fn) or _OF_THE_FRAMEWORK).partition(".")[0],
        method=method,
        path=path,
        who=who_may(rule),
        scope=rule.scope,
        relation=rule.relation,
        fresh=rule.fresh,
    )


def who_may(rule: Rule) -> str:
    """Say in words whom a rule lets in."""
    if rule.relation is not None:
        return _ROLES[rule.relation]
    match rule.who:
        case "everyone" | "anyone":
            return N_("everyone")
        case "person":
            return N_("whoever is signed in, not programs") if rule.session else N_("whoever is signed in")
        case "operator":
            return N_("operators")
        case "machine":
            return N_("whoever is at the machine itself, and operators")
        case _:
            assert_never(rule.who)
