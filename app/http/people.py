"""Oneself: who one is, how one is signed in, and where."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from litestar import Controller, delete, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct, structs

from app.access import sessions
from app.access.accounts import name_of
from app.access.actor import Proof
from app.http import examples
from app.http.openapi import read_answers
from app.http.resources import ApiRequest, actor_of, resources_of


class Me(Struct, frozen=True, kw_only=True):
    """Who a token or a session acts for, and what it is good for; a session says how and when they last showed it."""

    person_id: UUID
    name: str | None
    scopes: list[str]
    via: Literal["token", "session"]
    proved_by: Proof | None = None
    proved_at: datetime | None = None


class MySession(Struct, frozen=True, kw_only=True):
    """One place where somebody is signed in; `device` is what its browser says of itself, `here` the one that asks."""

    session_id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    proved_by: Proof
    here: bool


class MySessions(Struct, frozen=True, kw_only=True):
    """Where somebody is signed in, the session used last first; at most a hundred."""

    items: list[MySession]


class Ended(Struct, frozen=True, kw_only=True):
    """How many sessions were ended."""

    ended: int


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
            via=actor.via,
            proved_by=actor.proved_by,
            proved_at=actor.proved_at,
        )

    @get(
        "/sessions",
        operation_id="listMySessions",
        summary="Where am I signed in?",
        responses=read_answers(MySessions, examples.MY_SESSIONS, 401, 403),
    )
    async def list_sessions(self, request: ApiRequest) -> MySessions:
        """List one's sessions that have not ended, the one used last first."""
        actor = actor_of(request)
        found = await sessions.of_person(resources_of(request).pool, actor.person_id)
        return MySessions(
            items=[
                MySession(**structs.asdict(one), here=one.session_id == actor.credential_id) for one in found
            ]
        )

    @delete(
        "/sessions/{session_id:uuid}",
        status_code=200,
        operation_id="endMySession",
        summary="Sign out somewhere",
        responses=read_answers(Ended, {"ended": 1}, 401, 403, 404),
    )
    async def end_session(self, request: ApiRequest, session_id: FromPath[UUID]) -> Ended:
        """End one of one's sessions; within a second it works nowhere any more. 404 when it has ended."""
        ended = await self._end(request, session_id)
        if not ended:
            raise NotFoundException(detail="You have no such session, or it has ended.")
        return Ended(ended=ended)

    @delete(
        "/sessions",
        status_code=200,
        operation_id="endMySessions",
        summary="Sign out everywhere",
        responses=read_answers(Ended, {"ended": 2}, 401, 403),
    )
    async def end_sessions(self, request: ApiRequest) -> Ended:
        """End all of one's sessions, the one that asks included; within a second they work nowhere any more."""
        return Ended(ended=await self._end(request, None))

    async def _end(self, request: ApiRequest, session_id: UUID | None) -> int:
        resources = resources_of(request)
        person_id = actor_of(request).person_id
        ended = await sessions.revoke(resources.pool, person_id=person_id, session_id=session_id)
        resources.sessions.forget()
        return ended
