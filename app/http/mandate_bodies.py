"""Bodies of requests about mandates."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from msgspec import UNSET, UnsetType, field

from app.http.bodies import (
    REASON_MAX,
    TEXT_MAX,
    TITLE_MAX,
    Body,
    PlaceCodes,
    ReasonText,
    ThemeCodes,
    Title,
    described,
    fault,
    place_faults,
    text_faults,
    theme_faults,
)
from app.http.funding_bodies import Amount, Conditions, amount_faults, condition_faults, moment_faults
from app.http.problems import FieldProblem
from domain.statement import PERCENT_MAX, VETO_HOURS_MAX, Statement
from events.contracts import FundableStage, MandateMode, Thresholds, UTCDateTime
from projections.language import gettext as _

VOTES_MAX = 1_000_000_000

StageNames: TypeAlias = Annotated[
    list[FundableStage], described("Stages an idea may be at; none is any.", ["supported"], max_items=4)
]
Terms: TypeAlias = Annotated[
    str, described("On which terms, in plain words.", "For two years at most.", max_length=TEXT_MAX)
]
VetoHours: TypeAlias = Annotated[
    int,
    described(
        "For how long a pledge that the mandate makes by itself can be vetoed.",
        24,
        minimum=0,
        maximum=VETO_HOURS_MAX,
    ),
]


class ThresholdsReached(Body, frozen=True, kw_only=True):
    """What an idea must have reached before a mandate pledges by itself."""

    verified_votes: Annotated[int, described("So many verified votes.", 25, minimum=0, maximum=VOTES_MAX)] = 0
    covered_percent: Annotated[
        int, described("So much of its needs covered.", 50, minimum=0, maximum=PERCENT_MAX)
    ] = 0
    live_pool: Annotated[bool, described("An open pool.", example=True)] = False

    @property
    def thresholds(self) -> Thresholds:
        """Give them as events have them."""
        return Thresholds(
            verified_votes=self.verified_votes,
            covered_percent=self.covered_percent,
            live_pool=self.live_pool,
        )


class NewMandate(Body, frozen=True, kw_only=True):
    """What an organisation is open to co-fund. No theme, place or stage named means any; it opens at once if not said."""

    organisation_id: UUID
    title: Title
    ticket_min: Amount
    ticket_max: Amount
    budget: Amount
    closes_at: UTCDateTime
    opens_at: UTCDateTime | None = None
    themes: ThemeCodes = field(default_factory=list)
    places: PlaceCodes = field(default_factory=list)
    stages: StageNames = field(default_factory=list)
    terms: Terms = ""
    mode: MandateMode = "notify"
    thresholds: ThresholdsReached = field(default_factory=ThresholdsReached)
    conditions: Conditions = field(default_factory=Conditions)
    veto_hours: VetoHours = 24

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the mandate, and what in it does not go together."""
        if alone := list(_faults(self, self.budget.currency)):
            yield from alone
            return
        if self.ticket_min.amount_minor > self.ticket_max.amount_minor:
            yield fault("ticket_min", _("The smallest amount for one idea is more than the largest."))
        if self.ticket_max.amount_minor > self.budget.amount_minor:
            yield fault("ticket_max", _("One idea could get more than the whole budget."))
        if self.opens_at is not None and self.closes_at <= self.opens_at:
            yield fault("closes_at", _("It must close after it opens."))

    def statement(self, now: datetime) -> Statement:
        """Give what it says as the domain has it."""
        return Statement(
            title=self.title.strip(),
            ticket_min=self.ticket_min.money,
            ticket_max=self.ticket_max.money,
            budget=self.budget.money,
            opens_at=(self.opens_at or now).astimezone(UTC),
            closes_at=self.closes_at.astimezone(UTC),
            themes=tuple(self.themes),
            places=tuple(self.places),
            stages=tuple(self.stages),
            terms=self.terms.strip(),
            mode=self.mode,
            thresholds=self.thresholds.thresholds,
            conditions=self.conditions.conditions,
            veto_hours=self.veto_hours,
        )


