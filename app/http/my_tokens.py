"""A person's own tokens: made and shown once, listed, and ended.

Only a person in a session makes and ends tokens. A scope that lets a program act with money, in a community or as an
administrator needs a fresh proof. No token makes more of its person than they are.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from app.access import tokens
from app.access.actor import Actor
from app.access.scopes import FRESH_SCOPES, Scope
from app.access.tokens import TOKENS_MAX, Issued, OwnToken
from app.http import examples
from app.http.bodies import NewToken, strictly
from app.http.guards import require_fresh
from app.http.openapi import documented, read_answers, write_answers
from app.http.people import Ended
from app.http.resources import ApiRequest, Resources, actor_of, now, resources_of
from projections.language import gettext as _


class TooManyTokensError(ClientException):
    """You have as many tokens as one may have; end one that is not used any more."""

    status_code = 409


class TokenShown(Struct, frozen=True, kw_only=True):
    """A token of one's own; the token itself is kept nowhere. `last_used_at` is right to the minute."""

    token_id: UUID
    label: str
    scopes: Sequence[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class TokenMade(Struct, frozen=True, kw_only=True):
    """A new token, shown this once; keep it where only your program can read it."""

    token_id: UUID
    token: str
    label: str
    scopes: Sequence[Scope]
    expires_at: datetime | None


class TokensShown(Struct, frozen=True, kw_only=True):
    """The tokens of a person that are in force, the newest first; at most as many as one may have."""

    items: Sequence[TokenShown]


class MyTokensController(Controller):
    """The routes of one's own tokens."""

    path = "/api/v1/me/tokens"
    tags = ("people",)

    @get(
        operation_id="listMyTokens",
        summary="My tokens",
        responses=read_answers(TokensShown, examples.TOKENS, 401),
    )
    async def list_my_tokens(self, request: ApiRequest) -> TokensShown:
        """Read which tokens act for you, what for, and when each was used last."""
        found = await tokens.of_person(resources_of(request).pool, actor_of(request).person_id)
        return TokensShown(items=[shown(token) for token in found])

    @post(
        status_code=201,
        operation_id="createToken",
        summary="Make a token",
        operation_class=documented(examples.NEW_TOKEN),
        responses=write_answers(TokenMade, examples.TOKEN_MADE, status=201, without=(422,)),
        before_request=strictly(NewToken),
    )
    async def create_token(self, request: ApiRequest, data: JSONBody[NewToken]) -> Response[TokenMade]:
        """Make a token with which a program acts for you; it is shown this once."""
        made, expires_at = await issued(
            resources_of(request), actor_of(request), data.label, data.scopes, data.expires_in_days
        )
        answer = TokenMade(
            token_id=made.token_id,
            token=made.token,
            label=data.label.strip(),
            scopes=made.scopes,
            expires_at=expires_at,
        )
        return Response(answer, status_code=201, headers={"cache-control": "no-store"})

    @delete(
        "/{token_id:uuid}",
        status_code=200,
        operation_id="revokeToken",
        summary="End a token",
        responses=read_answers(Ended, {"ended": 1}, 401, 403, 404),
    )
    async def revoke_token(self, request: ApiRequest, token_id: FromPath[UUID]) -> Ended:
        """End a token of yours; within a second it lets nobody in any more. 404 when it has ended."""
        await ended(resources_of(request), actor_of(request), token_id)
        return Ended(ended=1)


async def issued(
    resources: Resources, actor: Actor, label: str, scopes: Collection[Scope], days: int | None
) -> tuple[Issued, datetime | None]:
    """Make a token for somebody, where they may have one with these scopes, and tell when it ends.

    Raises:
        FreshProofError: a scope needs a fresh proof.
        TooManyTokensError: the person has as many as one may have.
        LogUnavailableError: the database cannot be reached.
    """
    asked = set(scopes)
    if asked & FRESH_SCOPES:
        require_fresh(resources, actor)
    if len(await tokens.of_person(resources.pool, actor.person_id)) >= TOKENS_MAX:
        raise TooManyTokensError(
            detail=_("You have as many tokens as one may have; end one that is not used any more.")
        )
    expires_at = None if days is None else now() + timedelta(days=days)
    made = await tokens.issue(
        resources.pool, person_id=actor.person_id, scopes=asked, label=label.strip(), expires_at=expires_at
    )
    return made, expires_at


async def ended(resources: Resources, actor: Actor, token_id: UUID) -> None:
    """End a token of somebody.

    Raises:
        NotFoundException: they have no such token in force.
        LogUnavailableError: the database cannot be reached.
    """
    if not await tokens.revoke_of(resources.pool, person_id=actor.person_id, token_id=token_id):
        raise NotFoundException(detail=_("You have no such token in force."))
    resources.tokens.forget()


def shown(token: OwnToken) -> TokenShown:
    """Show a token to its owner."""
    return TokenShown(
        token_id=token.token_id,
        label=token.label,
        scopes=token.scopes,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )
