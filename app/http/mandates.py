"""Mandates: what funders are open to; publish, find, read, revise, pause, resume and close them."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec.structs import replace

from app.access.relations import require_role
from app.folding import folded
from app.http import mandate_examples as examples
from app.http.bodies import OptionalReason, strictly
from app.http.etags import is_unchanged, require_match
from app.http.idempotency import Written, attempt
from app.http.mandate_bodies import MandateChanges, NewMandate
from app.http.openapi import read_answers, write_answers, writing
from app.http.parameters import LIMIT_USUAL, Cursor, IfMatch, IfNoneMatch, Limit, MinPosition, Word, text
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from app.http.revising import on_the_latest
from app.http.waiting import caught_up
from domain.mandate import (
    MANDATE,
    CloseMandate,
    MandateState,
    MandateUnknownError,
    Open,
    PauseMandate,
    PublishMandate,
    ResumeMandate,
    ReviseMandate,
    Unpublished,
)
from events.streams import mandate_stream, new_id
from projections.mandates.queries import (
    MandateDetail,
    MandateFilter,
    MandateRows,
    MandateStatus,
    RevisionRows,
    mandate,
    mandates,
    revisions,
)
from projections.organisations.queries import names_of


class MandateWritten(Written, frozen=True, kw_only=True):
    """A mandate was published or changed; `revision` is what it says now."""

    mandate_id: UUID
    revision: int


class MandateController(Controller):
    """The routes of mandates."""

    path = "/api/v1/mandates"
    tags = ("mandates",)

    @get(
        operation_id="listMandates",
        summary="Who is open to fund what",
        responses=read_answers(MandateRows, examples.MANDATES),
    )
    async def list_mandates(
        self,
        request: ApiRequest,
        *,
        theme: Word = None,
        place: Word = None,
        stage: Word = None,
        currency: Word = None,
        status: FromQuery[MandateStatus | None] = None,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> MandateRows:
        """List mandates that meet every condition given, the newest first; ended ones only by `status`.

        A mandate that names no theme, place or stage is open to any, and found by all of them. A theme or place finds
        what is open to it, to a wider one, or to a narrower one.
        """
        wanted = MandateFilter(
            theme=text("theme", theme),
            place=text("place", place),
            stage=text("stage", stage),
            currency=text("currency", currency),
            status=status,
        )
        return await listed(resources_of(request), wanted, limit, cursor, min_position)

    @get(
        "/{mandate_id:uuid}",
        operation_id="getMandate",
        summary="One mandate",
        responses=read_answers(MandateDetail, examples.MANDATE, 404),
    )
    async def get_mandate(
        self,
        request: ApiRequest,
        *,
        mandate_id: FromPath[UUID],
        min_position: MinPosition = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response[MandateDetail]:
        """Read a mandate: what it says, where it stands now, and what is left of its budget."""
        resources = resources_of(request)
        await caught_up(resources, "mandates", min_position)
        await caught_up(resources, "organisations", min_position)
        found = await named_mandate(resources, mandate_id)
        # It opens and expires while nothing happens to it.
        etag = f'"{found.revision}-{found.position}-{found.status}"'
        if is_unchanged(if_none_match, etag):
            return Response(b"", status_code=304, headers={"etag": etag})  # type: ignore[arg-type]  # It has no body.
        return Response(found, headers={"etag": etag})

    @get(
        "/{mandate_id:uuid}/revisions",
        operation_id="listMandateRevisions",
        summary="What a mandate said when",
        responses=read_answers(RevisionRows, examples.REVISIONS, 404),
    )
    async def list_revisions(
        self,
        request: ApiRequest,
        *,
        mandate_id: FromPath[UUID],
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> RevisionRows:
        """List every revision of a mandate with all that it said, the newest first."""
        resources = resources_of(request)
        await caught_up(resources, "mandates", min_position)
        rows = await revisions(resources.pool, mandate_id, limit=limit, cursor=cursor or None)
        if not rows.items and cursor is None:
            raise MandateUnknownError
        return rows

    @post(
        operation_id="publishMandate",
        summary="Say what an organisation is open to fund",
        before_request=strictly(NewMandate),
        operation_class=writing(examples.NEW_MANDATE),
        responses=write_answers(MandateWritten, examples.PUBLISHED, 404, status=201),
    )
    async def publish_mandate(self, request: ApiRequest, data: JSONBody[NewMandate]) -> MandateWritten:
        """Publish a mandate of an organisation whose money you may commit."""
        return await published(request, data)

    @patch(
        "/{mandate_id:uuid}",
        operation_id="reviseMandate",
        summary="Revise a mandate",
        before_request=strictly(MandateChanges),
        operation_class=writing(examples.MANDATE_CHANGES),
        responses=write_answers(MandateWritten, examples.REVISED, 404, 412),
    )
    async def revise_mandate(
        self,
        request: ApiRequest,
        mandate_id: FromPath[UUID],
        data: JSONBody[MandateChanges],
        if_match: IfMatch = None,
    ) -> MandateWritten:
        """Change what a mandate says; what you leave out stays, and what matched before stays matched."""
        return await revised(request, mandate_id, data, if_match)

    @post(
        "/{mandate_id:uuid}/pause",
        status_code=200,
        operation_id="pauseMandate",
        summary="Pause a mandate",
        before_request=strictly(OptionalReason, may_be_empty=True),
        operation_class=writing(examples.PAUSE),
        responses=write_answers(MandateWritten, examples.PUBLISHED, 404),
    )
    async def pause_mandate(
        self, request: ApiRequest, mandate_id: FromPath[UUID], data: JSONBody[OptionalReason | None] = None
    ) -> MandateWritten:
        """Let a mandate match and pledge nothing until it is resumed; a body is not needed."""
        reason = data.reason.strip() if data else ""
        return await changed(request, PauseMandate(now=now(), mandate_id=mandate_id, reason=reason))

    @post(
        "/{mandate_id:uuid}/resume",
        status_code=200,
        operation_id="resumeMandate",
        summary="Resume a mandate",
        before_request=strictly(OptionalReason, may_be_empty=True),
        operation_class=writing(examples.PAUSE),
        responses=write_answers(MandateWritten, examples.PUBLISHED, 404),
    )
    async def resume_mandate(
        self, request: ApiRequest, mandate_id: FromPath[UUID], data: JSONBody[OptionalReason | None] = None
    ) -> MandateWritten:
        """Open a paused mandate again; a body is not needed."""
        reason = data.reason.strip() if data else ""
        return await changed(request, ResumeMandate(now=now(), mandate_id=mandate_id, reason=reason))

    @post(
        "/{mandate_id:uuid}/close",
        status_code=200,
        operation_id="closeMandate",
        summary="Close a mandate",
        before_request=strictly(OptionalReason, may_be_empty=True),
        operation_class=writing(examples.PAUSE),
        responses=write_answers(MandateWritten, examples.PUBLISHED, 404),
    )
    async def close_mandate(
        self, request: ApiRequest, mandate_id: FromPath[UUID], data: JSONBody[OptionalReason | None] = None
    ) -> MandateWritten:
        """End a mandate for good; what it pledged stays pledged. A body is not needed."""
        reason = data.reason.strip() if data else ""
        return await changed(request, CloseMandate(now=now(), mandate_id=mandate_id, reason=reason))


class MandatesOfOrganisationController(Controller):
    """The routes of an organisation's mandates."""

    path = "/api/v1/organisations/{organisation_id:uuid}/mandates"
    tags = ("mandates",)

    @get(
        operation_id="listMandatesOfOrganisation",
        summary="What an organisation is and was open to",
        responses=read_answers(MandateRows, examples.MANDATES, 404),
    )
    async def list_mandates_of_organisation(
        self,
        request: ApiRequest,
        *,
        organisation_id: FromPath[UUID],
        status: FromQuery[MandateStatus | None] = None,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> MandateRows:
        """List all mandates of an organisation, the newest first, ended ones too."""
        wanted = MandateFilter(organisation_id=organisation_id, status=status, ended=True)
        return await listed(resources_of(request), wanted, limit, cursor, min_position)


async def listed(
    resources: Resources,
    wanted: MandateFilter,
    limit: int,
    cursor: str | None,
    min_position: int | None = None,
) -> MandateRows:
    """List mandates with the names of their organisations.

    Raises:
        BadCursorError, NotCaughtUpError, LogUnavailableError: see the queries.
    """
    await caught_up(resources, "mandates", min_position)
    rows = await mandates(resources.pool, wanted, limit=limit, cursor=cursor or None, now=now())
    return replace(rows, items=await _named(resources, rows.items))


async def named_mandate(resources: Resources, mandate_id: UUID) -> MandateDetail:
    """Read a mandate with the name of its organisation.

    Raises:
        NotFoundException: there is no such mandate.
        LogUnavailableError: the database cannot be reached.
    """
    found = await mandate(resources.pool, mandate_id, now=now())
    if found is None:
        raise NotFoundException(detail=str(MandateUnknownError.__doc__))
    (named,) = await _named(resources, [found])
    return named


async def _named(resources: Resources, items: Sequence[MandateDetail]) -> list[MandateDetail]:
    names = await names_of(resources.pool, {item.organisation_id for item in items})
    return [replace(item, organisation_name=names.get(item.organisation_id, "")) for item in items]


async def published(request: ApiRequest, body: NewMandate) -> MandateWritten:
    """Publish a mandate for an organisation in which whoever asks may commit money.

    Raises:
        RoleNeededError: they may not.
        DomainError: a rule forbids it.
    """
    resources, actor = resources_of(request), actor_of(request)
    this = await attempt(request, MandateWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier
    await require_role(resources.store, actor, body.organisation_id, "funder")
    mandate_id, at = new_id(), now()
    answer = MandateWritten(position=0, mandate_id=mandate_id, revision=1)
    command = PublishMandate(
        now=at,
        mandate_id=mandate_id,
        organisation_id=body.organisation_id,
        person_id=actor.person_id,
        statement=body.statement(at),
    )
    handled = await resources.handler.handle(
        MANDATE,
        mandate_stream(mandate_id),
        command,
        cause=cause_of(request, actor.person_id),
        key=this.keeping(answer),
        presume_new=True,
    )
    return this.answered(answer, handled)


async def revised(
    request: ApiRequest, mandate_id: UUID, body: MandateChanges, if_match: str | None = None
) -> MandateWritten:
    """Revise a mandate; the rule of the operation has asked for the role.

    Raises:
        OutdatedError: `if_match` names another revision than the present one.
        DomainError: a rule forbids it.
    """
    resources, person = resources_of(request), actor_of(request).person_id
    this = await attempt(request, MandateWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier

    async def revise() -> MandateWritten:
        found = await folded(resources.store, MANDATE, mandate_stream(mandate_id))
        present = _current(found.state)
        require_match(if_match, present.revision)
        statement = body.revised(present.statement)
        revision = present.revision + (statement != present.statement)
        answer = MandateWritten(position=0, mandate_id=mandate_id, revision=revision)
        handled = await resources.handler.handle(
            MANDATE,
            mandate_stream(mandate_id),
            ReviseMandate(now=now(), mandate_id=mandate_id, statement=statement, reason=body.reason.strip()),
            cause=cause_of(request, person),
            key=this.keeping(answer),
            # What was left out is taken from this version, so it must be the one that is revised.
            expected=found.version,
        )
        return this.answered(answer, handled)

    return await on_the_latest(revise)


async def changed(
    request: ApiRequest, command: PauseMandate | ResumeMandate | CloseMandate
) -> MandateWritten:
    """Pause, resume or close a mandate; the rule of the operation has asked for the role.

    Raises:
        DomainError: a rule forbids it.
    """
    resources, person = resources_of(request), actor_of(request).person_id
    this = await attempt(request, MandateWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier
    stream = mandate_stream(command.mandate_id)
    present = _current((await folded(resources.store, MANDATE, stream)).state)
    answer = MandateWritten(position=0, mandate_id=command.mandate_id, revision=present.revision)
    handled = await resources.handler.handle(
        MANDATE, stream, command, cause=cause_of(request, person), key=this.keeping(answer)
    )
    return this.answered(answer, handled)


def _current(state: MandateState) -> Open:
    if isinstance(state, Unpublished):
        raise MandateUnknownError
    return state if isinstance(state, Open) else state.mandate
