"""What the pages about matches show, and how it is made of what is known."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from app.funding.matching import MatchSeen
from app.web.addresses import idea_href
from app.web.mandate_views import BudgetBar
from app.web.match_card import MatchCard, ProposedPledge
from app.web.present_mandates import STATUS_LABELS, budget_bar, mandate_href
from app.web.stages import stage_name
from projections.language import gettext as _
from projections.language import ngettext
from projections.mandates.queries import MandateDetail

NEW_FOR = timedelta(days=7)
"""How long a match counts as new after its funder was told."""


class DeskMandate(Struct, frozen=True, kw_only=True):
    """A mandate on its funder's desk, with what is left of its budget and its best matches, new ones first."""

    title: str
    href: str
    funder_name: str
    status: str
    status_label: str
    bar: BudgetBar
    matches: tuple[MatchCard, ...]


class DeskPage(Struct, frozen=True, kw_only=True):
    """A funder's desk: the mandates of all organisations one funds for."""

    mandates: tuple[DeskMandate, ...]
    is_funder: bool


def desk_mandate(mandate: MandateDetail, matches: Sequence[MatchCard], most: int) -> DeskMandate:
    """Lay a mandate on the desk, with so many of its matches: those that are new before the others."""
    newest_first = sorted(matches, key=lambda card: not card.is_new)
    return DeskMandate(
        title=mandate.title,
        href=mandate_href(mandate.mandate_id),
        funder_name=mandate.organisation_name or _("An organisation"),
        status=mandate.status,
        status_label=_(STATUS_LABELS[mandate.status]),
        bar=budget_bar(mandate),
        matches=tuple(newest_first[:most]),
    )


def cards_for_mandate(
    matches: Sequence[MatchSeen], now: datetime, pledges: Mapping[UUID, ProposedPledge]
) -> tuple[MatchCard, ...]:
    """Make the cards of a mandate's list; `pledges` are those that it could make, by idea, for whoever may."""
    return tuple(
        MatchCard(
            title=match.idea_title,
            href=idea_href(match.idea_id),
            about=ngettext(
                "%(stage)s, %(count)s supporter",
                "%(stage)s, %(count)s supporters",
                match.votes,
                stage=stage_name(match.stage),
            ),
            score=match.score,
            summary=_summary(match),
            reasons=tuple(match.reasons),
            is_new=match.told_at is not None and now - match.told_at < NEW_FOR,
            pledge=pledges.get(match.idea_id),
        )
        for match in matches
    )


def cards_for_idea(matches: Sequence[MatchSeen]) -> tuple[MatchCard, ...]:
    """Make the cards of the funders that are open to an idea."""
    return tuple(
        MatchCard(
            title=match.mandate_title,
            href=mandate_href(match.mandate_id),
            about=match.organisation_name or _("An organisation"),
            score=match.score,
            summary=_summary(match),
            reasons=tuple(match.reasons),
        )
        for match in matches
    )


def funders_sentence(number: int) -> str:
    """Say how many funders are open to an idea: "3 funders are already open to this"."""
    return ngettext(
        "%(count)s funder is already open to this", "%(count)s funders are already open to this", number
    )


def _summary(match: MatchSeen) -> str:
    said = {reason.part: reason.why for reason in match.reasons}
    return " ".join(said[part] for part in ("theme", "place", "ticket") if part in said)
