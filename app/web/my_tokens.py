"""The page of one's own tokens: which there are, a form for another, and one that is shown once."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from app.access import tokens
from app.access.scopes import FRESH_SCOPES, SCOPES
from app.http.bodies import LABEL_MAX, NewToken
from app.http.forms import form_of
from app.http.my_tokens import ended, issued, shown
from app.http.resources import actor_of, resources_of
from app.web.showing import LINK_HEADERS, PageRequest, seen_elsewhere, show
from app.web.token_views import ScopeChoice, TokensPage
from projections.language import N_
from projections.language import gettext as _

PATH = "/me/tokens"
DAYS: Mapping[str, int | None] = {"30": 30, "90": 90, "365": 365, "never": None}
_MEANINGS = {
    "read": N_("Read what you can read"),
    "ideas:write": N_("Log and revise ideas"),
    "votes:write": N_("Support ideas"),
    "comments:write": N_("Comment"),
    "offers:write": N_("Make offers"),
    "funding:write": N_("Commit money"),
    "webhooks:write": N_("Set up notifications to other programs"),
    "moderate": N_("Moderate communities you are a steward of"),
    "admin": N_("Manage organisations for you, and what else you administer"),
}


@get(PATH, include_in_schema=False)
async def show_tokens(request: PageRequest) -> Response[bytes]:
    """Show which programs act for the person."""
    return await show(request, "tokens.html", await _tokens(request), headers=LINK_HEADERS)


@post(PATH, include_in_schema=False)
async def make_token(request: PageRequest) -> Response[bytes]:
    """Make a token, and show it this once."""
    form = await form_of(request)
    body = NewToken(
        label=form.get("label", ""),
        scopes=[scope for scope in SCOPES if form.get(f"scope-{scope}")],
        expires_in_days=DAYS.get(form.get("days", ""), 365),
    )
    if faults := list(body.faults()):
        sentence = _("Say what it is for.") if faults[0].path == "label" else _("Choose what it may do.")
        page = await _tokens(request, error=sentence)
        return await show(request, "tokens.html", page, status=400, headers=LINK_HEADERS)
    made, _ends = await issued(
        resources_of(request), actor_of(request), body.label, body.scopes, body.expires_in_days
    )
    page = await _tokens(request, token=made.token)
    return await show(request, "tokens.html", page, status=201, headers=LINK_HEADERS)


@post("/me/tokens/{token_id:uuid}/end", include_in_schema=False)
async def end_token(request: PageRequest, token_id: FromPath[UUID]) -> Response[bytes]:
    """End a token."""
    await ended(resources_of(request), actor_of(request), token_id)
    return seen_elsewhere(PATH)


TOKEN_PAGES = (show_tokens, make_token, end_token)


async def _tokens(request: PageRequest, *, token: str | None = None, error: str | None = None) -> TokensPage:
    actor = actor_of(request)
    found = await tokens.of_person(resources_of(request).pool, actor.person_id)
    return TokensPage(
        tokens=[shown(each) for each in found],
        choices=[
            ScopeChoice(scope=scope, meaning=_(_MEANINGS[scope]), needs_proof=scope in FRESH_SCOPES)
            for scope in SCOPES
        ],
        label_max=LABEL_MAX,
        token=token,
        error=error,
    )
