"""The one guard in front of every route: who may come in at all, by the table in `app.access.policy`.

What may happen then is decided by the domain. A route whose operation is not in the table lets nobody in.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from app.access.actor import Actor
from app.access.fresh_proof import FreshProofError
from app.access.policy import FRESH_FOR, RULES, Relation, Rule
from app.access.relations import ROLE_NEEDED, is_related
from app.http.client_address import client_address, is_this_machine
from app.http.cookies import SESSION, cookie_in
from app.http.resources import Resources
from domain.idea import NotInChargeError, NotTheAuthorError
from projections.language import N_
from projections.language import gettext as _

AnyConnection = ASGIConnection[Any, Any, Any, Any]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ALONE: Mapping[Relation, str] = {
    "author": str(NotTheAuthorError.__doc__),
    "in_charge": str(NotInChargeError.__doc__),
    "steward": N_("This is for stewards of the community alone."),
    "owner": N_("This is for the owner of the endpoint alone."),
    **ROLE_NEEDED,
}
_CHALLENGE = 'Bearer realm="open-impact"'


def operation_of(handler: BaseRouteHandler) -> str:
    """Name the operation of a route: its operation id, or its handler's name where it is a page."""
    operation = getattr(handler, "operation_id", None)
    return operation if isinstance(operation, str) else handler.handler_name


