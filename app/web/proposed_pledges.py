"""The pledge that a match proposes: what a mandate would give to an idea's pool, under the conditions it names."""

from collections.abc import Mapping
from datetime import UTC
from urllib.parse import urlencode
from uuid import UUID

from app.web.mandate_form import typed_of
from app.web.match_card import ProposedPledge
from app.web.pool_forms import WITH
from app.web.pool_words import conditions_in_words
from app.web.typed_money import as_typed
from events.contracts import Money
from projections.funder_matches.fit import IdeaFacts
from projections.mandates.queries import MandateDetail

_CONDITIONS = ("min_total", "min_funders", "max_share", "match_ratio", "match_cap")


def proposed_pledge(
    mandate: MandateDetail, idea: IdeaFacts, names: Mapping[UUID, str]
) -> ProposedPledge | None:
    """Propose what a mandate pledges to an idea; nothing where it has no open pool.

    A pool in another currency is no match. `names` are those of the funders that the mandate waits for.
    """
    if idea.pool_id is None:
        return None
    amount = _amount(mandate, idea.ask_minor)
    fields = _fields(mandate, amount)
    page = f"/pools/{idea.pool_id}"
    return ProposedPledge(
        action=f"{page}/preview",
        href=f"{page}?{urlencode(fields)}#pledge",
        amount=amount,
        conditions=tuple(conditions_in_words(mandate.conditions, names)),
        fields=tuple(fields.items()),
    )


def _amount(mandate: MandateDetail, ask_minor: int | None) -> Money:
    """Propose what is given at once: the ask as far as a ticket and what is left go."""
    least, most = mandate.ticket_min.amount_minor, mandate.ticket_max.amount_minor
    minor = min(max(least, ask_minor or most), most, mandate.left.amount_minor)
    return Money(amount_minor=minor, currency=mandate.budget.currency)


def _fields(mandate: MandateDetail, amount: Money) -> dict[str, str]:
    """Fill in the form of a pool with what the mandate says."""
    typed, conditions = typed_of(mandate), mandate.conditions
    fields = {
        "organisation_id": str(mandate.organisation_id),
        "mandate_id": str(mandate.mandate_id),
        "amount": as_typed(amount),
        "kind": "money",
        **{name: typed[name] for name in _CONDITIONS if typed[name]},
        **{f"{WITH}{funder}": "on" for funder in conditions.with_funders},
    }
    if conditions.expires_at is not None:
        fields["expires_on"] = conditions.expires_at.astimezone(UTC).date().isoformat()
    return fields
