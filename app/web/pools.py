"""The page of a pool: what comes together and why not more, and forms for its funders and for those in charge."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec.structs import replace

from app.funding.pool_view import PledgeView, PoolDetail, Preview
from app.http.bodies import REASON_MAX
from app.http.forms import form_of
from app.http.funding_bodies import FUNDERS_MAX
from app.http.past import happened_by, moment_of
from app.http.pool_bodies import Confirmation, NewPledge, PledgeChanges
from app.http.pool_reads import names_in, preview, shown, shown_then
from app.http.pool_writes import confirmed, pledge_revised, pledge_withdrawn, pledged, promised
from app.http.resources import Resources, now, resources_of
from app.http.waiting import caught_up
from app.importing.sample.content import SOURCE_SYSTEM as SAMPLE
from app.web.addresses import idea_href, organisation_href, pool_href
from app.web.embedding.sharing import pool_sharing
from app.web.histories.then import Asked, asked_then, led_to, then_of
from app.web.pool_bar import pool_bar
from app.web.pool_care import Sent, care_of
from app.web.pool_forms import FIELDS, WITH, FormError, in_sentence, pledge_in, ticked, waits_for
from app.web.pool_opening import funders_of
from app.web.pool_views import FunderChoice, PledgeLine, PoolPage, PreviewView, WithChoice
from app.web.pool_words import MONEY_WORDS, conditions_in_words, promise_in_words, status_in_words
from app.web.seeing import until_seen
from app.web.showing import PageRequest, seen_elsewhere, show
from domain.decider import DomainError
from events.streams import new_id
from projections.amounts import CURRENCY_SIGNS, money
from projections.idea_detail.queries import idea
from projections.language import N_
from projections.language import gettext as _
from projections.organisations.queries import Membership, names_of

_TYPED_MAX = 5_000
_SAID: Mapping[str, str] = {
    "opened": N_("The pool is open."),
    "changed": N_("What the pool asks for is changed."),
    "cancelled": N_("The pool is called off."),
    "planned": N_("The milestone is planned."),
    "reached": N_("It is said that the milestone is reached."),
    "released": N_("The money for the milestone is released."),
    "pledged": N_("Your pledge is made."),
    "revised": N_("Your pledge is changed."),
    "withdrawn": N_("The pledge is withdrawn."),
    "confirmed": N_("It is confirmed that the money is there."),
}


@get("/pools/{pool_id:uuid}", include_in_schema=False)
async def show_pool(request: PageRequest, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Show a pool, now or as it was.

    Whoever has just changed it sees it changed, and who comes from a match finds the form filled in.
    """
    if asked := asked_then(request, pool_id, pool_href(pool_id), "pool"):
        return await _pool_then(request, asked)
    if led := await led_to(request, pool_id, pool_href(pool_id)):
        return led
    await until_seen(request, "organisations")
    said = _(_SAID.get(request.query_params.get("said", ""), "")) or None
    return await pool_page(request, pool_id, form=dict(request.query_params.items()), said=said)


