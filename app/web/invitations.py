"""The page of an invitation: what it is for, and one button that accepts it.

To look at it uses nothing up. Somebody who is not signed in is led there and back; meanwhile a cookie keeps the word
of the link, so that it does not stand in addresses and with what was asked for to sign in.
"""

import re

from litestar import Response, get, post
from litestar.params import FromPath

from app.access.accounts import name_of
from app.access.invitations import InvitationUnknownError, InvitedAnotherError
from app.folding import folded
from app.http.cookies import INVITATION, cookie_in
from app.http.forms import form_of
from app.http.invitations import accept, is_for
from app.http.resources import actor_of, cause_of, resources_of, visitor_of
from app.web.addresses import organisation_href, sign_in_href
from app.web.organisation_views import ROLES, InvitationPage
from app.web.showing import LINK_HEADERS, PageRequest, show
from domain.decider import DomainError
from domain.organisation import ORGANISATION, Registered
from events.streams import organisation_stream
from projections.language import gettext as _

PATH = "/invitations"
_WORD = re.compile(r"[A-Za-z0-9_-]{1,100}")
_OVER = str(InvitationUnknownError.__doc__)


@get(f"{PATH}/{{word:str}}", include_in_schema=False)
async def show_invitation(request: PageRequest, word: FromPath[str]) -> Response[bytes]:
    """Show the invitation that a link leads to, or ask to sign in first."""
    if visitor_of(request) is not None:
        return await _invitation(request, word)
    https = resources_of(request).is_https
    return _led_to(sign_in_href(PATH), word if _WORD.fullmatch(word) else "", https=https)


@get(PATH, include_in_schema=False)
async def show_my_invitation(request: PageRequest) -> Response[bytes]:
    """Show the invitation whose link was opened in this browser before somebody signed in."""
    name = INVITATION.name(https=resources_of(request).is_https)
    return await _invitation(request, cookie_in(request.scope["headers"], name) or "")


@post(PATH, include_in_schema=False)
async def accept_my_invitation(request: PageRequest) -> Response[bytes]:
    """Accept an invitation."""
    word = (await form_of(request)).get("word", "")
    resources, person_id = resources_of(request), actor_of(request).person_id
    try:
        done = await accept(resources, word, person_id=person_id, cause=cause_of(request, person_id))
    except InvitedAnotherError:
        return await _invitation(request, word, status=403)
    except DomainError as error:
        gone = isinstance(error, InvitationUnknownError)
        return await _refused(request, _(str(error)), status=410 if gone else 409)
    return _led_to(f"{organisation_href(done.organisation_id)}?said=joined", "", https=resources.is_https)


INVITATION_PAGES = (show_invitation, show_my_invitation, accept_my_invitation)


async def _invitation(request: PageRequest, word: str, *, status: int = 200) -> Response[bytes]:
    resources = resources_of(request)
    try:
        invited = await resources.invitations.look_up(word)
    except InvitationUnknownError:
        return await _refused(request, _(_OVER), status=410)
    state = (await folded(resources.store, ORGANISATION, organisation_stream(invited.organisation_id))).state
    page = InvitationPage(
        word=word,
        organisation=state.name if isinstance(state, Registered) else "",
        inviter=await name_of(resources.pool, invited.invited_by) or _("An administrator"),
        roles=[_(words) for role, words in ROLES.items() if role in invited.roles],
        is_for_another=not await is_for(resources, invited, actor_of(request).person_id),
    )
    return await show(request, "invitation.html", page, status=status, headers=LINK_HEADERS)


async def _refused(request: PageRequest, sentence: str, *, status: int) -> Response[bytes]:
    page = InvitationPage(error=sentence)
    return await show(request, "invitation.html", page, status=status, headers=LINK_HEADERS)


def _led_to(path: str, word: str, *, https: bool) -> Response[bytes]:
    """Lead on, with the word of an invitation kept in this browser, or forgotten there."""
    return Response(
        b"",
        status_code=303,
        media_type="text/plain",
        headers={**LINK_HEADERS, "location": path},
        cookies=[INVITATION.holding(word, https=https)],
    )
