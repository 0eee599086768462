"""Bodies of requests about pools and pledges."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import UNSET, UnsetType, field

from app.http.bodies import (
    REASON_MAX,
    TEXT_MAX,
    TITLE_MAX,
    Body,
    ReasonText,
    described,
    fault,
    text_faults,
)
from app.http.funding_bodies import Amount, Conditions, amount_faults, condition_faults, moment_faults
from app.http.problems import FieldProblem
from events.codes.currencies import is_currency
from events.contracts import PledgeKind, UTCDateTime
from projections.language import gettext as _

URL_MAX = 2_000

Currency: TypeAlias = Annotated[str, described("A code of ISO 4217.", "GBP", min_length=3, max_length=3)]
Note: TypeAlias = Annotated[
    str,
    described("In your own words; everybody can read it.", "For the first two years.", max_length=TEXT_MAX),
]
Link: TypeAlias = Annotated[
    str, described("An address that shows it.", "https://example.org/lease.pdf", max_length=URL_MAX)
]


class NewPool(Body, frozen=True, kw_only=True):
    """What has to come together by when. All amounts are in `currency`, which can be left out where they say it.

    At `target` the pool commits at once, at `deadline` from `minimum` on; what is above `ceiling` is not taken.
    `organisation_id` names the funder that opens it; the author of the idea needs none.
    """

    minimum: Amount
    target: Amount
    deadline: UTCDateTime
    ceiling: Amount | None = None
    currency: Currency | None = None
    organisation_id: UUID | None = None
    counts_in_kind: bool = False

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the amounts and the deadline."""
        if self.currency is not None and not is_currency(self.currency):
            yield fault("currency", _("Give the code of an ISO 4217 currency, such as GBP."))
            return
        currency = self.currency or self.target.currency
        for name in ("minimum", "target", "ceiling"):
            yield from amount_faults(name, getattr(self, name), currency)
        yield from moment_faults("deadline", self.deadline)


class PoolChanges(Body, frozen=True, kw_only=True):
    """What to change about a pool to which nobody has pledged; what is left out stays, a `ceiling` of null goes."""

    minimum: Amount | UnsetType = UNSET
    target: Amount | UnsetType = UNSET
    ceiling: Amount | UnsetType | None = UNSET
    deadline: UTCDateTime | UnsetType = UNSET
    counts_in_kind: bool | UnsetType = UNSET
    reason: ReasonText = ""

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the changes; whether they go with what stays is the domain's to tell."""
        for name in ("minimum", "target", "ceiling"):
            yield from amount_faults(name, getattr(self, name))
        yield from moment_faults("deadline", self.deadline)
        yield from text_faults("reason", self.reason, REASON_MAX, may_be_blank=True)


class NewPledge(Body, frozen=True, kw_only=True):
    """A promise of an amount, on conditions if there are any. Of what is given in kind, the amount is its value."""

    organisation_id: UUID
    amount: Amount
    conditions: Conditions = field(default_factory=Conditions)
    kind: PledgeKind = "money"
    description: Note = ""
    mandate_id: UUID | None = None

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the amount and the conditions."""
        yield from amount_faults("amount", self.amount)
        yield from condition_faults("conditions", self.conditions, self.amount.currency)
        yield from text_faults("description", self.description, TEXT_MAX, may_be_blank=True)
        if self.kind == "in_kind" and not self.description.strip():
            yield fault("description", _("Say what is given."))
        if self.kind == "in_kind" and self.mandate_id is not None:
            yield fault(
                "mandate_id", _("A mandate's budget is money; leave it out for what is given in kind.")
            )


class PledgeChanges(Body, frozen=True, kw_only=True):
    """What to change about a pledge; what is left out stays as it is, and conditions are replaced as a whole."""

    amount: Amount | UnsetType = UNSET
    conditions: Conditions | UnsetType = UNSET
    description: Note | UnsetType = UNSET

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the amount and the conditions."""
        yield from amount_faults("amount", self.amount)
        yield from condition_faults("conditions", self.conditions)
        yield from text_faults("description", self.description, TEXT_MAX, may_be_blank=True)


class Confirmation(Body, frozen=True, kw_only=True):
    """That the money is there, with a link to a document that shows it, if there is one."""

    document: Link | None = None

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the link."""
        yield from link_faults("document", self.document)


class NewMilestone(Body, frozen=True, kw_only=True):
    """What a part of the commitments is released for."""

    title: Annotated[
        str, described("What is to be reached.", "Lease signed", min_length=1, max_length=TITLE_MAX)
    ]
    amount: Amount

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the title and the amount."""
        yield from text_faults("title", self.title, TITLE_MAX)
        yield from amount_faults("amount", self.amount)


class Reached(Body, frozen=True, kw_only=True):
    """That a milestone is reached, with a link and a note if there are any."""

    link: Link | None = None
    note: Note = ""

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the link and the note."""
        yield from link_faults("link", self.link)
        yield from text_faults("note", self.note, TEXT_MAX, may_be_blank=True)


class NewTranche(Body, frozen=True, kw_only=True):
    """For which milestone a part of the commitments is released."""

    milestone_id: UUID


def link_faults(path: str, link: str | None) -> Iterator[FieldProblem]:
    """List what is wrong with an address of a page."""
    if link is None:
        return
    try:
        parts = urlsplit(link)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or len(link) > URL_MAX or "\0" in link or any(sign.isspace() for sign in link):
        yield fault(path, _("Give the address of a page that begins with https://."))


def utc(moment: datetime) -> datetime:
    """Give a moment in UTC, as events have it."""
    return moment.astimezone(UTC)
