"""Logging an idea in four short steps: each is saved as a draft when it is sent, and nothing is logged before the last.

Whoever is not signed in writes all of it and signs in at the end. What is sent is kept before it is judged, and a page
then shows what is kept: reloading it, going back and signing in lose nothing.
"""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.drafts import Draft, DraftUnknownError, SignInToDraftError, TypedIdea, Whose
from app.folding import folded
from app.http.client_address import client_address
from app.http.cookies import DRAFTS, cookie_in
from app.http.forms import form_of
from app.http.ideas import opened_community, texts_of
from app.http.resources import cause_of, now, resources_of, visitor_of
from app.web.addresses import draft_href, idea_href, logged_href, new_idea_href, sign_in_href
from app.web.matches import open_to
from app.web.new_idea_forms import (
    FIELDS_MAX,
    beside,
    errors_of,
    first_wrong,
    idea_in,
    step_named,
    turn_of,
    with_form,
)
from app.web.new_idea_views import AlikePage, NoDraftPage, Step
from app.web.picking import is_search
from app.web.present_new_idea import cards_alike, logged_view, step_view
from app.web.seeing import until_seen
from app.web.showing import PageRequest, seen_elsewhere, show
from domain.community import CommunityUnknownError
from domain.idea import IDEA, IdeaLoggedBeforeError, LogIdea, NotLogged, Open
from events.streams import idea_stream, new_id
from projections.idea_board.queries import Alike, ideas_alike
from projections.idea_detail.queries import communities, idea

_NO_STORE = {"cache-control": "no-store"}
_SLUG_MAX = 100
_COMMUNITIES_MAX = 200
_ALIKE_MAX = 3
_TITLE_LEAST = 8
"""Of how many characters a title tells enough to look for others like it."""


@get("/ideas/new", include_in_schema=False)
async def show_new_idea(request: PageRequest) -> Response[bytes]:
    """Show the first step, empty, and the drafts that one can go on with."""
    asked = request.query_params
    community = asked.get("community", "").replace("\0", "")[:_SLUG_MAX]
    page = step_view(
        new_id(),
        "problem",
        TypedIdea(community=community) if community else TypedIdea(),
        is_begun=False,
        drafts=await drafts_of(request),
        saved="saved" in asked,
        deleted="deleted" in asked,
    )
    return await show(request, "new_idea/problem.html", page, headers=_NO_STORE)


@get("/ideas/new/{draft_id:uuid}/{step:str}", include_in_schema=False)
async def show_draft(request: PageRequest, draft_id: FromPath[UUID], step: FromPath[str]) -> Response[bytes]:
    """Show a step of a draft; with `?check` it says what is wrong on it."""
    here, resources, visitor = _step(step), resources_of(request), visitor_of(request)
    try:
        draft = await resources.drafts.look(draft_id, whose(request))
    except SignInToDraftError:
        return _sign_in_first(draft_id, here)
    except DraftUnknownError:
        return await _no_draft(request, draft_id)
    if visitor is not None:
        await resources.drafts.claim(whose(request))
    if here == "check":
        wrong = first_wrong(idea_in(draft.typed)[1])
        if wrong is not None and wrong != here:
            return _checked(draft_id, wrong)
    page = step_view(
        draft_id,
        here,
        draft.typed,
        checked="check" in request.query_params,
        alike=await _alike(request, draft.typed) if here in {"proposal", "check"} else (),
        communities=await communities(resources.pool, limit=_COMMUNITIES_MAX) if here == "check" else (),
        is_known=visitor is not None,
    )
    return await show(request, f"new_idea/{here}.html", page, headers=_NO_STORE)


