"""Bodies of requests about offers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from msgspec import UNSET, UnsetType, field

from app.http.bodies import (
    AMOUNT_MAX,
    REASON_MAX,
    TEXT_MAX,
    TITLE_MAX,
    Body,
    ReasonText,
    described,
    fault,
    text_faults,
)
from app.http.problems import FieldProblem
from app.http.web_addresses import WEB_ADDRESS_MAX, web_address_faults
from domain.offer import OfferedPart
from events.codes.currencies import is_currency
from events.contracts import Money, NeedKind, Standing
from projections.language import gettext as _

NEEDS_MAX = 50
LINKS_MAX = 10
WEEKS_MAX = 520
SHORT_MAX = 500

NeedIds: TypeAlias = Annotated[
    list[UUID],
    described(
        "Needs of the idea that it covers, each once.",
        ["0198f2c4-5b1e-7c55-8a3e-2f6f0b9d4e31"],
        min_items=1,
        max_items=NEEDS_MAX,
    ),
]
OfferTitle: TypeAlias = Annotated[
    str, described("What it is, in a line.", "A rota for drivers", min_length=1, max_length=TITLE_MAX)
]
Description: TypeAlias = Annotated[
    str,
    described("What it is today.", "A page on which drivers sign up.", min_length=1, max_length=TEXT_MAX),
]
RunsAt: TypeAlias = Annotated[str, described("Where it runs.", "Swaledale", max_length=SHORT_MAX)]
Users: TypeAlias = Annotated[str, described("Who uses it.", "40 drivers", max_length=SHORT_MAX)]
Since: TypeAlias = Annotated[date, described("Since when it runs.", "2021-03-01")]
Weeks: TypeAlias = Annotated[int, described("Weeks it takes to adapt it.", 6, minimum=0, maximum=WEEKS_MAX)]
Licence: TypeAlias = Annotated[str, described("Under which licence.", "AGPL-3.0", max_length=TITLE_MAX)]
Links: TypeAlias = Annotated[
    list[str], described("Where to see it at work.", ["https://rota.example.org/"], max_items=LINKS_MAX)
]
_Short: TypeAlias = Annotated[str, described("In a line.", "Free", max_length=SHORT_MAX)]


class Cost(Body, frozen=True, kw_only=True):
    """What something costs, in integer minor units (pence, cents) of an ISO 4217 currency; it may be nothing."""

    amount_minor: Annotated[
        int, described("In minor units, such as pence.", 80000, minimum=0, maximum=AMOUNT_MAX)
    ]
    currency: Annotated[str, described("A code of ISO 4217.", "GBP", min_length=3, max_length=3)]


class Service(Body, frozen=True, kw_only=True):
    """It as a public service, in the words of the Human Services Data Specification (HSDS)."""

    name: _Short = ""
    description: Annotated[str, described("What it does.", "Lifts to the clinic.", max_length=TEXT_MAX)] = ""
    url: Annotated[str, described("Its page.", "https://rota.example.org/", max_length=WEB_ADDRESS_MAX)] = ""
    languages: _Short = ""
    eligibility: _Short = ""
    fees: _Short = ""
    schedule: _Short = ""


class NewOffer(Body, frozen=True, kw_only=True):
    """A part that somebody runs already, offered for needs of an idea; with `organisation_id`, in its name."""

    title: OfferTitle
    needs: NeedIds
    kind: NeedKind
    description: Description
    organisation_id: UUID | None = None
    runs_at: RunsAt = ""
    users: Users = ""
    running_since: Since | None = None
    cost_to_adapt: Cost | None = None
    weeks_to_adapt: Weeks | None = None
    licence: Licence = ""
    links: Links = field(default_factory=list)
    service: Service | None = None

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the offer."""
        yield from _faults(self)


class HypotheticalOffer(Body, frozen=True, kw_only=True):
    """What decides what an offer would cover; `offer_id` says which offer it would be a change of, if of any."""

    needs: NeedIds
    cost_to_adapt: Cost | None = None
    offer_id: UUID | None = None

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the needs and the cost."""
        yield from _need_faults(self.needs)
        if self.cost_to_adapt is not None:
            yield from _cost_faults(self.cost_to_adapt)


class OfferChanges(Body, frozen=True, kw_only=True):
    """What to change about an offer; what is left out stays as it is, and null takes a fact away."""

    title: OfferTitle | UnsetType = UNSET
    needs: NeedIds | UnsetType = UNSET
    kind: NeedKind | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    runs_at: RunsAt | UnsetType = UNSET
    users: Users | UnsetType = UNSET
    running_since: Since | UnsetType | None = UNSET
    cost_to_adapt: Cost | UnsetType | None = UNSET
    weeks_to_adapt: Weeks | UnsetType | None = UNSET
    licence: Licence | UnsetType = UNSET
    links: Links | UnsetType = UNSET
    service: Service | UnsetType | None = UNSET
    reason: ReasonText = ""

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the changes."""
        yield from _faults(self)
        yield from text_faults("reason", self.reason, REASON_MAX, may_be_blank=True)


