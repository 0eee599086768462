"""What concerns oneself, and the organisations one acts for."""

from collections.abc import Iterator
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.params import JSONBody
from msgspec import Struct

from app.http.bodies import Body, described, fault, strictly
from app.http.openapi import documented, read_answers, write_answers
from app.http.parameters import LIMIT_USUAL, POSITION_MAX, Cursor, Limit, MinPosition
from app.http.problems import FieldProblem
from app.http.resources import ApiRequest, actor_of, resources_of
from app.http.waiting import caught_up
from app.notices import mark_of, mark_read, notices_of, unread_of
from projections.notices.queries import Notice

NOTICES: dict[str, Any] = {
    "items": [
        {
            "position": 41512,
            "kind": "offer_made",
            "sentence": "“Dale Transport Trust” offers a part for your idea “A shared minibus”: A rota for drivers.",
            "reason": "",
            "happened_at": "2026-11-03T09:30:00Z",
            "for_organisation": None,
            "for_organisation_name": None,
            "idea_id": "0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a11",
            "offer_id": "0198f2c9-2b1e-7c55-8a3e-2f6f0b9d4e41",
            "mandate_id": None,
            "pool_id": None,
            "endpoint_id": None,
            "after": None,
            "until": None,
            "recipient": "0198f2c4-0b1e-7c55-8a3e-2f6f0b9d4e21",
        }
    ],
    "next_cursor": None,
    "unread": 1,
    "read_up_to": 41200,
}
READ: dict[str, Any] = {"read_up_to": 41512, "unread": 0}


class MyNotices(Struct, frozen=True, kw_only=True):
    """A page of notices, the last first; those after `read_up_to` are `unread`, of which at most 100 are counted."""

    items: list[Notice]
    next_cursor: str | None
    unread: int
    read_up_to: int


class ReadMark(Body, frozen=True, kw_only=True):
    """Up to where one has read."""

    position: Annotated[int, described("Of the last notice read.", 41512, minimum=0, maximum=POSITION_MAX)]

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the position."""
        if not 0 <= self.position <= POSITION_MAX:
            yield fault("position", f"Give a position from 0 to {POSITION_MAX}.")


class Marked(Struct, frozen=True, kw_only=True):
    """Up to where one has read, and how many notices are left."""

    read_up_to: int
    unread: int


class NoticeController(Controller):
    """The routes of notices."""

    path = "/api/v1/me/notices"
    tags = ("people",)

    @get(
        operation_id="listMyNotices",
        summary="What concerns me?",
        responses=read_answers(MyNotices, NOTICES, 401, 403),
    )
    async def list_notices(
        self,
        request: ApiRequest,
        *,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> MyNotices:
        """List what others did that concerns you or an organisation you act for, the last first."""
        resources, person_id = resources_of(request), actor_of(request).person_id
        await caught_up(resources, "notices", min_position)
        mark = await mark_of(resources.pool, person_id)
        rows = await notices_of(resources.pool, person_id, limit=limit, cursor=cursor or None)
        return MyNotices(
            items=rows.items,
            next_cursor=rows.next_cursor,
            unread=await unread_of(resources.pool, person_id),
            read_up_to=mark.read_up_to,
        )

    @post(
        "/read",
        status_code=200,
        operation_id="markNoticesRead",
        summary="I have read them",
        before_request=strictly(ReadMark),
        operation_class=documented({"position": 41512}),
        responses=write_answers(Marked, READ, without=(409, 422)),
    )
    async def mark_notices_read(self, request: ApiRequest, data: JSONBody[ReadMark]) -> Marked:
        """Note that you have read everything up to a position; the mark never moves back."""
        pool, person_id = resources_of(request).pool, actor_of(request).person_id
        mark = await mark_read(pool, person_id, data.position)
        return Marked(read_up_to=mark.read_up_to, unread=await unread_of(pool, person_id))
