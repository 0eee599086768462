"""Versions of an idea's texts: all of them, one of them, and the difference between two."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from app.http import idea_examples
from app.http.openapi import read_answers
from app.http.parameters import LIMIT_USUAL, Cursor, Limit
from app.http.resources import ApiRequest, resources_of
from app.revisions import (
    Revision,
    RevisionDifference,
    RevisionRow,
    revision,
    revision_difference,
    revisions,
)
from projections.cursors import Integer, decode_cursor, encode_cursor

NUMBER_MAX = 2**31 - 1

From = Annotated[
    int, QueryParameter(name="from", ge=1, le=NUMBER_MAX, description="The number of the older version.")
]
To = Annotated[
    int, QueryParameter(name="to", ge=1, le=NUMBER_MAX, description="The number of the newer one.")
]


class RevisionRows(Struct, frozen=True, kw_only=True):
    """Versions of an idea's texts, the newest first."""

    items: list[RevisionRow]
    next_cursor: str | None = None


class RevisionController(Controller):
    """The routes of versions."""

    path = "/api/v1/ideas/{idea_id:uuid}/revisions"
    tags = ("ideas",)

    @get(
        operation_id="listRevisions",
        summary="All versions of an idea's texts",
        responses=read_answers(RevisionRows, idea_examples.REVISIONS, 404),
    )
    async def list_revisions(
        self,
        request: ApiRequest,
        *,
        idea_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
    ) -> RevisionRows:
        """List every version there ever was, the newest first: when, by whom, why, and which fields it changed."""
        before = decode_cursor(cursor, Integer) if cursor else NUMBER_MAX
        rows = await revisions(resources_of(request).store, idea_id)
        older = [row for row in reversed(rows) if row.number < before]
        more = len(older) > limit
        return RevisionRows(
            items=older[:limit], next_cursor=encode_cursor(older[limit - 1].number) if more else None
        )

    @get(
        "/{number:int}",
        operation_id="getRevision",
        summary="One version of an idea's texts",
        responses=read_answers(Revision, idea_examples.REVISION, 404),
    )
    async def get_revision(
        self, request: ApiRequest, idea_id: FromPath[UUID], number: FromPath[int]
    ) -> Revision:
        """Read a version whole; the first one is number 1."""
        return await revision(resources_of(request).store, idea_id, number)

    @get(
        "/difference",
        operation_id="getRevisionDifference",
        summary="What differs between two versions",
        responses=read_answers(RevisionDifference, idea_examples.REVISION_DIFFERENCE, 404),
    )
    async def get_difference(
        self, request: ApiRequest, *, idea_id: FromPath[UUID], older: From, newer: To
    ) -> RevisionDifference:
        """Tell what differs between any two versions, word by word; what does not differ is left out."""
        return await revision_difference(resources_of(request).store, idea_id, older, newer)
