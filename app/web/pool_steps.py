"""The steps of those in charge of a pool: ask for something else, call it off, plan milestones, and release money.

What cannot be taken back is done only where a box says so, as these forms stand side by side on one page.
"""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath
from msgspec import UNSET

from app.funding.permission import NotInChargeOfPoolError, require_in_charge
from app.http.bodies import Reason
from app.http.forms import form_of
from app.http.pool_bodies import NewMilestone, NewTranche, PoolChanges, Reached
from app.http.pool_reads import last_open, pool_of
from app.http.pool_writes import (
    PoolWritten,
    cancelled,
    milestone_planned,
    milestone_reached,
    revised,
    tranche_released,
)
from app.http.problems import FieldProblem, OutdatedError
from app.http.resources import actor_of, resources_of
from app.web.pool_care import Sent
from app.web.pool_forms import FormError, amount_in
from app.web.pool_opening import pool_in
from app.web.pools import pool_page, seen_there
from app.web.showing import PageRequest
from app.web.typed_money import NOT_MONEY
from domain.decider import DomainError
from domain.pool import Committed, PoolState
from projections.language import N_
from projections.language import gettext as _

_NOT_SURE = N_("Tick this box if you are sure.")
_CHANGED_SINCE = N_(
    "Somebody has changed this pool since you read it; look at it again, then send your change."
)


@post("/pools/{pool_id:uuid}/revise", include_in_schema=False)
async def revise_our_pool(request: PageRequest, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Ask for something else, as long as nobody has pledged."""
    terms = last_open(await _in_charge(request, pool_id)).terms
    form = await _typed(request)
    try:
        asked = pool_in({**form, "currency": terms.currency, "organisation_id": ""})
    except FormError as error:
        return await _again(request, pool_id, Sent(of="revise", form=form, errors=error.errors))
    changes = PoolChanges(
        minimum=asked.minimum,
        target=asked.target,
        ceiling=asked.ceiling,
        # The form knows the day alone; one that is the same leaves the hour as it was.
        deadline=UNSET if asked.deadline.date() == terms.deadline.date() else asked.deadline,
        counts_in_kind=asked.counts_in_kind,
        reason=form.get("reason", ""),
    )
    sent = Sent(of="revise", form=form, errors=_by_field(*changes.faults()))
    version = f'"{form.get("version", "")}"'
    return await _taken(
        request, pool_id, "changed", sent, lambda: revised(request, pool_id, changes, version)
    )


@post("/pools/{pool_id:uuid}/cancel", include_in_schema=False)
async def cancel_our_pool(request: PageRequest, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Call a pool off before it commits."""
    await _in_charge(request, pool_id)
    form = await _typed(request)
    body = Reason(reason=form.get("reason", ""))
    sent = Sent(of="cancel", form=form, errors={**_by_field(*body.faults()), **_unsure(form)})
    return await _taken(request, pool_id, "cancelled", sent, lambda: cancelled(request, pool_id, body))


@post("/pools/{pool_id:uuid}/milestones", include_in_schema=False)
async def plan_our_milestone(request: PageRequest, pool_id: FromPath[UUID]) -> Response[bytes]:
    """Plan what a part of the commitments is released for; sent twice, the form plans it once."""
    state = await _in_charge(request, pool_id)
    form = await _typed(request)
    errors: dict[str, str] = {}
    amount = amount_in(form, "amount", last_open(state).terms.currency, errors)
    if amount is None:
        errors.setdefault("amount", _(NOT_MONEY))
        return await _again(request, pool_id, Sent(of="plan", form=form, errors=errors))
    body = NewMilestone(title=form.get("title", "").strip(), amount=amount)
    errors |= _by_field(*body.faults())
    if isinstance(state, Committed) and any(
        (one.title, one.amount) == (body.title, amount.amount_minor)
        for one in state.payout.milestones.values()
    ):
        errors["title"] = _("A milestone with this title and amount is planned already.")
    sent = Sent(of="plan", form=form, errors=errors)
    return await _taken(request, pool_id, "planned", sent, lambda: milestone_planned(request, pool_id, body))


@post("/pools/{pool_id:uuid}/milestones/{milestone_id:uuid}/reached", include_in_schema=False)
async def reach_our_milestone(
    request: PageRequest, pool_id: FromPath[UUID], milestone_id: FromPath[UUID]
) -> Response[bytes]:
    """Say that a milestone is reached."""
    await _in_charge(request, pool_id)
    form = await _typed(request)
    body = Reached(link=form.get("link", "").strip() or None, note=form.get("note", ""))
    sent = Sent(
        of=f"reached-{milestone_id}", form=form, errors={**_by_field(*body.faults()), **_unsure(form)}
    )
    return await _taken(
        request, pool_id, "reached", sent, lambda: milestone_reached(request, pool_id, milestone_id, body)
    )


@post("/pools/{pool_id:uuid}/milestones/{milestone_id:uuid}/release", include_in_schema=False)
async def release_our_tranche(
    request: PageRequest, pool_id: FromPath[UUID], milestone_id: FromPath[UUID]
) -> Response[bytes]:
    """Release the money that belongs to a milestone."""
    await _in_charge(request, pool_id)
    form = await _typed(request)
    sent = Sent(of=f"release-{milestone_id}", form=form, errors=_unsure(form))
    body = NewTranche(milestone_id=milestone_id)
    return await _taken(request, pool_id, "released", sent, lambda: tranche_released(request, pool_id, body))


POOL_STEPS = (revise_our_pool, cancel_our_pool, plan_our_milestone, reach_our_milestone, release_our_tranche)


async def _in_charge(request: PageRequest, pool_id: UUID) -> PoolState:
    """Give a pool for somebody who is in charge of it; others are refused before their form is read."""
    store = resources_of(request).store
    state = (await pool_of(store, pool_id)).state
    await require_in_charge(store, actor_of(request), last_open(state))
    return state


async def _typed(request: PageRequest) -> dict[str, str]:
    form = await form_of(request)
    return {name: text.replace("\0", "").replace("\r\n", "\n") for name, text in form.items()}


def _unsure(form: Mapping[str, str]) -> dict[str, str]:
    return {} if form.get("sure") == "on" else {"sure": _(_NOT_SURE)}


def _by_field(*faults: FieldProblem) -> dict[str, str]:
    return {fault.path.partition(".")[0]: fault.message for fault in faults}


async def _taken(
    request: PageRequest, pool_id: UUID, said: str, sent: Sent, take: Callable[[], Awaitable[PoolWritten]]
) -> Response[bytes]:
    """Take a step if nothing is wrong with its form; otherwise show the form again."""
    if sent.errors:
        return await _again(request, pool_id, sent)
    try:
        answer = await take()
    except NotInChargeOfPoolError:
        raise
    except OutdatedError:
        return await pool_page(request, pool_id, sent=sent, error=_(_CHANGED_SINCE), status=409)
    except DomainError as error:
        return await pool_page(request, pool_id, sent=sent, error=_(str(error)), status=409)
    return seen_there(pool_id, said, answer.position)


async def _again(request: PageRequest, pool_id: UUID, sent: Sent) -> Response[bytes]:
    return await pool_page(request, pool_id, sent=sent, status=400)
