"""Addresses of the pages: the one place that knows how they are spelled."""

from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from app.web.views import BoardQuery

_PATH_LENGTH_MAX = 1_000

WHOLE_BOARD = BoardQuery()
"""Nothing asked: every idea, in the default order."""


def board_href(query: BoardQuery = WHOLE_BOARD, *, cursor: str | None = None) -> str:
    """Address the board as `query` asks for it; what is left at its default stays out of the address."""
    asked = {
        "q": query.q.strip(),
        "theme": query.theme,
        "place": query.place,
        "stage": query.stage,
        "community": query.community,
        "needs": query.needs,
        "sort": query.sort if query.sort != WHOLE_BOARD.sort else None,
        "cursor": cursor,
    }
    parameters = urlencode({name: value for name, value in asked.items() if value})
    return f"/?{parameters}" if parameters else "/"


def community_href(slug: str) -> str:
    """Address a community's page."""
    return f"/communities/{quote(slug, safe='')}"


def idea_href(idea_id: UUID) -> str:
    """Address an idea's page."""
    return f"/ideas/{idea_id}"


def new_idea_href(community: str = "") -> str:
    """Address the page on which an idea is begun, for a community or for all."""
    return f"/ideas/new?{urlencode({'community': community})}" if community else "/ideas/new"


def draft_href(draft_id: UUID, part: str) -> str:
    """Address a step of a draft, or what is done with it."""
    return f"/ideas/new/{draft_id}/{part}"


def logged_href(idea_id: UUID, *, position: int | None = None) -> str:
    """Address the page that says that an idea is logged."""
    page = f"{idea_href(idea_id)}/logged"
    return page if position is None else f"{page}?{urlencode({'min_position': position})}"


def offers_href(kind: str = "", *, cursor: str | None = None) -> str:
    """Address what is offered, all of it or what is of a sort, from `cursor` on."""
    asked = {name: value for name, value in (("kind", kind), ("cursor", cursor)) if value}
    return f"/offers?{urlencode(asked)}" if asked else "/offers"


def offer_href(offer_id: UUID) -> str:
    """Address an offer's page."""
    return f"/offers/{offer_id}"


def offer_json_href(offer_id: UUID) -> str:
    """Address an offer as JSON."""
    return f"/api/v1/offers/{offer_id}"


def new_offer_href(idea_id: UUID) -> str:
    """Address the form of an offer on an idea."""
    return f"/offers/new?{urlencode({'idea': idea_id})}"


def organisation_offers_href(organisation_id: UUID, *, cursor: str | None = None) -> str:
    """Address what an organisation offers, from `cursor` on."""
    page = f"/organisations/{organisation_id}/offers"
    return f"{page}?{urlencode({'cursor': cursor})}" if cursor else page


def history_href(idea_id: UUID) -> str:
    """Address the history of an idea."""
    return f"{idea_href(idea_id)}/history"


def votes_href(idea_id: UUID) -> str:
    """Address the page that tells how an idea's votes count."""
    return f"{idea_href(idea_id)}/votes"


def fairness_href(slug: str, *, cursor: str | None = None) -> str:
    """Address the page of fair votes in a community, from `cursor` on."""
    page = f"/communities/{quote(slug, safe='')}/fairness"
    return f"{page}?{urlencode({'cursor': cursor})}" if cursor else page


def quarantines_href(slug: str) -> str:
    """Address what was set aside in a community as JSON."""
    return f"/api/v1/quarantines?{urlencode({'community': slug})}"


def needs_href(idea_id: UUID, *, cursor: str | None = None) -> str:
    """Address the page on which those in charge of an idea say what it needs."""
    page = f"{idea_href(idea_id)}/needs"
    return f"{page}?{urlencode({'cursor': cursor})}" if cursor else page


def parts_href(idea_id: UUID, *, cursor: str | None = None) -> str:
    """Address the page of all parts that an idea needs, from `cursor` on."""
    page = f"{idea_href(idea_id)}/parts"
    return f"{page}?{urlencode({'cursor': cursor})}" if cursor else page


