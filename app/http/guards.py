"""The guards of routes: who may come in at all. What may happen then is decided by the domain.

Every route that changes something declares the scope it needs by `RequiresScope`; a test finds those
that do not.
"""

from collections.abc import Iterable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from app.access.scopes import Scope
from app.access.tokens import Bearer
from app.http.resources import Resources

_CHALLENGE = 'Bearer realm="open-impact"'


class RequiresToken:
    """Lets in whoever shows a valid token, whatever its scopes."""

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Authenticate, and leave the bearer with the request.

        Raises:
            NotAuthorizedException: there is no token, or it is not valid.
            PermissionDeniedException: the token is not good for this.
            LogUnavailableError: the database, which knows the tokens, cannot be reached.
        """
        resources: Resources = connection.app.state["resources"]
        token = _token_in(connection.scope["headers"])
        if token is None:
            raise NotAuthorizedException(
                detail="This needs a token; send it as `Authorization: Bearer oi_…`.",
                headers={"www-authenticate": _CHALLENGE},
            )
        bearer = await resources.tokens.authenticate(token)
        if bearer is None:
            raise NotAuthorizedException(
                detail="This token is unknown, was revoked or has expired; ask for a new one.",
                headers={"www-authenticate": f'{_CHALLENGE}, error="invalid_token"'},
            )
        self.check(bearer)
        connection.scope["user"] = bearer

    def check(self, bearer: Bearer) -> None:
        """Accept every bearer."""


class RequiresScope(RequiresToken):
    """Lets in whoever shows a token that is good for one thing."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def check(self, bearer: Bearer) -> None:
        """Refuse a bearer whose token is not good for this.

        Raises:
            PermissionDeniedException: the scope is missing.
        """
        if self.scope not in bearer.scopes:
            raise PermissionDeniedException(
                detail=f"This token lacks the scope {self.scope}; use one that has it.",
                headers={
                    "www-authenticate": f'{_CHALLENGE}, error="insufficient_scope", scope="{self.scope}"'
                },
            )


def _token_in(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    for name, value in headers:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" and token.strip() else None
    return None