async def authorise(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """Let in whom the operation's rule lets in, and leave the actor with the request, if there is one.

    Each request is counted against the operation's limits first: for whoever is known, or else for the address.

    Raises:
        TooManyRequestsError: it was done too often in a short time.
        NotAuthorizedException: nobody is signed in and the operation needs somebody.
        PermissionDeniedException: the person, the token, the relation or the proof does not suffice.
        NotFoundException: it is for this machine and operators, and there is nothing here for others.
        LogUnavailableError: the database, which knows people and roles, cannot be reached.
    """
    if _method(connection) == "OPTIONS":
        return
    operation = operation_of(handler)
    rule = RULES.get(operation)
    if rule is None:
        raise PermissionDeniedException(detail=_("Nobody may do this."))
    resources: Resources = connection.app.state["resources"]
    if rule.who == "everyone":
        await _count(connection, resources, operation, None)
        return
    if rule.who == "machine":
        await _count(connection, resources, operation, None)
        if not await is_at_the_machine(connection, resources):
            raise NotFoundException
        return
    try:
        actor = await _actor(connection, resources, needed=rule.who != "anyone")
    except (NotAuthorizedException, PermissionDeniedException):
        await _count(connection, resources, operation, None)
        raise
    await _count(connection, resources, operation, actor)
    connection.scope["user"] = actor
    if actor is None:
        return
    _require_rights(rule, actor)
    if (
        rule.relation is not None
        and not rule.in_body
        and not await is_related(resources.store, actor, rule.relation, connection.path_params)
    ):
        if rule.relation == "author":
            raise NotTheAuthorError
        if rule.relation == "in_charge":
            raise NotInChargeError
        raise PermissionDeniedException(detail=_(_ALONE[rule.relation]))
    # Last, so that nobody takes out a passkey for what they may not do anyway.
    if rule.fresh:
        require_fresh(resources, actor)
    if rule.recent:
        require_recent(actor)


async def is_at_the_machine(connection: AnyConnection, resources: Resources) -> bool:
    """Tell whether somebody may see how the service runs: they ask on this very machine, or are an operator.

    Raises:
        LogUnavailableError: the database, which knows operators, cannot be reached.
    """
    if is_this_machine(connection):
        return True
    try:
        actor = await _actor(connection, resources, needed=False)
    except (NotAuthorizedException, PermissionDeniedException):
        return False
    return actor is not None and actor.is_operator


async def _count(
    connection: AnyConnection, resources: Resources, operation: str, actor: Actor | None
) -> None:
    writes = _method(connection) not in SAFE_METHODS
    if actor is None:
        await resources.limits.require(operation, address=client_address(connection), writes=writes)
        return
    token = actor.credential_id if actor.via == "token" else None
    await resources.limits.require(operation, account=actor.person_id, token=token, writes=writes)


async def _actor(connection: AnyConnection, resources: Resources, *, needed: bool) -> Actor | None:
    """Find out who acts. A token that is sent must be a valid one, even where none is needed: a program whose token
    has ended must not go on as a stranger without noticing.
    """
    headers = connection.scope["headers"]
    token = _token_in(headers)
    if token is not None:
        actor = await resources.tokens.authenticate(token)
        if actor is None:
            raise NotAuthorizedException(
                detail=_("This token is unknown, was revoked or has expired; ask for a new one."),
                headers={"www-authenticate": f'{_CHALLENGE}, error="invalid_token"'},
            )
        return actor
    secret = cookie_in(headers, SESSION.name(https=resources.is_https))
    actor = await resources.sessions.authenticate(secret) if secret else None
    if (actor is not None or not needed) and _method(connection) not in SAFE_METHODS:
        # Signing in is checked as well: another site's page must not sign somebody in as somebody else.
        require_same_origin(connection, resources)
    if actor is None and needed:
        raise NotAuthorizedException(
            detail=_("This needs a token; send it as `Authorization: Bearer oi_…`, or sign in."),
            headers={"www-authenticate": _CHALLENGE},
        )
    return actor


def _require_rights(rule: Rule, actor: Actor) -> None:
    if rule.scope is not None and rule.scope not in actor.scopes:
        raise PermissionDeniedException(
            detail=_("This token lacks the scope %(scope)s; use one that has it.", scope=rule.scope),
            headers={"www-authenticate": f'{_CHALLENGE}, error="insufficient_scope", scope="{rule.scope}"'},
        )
    if rule.session and actor.via != "session":
        raise PermissionDeniedException(
            detail=_("This is for people who are signed in; a token cannot do it.")
        )
    if rule.who == "operator" and not actor.is_operator:
        raise PermissionDeniedException(detail=_("This is for operators of this installation alone."))


def require_fresh(resources: Resources, actor: Actor) -> None:
    """Refuse a session in which the person has not shown just now, strongly enough, that it is them.

    Raises:
        FreshProofError: there is no such proof.
    """
    if actor.via == "session" and not (actor.proved_by == "passkey" or resources.link_is_enough):
        raise FreshProofError
    require_recent(actor)


def require_recent(actor: Actor) -> None:
    """Refuse a session in which the person has not shown just now, in whatever way, that it is them.

    Raises:
        FreshProofError: the last proof is too old.
    """
    if actor.via == "session" and (
        actor.proved_at is None or datetime.now(UTC) - actor.proved_at > FRESH_FOR
    ):
        raise FreshProofError


def require_same_origin(connection: AnyConnection, resources: Resources) -> None:
    """Refuse what another site's page sends in somebody's name (cross-site request forgery).

    Browsers say on every unsafe request where it comes from: in `Sec-Fetch-Site` (W3C Fetch Metadata), and
    older ones in `Origin` (RFC 6454), which must be ours in scheme, host and port. A `Referer` counts for nothing:
    pages can leave it away, so its absence would have to be let through.

    Raises:
        PermissionDeniedException: it comes from elsewhere, or does not say from where.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        same = site == "same-origin"
    else:
        public = urlsplit(resources.settings.public_url)
        here = f"{public.scheme}://{connection.headers.get('host', '')}"
        same = connection.headers.get("origin", "") in {here.lower(), _origin_of(public)}
    if not same:
        raise PermissionDeniedException(
            detail=_("This was sent from another site's page; open ours and do it there.")
        )


def _origin_of(url: SplitResult) -> str:
    """Write an origin as browsers do: in small letters, and without the port that goes without saying."""
    usual = {"http": 80, "https": 443}.get(url.scheme)
    port = "" if url.port in {None, usual} else f":{url.port}"
    host = url.hostname or ""
    return f"{url.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _method(connection: AnyConnection) -> str:
    return str(connection.scope.get("method", "GET"))


def _token_in(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    for name, value in headers:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" and token.strip() else None
    return None