def care_href(idea_id: UUID) -> str:
    """Address the page on which those in charge of an idea launch, close or reopen it."""
    return f"{idea_href(idea_id)}/care"


def revisions_href(idea_id: UUID, *, older: int | None = None, newer: int | None = None) -> str:
    """Address the versions of an idea's texts, or the difference between two of them."""
    page = f"{idea_href(idea_id)}/revisions"
    return f"{page}?{urlencode({'from': older, 'to': newer})}" if older and newer else page


def tally_href(idea_id: UUID) -> str:
    """Address an idea's tally as JSON, which anybody can recount."""
    return f"/api/v1/ideas/{idea_id}/tally"


def receipt_href(idea_id: UUID) -> str:
    """Address the receipt of one's own vote, as JSON."""
    return f"/api/v1/ideas/{idea_id}/vote"


def idea_json_href(idea_id: UUID) -> str:
    """Address an idea as JSON."""
    return f"/api/v1/ideas/{idea_id}"


def event_href(position: int) -> str:
    """Address the one public event at `position` of the log."""
    return f"/api/v1/events?after={position - 1}&limit=1"


def organisations_href(q: str = "", *, cursor: str | None = None) -> str:
    """Address the list of organisations, those that are searched for alone."""
    asked = {name: value for name, value in (("q", q.strip()), ("cursor", cursor)) if value}
    return f"/organisations?{urlencode(asked)}" if asked else "/organisations"


def organisation_href(organisation_id: UUID) -> str:
    """Address an organisation's page."""
    return f"/organisations/{organisation_id}"


def member_href(organisation_id: UUID, person_id: UUID) -> str:
    """Address the page of a member of an organisation."""
    return f"{organisation_href(organisation_id)}/members/{person_id}"


def pool_href(pool_id: UUID) -> str:
    """Address a pool's page."""
    return f"/pools/{pool_id}"


def new_pool_href(idea_id: UUID) -> str:
    """Address the form by which a pool is opened for an idea."""
    return f"/ideas/{idea_id}/pool"


def endpoint_href(endpoint_id: UUID) -> str:
    """Give the address of an endpoint's page."""
    return f"/webhooks/{endpoint_id}"


def built_href(path: str) -> str:
    """Address a file that was built: its name changes with its content, so it may be cached for ever."""
    return f"/static/{quote(path)}"


def static_href(name: str, fingerprint: str) -> str:
    """Address a static file; the fingerprint changes with its content, so it may be cached for ever."""
    return f"/static/{quote(name)}?v={fingerprint}"


def sign_in_href(next_path: str) -> str:
    """Address the sign-in page, which leads back to where one was."""
    back = local_path(next_path)
    return "/sign-in" if back == "/" else f"/sign-in?{urlencode({'next': back})}"


def confirm_href(next_path: str) -> str:
    """Address the page on which one proves that it is oneself, which leads back to where one was."""
    return f"/me/confirm?{urlencode({'next': local_path(next_path)})}"


def register_href(next_path: str) -> str:
    """Address the form to register an organisation, which leads back to where one needed one."""
    return f"/organisations/new?{urlencode({'next': local_path(next_path)})}"


def continue_href(kept_id: UUID) -> str:
    """Address the page on which one goes on with a form that was kept while one signed in."""
    return f"/continue/{kept_id}"


def local_path(wanted: str) -> str:
    """Give a path of ours that somebody wants to be led to, or the board where it leads elsewhere.

    What browsers take for another host is none of ours: `//host`, `/\\host`, and whatever hides behind control
    characters, which they leave out.
    """
    if len(wanted) > _PATH_LENGTH_MAX or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return "/"
    if any(ord(char) <= ord(" ") or char in "\\\x7f" or _is_half(char) for char in wanted):
        return "/"
    if urlsplit(wanted).path.startswith(("/sign-in", "/sign-out", "/api/")):
        return "/"
    return quote(wanted, safe="/?&=#%:;,+@!$'()*~-._[]")


def _is_half(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"
