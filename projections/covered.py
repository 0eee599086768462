"""How far an idea's needs are covered, worked out from the needs and the offers on them.

A need is *covered* when an offer that covers it was chosen, *delivered* when such a part is there, *offered* when
there is an offer that was not declined or taken back, and *uncovered* otherwise.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from events.contracts import Money
from projections.language import ngettext

NeedStatus: TypeAlias = Literal["uncovered", "offered", "covered", "delivered"]
OfferStatus: TypeAlias = Literal["offered", "chosen", "reserve", "declined", "withdrawn", "delivered"]


class Lacking(Struct, frozen=True, kw_only=True):
    """A need as far as covering it goes."""

    need_id: UUID
    cost: Money | None = None


class Bringing(Struct, frozen=True, kw_only=True):
    """An offer as far as covering needs goes."""

    offer_id: UUID
    needs: Sequence[UUID]
    status: OfferStatus
    cost_to_adapt: Money | None = None


class Covering(Struct, frozen=True, kw_only=True):
    """How a need is covered, and by which offers."""

    status: NeedStatus
    chosen: list[UUID]
    reserves: list[UUID]
    offered: list[UUID]


class Coverage(Struct, frozen=True, kw_only=True):
    """How far all needs of an idea are covered, and what it still costs.

    `covered` includes what is delivered. `cost_open` is what the needs that are not covered are estimated to cost,
    and what it takes to adapt the offers that were chosen, an amount for each currency. `costs_unknown` counts those
    of them that nobody has estimated; `note` says what the sums leave out.
    """

    needs: int
    uncovered: int
    offered: int
    covered: int
    delivered: int
    covered_percent: int
    cost_open: list[Money]
    costs_unknown: int
    note: str


def coverings(needs: Iterable[Lacking], offers: Iterable[Bringing]) -> dict[UUID, Covering]:
    """Work out how each need is covered."""
    by_need: dict[UUID, list[Bringing]] = {need.need_id: [] for need in needs}
    for offer in offers:
        for need_id in offer.needs:
            if need_id in by_need:
                by_need[need_id].append(offer)
    return {need_id: _covering(brought) for need_id, brought in by_need.items()}


def _covering(offers: Sequence[Bringing]) -> Covering:
    def having(*statuses: OfferStatus) -> list[UUID]:
        return [offer.offer_id for offer in offers if offer.status in statuses]

    chosen, reserves, offered = having("delivered", "chosen"), having("reserve"), having("offered")
    status: NeedStatus = "uncovered"
    if having("delivered"):
        status = "delivered"
    elif chosen:
        status = "covered"
    elif reserves or offered:
        status = "offered"
    return Covering(status=status, chosen=chosen, reserves=reserves, offered=offered)


def coverage(needs: Sequence[Lacking], offers: Sequence[Bringing]) -> Coverage:
    """Work out how far an idea is covered."""
    covered_by = coverings(needs, offers)
    statuses = [covering.status for covering in covered_by.values()]
    delivered = statuses.count("delivered")
    covered = statuses.count("covered") + delivered
    costs = [need.cost for need in needs if covered_by[need.need_id].status in {"uncovered", "offered"}]
    costs += [
        offer.cost_to_adapt
        for offer in offers
        if offer.status == "chosen" and not covered_by.keys().isdisjoint(offer.needs)
    ]
    known = [cost for cost in costs if cost is not None]
    cost_open = [
        Money(amount_minor=sum(cost.amount_minor for cost in known if cost.currency == code), currency=code)
        for code in sorted({cost.currency for cost in known})
    ]
    return Coverage(
        needs=len(needs),
        uncovered=statuses.count("uncovered"),
        offered=statuses.count("offered"),
        covered=covered,
        delivered=delivered,
        covered_percent=100 * covered // len(needs) if needs else 0,
        cost_open=cost_open,
        costs_unknown=len(costs) - len(known),
        note=_note(currencies=len(cost_open), unknown=len(costs) - len(known)),
    )


def _note(*, currencies: int, unknown: int) -> str:
    said = []
    if currencies > 1:
        said.append(
            ngettext(
                "The cost still open is in %(count)s currency.",
                "The cost still open is in %(count)s currencies, which are not added up.",
                currencies,
            )
        )
    if unknown:
        said.append(ngettext("%(count)s part has no estimate.", "%(count)s parts have no estimate.", unknown))
    return " ".join(said)
