"""Bodies of requests about what an idea needs, and about how it ends."""

from collections.abc import Iterator
from typing import Annotated, TypeAlias
from uuid import UUID

from msgspec import UNSET, UnsetType

from app.http.bodies import AMOUNT_MAX, REASON_MAX, TITLE_MAX, Body, ReasonText, described, fault, text_faults
from app.http.problems import FieldProblem
from app.http.web_addresses import WEB_ADDRESS_MAX, web_address_faults
from domain.needs import NEEDS_MAX
from events.codes.currencies import is_currency
from events.contracts import NeedKind
from projections.language import gettext as _

DESCRIPTION_MAX = 2_000
SIZE_MAX = 200
NOTE_MAX = 1_000

KindOfNeed: TypeAlias = Annotated[NeedKind, described("What sort of part it is.", "people")]
NeedTitle: TypeAlias = Annotated[
    str, described("What is needed, in a line.", "Two drivers", min_length=1, max_length=TITLE_MAX)
]
NeedDescription: TypeAlias = Annotated[
    str, described("What it must do.", "With a licence for a minibus.", max_length=DESCRIPTION_MAX)
]
NeedSize: TypeAlias = Annotated[
    str, described("How much of it, by your estimate.", "Six hours a week", max_length=SIZE_MAX)
]


class Cost(Body, frozen=True, kw_only=True):
    """What a part costs, by an estimate, in integer minor units (pence, cents) of an ISO 4217 currency."""

    amount_minor: Annotated[
        int, described("In minor units, such as pence.", 420000, minimum=0, maximum=AMOUNT_MAX)
    ]
    currency: Annotated[str, described("A code of ISO 4217.", "GBP", min_length=3, max_length=3)]

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the money."""
        if not 0 <= self.amount_minor <= AMOUNT_MAX:
            yield fault(
                "cost.amount_minor",
                _("Give an amount from 0 to %(most)s in minor units.", most=str(AMOUNT_MAX)),
            )
        if not is_currency(self.currency):
            yield fault("cost.currency", _("Give the code of an ISO 4217 currency, such as GBP."))


class NewNeed(Body, frozen=True, kw_only=True):
    """A part that the idea lacks; `size` and `cost` are estimates."""

    kind: KindOfNeed
    title: NeedTitle
    description: NeedDescription = ""
    size: NeedSize = ""
    cost: Cost | None = None

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the need."""
        yield from _need_faults(self)


class NeedChanges(Body, frozen=True, kw_only=True):
    """What to change about a need; what is left out stays as it is, and a `cost` of null takes it away."""

    kind: KindOfNeed | UnsetType = UNSET
    title: NeedTitle | UnsetType = UNSET
    description: NeedDescription | UnsetType = UNSET
    size: NeedSize | UnsetType = UNSET
    cost: Cost | UnsetType | None = UNSET

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the changes."""
        yield from _need_faults(self)


class NeedOrder(Body, frozen=True, kw_only=True):
    """All needs of the idea, in the order in which they shall stand."""

    need_ids: Annotated[
        list[UUID],
        described(
            "`need_id` of each need, once.", ["0198f2c7-0c1e-7c55-8a3e-2f6f0b9d4e77"], max_items=NEEDS_MAX
        ),
    ]

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the order."""
        if len(self.need_ids) > NEEDS_MAX:
            yield fault("need_ids", f"At most {NEEDS_MAX} are allowed; there are {len(self.need_ids)}.")


class Launch(Body, frozen=True, kw_only=True):
    """Where people find the service that the idea has become."""

    link: Annotated[
        str,
        described("Where it is.", "https://minibus.example.org/", min_length=1, max_length=WEB_ADDRESS_MAX),
    ]
    note: Annotated[
        str, described("What there is to say about it.", "It runs on weekdays.", max_length=NOTE_MAX)
    ] = ""

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the launch."""
        yield from web_address_faults("link", self.link)
        yield from text_faults("note", self.note, NOTE_MAX, may_be_blank=True)


class Removal(Body, frozen=True, kw_only=True):
    """Why the need is removed; everybody can read it."""

    reason: ReasonText

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the reason."""
        yield from text_faults("reason", self.reason, REASON_MAX)


def _need_faults(body: NewNeed | NeedChanges) -> Iterator[FieldProblem]:
    yield from text_faults("title", body.title, TITLE_MAX)
    yield from text_faults("description", body.description, DESCRIPTION_MAX, may_be_blank=True)
    yield from text_faults("size", body.size, SIZE_MAX, may_be_blank=True)
    if isinstance(body.cost, Cost):
        yield from body.cost.faults()