class Acceptance(Body, frozen=True, kw_only=True):
    """What the offer shall be to the idea: the one that is built on, or one in reserve."""

    standing: Standing = "chosen"


class Delivery(Body, frozen=True, kw_only=True):
    """Where to see what was delivered, and a word about it."""

    link: Annotated[
        str | None, described("Where to see it.", "https://rota.example.org/", max_length=WEB_ADDRESS_MAX)
    ] = None
    note: Annotated[str, described("A word about it.", "In use since May.", max_length=REASON_MAX)] = ""

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the link and the note."""
        if self.link is not None:
            yield from web_address_faults("link", self.link)
        yield from text_faults("note", self.note, REASON_MAX, may_be_blank=True)


def new_part(body: NewOffer) -> OfferedPart:
    """Take what is offered out of a body."""
    return OfferedPart(**_fields(body))


def money_of(cost: Cost) -> Money:
    """Give a cost as it stands in events."""
    return Money(amount_minor=cost.amount_minor, currency=cost.currency)


def changes_of(body: OfferChanges) -> dict[str, Any]:
    """Take what is to change out of a body, by the names of the part's facts."""
    return _fields(body)


def _fields(body: NewOffer | OfferChanges) -> dict[str, Any]:
    given: dict[str, Any] = {
        name: value
        for name in OfferedPart.__struct_fields__
        if (value := getattr(body, name, UNSET)) is not UNSET
    }
    for name, value in given.items():
        match value:
            case str():
                given[name] = value.strip()
            case list():
                given[name] = tuple(part.strip() if isinstance(part, str) else part for part in value)
            case Cost():
                given[name] = money_of(value)
            case _:
                pass
    if not isinstance(body.service, UnsetType):
        service = body.service or Service()
        for name in Service.__struct_fields__:
            given[f"service_{name}"] = getattr(service, name).strip()
    return given


def _faults(body: NewOffer | OfferChanges) -> Iterator[FieldProblem]:
    yield from text_faults("title", body.title, TITLE_MAX)
    yield from text_faults("description", body.description, TEXT_MAX)
    yield from _need_faults(body.needs)
    for name in ("runs_at", "users"):
        yield from text_faults(name, getattr(body, name), SHORT_MAX, may_be_blank=True)
    yield from text_faults("licence", body.licence, TITLE_MAX, may_be_blank=True)
    if isinstance(body.running_since, date) and body.running_since > _tomorrow():
        yield fault("running_since", _("It lies ahead; offer what runs today."))
    if isinstance(body.cost_to_adapt, Cost):
        yield from _cost_faults(body.cost_to_adapt)
    if isinstance(body.weeks_to_adapt, int) and not 0 <= body.weeks_to_adapt <= WEEKS_MAX:
        yield fault("weeks_to_adapt", _("Give 0 to %(most)s weeks.", most=WEEKS_MAX))
    if not isinstance(body.links, UnsetType):
        yield from _links_faults(body.links)
    if isinstance(body.service, Service):
        yield from _service_faults(body.service)


def _need_faults(needs: Sequence[UUID] | UnsetType) -> Iterator[FieldProblem]:
    if isinstance(needs, UnsetType):
        return
    if not 0 < len(needs) <= NEEDS_MAX:
        yield fault("needs", _("Name 1 to %(most)s needs of the idea.", most=NEEDS_MAX))
        return
    for number, need_id in enumerate(needs):
        if need_id in needs[:number]:
            yield fault(f"needs[{number}]", _("It is there twice."))


def _cost_faults(cost: Cost) -> Iterator[FieldProblem]:
    if not 0 <= cost.amount_minor <= AMOUNT_MAX:
        yield fault(
            "cost_to_adapt.amount_minor",
            _("Give an amount from 0 to %(most)s in minor units.", most=str(AMOUNT_MAX)),
        )
    if not is_currency(cost.currency):
        yield fault("cost_to_adapt.currency", _("Give the code of an ISO 4217 currency, such as GBP."))


def _links_faults(links: Sequence[str]) -> Iterator[FieldProblem]:
    if len(links) > LINKS_MAX:
        yield fault(
            "links", _("At most %(most)s are allowed; there are %(given)s.", most=LINKS_MAX, given=len(links))
        )
        return
    for number, link in enumerate(links):
        yield from web_address_faults(f"links[{number}]", link)


def _service_faults(service: Service) -> Iterator[FieldProblem]:
    for name in Service.__struct_fields__:
        longest = TEXT_MAX if name == "description" else SHORT_MAX
        yield from text_faults(f"service.{name}", getattr(service, name), longest, may_be_blank=True)
    if service.url.strip():
        yield from web_address_faults("service.url", service.url)


def _tomorrow() -> date:
    # Somewhere it is tomorrow already.
    return datetime.now(UTC).date() + timedelta(days=1)
