"""Examples of the pages about offers and of what concerns oneself, all of them invented."""

from datetime import date, timedelta

from msgspec.structs import replace

from app.web.addresses import (
    idea_href,
    new_offer_href,
    offer_href,
    offers_href,
    organisation_offers_href,
    parts_href,
)
from app.web.need_kinds import KIND_NAMES
from app.web.notice_views import NoticeLine, NoticesPage
from app.web.offer_views import (
    CoverageView,
    IdeaPartsView,
    OfferFormPage,
    OfferLine,
    OfferPage,
    OffersPage,
    OpeningLine,
    PartView,
    ServiceFact,
    TypedOffer,
)
from app.web.open_offers import OpenOffersPage, sorts
from events.contracts.base import Money
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid

HOSTILE = f"{SCRIPT} {LONG_WORD}"
IDEA = uuid(1)
COST = Money(amount_minor=80_000, currency="GBP")


def part(number: int, title: str, **changes: object) -> PartView:
    """Make a need as a bulb; whatever is not said is plain."""
    usual = {
        "need_id": uuid(800 + number),
        "title": title,
        "kind_label": "Software",
        "glow": "unlit",
        "standing": "Still needed",
        "cost": COST,
    }
    return PartView(**{**usual, **changes})


PARTS = (
    part(1, "A rota for drivers", glow="lit", standing="Covered, with 1 in reserve"),
    part(2, "Drivers", kind_label="People", glow="half", standing="Offered, not decided yet", cost=None),
    part(3, "A number to ring", kind_label="A service"),
    part(4, "Proof that it helps", kind_label="Evidence", cost=None),
)
COVERAGE = CoverageView(
    parts=PARTS,
    covered=1,
    cost_open=(COST, Money(amount_minor=12_000, currency="EUR")),
    note="The cost still open is in 2 currencies, which are not added up. 2 parts have no estimate.",
)
MANY = tuple(
    part(100 + number, f"Part {number}", glow=("lit", "half", "unlit", "unlit")[number % 4])
    for number in range(1_000)
)
MANY_COVERED = CoverageView(parts=MANY, covered=250, cost_open=(COST,), note="")


def line(number: int, title: str, **changes: object) -> OfferLine:
    """Make an offer in a list; whatever is not said is plain."""
    usual = {
        "href": offer_href(uuid(700 + number)),
        "title": title,
        "by": "Dale Transport Trust",
        "glow": "half",
        "status": "Waits for an answer",
        "made_at": START,
    }
    return OfferLine(**{**usual, **changes})


LINES = (
    line(1, "A rota for volunteer drivers", glow="lit", status="The idea builds on it"),
    line(2, "Nine drivers", by="Tom Alderson"),
    line(3, HOSTILE, by=HOSTILE, glow="unlit", status="Declined"),
)
MANY_PARTS_OF_AN_IDEA = IdeaPartsView(
    coverage=MANY_COVERED,
    offers=tuple(line(100 + number, f"Offer {number}") for number in range(200)),
    offer_href=new_offer_href(IDEA),
    all_href=parts_href(IDEA),
)
PARTS_OF_AN_IDEA = IdeaPartsView(coverage=COVERAGE, offers=LINES, offer_href=new_offer_href(IDEA))


def form(**changes: object) -> OfferFormPage:
    """Make the form of an offer, empty unless something is said."""
    usual = {
        "idea_title": "A shared minibus for three villages",
        "idea_href": idea_href(IDEA),
        "action": new_offer_href(IDEA),
        "parts": PARTS,
        "organisations": ((str(uuid(900)), "Dale Transport Trust"),),
        "kinds": tuple(KIND_NAMES.items()),
        "typed": TypedOffer(fields={"currency": "GBP"}),
    }
    return OfferFormPage(**{**usual, **changes})


WRONG = TypedOffer(
    fields={"title": HOSTILE, "kind": "people", "description": f"{SCRIPT}\n{LONG_WORD}", "amount": "a lot"},
    needs=frozenset({uuid(801)}),
    errors={
        "needs": "Tick at least one part that it covers.",
        "title": "It has 250 characters; 200 are allowed.",
        "kind": "Choose what sort of part it is.",
        "amount": "Give an amount such as 4200 or 4200.50, or leave it empty.",
        "links": "Give an address that begins with https:// or http://.",
        "service_url": "Give an address that begins with https:// or http://.",
    },
)