@post("/ideas/new/{draft_id:uuid}/{step:str}", include_in_schema=False)
async def save_draft(request: PageRequest, draft_id: FromPath[UUID], step: FromPath[str]) -> Response[bytes]:
    """Save a step, and lead on: to the next one, back, to a search, or to what is wrong here."""
    here, form = _step(step), await form_of(request, most=FIELDS_MAX)
    kept = await _kept(request, draft_id, here, form)
    if kept is None:
        return seen_elsewhere(draft_href(draft_id, here))
    draft_id, typed, cookie = kept
    act = form.get("act", "")
    if act == "later":
        return seen_elsewhere(f"{new_idea_href()}?saved", cookies=[cookie])
    if here == "about" and is_search(form):
        found = "places" if typed.place_search and not typed.theme_search else "themes"
        return seen_elsewhere(f"{draft_href(draft_id, here)}#{found}", cookies=[cookie])
    if act == "back" or step_named(act) is not None:
        return seen_elsewhere(draft_href(draft_id, step_named(act) or beside(here, -1)), cookies=[cookie])
    if errors_of(here, idea_in(typed)[1]):
        return _checked(draft_id, here, cookie)
    return seen_elsewhere(draft_href(draft_id, beside(here, 1)), cookies=[cookie])


@post("/ideas/new/{draft_id:uuid}/keep", include_in_schema=False)
async def keep_draft(request: PageRequest, draft_id: FromPath[UUID]) -> Response[bytes]:
    """Keep what is typed meanwhile, for a script of ours; answers the ideas that read like it, as a part of a page."""
    form = await form_of(request, most=FIELDS_MAX)
    here = _step(form.get("step", ""))
    kept = await _kept(request, draft_id, here, form, meanwhile=True)
    if kept is None or kept[0] != draft_id:
        raise NotFoundException
    _, typed, cookie = kept
    alike = cards_alike(typed, await _alike(request, typed)) if here == "problem" else ()
    return await show(
        request, "new_idea/alike.html", AlikePage(alike=alike), headers=_NO_STORE, cookies=[cookie]
    )


@post("/ideas/new/{draft_id:uuid}/log", include_in_schema=False)
async def log_my_idea(request: PageRequest, draft_id: FromPath[UUID]) -> Response[bytes]:
    """Log the idea of a draft, under the draft's identifier: a second time leads to the same idea."""
    resources, visitor = resources_of(request), visitor_of(request)
    form = await form_of(request, most=FIELDS_MAX)
    try:
        await resources.drafts.look(draft_id, whose(request))
        typed = await resources.drafts.change(
            draft_id,
            lambda before: with_form(before, "check", form),
            whose(request).known_again(),
            begins=False,
        )
    except SignInToDraftError:
        return _sign_in_first(draft_id, "check")
    except DraftUnknownError:
        return await _logged_before(request, draft_id)
    if visitor is None:
        return _sign_in_first(draft_id, "check")
    body, errors = idea_in(typed)
    wrong = first_wrong(errors)
    if wrong is not None:
        return _checked(draft_id, wrong)
    try:
        community = await opened_community(resources, body.community)
    except CommunityUnknownError:
        return _checked(draft_id, "check")
    command = LogIdea(
        now=now(),
        idea_id=draft_id,
        community_id=community,
        author_id=visitor.person_id,
        texts=texts_of(body),
    )
    cause = cause_of(request, visitor.person_id)
    try:
        handled = await resources.handler.handle(
            IDEA, idea_stream(draft_id), command, cause=cause, presume_new=True
        )
    except IdeaLoggedBeforeError:
        return await _logged_before(request, draft_id)
    await resources.drafts.delete(draft_id, whose(request))
    return seen_elsewhere(logged_href(draft_id, position=handled.position))


@post("/ideas/new/{draft_id:uuid}/delete", include_in_schema=False)
async def delete_my_draft(request: PageRequest, draft_id: FromPath[UUID]) -> Response[bytes]:
    """Delete a draft; there is nothing to delete where it is gone."""
    await resources_of(request).drafts.delete(draft_id, whose(request))
    return seen_elsewhere(f"{new_idea_href()}?deleted")