class MandateChanges(Body, frozen=True, kw_only=True):
    """What to change about a mandate; what is left out stays as it is. What matched before stays matched."""

    title: Title | UnsetType = UNSET
    ticket_min: Amount | UnsetType = UNSET
    ticket_max: Amount | UnsetType = UNSET
    budget: Amount | UnsetType = UNSET
    closes_at: UTCDateTime | UnsetType = UNSET
    opens_at: UTCDateTime | UnsetType = UNSET
    themes: ThemeCodes | UnsetType = UNSET
    places: PlaceCodes | UnsetType = UNSET
    stages: StageNames | UnsetType = UNSET
    terms: Terms | UnsetType = UNSET
    mode: MandateMode | UnsetType = UNSET
    thresholds: ThresholdsReached | UnsetType = UNSET
    conditions: Conditions | UnsetType = UNSET
    veto_hours: VetoHours | UnsetType = UNSET
    reason: ReasonText = ""

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the changes; whether they go with what stays is the domain's to tell."""
        yield from _faults(self, None)
        yield from text_faults("reason", self.reason, REASON_MAX, may_be_blank=True)

    def revised(self, statement: Statement) -> Statement:
        """Put the changes into what a mandate says."""
        return Statement(
            title=statement.title if self.title is UNSET else self.title.strip(),
            ticket_min=statement.ticket_min if self.ticket_min is UNSET else self.ticket_min.money,
            ticket_max=statement.ticket_max if self.ticket_max is UNSET else self.ticket_max.money,
            budget=statement.budget if self.budget is UNSET else self.budget.money,
            opens_at=statement.opens_at if self.opens_at is UNSET else self.opens_at.astimezone(UTC),
            closes_at=statement.closes_at if self.closes_at is UNSET else self.closes_at.astimezone(UTC),
            themes=statement.themes if self.themes is UNSET else tuple(self.themes),
            places=statement.places if self.places is UNSET else tuple(self.places),
            stages=statement.stages if self.stages is UNSET else tuple(self.stages),
            terms=statement.terms if self.terms is UNSET else self.terms.strip(),
            mode=statement.mode if self.mode is UNSET else self.mode,
            thresholds=statement.thresholds if self.thresholds is UNSET else self.thresholds.thresholds,
            conditions=statement.conditions if self.conditions is UNSET else self.conditions.conditions,
            veto_hours=statement.veto_hours if self.veto_hours is UNSET else self.veto_hours,
        )


def _faults(body: NewMandate | MandateChanges, currency: str | None) -> Iterator[FieldProblem]:
    yield from text_faults("title", body.title, TITLE_MAX)
    yield from text_faults("terms", body.terms, TEXT_MAX, may_be_blank=True)
    yield from theme_faults(body.themes)
    yield from place_faults(body.places)
    if not isinstance(body.stages, UnsetType) and len(set(body.stages)) < len(body.stages):
        yield fault("stages", _("Name each stage once."))
    budget = list(amount_faults("budget", body.budget))
    yield from budget
    currency = None if budget else currency
    yield from amount_faults("ticket_min", body.ticket_min, currency)
    yield from amount_faults("ticket_max", body.ticket_max, currency)
    yield from moment_faults("opens_at", body.opens_at)
    yield from moment_faults("closes_at", body.closes_at)
    yield from condition_faults("conditions", body.conditions, currency)
    if isinstance(body.thresholds, ThresholdsReached):
        if not 0 <= body.thresholds.verified_votes <= VOTES_MAX:
            yield fault("thresholds.verified_votes", _("Give a number of votes, 0 or more."))
        if not 0 <= body.thresholds.covered_percent <= PERCENT_MAX:
            yield fault("thresholds.covered_percent", _("Give a percentage from 0 to 100."))
    if not isinstance(body.veto_hours, UnsetType) and not 0 <= body.veto_hours <= VETO_HOURS_MAX:
        yield fault("veto_hours", _("Give a number of hours from 0 to %(most)s.", most=VETO_HOURS_MAX))
