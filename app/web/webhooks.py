"""The pages of endpoints: where programs of one's own are told of events, and how that goes."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec.structs import replace

from app.http.endpoint_bodies import NewEndpoint, Resumption, Rotation, Stretch
from app.http.endpoint_commands import pause, register, remove, resume, rotate
from app.http.endpoint_view import EndpointDetail, EndpointStatus, endpoint_shown
from app.http.forms import form_of
from app.http.problems import MalformedError
from app.http.resources import actor_of, resources_of
from app.http.webhooks import listed_endpoints, replayed, tested
from app.web.pool_forms import organisation_in
from app.web.showing import LINK_HEADERS, PageRequest, seen_elsewhere, show
from app.web.webhook_views import DeliveryLine, EndpointLine, EndpointPage, EndpointsPage, Option
from app.webhooks.answers import in_words
from app.webhooks.conditions import REACHED, Comparison, Condition
from app.webhooks.deliveries import DeliveryRow, ask_again, deliveries_of
from domain.decider import DomainError
from events.contracts import EndpointFormat, PauseCause, PoolReachedMinimum, SupportReached
from projections.language import N_, ngettext
from projections.language import gettext as _
from projections.organisations.queries import of_person

PATH = "/webhooks"
_SHOWN = 50
_DIGITS_MAX = 18
_MARKS = SupportReached.__name__
_FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "everything": (N_("Everything"), ("*",)),
    "ideas": (N_("Ideas, and what they need"), ("Idea*", "Need*", "ServiceLaunched")),
    "votes": (N_("Votes"), ("VoteCast", "VoteWithdrawn")),
    "support": (N_("Ideas that reach a number of verified votes"), (_MARKS,)),
    "minimum": (N_("Pools that reach their minimum"), (PoolReachedMinimum.__name__,)),
    "offers": (N_("Offers of parts"), ("Offer*",)),
    "mandates": (N_("What funders are open to"), ("Mandate*", "Budget*")),
    "pools": (
        N_("Pools, pledges and money"),
        ("Pool*", "Pledge*", "FundsConfirmed", "Milestone*", "TrancheReleased"),
    ),
    "communities": (
        N_("Communities and fair votes"),
        ("Community*", "Voting*", "Steward*", "VotesQuarantined", "Quarantine*"),
    ),
    "organisations": (N_("Organisations and their members"), ("Organisation*", "Member*")),
}
"""What people choose from, and the types of events it means."""
_FORMATS: Mapping[EndpointFormat, str] = {
    "standard": N_("Standard Webhooks"),
    "cloudevents_structured": N_("CloudEvents, all in the body"),
    "cloudevents_binary": N_("CloudEvents, attributes in headers"),
}
_STATUS: Mapping[EndpointStatus, str] = {
    "unverified": N_("Has not agreed yet"),
    "active": N_("Is told of events"),
    "paused": N_("Paused"),
}
_CAUSES: Mapping[PauseCause, str] = {
    "asked": N_("Paused, as somebody in charge wished"),
    "exhausted": N_("Paused: an event could not be delivered in eight days"),
    "gone": N_("Paused: it said that it is gone"),
    "receiver": N_("Paused, as it asked"),
}

_DELIVERIES: Mapping[str, tuple[str, str]] = {
    "delivered": (N_("Delivered"), N_("Delivered, once more")),
    "aborted": (N_("Given up, as it asked"), N_("Given up, as it asked, once more")),
    "waits": (N_("Waits"), N_("Waits, once more")),
    "waiting": (N_("Is tried again"), N_("Is tried again, once more")),
}
"""What became of an event at an endpoint; and of one that is sent once more."""


@get(PATH, include_in_schema=False)
async def show_endpoints(request: PageRequest) -> Response[bytes]:
    """Show one's endpoints, and the form for another."""
    return await show(request, "webhooks.html", await _endpoints(request))


@post(PATH, include_in_schema=False)
async def register_my_endpoint(request: PageRequest) -> Response[bytes]:
    """Register an endpoint, and show its secret this once."""
    form = await form_of(request)
    try:
        body = _body_in(form)
        made = await register(request, body)
    except MalformedError as error:
        errors = {fault.path.partition("[")[0]: _(fault.message) for fault in error.errors}
        page = await _endpoints(request, typed=form, errors=errors)
        return await show(request, "webhooks.html", page, status=400)
    page_of = await _endpoint(request, made.endpoint_id, secret=made.secret)
    return await show(request, "webhook.html", page_of, status=201, headers=LINK_HEADERS)


