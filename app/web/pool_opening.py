"""The form by which a pool is opened for an idea, and what an idea's page says of its pool."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.http.forms import form_of
from app.http.pool_bodies import NewPool
from app.http.pool_writes import opened
from app.http.resources import resources_of, visitor_of
from app.web.addresses import idea_href, new_pool_href, pool_href
from app.web.pool_forms import FormError, amount_in, organisation_in
from app.web.pool_views import FunderChoice, NewPoolPage
from app.web.showing import PageRequest, seen_elsewhere, show
from app.web.typed_money import NOT_MONEY
from app.web.views import PoolOnIdea
from domain.decider import DomainError
from events.contracts import Money
from projections.amounts import money
from projections.idea_detail.queries import idea
from projections.language import gettext as _
from projections.organisations.queries import Membership, of_person
from projections.pools.queries import PoolRow, PoolStatus, of_idea

_FIELDS = ("organisation_id", "currency", "minimum", "target", "ceiling", "deadline", "counts_in_kind")
_USUAL_CURRENCY = "GBP"
_TYPED_MAX = 200


async def pool_on_idea(request: PageRequest, idea_id: UUID, *, is_open: bool) -> PoolOnIdea | None:
    """Say what an idea's page says of its pool; where it has none, those who can are asked to open one."""
    found = await of_idea(resources_of(request).pool, idea_id)
    if found is not None and found.status in {"open", "committed"}:
        return PoolOnIdea(href=pool_href(found.pool_id), sentence=_sentence(found))
    if is_open and await _can_open(request, idea_id):
        return PoolOnIdea(
            href=new_pool_href(idea_id), sentence=_("No pool is open for this idea."), can_open=True
        )
    return None if found is None else PoolOnIdea(href=pool_href(found.pool_id), sentence=_sentence(found))


def _sentence(pool: PoolRow) -> str:
    return pool_sentence(pool.status, pool.target, pool.promised, pool.committed_total)


def pool_sentence(status: PoolStatus, target: Money, promised: Money, committed: Money | None) -> str:
    """Say in a sentence how an idea's pool stands."""
    match status:
        case "open":
            return _(
                "A pool is open: %(wanted)s are wanted, %(pledged)s are pledged.",
                wanted=money(target),
                pledged=money(promised),
            )
        case "committed":
            return _("Its pool closed: %(committed)s is committed.", committed=money(committed or target))
        case "lapsed":
            return _("A pool ended without its minimum.")
        case _:
            return _("A pool was called off.")


async def _can_open(request: PageRequest, idea_id: UUID) -> bool:
    visitor = visitor_of(request)
    if visitor is None:
        return False
    found = await idea(resources_of(request).pool, idea_id)
    return (found is not None and found.author_id == visitor.person_id) or bool(await funders_of(request))


async def funders_of(request: PageRequest) -> list[Membership]:
    """List the organisations whose money the reader may commit."""
    visitor = visitor_of(request)
    if visitor is None:
        return []
    memberships = await of_person(resources_of(request).pool, visitor.person_id)
    return [one for one in memberships if "funder" in one.roles]


@get("/ideas/{idea_id:uuid}/pool", include_in_schema=False)
async def show_new_pool(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Ask what has to come together by when."""
    return await _form(request, idea_id, {})


@post("/ideas/{idea_id:uuid}/pool", include_in_schema=False)
async def open_our_pool(request: PageRequest, idea_id: FromPath[UUID]) -> Response[bytes]:
    """Open a pool."""
    form = await form_of(request)
    try:
        answer = await opened(request, idea_id, pool_in(form))
    except FormError as error:
        return await _form(request, idea_id, form, errors=error.errors, status=400)
    except DomainError as error:
        return await _form(request, idea_id, form, error=_(str(error)), status=409)
    return seen_elsewhere(f"{pool_href(answer.pool_id)}?said=opened&seen={answer.position}")


POOL_OPENING_PAGES = (show_new_pool, open_our_pool)


def pool_in(form: Mapping[str, str]) -> NewPool:
    """Read what a pool asks for from a form.

    Raises:
        FormError: fields are wrong.
    """
    errors: dict[str, str] = {}
    currency = form.get("currency", "").strip().upper() or _USUAL_CURRENCY
    amounts = {name: amount_in(form, name, currency, errors) for name in ("minimum", "target", "ceiling")}
    for name in ("minimum", "target"):
        if amounts[name] is None:
            errors.setdefault(name, _(NOT_MONEY))
    chosen = form.get("organisation_id", "")
    organisation_id = organisation_in(chosen, errors) if chosen else None
    deadline = None
    try:
        day = datetime.strptime(form.get("deadline", "").strip(), "%Y-%m-%d").replace(tzinfo=UTC)
        deadline = datetime.combine(day.date(), time(23, 59, 59), tzinfo=UTC)
    except ValueError:
        errors["deadline"] = _("Give a day, such as 2027-03-31.")
    minimum, target = amounts["minimum"], amounts["target"]
    if errors or minimum is None or target is None or deadline is None:
        raise FormError(errors)
    body = NewPool(
        currency=currency,
        minimum=minimum,
        target=target,
        ceiling=amounts["ceiling"],
        deadline=deadline,
        organisation_id=organisation_id,
        counts_in_kind=form.get("counts_in_kind") == "on",
    )
    for fault in body.faults():
        errors.setdefault(fault.path.partition(".")[0], fault.message)
    if errors:
        raise FormError(errors)
    return body


async def _form(
    request: PageRequest,
    idea_id: UUID,
    form: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    error: str | None = None,
    status: int = 200,
) -> Response[bytes]:
    found = await idea(resources_of(request).pool, idea_id)
    if found is None:
        raise NotFoundException
    page = NewPoolPage(
        href=new_pool_href(idea_id),
        idea_href=idea_href(idea_id),
        idea_title=found.title,
        funders=[
            FunderChoice(
                organisation_id=one.organisation_id,
                name=one.name,
                selected=str(one.organisation_id) == form.get("organisation_id"),
            )
            for one in await funders_of(request)
        ],
        currency=found.ask.currency if found.ask else _USUAL_CURRENCY,
        typed={name: form.get(name, "").replace("\0", "")[:_TYPED_MAX] for name in _FIELDS},
        errors=errors or {},
        error=error,
    )
    return await show(request, "pool_new.html", page, status=status)