def offer(**changes: object) -> OfferPage:
    """Make the page of an offer as a stranger sees it."""
    usual = {
        "offer_id": uuid(701),
        "title": "A rota for volunteer drivers",
        "description": "A page on which drivers sign up for a day and people book a seat.",
        "by": "Dale Transport Trust",
        "by_href": organisation_offers_href(uuid(900)),
        "idea_title": "A shared minibus for three villages",
        "idea_href": idea_href(IDEA),
        "kind_label": "Software",
        "glow": "half",
        "status": "Waits for an answer",
        "made_at": START,
        "changed_at": START,
        "running_since": date(2021, 3, 1),
        "cost_to_adapt": COST,
        "weeks_to_adapt": 6,
        "facts": (
            ServiceFact(name="Where it runs", value="Swaledale"),
            ServiceFact(name="Licence", value="AGPL-3.0"),
        ),
        "links": ("https://rota.example.org/", "https://rota.example.org/about"),
        "parts": PARTS[:2],
        "reason": "",
        "link": None,
        "json_href": f"/api/v1/offers/{uuid(701)}",
        **dict.fromkeys(("can_accept", "can_reserve", "can_decline", "can_withdraw", "can_deliver"), False),
        "change_href": None,
    }
    return OfferPage(**{**usual, **changes})


ALL = dict.fromkeys(("can_accept", "can_reserve", "can_decline", "can_withdraw", "can_deliver"), True)


def notice(number: int, sentence: str, **changes: object) -> NoticeLine:
    """Make a notice; whatever is not said is plain."""
    usual = {
        "sentence": sentence,
        "reason": "",
        "happened_at": START - timedelta(hours=number),
        "href": offer_href(uuid(701)),
        "for_organisation": None,
        "until": None,
        "after": None,
        "is_new": number < 2,
    }
    return NoticeLine(**{**usual, **changes})


NOTICES = NoticesPage(
    lines=(
        notice(0, "“Dale Transport Trust” offers a part for your idea “A shared minibus”: A rota."),
        notice(
            1,
            "£200 were pledged to “A shared minibus” in your name, as “Care” says; you can still stop it.",
            for_organisation="Fell Fund",
            until=START + timedelta(days=1),
        ),
        notice(2, HOSTILE, reason=HOSTILE, for_organisation=HOSTILE),
        notice(
            3,
            "Sending to hooks.example.org was paused: it answered that it is gone (410).",
            href=f"/webhooks/{uuid(701)}",
            for_organisation="Dale Transport Trust",
            after=41_400,
        ),
    ),
    unread=2,
    newest=41_512,
    by_mail=True,
    next_href="/me/notices?cursor=x",
)

OFFER_PAGES: dict[str, tuple[str, object]] = {
    "offer-new": ("offer_form.html", form()),
    "offer-preview": (
        "offer_form.html",
        form(preview=COVERAGE, typed=TypedOffer(fields={"title": "A rota", "service_name": "Lifts"})),
    ),
    "offer-wrong": ("offer_form.html", form(typed=WRONG, refused="This idea was withdrawn or closed.")),
    "offer-change": ("offer_form.html", form(is_change=True)),
    "offer-no-needs": ("offer_form.html", form(parts=())),
    "offer-ended": ("offer_form.html", form(takes_offers=False)),
    "offer": ("offer.html", offer()),
    "offer-answered": (
        "offer.html",
        offer(**ALL, change_href=f"{offer_href(uuid(701))}/change", is_sample=True, glow="lit"),
    ),
    "offer-error": (
        "offer.html",
        offer(**ALL, wrong="decline", error="Say why.", typed=HOSTILE, title=HOSTILE, reason=HOSTILE),
    ),
    "offer-delivered": (
        "offer.html",
        offer(
            by_href=None, link="https://rota.example.org/", parts=(), error="It is there.", wrong="deliver"
        ),
    ),
    "offers": (
        "offers.html",
        OffersPage(
            name="Dale Transport Trust",
            organisation_href=f"/organisations/{uuid(900)}",
            lines=LINES,
            openings=(
                OpeningLine(
                    title="A booking page",
                    idea_title=HOSTILE,
                    idea_href=idea_href(IDEA),
                    offer_href=new_offer_href(IDEA),
                    kind_label="Software",
                    cost=COST,
                    why="software, as offered before; words in common: booking",
                ),
            ),
            next_href=organisation_offers_href(uuid(900), cursor="x"),
        ),
    ),
    "offers-none": (
        "offers.html",
        OffersPage(name=HOSTILE, organisation_href=f"/organisations/{uuid(900)}", lines=(), openings=()),
    ),
    "open-offers": (
        "open_offers.html",
        OpenOffersPage(
            lines=tuple(
                replace(one, kind_label="Software", idea_title=HOSTILE, idea_href=idea_href(IDEA))
                for one in LINES
            ),
            kinds=sorts(),
            next_href=offers_href(cursor="x"),
            first_href=offers_href(),
        ),
    ),
    "open-offers-none": ("open_offers.html", OpenOffersPage(lines=(), kinds=sorts())),
    "open-offers-none-of-a-sort": (
        "open_offers.html",
        OpenOffersPage(lines=(), kinds=sorts("software"), kind="software"),
    ),
    "notices": ("notices.html", NOTICES),
    "notices-none": ("notices.html", NoticesPage(lines=(), unread=0, newest=0, by_mail=False)),
}
