"""An idea's life as pages: look after it (launch, withdraw, close, reopen), and the versions of its texts."""

from collections.abc import Awaitable
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.access.accounts import names_of
from app.http.bodies import REASON_MAX, Reason
from app.http.forms import form_of
from app.http.idea_bodies import Launch
from app.http.idea_life import Changed, close, launch, reopen, withdraw
from app.http.resources import actor_of, resources_of
from app.importing.sample.content import SOURCE_SYSTEM as SAMPLE
from app.revisions import RevisionDifference, RevisionRow, revision_difference, revisions
from app.web.addresses import idea_href
from app.web.present_life import care_view, revisions_view
from app.web.showing import PageRequest, seen_elsewhere, show
from projections.idea_detail.queries import IdeaDetail, idea

VERSIONS_SHOWN = 200
_NUMBER_DIGITS_MAX = 9


@get("/ideas/{idea_id:uuid}/care", include_in_schema=False)
async def show_care(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Show what can be done with an idea by those in charge of it."""
    return await _care(request, idea_id)


@post("/ideas/{idea_id:uuid}/launch", include_in_schema=False)
async def launch_my_service(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Launch the service of an idea."""
    form = await form_of(request)
    link, note = form.get("link", ""), form.get("note", "")
    faults = {fault.path: fault.message for fault in Launch(link=link, note=note).faults()}
    if faults:
        said = faults.get("link") or faults["note"]
        wrong = "launch" if "link" in faults else "note"
        return await _care(request, idea_id, wrong=wrong, error=said, typed=_shown(link), note=_shown(note))
    return await _done(idea_id, launch(request, idea_id, link, note))


@post("/ideas/{idea_id:uuid}/withdraw", include_in_schema=False)
async def withdraw_my_idea(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Take an idea of one's own back."""
    reason = (await form_of(request)).get("reason", "")
    if error := _fault(reason):
        return await _care(request, idea_id, wrong="withdraw", error=error, typed=_shown(reason))
    return await _done(idea_id, withdraw(request, idea_id, reason))


@post("/ideas/{idea_id:uuid}/close", include_in_schema=False)
async def close_my_idea(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Close an idea."""
    reason = (await form_of(request)).get("reason", "")
    if error := _fault(reason):
        return await _care(request, idea_id, wrong="close", error=error, typed=_shown(reason))
    return await _done(idea_id, close(request, idea_id, reason))


@post("/ideas/{idea_id:uuid}/reopen", include_in_schema=False)
async def reopen_my_idea(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Open an idea again."""
    reason = _shown((await form_of(request)).get("reason", "")).strip()[:REASON_MAX]
    return await _done(idea_id, reopen(request, idea_id, reason))


@get("/ideas/{idea_id:uuid}/revisions", include_in_schema=False)
async def show_revisions(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Show every version of an idea's texts, and what differs between two; without any named, the last change."""
    resources = resources_of(request)
    found = await _found(request, idea_id)
    rows = await revisions(resources.store, idea_id)
    pair = _pair(request, rows)
    difference: RevisionDifference | None = None
    if pair is not None:
        difference = await revision_difference(resources.store, idea_id, *pair)
    shown = rows[-VERSIONS_SHOWN:]
    names = await names_of(resources.pool, list({row.by for row in shown if row.by}))
    is_sample = found.source is not None and found.source.system == SAMPLE
    page = revisions_view(found, shown, difference, names=names, is_sample=is_sample)
    return await show(request, "revisions.html", page)


def _pair(request: PageRequest, rows: list[RevisionRow]) -> tuple[int, int] | None:
    """Read which two versions to compare; what cannot be meant is the last change."""
    asked = [request.query_params.get(name, "") for name in ("from", "to")]
    if all(one.isascii() and one.isdigit() and len(one) <= _NUMBER_DIGITS_MAX for one in asked):
        older, newer = (int(one) for one in asked)
        if 1 <= older <= len(rows) and 1 <= newer <= len(rows):
            return older, newer
    return (len(rows) - 1, len(rows)) if len(rows) > 1 else None


async def _care(
    request: PageRequest,
    idea_id: UUID,
    *,
    wrong: str | None = None,
    error: str | None = None,
    typed: str = "",
    note: str = "",
) -> Response[bytes]:
    found = await _found(request, idea_id)
    is_author = actor_of(request).person_id == found.author_id
    page = care_view(found, is_author=is_author, wrong=wrong, error=error, typed=typed, note=note)
    return await show(request, "care.html", page, status=400 if error else 200)


async def _found(request: PageRequest, idea_id: UUID) -> IdeaDetail:
    found = await idea(resources_of(request).pool, idea_id)
    if found is None:
        raise NotFoundException
    return found


async def _done(idea_id: UUID, doing: Awaitable[Changed]) -> Response[bytes]:
    done = await doing
    return seen_elsewhere(f"{idea_href(idea_id)}?{urlencode({'min_position': done.position})}")


def _fault(reason: str) -> str | None:
    return next((fault.message for fault in Reason(reason=reason).faults()), None)


def _shown(typed: str) -> str:
    return typed.replace("\0", "")[: 2 * REASON_MAX]


LIFE_PAGES = (
    show_care,
    launch_my_service,
    withdraw_my_idea,
    close_my_idea,
    reopen_my_idea,
    show_revisions,
)