@get(f"{PATH}/{{endpoint_id:uuid}}", include_in_schema=False)
async def show_endpoint(request: PageRequest, endpoint_id: FromPath[UUID]) -> Response[bytes]:
    """Show an endpoint, and what was sent to it last."""
    return await show(request, "webhook.html", await _endpoint(request, endpoint_id))


@post(f"{PATH}/{{endpoint_id:uuid}}", include_in_schema=False)
async def change_my_endpoint(request: PageRequest, endpoint_id: FromPath[UUID]) -> Response[bytes]:
    """Do with an endpoint what the button says."""
    form = await form_of(request)
    act, here = form.get("act", ""), f"{PATH}/{endpoint_id}"
    try:
        match act:
            case "pause":
                await pause(request, endpoint_id)
            case "resume":
                await resume(request, endpoint_id, Resumption())
            case "ask":
                await ask_again(resources_of(request).pool, endpoint_id)
            case "rotate":
                return await _rotated(request, endpoint_id, form)
            case "test":
                return await _tested(request, endpoint_id)
            case "replay":
                return await _replayed(request, endpoint_id, form)
            case "remove" if form.get("sure"):
                await remove(request, endpoint_id)
                return seen_elsewhere(PATH)
            case _:
                raise MalformedError.of("act", _("Choose what to do."))
    except (DomainError, MalformedError) as error:
        sentence = error.errors[0].message if isinstance(error, MalformedError) else _(str(error))
        page = await _endpoint(request, endpoint_id, told=sentence, is_problem=True)
        return await show(request, "webhook.html", page, status=409)
    return seen_elsewhere(here)


WEBHOOK_PAGES = (show_endpoints, register_my_endpoint, show_endpoint, change_my_endpoint)


async def _rotated(request: PageRequest, endpoint_id: UUID, form: Mapping[str, str]) -> Response[bytes]:
    overlap = _number(form.get("overlap", "24"))
    body = Rotation(overlap_hours=24 if overlap is None else overlap)
    if faults := list(body.faults()):
        raise MalformedError(faults)
    made = await rotate(request, endpoint_id, body)
    page = await _endpoint(request, endpoint_id, secret=made.secret)
    return await show(request, "webhook.html", page, headers=LINK_HEADERS)


async def _tested(request: PageRequest, endpoint_id: UUID) -> Response[bytes]:
    answer = await tested(resources_of(request), endpoint_id)
    taken = ngettext(
        "The test was taken, in %(count)s millisecond.",
        "The test was taken, in %(count)s milliseconds.",
        answer.milliseconds,
    )
    said = in_words(answer.error) if answer.error else taken
    page = await _endpoint(request, endpoint_id, told=said, is_problem=bool(answer.error))
    return await show(request, "webhook.html", page)


async def _replayed(request: PageRequest, endpoint_id: UUID, form: Mapping[str, str]) -> Response[bytes]:
    position = _number(form.get("from_position", "").replace(",", ""))
    if position is None:
        raise MalformedError.of("from_position", _("Give the number of a record, such as 41500."))
    body = Stretch(from_position=position)
    if faults := list(body.faults()):
        raise MalformedError(faults)
    asked = await replayed(request, endpoint_id, body)
    said = _(
        "Everything it wants from record %(first)s to %(last)s is sent once more.",
        first=body.from_position,
        last=asked.up_to,
    )
    return await show(request, "webhook.html", await _endpoint(request, endpoint_id, told=said))


def _number(typed: str) -> int | None:
    """Read a whole number that can be one of ours."""
    digits = typed.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX else None


def _body_in(form: Mapping[str, str]) -> NewEndpoint:
    types = [
        name for family, (__, names) in _FAMILIES.items() if form.get(f"family-{family}") for name in names
    ]
    mark = _mark_in(form)
    if mark is not None and _MARKS not in types:
        types.append(_MARKS)
    errors: dict[str, str] = {}
    organisation = form.get("organisation_id", "")
    organisation_id = organisation_in(organisation, errors) if organisation else None
    if errors:
        raise MalformedError.of("organisation_id", errors["organisation_id"])
    body = NewEndpoint(
        url=form.get("url", ""),
        types=["*"] if "*" in types else types,
        format=next((name for name in _FORMATS if name == form.get("format")), "standard"),
        ordered=bool(form.get("ordered")),
        filter=None if mark is None else _only_at(mark),
        organisation_id=organisation_id,
    )
    if faults := list(body.faults()):
        raise MalformedError(
            [replace(one, path="reaches") if one.path.startswith("filter") else one for one in faults]
        )
    return body