@post("/pools/{pool_id:uuid}/preview", include_in_schema=False)
async def preview_our_pledge(request: PageRequest, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Show what a pledge would do, and ask whether to make it."""
    resources = resources_of(request)
    form = await form_of(request)
    detail = await shown(resources, pool_id, now())
    try:
        body = pledge_in(form, detail.target.currency)
        found = await preview(resources, pool_id, promised(body, new_id()), now())
    except FormError as error:
        return await pool_page(request, pool_id, form=form, errors=error.errors, status=400)
    except DomainError as error:
        return await pool_page(request, pool_id, form=form, error=_(str(error)), status=409)
    return await pool_page(request, pool_id, form=form, previewed=found)


@post("/pools/{pool_id:uuid}/pledges", include_in_schema=False)
async def make_our_pledge(request: PageRequest, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Make a pledge, or revise the one that the organisation has made."""
    form = await form_of(request)
    detail = await shown(resources_of(request), pool_id, now())
    try:
        body = pledge_in(form, detail.target.currency)
        mine = _own(detail, body)
        if mine is None:
            answer = await pledged(request, pool_id, body)
        else:
            changes = PledgeChanges(
                amount=body.amount, conditions=body.conditions, description=body.description
            )
            answer = await pledge_revised(request, pool_id, mine.pledge_id, changes)
    except FormError as error:
        return await pool_page(request, pool_id, form=form, errors=error.errors, status=400)
    except DomainError as error:
        return await pool_page(request, pool_id, form=form, error=_(str(error)), status=409)
    return seen_there(pool_id, "revised" if mine else "pledged", answer.position)


@post("/pools/{pool_id:uuid}/pledges/{pledge_id:uuid}/withdraw", include_in_schema=False)
async def withdraw_our_pledge(
    request: PageRequest, pool_id: FromPath[UUID], pledge_id: FromPath[UUID]
) -> Response[bytes]:
    """Take a pledge back, or veto what a mandate pledged."""
    reason = (await form_of(request)).get("reason", "").replace("\0", "")[:REASON_MAX]
    try:
        answer = await pledge_withdrawn(request, pool_id, pledge_id, reason)
    except DomainError as error:
        return await pool_page(request, pool_id, error=_(str(error)), status=409)
    return seen_there(pool_id, "withdrawn", answer.position)


@post("/pools/{pool_id:uuid}/pledges/{pledge_id:uuid}/confirm", include_in_schema=False)
async def confirm_our_funds(
    request: PageRequest, pool_id: FromPath[UUID], pledge_id: FromPath[UUID]
) -> Response[bytes]:
    """Confirm that the money is there."""
    body = Confirmation(document=(await form_of(request)).get("document", "").strip() or None)
    if faults := list(body.faults()):
        return await pool_page(request, pool_id, error=faults[0].message, status=400)
    try:
        answer = await confirmed(request, pool_id, pledge_id, body)
    except DomainError as error:
        return await pool_page(request, pool_id, error=_(str(error)), status=409)
    return seen_there(pool_id, "confirmed", answer.position)


POOL_PAGES = (show_pool, preview_our_pledge, make_our_pledge, withdraw_our_pledge, confirm_our_funds)


def seen_there(pool_id: UUID, said: str, position: int) -> Response[bytes]:
    """Lead to the page of a pool, which says what was done."""
    return seen_elsewhere(f"{pool_href(pool_id)}?said={said}&seen={position}")


def _own(detail: PoolDetail, body: NewPledge) -> PledgeView | None:
    return next(
        (
            one
            for one in detail.pledges
            if (one.organisation_id, one.kind) == (body.organisation_id, body.kind)
        ),
        None,
    )


async def pool_page(
    request: PageRequest,
    pool_id: UUID,
    *,
    form: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    error: str | None = None,
    said: str | None = None,
    previewed: Preview | None = None,
    sent: Sent | None = None,
    status: int = 200,
) -> Response[bytes]:
    """Show a pool, with what became of a form that was sent: a pledge in `form`, a step of those in charge in `sent`.

    Raises:
        PoolUnknownError: there is no such pool.
        LogUnavailableError: the database cannot be reached.
    """
    resources = resources_of(request)
    position = request.query_params.get("seen", "")
    if position.isascii() and position.isdigit() and len(position) < 18:  # noqa: PLR2004  # What a position has at most.
        await caught_up(resources, "pools", min(int(position), await resources.store.head()))
    detail = previewed or await shown(resources, pool_id, now())
    page = await _pool(resources, detail, await funders_of(request), form or {}, previewed)
    page = replace(
        page,
        errors=errors or {},
        error=error,
        said=said,
        care=None if previewed else await care_of(request, detail, sent),
    )
    return await show(request, "pool.html", page, status=status)


async def _pool(
    resources: Resources,
    detail: PoolDetail,
    ours: Sequence[Membership],
    form: Mapping[str, str],
    previewed: Preview | None = None,
) -> PoolPage:
    """Show a pool to somebody who may commit the money of some organisations, with what they typed."""
    idea_row = await idea(resources.pool, detail.idea_id)
    names = await names_in(resources, detail)
    said = in_sentence(form)
    chosen = form.get("organisation_id", "")
    own = {one.organisation_id for one in ours}
    return PoolPage(
        pool_id=detail.pool_id,
        href=pool_href(detail.pool_id),
        json_href=f"/api/v1/pools/{detail.pool_id}",
        idea_href=idea_href(detail.idea_id),
        idea_title=idea_row.title if idea_row else _("An idea"),
        status=detail.status,
        status_sentence=status_in_words(detail),
        minimum=detail.minimum,
        target=detail.target,
        ceiling=detail.ceiling,
        total=detail.committed_total if detail.status == "committed" else detail.resolved_total,
        deadline=detail.deadline,
        counts_in_kind=detail.counts_in_kind,
        reason=detail.reason,
        bar=pool_bar(detail),
        pledges=[_line(one, detail, names, own, previewed) for one in detail.pledges],
        milestones=detail.milestones,
        funders=[
            FunderChoice(
                organisation_id=one.organisation_id,
                name=one.name,
                selected=str(one.organisation_id) == chosen,
            )
            for one in ours
        ],
        waits=await _waits(resources, detail, own, form),
        sign=CURRENCY_SIGNS.get(detail.target.currency, detail.target.currency),
        typed={name: _typed(said.get(name, "")) for name in FIELDS},
        ticked=ticked(said),
        preview=None if previewed is None else _preview(previewed, form, names),
        sharing=None
        if previewed
        else pool_sharing(resources.settings.public_url, detail.pool_id, idea_row.title if idea_row else ""),
        is_sample=idea_row is not None and idea_row.source is not None and idea_row.source.system == SAMPLE,
    )


async def _pool_then(request: PageRequest, asked: Asked) -> Response[bytes]:
    resources = resources_of(request)
    then = await then_of(resources, asked)
    before, moment = happened_by(asked.as_of), await moment_of(resources, asked.as_of)
    detail = await shown_then(resources, asked.subject, before, moment)
    page = await _pool(resources, detail, (), {})
    return await show(request, "pool.html", replace(page, then=then))


def _line(
    pledge: PledgeView,
    pool: PoolDetail,
    names: Mapping[UUID, str],
    own: set[UUID],
    previewed: Preview | None,
) -> PledgeLine:
    holds = pledge.committed if pool.status == "committed" else pledge.resolved
    is_ours = pledge.organisation_id in own
    return PledgeLine(
        pledge_id=pledge.pledge_id,
        organisation=pledge.organisation,
        organisation_href=organisation_href(pledge.organisation_id),
        amount=pledge.amount,
        holds=holds,
        is_whole=holds == pledge.amount,
        is_in_kind=pledge.kind == "in_kind",
        description=pledge.description,
        conditions=conditions_in_words(pledge.conditions, names),
        needs=[binding.needs for binding in pledge.binding],
        money=_(MONEY_WORDS[pledge.money]),
        released=pledge.released,
        document=pledge.document,
        is_ours=is_ours,
        is_new=previewed is not None and pledge.pledge_id == previewed.pledge_id,
        by_mandate=pledge.is_standing,
        vetoable_until=pledge.vetoable_until,
        can_confirm=is_ours
        and pool.status == "committed"
        and pledge.committed.amount_minor > 0
        and pledge.confirmed_at is None,
    )


async def _waits(
    resources: Resources, pool: PoolDetail, own: set[UUID], form: Mapping[str, str]
) -> list[WithChoice]:
    """Offer to wait for whoever is in the pool, and first for those that are waited for though they are not yet."""
    wanted = waits_for(form)[:FUNDERS_MAX]
    named = await names_of(resources.pool, wanted) if wanted else {}
    others = named | {one.organisation_id: one.organisation for one in pool.pledges}
    return [
        WithChoice(organisation_id=identifier, name=name, chosen=f"{WITH}{identifier}" in form)
        for identifier, name in others.items()
        if identifier not in own
    ][:FUNDERS_MAX]


def _preview(found: Preview, form: Mapping[str, str], names: Mapping[UUID, str]) -> PreviewView:
    holds = next(one for one in found.pledges if one.pledge_id == found.pledge_id)
    whose = {one.pledge_id: one.organisation for one in found.pledges}
    return PreviewView(
        promise=promise_in_words(holds, names),
        sentence=_unlocked(holds, found),
        gains=[
            _("%(funder)s gives %(amount)s more.", funder=whose[gain.pledge_id], amount=money(gain.amount))
            for gain in found.gains
        ],
        fields=[(name, _typed(value)) for name, value in form.items()],
    )


def _unlocked(mine: PledgeView, found: Preview) -> str:
    holds, amount = money(mine.resolved), money(mine.amount)
    if not found.gains:
        return _("%(holds)s of your %(amount)s would hold now.", holds=holds, amount=amount)
    return _(
        "%(holds)s of your %(amount)s would hold now, and your yes unlocks %(unlocks)s of others.",
        holds=holds,
        amount=amount,
        unlocks=money(found.unlocks),
    )


def _typed(text: str) -> str:
    """Give back what somebody typed, as far as a page can show it."""
    return text.replace("\0", "")[:_TYPED_MAX]
