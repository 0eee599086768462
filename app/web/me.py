"""Oneself: one's name, where one is signed in, and signing out. And one's own vote, as a form on an idea's page."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.access import accounts, sessions
from app.access.accounts import AccountError
from app.access.risk import VOTE_COST
from app.access.sessions import Session
from app.http.cookies import DRAFTS, SESSION
from app.http.forms import form_of
from app.http.proof_of_work import work_is_needed_to_vote
from app.http.resources import actor_of, cause_of, now, resources_of
from app.http.votes import vote
from app.web.addresses import idea_href, organisation_href
from app.web.new_idea import drafts_of, whose
from app.web.organisation_views import OrganisationLine, roles_in_words
from app.web.own_ideas import own_ideas
from app.web.present_new_idea import draft_row
from app.web.showing import PageRequest, seen_elsewhere, show
from app.web.views import MePage, SessionRow
from app.web.work import work_first
from domain.person import PERSON, ReviseProfile
from domain.vote import CastVote, WithdrawVote
from events.streams import person_stream
from projections.language import N_
from projections.language import gettext as _
from projections.organisations.queries import of_person

_TYPED_MAX = 300
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", N_("an iPhone")), ("iPad", N_("an iPad")), ("Windows", "Windows")),
    *(("Mac OS", N_("a Mac")), ("CrOS", N_("a Chromebook")), ("Linux", "Linux")),
)


@get("/me", include_in_schema=False)
async def show_me(request: PageRequest) -> Response[bytes]:
    """Show one's name, what is one's own, and where one is signed in."""
    return await _me(request, saved="saved" in request.query_params)


@post("/me/name", include_in_schema=False)
async def revise_my_name(request: PageRequest) -> Response[bytes]:
    """Take another name: in the log, and with the account."""
    form, resources, person_id = await form_of(request), resources_of(request), actor_of(request).person_id
    typed = form.get("name", "")
    try:
        name = accounts.checked_name(typed)
    except AccountError as error:
        shown = typed.replace("\0", "")[:_TYPED_MAX]
        return await _me(request, name=shown, error=_(str(error)), status=400)
    command = ReviseProfile(now=now(), person_id=person_id, name=name)
    await resources.handler.handle(
        PERSON, person_stream(person_id), command, cause=cause_of(request, person_id)
    )
    await accounts.rename(resources.pool, person_id, name)
    return seen_elsewhere("/me?saved")


@post("/me/sessions/{session_id:uuid}/end", include_in_schema=False)
async def end_my_session(request: PageRequest, session_id: FromPath[UUID]) -> Response[bytes]:
    """End one of one's sessions."""
    actor = actor_of(request)
    if not await end_sessions(request, session_id):
        raise NotFoundException
    if session_id == actor.credential_id:
        return _signed_out(request)
    return seen_elsewhere("/me")


@post("/me/sessions/end", include_in_schema=False)
async def sign_out_everywhere(request: PageRequest) -> Response[bytes]:
    """End all of one's sessions, this one included."""
    await resources_of(request).drafts.claim(whose(request))
    await end_sessions(request)
    return _signed_out(request)


@post("/sign-out", include_in_schema=False)
async def sign_out(request: PageRequest) -> Response[bytes]:
    """End this session."""
    # What is a draft of this browser goes with the person, and is not left to whoever comes next.
    await resources_of(request).drafts.claim(whose(request))
    await end_sessions(request, actor_of(request).credential_id)
    return _signed_out(request)


@post("/ideas/{idea_id:uuid}/vote", include_in_schema=False)
async def cast_my_vote(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Support an idea, and see it counted; where there is risk, after some work."""
    if work_is_needed_to_vote(request, actor_of(request)):
        page = await work_first(
            request,
            await form_of(request),
            action=f"{idea_href(idea_id)}/vote",
            purpose=_("So your browser does a sum before your support is counted."),
            fields={},
            cost=VOTE_COST,
        )
        if page is not None:
            return page
    return await _voted(request, idea_id, CastVote, has_worked=True)


@post("/ideas/{idea_id:uuid}/vote/withdraw", include_in_schema=False)
async def withdraw_my_vote(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Take one's support back, and see it gone."""
    return await _voted(request, idea_id, WithdrawVote)


async def end_sessions(request: PageRequest, session_id: UUID | None = None) -> int:
    """End one of the actor's sessions, or all, and tell how many that were.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    resources = resources_of(request)
    ended = await sessions.revoke(
        resources.pool, person_id=actor_of(request).person_id, session_id=session_id
    )
    resources.sessions.forget()
    return ended


def device_words(agent: str) -> str:
    """Say which device a session is on, by what its browser says of itself: "Firefox on Linux"."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), _("A browser"))
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    return _("%(browser)s on %(system)s", browser=browser, system=_(system)) if system else browser


async def _voted(
    request: PageRequest, idea_id: UUID, kind: type[CastVote | WithdrawVote], *, has_worked: bool = False
) -> Response[bytes]:
    done = await vote(request, idea_id, kind, has_worked=has_worked)
    return seen_elsewhere(f"{idea_href(idea_id)}?{urlencode({'min_position': done.position})}")


async def _me(
    request: PageRequest, *, status: int = 200, name: str | None = None, **said: Any
) -> Response[bytes]:
    pool, actor = resources_of(request).pool, actor_of(request)
    page = MePage(
        person_id=actor.person_id,
        name=name if name is not None else await accounts.name_of(pool, actor.person_id) or "",
        organisations=tuple(
            OrganisationLine(
                href=organisation_href(one.organisation_id), name=one.name, roles=roles_in_words(one.roles)
            )
            for one in await of_person(pool, actor.person_id)
        ),
        sessions=tuple(
            _row(one, here=one.session_id == actor.credential_id)
            for one in await sessions.of_person(pool, actor.person_id)
        ),
        own=await own_ideas(resources_of(request), actor.person_id),
        drafts=tuple(map(draft_row, await drafts_of(request))),
        **said,
    )
    return await show(request, "me.html", page, status=status)


def _row(session: Session, *, here: bool) -> SessionRow:
    return SessionRow(
        session_id=session.session_id,
        device=device_words(session.device),
        last_seen_at=session.last_seen_at,
        created_at=session.created_at,
        proved_by=session.proved_by,
        here=here,
    )


def _signed_out(request: PageRequest) -> Response[bytes]:
    https = resources_of(request).is_https
    return seen_elsewhere("/", cookies=[cookie.holding("", https=https) for cookie in (SESSION, DRAFTS)])


ME = (
    *(show_me, revise_my_name, end_my_session, sign_out_everywhere, sign_out),
    *(cast_my_vote, withdraw_my_vote),
)