def _mark_in(form: Mapping[str, str]) -> int | None:
    typed = form.get("reaches", "").strip()
    if not typed:
        return None
    if (mark := _number(typed.replace(",", ""))) is None:
        raise MalformedError.of("reaches", _("Say which number of votes, such as 50."))
    return mark


def _only_at(mark: int) -> Condition:
    """Ask for one mark among the marks, and leave all other events as they are."""
    return Condition(
        any=(
            Comparison(field="type", how="is_not", value=_MARKS),
            Comparison(field=REACHED, how="reaches", value=mark),
        )
    )


async def _endpoints(
    request: PageRequest, *, typed: Mapping[str, str] = {}, errors: Mapping[str, str] = {}
) -> EndpointsPage:
    resources, person_id = resources_of(request), actor_of(request).person_id
    rows = await listed_endpoints(
        resources, person_id, limit=_SHOWN, cursor=request.query_params.get("cursor")
    )
    organisations = [one for one in await of_person(resources.pool, person_id) if "admin" in one.roles]
    chosen = typed.get("organisation_id", "")
    return EndpointsPage(
        endpoints=[
            EndpointLine(
                href=f"{PATH}/{one.endpoint_id}",
                url=one.url,
                status=_status(one),
                is_lit=one.status == "active",
            )
            for one in rows.items
        ],
        families=[
            Option(value=family, label=_(label), selected=bool(typed.get(f"family-{family}")))
            for family, (label, __) in _FAMILIES.items()
        ],
        formats=[
            Option(value=name, label=_(label), selected=typed.get("format", "standard") == name)
            for name, label in _FORMATS.items()
        ],
        organisations=[
            Option(
                value=str(one.organisation_id), label=one.name, selected=chosen == str(one.organisation_id)
            )
            for one in organisations
        ],
        next_href=f"{PATH}?cursor={rows.next_cursor}" if rows.next_cursor else None,
        typed=typed,
        errors=errors,
    )


async def _endpoint(
    request: PageRequest,
    endpoint_id: UUID,
    *,
    secret: str | None = None,
    told: str | None = None,
    is_problem: bool = False,
) -> EndpointPage:
    resources = resources_of(request)
    shown = await endpoint_shown(resources, endpoint_id)
    rows = await deliveries_of(resources.pool, endpoint_id, status=None, limit=_SHOWN, cursor=None)
    return EndpointPage(
        endpoint_id=endpoint_id,
        endpoint=shown,
        status=_status(shown),
        is_lit=shown.status == "active",
        answer=_(shown.answer),
        types=[*_in_words(shown.types), *_thresholds(shown.filter)],
        format=_(_FORMATS[shown.format]),
        deliveries=[_line(row) for row in rows.items],
        secret=secret,
        told=told,
        is_problem=is_problem,
    )


def _status(shown: EndpointDetail) -> str:
    if shown.paused is not None:
        return _(_CAUSES[shown.paused.cause])
    if shown.status == "active" and shown.rests_until is not None and shown.failures:
        return _("Does not answer as it should; it is tried again from time to time")
    return _(_STATUS[shown.status])


def _in_words(types: Sequence[str]) -> list[str]:
    """Say families by their names, and what is in none by its own."""
    left, said = list(types), []
    for label, names in _FAMILIES.values():
        if set(names) <= set(left):
            said.append(_(label))
            left = [name for name in left if name not in names]
    return [*said, *left]


def _thresholds(condition: Condition | None) -> list[str]:
    """Say at which numbers of verified votes it is told of an idea."""
    comparisons = () if condition is None else (*condition.all, *condition.any)
    return [
        _("Of verified votes only when an idea reaches %(count)s", count=one.value)
        for one in comparisons
        if one.how == "reaches" and isinstance(one.value, int)
    ]


def _line(row: DeliveryRow) -> DeliveryLine:
    standing = "waits" if row.status == "waiting" and row.attempts == 0 else row.status
    first, once_more = _DELIVERIES[standing]
    return DeliveryLine(
        position=row.position,
        status=_(once_more if row.repetition else first),
        is_lit=row.status == "delivered",
        when=row.ended_at or row.due_at,
        attempts=row.attempts,
        error=in_words(row.last_error),
    )