@get("/ideas/{idea_id:uuid}/logged", include_in_schema=False)
async def show_logged(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Tell its author that an idea is logged, and what can be done now; others are led to the idea."""
    await until_seen(request, "idea_detail", "funder_matches")
    resources, visitor = resources_of(request), visitor_of(request)
    state = (await folded(resources.store, IDEA, idea_stream(idea_id))).state
    if isinstance(state, NotLogged):
        raise NotFoundException
    if not isinstance(state, Open) or visitor is None or visitor.person_id != state.author_id:
        return seen_elsewhere(idea_href(idea_id))
    page = logged_view(
        idea_id,
        state.texts.title,
        await open_to(resources, idea_id),
        site=resources.settings.public_url,
        is_shown=await idea(resources.pool, idea_id) is not None,
    )
    return await show(request, "new_idea/logged.html", page, headers=_NO_STORE)


NEW_IDEA_PAGES = (
    *(show_new_idea, show_draft, save_draft, keep_draft, log_my_idea, delete_my_draft, show_logged),
)


def whose(request: PageRequest) -> Whose:
    """Tell who asks: which browser it is, and who is signed in."""
    visitor = visitor_of(request)
    name = DRAFTS.name(https=resources_of(request).is_https)
    return Whose(
        browser=cookie_in(request.scope["headers"], name),
        person_id=visitor.person_id if visitor is not None else None,
    )


async def drafts_of(request: PageRequest) -> list[Draft]:
    """List the drafts of whoever asks; what was typed in their browser before they were known is theirs from now on.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    asks, drafts = whose(request), resources_of(request).drafts
    await drafts.claim(asks)
    return await drafts.of(asks)


async def _kept(
    request: PageRequest, draft_id: UUID, step: Step, form: Mapping[str, str], *, meanwhile: bool = False
) -> tuple[UUID, TypedIdea, Cookie] | None:
    """Keep what a step's form says, in a draft of its own where this one is somebody else's; nothing if it is logged.

    What is sent `meanwhile` gives way to what was sent later and came earlier.
    """
    resources, asks = resources_of(request), whose(request).known_again()

    def change(before: TypedIdea) -> TypedIdea:
        if meanwhile and turn_of(form) <= before.turn:
            return before
        return with_form(before, step, form)

    try:
        typed = await resources.drafts.change(draft_id, change, asks, begins=False)
    except DraftUnknownError:
        if await _is_logged(request, draft_id):
            return None
        await resources.limits.require(
            "begin_draft",
            address=client_address(request) if asks.person_id is None else None,
            account=asks.person_id,
        )
        try:
            typed = await resources.drafts.change(draft_id, change, asks)
        except DraftUnknownError:
            draft_id = new_id()
            typed = await resources.drafts.change(draft_id, change, asks)
    return draft_id, typed, DRAFTS.holding(asks.browser or "", https=resources.is_https)


async def _alike(request: PageRequest, typed: TypedIdea) -> list[Alike]:
    if len(typed.title) < _TITLE_LEAST:
        return []
    return await ideas_alike(
        resources_of(request).pool, title=typed.title, problem=typed.problem, limit=_ALIKE_MAX
    )


async def _is_logged(request: PageRequest, draft_id: UUID) -> bool:
    state = (await folded(resources_of(request).store, IDEA, idea_stream(draft_id))).state
    return not isinstance(state, NotLogged)


async def _logged_before(request: PageRequest, draft_id: UUID) -> Response[bytes]:
    """Lead to the idea that was logged already, as a second tap does; or say that there is no such draft."""
    if await _is_logged(request, draft_id):
        return seen_elsewhere(logged_href(draft_id))
    return await _no_draft(request, draft_id)


async def _no_draft(request: PageRequest, draft_id: UUID) -> Response[bytes]:
    """Say what became of a draft that is not there: it is logged, or nobody knows."""
    if await _is_logged(request, draft_id):
        page = NoDraftPage(idea_href=idea_href(draft_id))
        return await show(request, "new_idea/no_draft.html", page, headers=_NO_STORE)
    known = visitor_of(request) is not None
    page = NoDraftPage(sign_in_href=None if known else sign_in_href(request.url.path))
    return await show(request, "new_idea/no_draft.html", page, status=HTTPStatus.NOT_FOUND, headers=_NO_STORE)


def _sign_in_first(draft_id: UUID, step: Step) -> Response[bytes]:
    """Lead to where one signs in, and back to a step from there."""
    headers = {"location": sign_in_href(draft_href(draft_id, step)), **_NO_STORE}
    return Response(b"", status_code=HTTPStatus.SEE_OTHER, media_type="text/plain", headers=headers)


def _checked(draft_id: UUID, step: Step, *cookies: Cookie) -> Response[bytes]:
    return seen_elsewhere(f"{draft_href(draft_id, step)}?{urlencode({'check': ''})}", cookies=cookies)


def _step(name: str) -> Step:
    step = step_named(name)
    if step is None:
        raise NotFoundException
    return step
