"""The person a token acts for."""

from uuid import UUID

from litestar import Controller, get
from msgspec import Struct

from app.access.accounts import name_of
from app.http import examples
from app.http.openapi import read_answers
from app.http.resources import ApiRequest, actor_of, resources_of


class Me(Struct, frozen=True, kw_only=True):
    """Who a token acts for, and what it is good for."""

    person_id: UUID
    name: str | None
    scopes: list[str]


class MeController(Controller):
    """The routes of oneself."""

    path = "/api/v1/me"
    tags = ("people",)

    @get(
        operation_id="getMe",
        summary="Who am I?",
        responses=read_answers(Me, examples.ME, 401),
    )
    async def get_me(self, request: ApiRequest) -> Me:
        """Read who the token acts for, and its scopes."""
        actor = actor_of(request)
        return Me(
            person_id=actor.person_id,
            name=await name_of(resources_of(request).pool, actor.person_id),
            scopes=sorted(actor.scopes),
        )
