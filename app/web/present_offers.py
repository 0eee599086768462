"""From what is known of offers and coverage to what the pages show of them."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from uuid import UUID

from app.web.addresses import (
    idea_href,
    new_offer_href,
    offer_href,
    offer_json_href,
    organisation_offers_href,
    parts_href,
)
from app.web.formats import in_a_row
from app.web.need_kinds import kind_name
from app.web.offer_views import (
    CoverageView,
    IdeaPartsView,
    OfferLine,
    OfferPage,
    OffersPage,
    OpeningLine,
    PartView,
    ServiceFact,
)
from app.web.stages import Glow
from events.codes import themes
from events.contracts import NeedKind
from projections.codes import place_name, theme_name
from projections.coverage.queries import IdeaCoverage, NeedRow, OfferRow, OfferRows, Opening
from projections.covered import Coverage, Covering, NeedStatus, OfferStatus
from projections.language import N_, ngettext
from projections.language import gettext as _

GLOWS: Mapping[NeedStatus, Glow] = MappingProxyType(
    {"uncovered": "unlit", "offered": "half", "covered": "lit", "delivered": "lit"}
)
STANDINGS: Mapping[NeedStatus, str] = MappingProxyType(
    {
        "uncovered": N_("Still needed"),
        "offered": N_("Offered, not decided yet"),
        "covered": N_("Covered"),
        "delivered": N_("There already"),
    }
)
_OFFERS: Mapping[OfferStatus, tuple[Glow, str]] = MappingProxyType(
    {
        "offered": ("half", N_("Waits for an answer")),
        "chosen": ("lit", N_("The idea builds on it")),
        "reserve": ("half", N_("Kept in reserve")),
        "declined": ("unlit", N_("Declined")),
        "withdrawn": ("unlit", N_("Taken back")),
        "delivered": ("lit", N_("It is there")),
    }
)
_SAME_KIND: Mapping[NeedKind, str] = MappingProxyType(
    {
        "software": N_("software, as offered before"),
        "service": N_("a service, as offered before"),
        "know-how": N_("know-how, as offered before"),
        "data": N_("data, as offered before"),
        "people": N_("people, as offered before"),
        "space": N_("space, as offered before"),
        "evidence": N_("evidence, as offered before"),
        "other": N_("something else, as offered before"),
    }
)
SOMEBODY = N_("Somebody")


def standing_of(covering: Covering) -> str:
    """Say how a need is covered."""
    reserves = len(covering.reserves)
    if reserves and covering.status == "covered":
        return ngettext("Covered, with %(count)s in reserve", "Covered, with %(count)s in reserve", reserves)
    if reserves and covering.status == "delivered":
        return ngettext(
            "There already, with %(count)s in reserve", "There already, with %(count)s in reserve", reserves
        )
    return _(STANDINGS[covering.status])


def part_view(need: NeedRow, covering: Covering | None = None, *, ticked: bool = False) -> PartView:
    """Show a need as a bulb, as it is covered or as it would be."""
    shown = covering or need.covering
    return PartView(
        need_id=need.need_id,
        title=need.title,
        kind_label=kind_name(need.kind),
        glow=GLOWS[shown.status],
        standing=standing_of(shown),
        cost=need.cost,
        ticked=ticked,
    )


def coverage_view(
    covered: IdeaCoverage,
    coverage: Coverage | None = None,
    coverings: Mapping[UUID, Covering] = MappingProxyType({}),
) -> CoverageView:
    """Show how far an idea is covered, or would be."""
    counted = coverage or covered.coverage
    return CoverageView(
        parts=tuple(part_view(need, coverings.get(need.need_id)) for need in covered.needs),
        covered=counted.covered,
        cost_open=tuple(counted.cost_open),
        note=counted.note,
    )


def offer_lines(offers: Collection[OfferRow], names: Mapping[UUID, str]) -> tuple[OfferLine, ...]:
    """Show offers on an idea, with those who made them."""
    return tuple(_line(offer, by_of(offer, names)) for offer in offers)


def idea_parts_view(
    covered: IdeaCoverage, names: Mapping[UUID, str], *, idea_id: UUID, is_open: bool
) -> IdeaPartsView | None:
    """Show what an idea needs and who offers it; nothing before somebody has named a part."""
    if not covered.needs and not covered.offers:
        return None
    return IdeaPartsView(
        coverage=coverage_view(covered),
        offers=offer_lines(covered.offers, names),
        offer_href=new_offer_href(idea_id) if is_open and covered.needs else None,
        all_href=parts_href(idea_id),
    )


def by_of(offer: OfferRow, names: Mapping[UUID, str]) -> str:
    """Name those who made an offer."""
    return offer.organisation_name or names.get(offer.made_by) or _(SOMEBODY)


def _line(offer: OfferRow, by: str) -> OfferLine:
    glow, status = _OFFERS[offer.status]
    return OfferLine(
        href=offer_href(offer.offer_id),
        title=offer.part.title,
        by=by,
        glow=glow,
        status=_(status),
        made_at=offer.made_at,
    )


def offer_view(
    offer: OfferRow,
    needs: Collection[NeedRow],
    *,
    idea_title: str,
    by: str,
    speaks: bool,
    offers: bool,
    is_open: bool,
    is_sample: bool,
    wrong: str | None = None,
    error: str | None = None,
    typed: str = "",
) -> OfferPage:
    """Show an offer to somebody who speaks for the idea, who made it (`offers`), both or neither."""
    part, (glow, status) = offer.part, _OFFERS[offer.status]
    alive = offer.status not in {"withdrawn", "delivered"}
    answers = speaks and alive
    organisation_id = offer.organisation_id
    return OfferPage(
        offer_id=offer.offer_id,
        title=part.title,
        description=part.description,
        by=by,
        by_href=organisation_offers_href(organisation_id) if organisation_id else None,
        idea_title=idea_title,
        idea_href=idea_href(offer.idea_id),
        kind_label=kind_name(part.kind),
        glow=glow,
        status=_(status),
        made_at=offer.made_at,
        changed_at=offer.changed_at,
        running_since=part.running_since,
        cost_to_adapt=part.cost_to_adapt,
        weeks_to_adapt=part.weeks_to_adapt,
        facts=_facts(offer),
        links=part.links,
        parts=tuple(part_view(need) for need in needs if need.need_id in offer.needs),
        reason=offer.reason,
        link=offer.link,
        json_href=offer_json_href(offer.offer_id),
        can_accept=answers and is_open and offer.status != "chosen",
        can_reserve=answers and is_open and offer.status != "reserve",
        can_decline=answers and offer.status != "declined",
        can_withdraw=offers and alive,
        can_deliver=(speaks or offers) and is_open and offer.status == "chosen",
        change_href=f"{offer_href(offer.offer_id)}/change"
        if offers and is_open and offer.status in {"offered", "declined"}
        else None,
        is_sample=is_sample,
        wrong=wrong,
        error=error,
        typed=typed,
    )


def _facts(offer: OfferRow) -> tuple[ServiceFact, ...]:
    part, service = offer.part, offer.part.service
    named = [(_("Where it runs"), part.runs_at), (_("Who uses it"), part.users), (_("Licence"), part.licence)]
    if service is not None:
        named += [
            (_("As a service"), service.name),
            (_("What it does"), service.description),
            (_("Languages"), service.languages),
            (_("Who it is for"), service.eligibility),
            (_("What it costs people"), service.fees),
            (_("When"), service.schedule),
        ]
    return tuple(ServiceFact(name=name, value=value) for name, value in named if value)


def offers_view(
    name: str,
    organisation_id: UUID,
    rows: OfferRows,
    found: Collection[Opening],
    titles: Mapping[UUID, str],
    *,
    is_first: bool,
) -> OffersPage:
    """Show what an organisation offers, each with the idea it is for, and what else it might cover."""
    page = organisation_offers_href(organisation_id)
    return OffersPage(
        name=name,
        organisation_href=f"/organisations/{organisation_id}",
        lines=tuple(_line(offer, titles.get(offer.idea_id, "")) for offer in rows.items),
        openings=tuple(map(_opening, found)),
        next_href=organisation_offers_href(organisation_id, cursor=rows.next_cursor)
        if rows.next_cursor
        else None,
        first_href=None if is_first else page,
    )


def _opening(opening: Opening) -> OpeningLine:
    because = []
    if opening.same_kind:
        because.append(_(_SAME_KIND[opening.kind]))
    if opening.codes:
        because.append(
            _("same field: %(fields)s", fields=in_a_row([_code_name(code) for code in opening.codes]))
        )
    if opening.words:
        because.append(_("words in common: %(words)s", words=in_a_row(opening.words)))
    return OpeningLine(
        title=opening.title,
        idea_title=opening.idea_title,
        idea_href=idea_href(opening.idea_id),
        offer_href=new_offer_href(opening.idea_id),
        kind_label=kind_name(opening.kind),
        cost=opening.cost,
        why="; ".join(because),
    )


def _code_name(code: str) -> str:
    return theme_name(code) if themes.is_theme(code) else place_name(code)
