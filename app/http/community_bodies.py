"""Bodies of requests about communities and how they vote."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, TypeAlias

from app.http.bodies import REASON_MAX, Body, ReasonText, described, fault, text_faults
from app.http.problems import FieldProblem
from app.importing.communities import slug_of
from events.contracts import UTCDateTime, VotingRules
from projections.language import gettext as _

NAME_MAX = 200
SLUG_MAX = 60
THRESHOLD_MAX = 1_000_000
_YEARS = range(2000, 3000)

Threshold: TypeAlias = Annotated[
    int, described("The votes that make an idea supported.", 25, minimum=1, maximum=THRESHOLD_MAX)
]
Opens: TypeAlias = Annotated[
    UTCDateTime | None, described("When voting opens; null is at once.", "2026-03-01T09:00:00Z")
]
Closes: TypeAlias = Annotated[
    UTCDateTime | None, described("When voting closes; null is never.", "2026-06-30T18:00:00Z")
]


class NewCommunity(Body, frozen=True, kw_only=True):
    """A community to open, under a short name that its addresses use and that stays."""

    slug: Annotated[
        str, described("Small letters, digits and hyphens.", "leeds", min_length=1, max_length=SLUG_MAX)
    ]
    name: Annotated[
        str, described("What people call it.", "Leeds together", min_length=1, max_length=NAME_MAX)
    ]
    support_threshold: Threshold
    opens_at: Opens = None
    closes_at: Closes = None

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the community."""
        if not self.slug or self.slug != slug_of(self.slug[: SLUG_MAX + 1]):
            sentence = _(
                "Give small letters, digits and single hyphens between them, at most %(most)s.", most=SLUG_MAX
            )
            yield fault("slug", sentence)
        yield from text_faults("name", self.name, NAME_MAX)
        yield from _rules_faults(self)

    @property
    def rules(self) -> VotingRules:
        """Give the rules as the domain knows them."""
        return _rules(self)


class NewRules(Body, frozen=True, kw_only=True):
    """All voting rules of a community anew, and why; everybody can read it."""

    support_threshold: Threshold
    opens_at: Opens = None
    closes_at: Closes = None
    reason: ReasonText

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the rules and the reason."""
        yield from _rules_faults(self)
        yield from text_faults("reason", self.reason, REASON_MAX)

    @property
    def rules(self) -> VotingRules:
        """Give the rules as the domain knows them."""
        return _rules(self)


def _rules(body: NewCommunity | NewRules) -> VotingRules:
    return VotingRules(
        support_threshold=body.support_threshold, opens_at=body.opens_at, closes_at=body.closes_at
    )


def _rules_faults(body: NewCommunity | NewRules) -> Iterator[FieldProblem]:
    if not 0 < body.support_threshold <= THRESHOLD_MAX:
        yield fault(
            "support_threshold", _("Give a number of votes from 1 to %(most)s.", most=str(THRESHOLD_MAX))
        )
    yield from _moment_faults("opens_at", body.opens_at)
    yield from _moment_faults("closes_at", body.closes_at)


def _moment_faults(path: str, value: datetime | None) -> Iterator[FieldProblem]:
    # Far outside of these years a moment cannot be told in UTC at all.
    if value is not None and value.year not in _YEARS:
        first, last = str(_YEARS.start), str(_YEARS.stop - 1)
        yield fault(path, _("Give a time in the years %(first)s to %(last)s.", first=first, last=last))
