"""A community's page, and what its stewards do there: who looks after it, how it votes, and pausing that."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec.structs import replace

from app.access.relations import is_related
from app.http.bodies import REASON_MAX, text_faults
from app.http.communities import CommunityChanged, appoint, change, stewards_of
from app.http.community_bodies import NewRules
from app.http.forms import form_of
from app.http.problems import FieldProblem, MalformedError
from app.http.resources import Resources, actor_of, now, resources_of, visitor_of
from app.web.addresses import board_href, community_href, fairness_href
from app.web.community_views import CommunityPage, FormName, StewardRow
from app.web.formats import time_in_words
from app.web.month import DAYS, month
from app.web.seeing import until_seen
from app.web.showing import PageRequest, seen_elsewhere, show
from app.web.views import BoardQuery
from domain.community import PauseVoting, RemoveSteward, ResumeVoting, SetRules
from domain.person import PersonUnknownError
from events.contracts import VotingRules
from events.streams import community_id
from projections.idea_detail.queries import CommunityDetail, community, community_days
from projections.language import gettext as _
from projections.language import ngettext

PATH = "/communities/{slug:str}"
_POSITION_DIGITS_MAX = 18
_TYPED_MAX = 2_000
_NO_NUMBER = 0
"""What is no number of votes; the check of the rules says so."""


@get(PATH, include_in_schema=False)
async def show_community(request: PageRequest, slug: FromPath[str]) -> Response[bytes]:
    """Show a community: how it votes, and who looks after it."""
    return await _shown(request, slug)


@post(f"{PATH}/rules", include_in_schema=False)
async def set_rules_here(request: PageRequest, slug: FromPath[str]) -> Response[bytes]:
    """Set how the community votes."""
    form = await form_of(request)
    try:
        body = NewRules(
            support_threshold=_number(form.get("threshold", "")),
            opens_at=_moment("opens_at", form.get("opens_at", "")),
            closes_at=_moment("closes_at", form.get("closes_at", "")),
            reason=form.get("reason", ""),
        )
    except MalformedError as error:
        return await _shown(request, slug, wrong="rules", fault=error.errors[0], form=form)
    if faults := list(body.faults()):
        return await _shown(request, slug, wrong="rules", fault=faults[0], form=form)
    command = SetRules(
        now=now(), community_id=community_id(slug), rules=body.rules, reason=body.reason.strip()
    )
    return _changed(await change(request, slug, command))


@post(f"{PATH}/pause", include_in_schema=False)
async def pause_here(request: PageRequest, slug: FromPath[str]) -> Response[bytes]:
    """Pause voting in the community."""
    form = await form_of(request)
    reason = form.get("reason", "")
    if faults := list(text_faults("reason", reason, REASON_MAX)):
        return await _shown(request, slug, wrong="pause", fault=faults[0], form=form)
    command = PauseVoting(now=now(), community_id=community_id(slug), reason=reason.strip())
    return _changed(await change(request, slug, command))


@post(f"{PATH}/resume", include_in_schema=False)
async def resume_here(request: PageRequest, slug: FromPath[str]) -> Response[bytes]:
    """Let voting go on in the community."""
    return _changed(await change(request, slug, ResumeVoting(now=now(), community_id=community_id(slug))))


@post(f"{PATH}/stewards", include_in_schema=False)
async def appoint_here(request: PageRequest, slug: FromPath[str]) -> Response[bytes]:
    """Appoint a steward of the community, by the identifier that stands on their own page."""
    form = await form_of(request)
    try:
        return _changed(await appoint(request, slug, UUID(form.get("person_id", "").strip())))
    except (ValueError, PersonUnknownError):
        sentence = _("This is nobody's identifier; ask them for the one that stands on their page “Me”.")
        fault = FieldProblem(path="person_id", message=sentence)
        return await _shown(request, slug, wrong="stewards", fault=fault, form=form)


@post(f"{PATH}/stewards/{{person_id:uuid}}/remove", include_in_schema=False)
async def remove_here(
    request: PageRequest, slug: FromPath[str], person_id: FromPath[UUID]
) -> Response[bytes]:
    """End a stewardship."""
    form = await form_of(request)
    reason = form.get("reason", "")
    if faults := list(text_faults("reason", reason, REASON_MAX)):
        return await _shown(request, slug, wrong="stewards", fault=faults[0], form={})
    command = RemoveSteward(
        now=now(), community_id=community_id(slug), person_id=person_id, reason=reason.strip()
    )
    return _changed(await change(request, slug, command))


COMMUNITY_PAGES = (show_community, set_rules_here, pause_here, resume_here, appoint_here, remove_here)


def rules_in_words(rules: VotingRules) -> tuple[str, ...]:
    """Say how a community votes, one sentence a rule."""
    if rules.opens_at and rules.closes_at:
        window = _(
            "Voting runs from %(opening)s to %(closing)s.",
            opening=time_in_words(rules.opens_at),
            closing=time_in_words(rules.closes_at),
        )
    elif rules.opens_at:
        window = _("Voting opens on %(opening)s and has no end.", opening=time_in_words(rules.opens_at))
    elif rules.closes_at:
        window = _("Voting closes on %(closing)s.", closing=time_in_words(rules.closes_at))
    else:
        window = _("Voting has no end.")
    return (
        _("Everybody has one vote for each idea but their own, and can take it back."),
        ngettext(
            "%(count)s vote makes an idea supported.",
            "%(count)s votes make an idea supported.",
            rules.support_threshold,
        ),
        window,
        _("These rules change only while nobody can vote, and for a reason that everybody can read."),
    )


def state_in_words(found: CommunityDetail, moment: datetime) -> str:
    """Say whether one can vote in a community at a moment."""
    if found.paused:
        return _("Voting is paused.")
    if _is_ahead(found.rules, moment):
        return _("Voting has not opened yet.")
    return _("Voting is over.") if _is_past(found.rules, moment) else _("Voting is open.")


def _is_running(found: CommunityDetail, moment: datetime) -> bool:
    return not (found.paused or _is_ahead(found.rules, moment) or _is_past(found.rules, moment))


def _is_ahead(rules: VotingRules, moment: datetime) -> bool:
    return rules.opens_at is not None and moment < rules.opens_at


def _is_past(rules: VotingRules, moment: datetime) -> bool:
    return rules.closes_at is not None and rules.closes_at <= moment


def _number(typed: str) -> int:
    word = typed.strip()
    return (
        int(word) if word.isascii() and word.isdigit() and len(word) <= _POSITION_DIGITS_MAX else _NO_NUMBER
    )


def _moment(path: str, typed: str) -> datetime | None:
    """Read a time as browsers write it, which is told in UTC."""
    if not typed.strip():
        return None
    try:
        read = datetime.fromisoformat(typed.strip())
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedError.of(path, _("Give a day and a time, such as 2026-03-01T09:00.")) from error


def _changed(answer: CommunityChanged) -> Response[bytes]:
    return seen_elsewhere(f"{community_href(answer.slug)}?{urlencode({'min_position': answer.position})}")


async def _shown(
    request: PageRequest,
    slug: str,
    *,
    wrong: FormName | None = None,
    fault: FieldProblem | None = None,
    form: Mapping[str, str] | None = None,
) -> Response[bytes]:
    resources = resources_of(request)
    await until_seen(request, "idea_detail")
    found = None if "\0" in slug else await community(resources.pool, slug)
    if found is None:
        raise NotFoundException
    visitor = visitor_of(request)
    is_steward = visitor is not None and await is_related(
        resources.store, actor_of(request), "steward", {"slug": slug}
    )
    page = await _page(resources, found, is_steward=is_steward, **_again(form or {}))
    if fault is None:
        return await show(request, "community.html", page)
    page = replace(page, wrong=wrong, error=fault.message)
    return await show(request, "community.html", page, status=400)


def _again(form: Mapping[str, str]) -> dict[str, Any]:
    """Give what was typed, to be shown again."""
    names = ("threshold", "opens_at", "closes_at", "reason", "person_id")
    return {name: form[name].replace("\0", "")[:_TYPED_MAX] for name in names if name in form}


async def _page(
    resources: Resources, found: CommunityDetail, *, is_steward: bool, **typed: Any
) -> CommunityPage:
    rules, moment = found.rules, now()
    today = moment.astimezone(UTC).date()
    happened = await community_days(resources.pool, found.community_id, until=today, days=DAYS)
    present: dict[str, Any] = {
        "threshold": str(rules.support_threshold),
        "opens_at": _typed(rules.opens_at),
        "closes_at": _typed(rules.closes_at),
    }
    return CommunityPage(
        slug=found.slug,
        name=found.name,
        ideas=found.ideas,
        ideas_href=board_href(BoardQuery(community=found.slug)),
        fairness_href=fairness_href(found.slug),
        json_href=f"/api/v1{community_href(found.slug)}",
        state=state_in_words(found, moment),
        rules=rules_in_words(rules),
        stewards=tuple(
            StewardRow(
                person_id=one.person_id, name=one.name or _("Somebody without a name"), since=one.since
            )
            for one in await stewards_of(resources, found.slug)
        ),
        month=month(happened, until=today),
        is_steward=is_steward,
        paused=found.paused,
        can_set_rules=is_steward and not _is_running(found, moment),
        **{**present, **typed},
    )


def _typed(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}" if moment else ""
