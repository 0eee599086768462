"""What an idea still needs, who offers it, and how far it is covered."""

import pytest

from events.contracts import (
    IdeaClosed,
    NeedRemoved,
    NeedRevised,
    NeedsOrdered,
    OfferAccepted,
    OfferDeclined,
    OfferDelivered,
    OfferWithdrawn,
    OrganisationRevised,
)
from projections.coverage.queries import (
    covered_with,
    of_idea,
    offer,
    offers_of_idea,
    offers_of_organisation,
    offers_of_person,
    openings,
    standing_offers,
)
from projections.covered import Bringing
from projections.cursors import BadCursorError
from tests.projections.examples import (
    AUTHOR,
    NOON,
    days,
    idea_id,
    logged,
    opened,
    organisation_id,
    person_id,
    pounds,
    registered,
    reopened,
    revised,
    withdrawn,
)
from tests.projections.funding import need_added, need_id, offer_changes, offer_id, offered
from tests.projections.making import offer_withdrawn

pytestmark = pytest.mark.asyncio

BEGUN = [opened(), logged(), registered(name="Dale Trust")]


def accepted(number=1, standing="chosen", *, idea=1):
    """Accept an offer."""
    return OfferAccepted(
        offer_id=offer_id(number),
        idea_id=idea_id(idea),
        accepted_by=AUTHOR,
        standing=standing,
        occurred_at=NOON,
    )


def declined(number=1):
    """Decline an offer."""
    return OfferDeclined(
        offer_id=offer_id(number),
        idea_id=idea_id(),
        declined_by=AUTHOR,
        reason="We have one.",
        occurred_at=NOON,
    )


def taken_back(number=1):
    """Withdraw an offer."""
    return OfferWithdrawn(
        offer_id=offer_id(number),
        idea_id=idea_id(),
        withdrawn_by=person_id(5),
        reason="Moved.",
        occurred_at=NOON,
    )


def delivered(number=1):
    """Deliver an offer."""
    return OfferDelivered(
        offer_id=offer_id(number),
        idea_id=idea_id(),
        delivered_by=person_id(5),
        link="https://rota.example.org/",
        note="In use.",
        occurred_at=NOON,
    )


async def statuses(spec):
    """Tell how each need of the first idea is covered, in order."""
    found = await of_idea(spec.pool, idea_id())
    return [need.covering.status for need in found.needs]


async def test_an_idea_without_needs_is_not_covered(spec):
    """Nothing is needed and nothing covered, and an idea that is not there has no coverage at all."""
    await spec.given(*BEGUN)
    found = await of_idea(spec.pool, idea_id())
    assert (found.needs, found.offers, found.coverage.needs, found.coverage.covered_percent) == ([], [], 0, 0)
    assert await of_idea(spec.pool, idea_id(9)) is None


async def test_needs_stand_in_their_order_as_they_are_now(spec):
    """A need is added last, revised in its place, ordered and removed."""
    facts = {"idea_id": idea_id(), "occurred_at": NOON}
    at = await spec.given(
        *BEGUN,
        *(need_added(number) for number in (1, 2, 3)),
        NeedRevised(**facts, need_id=need_id(2), kind="people", title="Drivers", cost=pounds(amount_minor=5)),
        NeedsOrdered(**facts, need_ids=(need_id(3), need_id(1), need_id(2))),
        NeedRemoved(**facts, need_id=need_id(1), reason="Found."),
    )
    found = await of_idea(spec.pool, idea_id())
    assert [(need.title, need.kind) for need in found.needs] == [("Need 3", "service"), ("Drivers", "people")]
    assert found.needs[1].cost == pounds(amount_minor=5)
    assert found.position == at


async def test_a_need_goes_from_uncovered_to_delivered(spec):
    """An offer makes it offered, a reserve leaves it so, a chosen one covers it, and the part is there at last."""
    await spec.given(*BEGUN, need_added())
    assert await statuses(spec) == ["uncovered"]
    for event, status in (
        (offered(), "offered"),
        (accepted(standing="reserve"), "offered"),
        (accepted(), "covered"),
        (delivered(), "delivered"),
    ):
        await spec.given(event)
        assert await statuses(spec) == [status]
    found = await offer(spec.pool, offer_id())
    assert (found.status, found.reason, found.link) == ("delivered", "In use.", "https://rota.example.org/")


async def test_what_was_declined_or_withdrawn_covers_nothing(spec):
    """A need is uncovered again once its offers are gone, and the reason stands beside each."""
    await spec.given(
        *BEGUN, need_added(), offered(1), offered(2), accepted(1), accepted(2), declined(1), taken_back(2)
    )
    assert await statuses(spec) == ["uncovered"]
    found = await of_idea(spec.pool, idea_id())
    assert [(one.status, one.reason) for one in found.offers] == [
        ("declined", "We have one."),
        ("withdrawn", "Moved."),
    ]


async def test_several_offers_stand_on_one_need(spec):
    """One is chosen, one in reserve, one waits; each is named with the need."""
    await spec.given(
        *BEGUN, need_added(), offered(1), offered(2), offered(3), accepted(1), accepted(2, "reserve")
    )
    (need,) = (await of_idea(spec.pool, idea_id())).needs
    assert (need.covering.chosen, need.covering.reserves, need.covering.offered) == (
        [offer_id(1)],
        [offer_id(2)],
        [offer_id(3)],
    )


async def test_the_cost_still_open_is_counted(spec):
    """What is not covered costs its estimate, what is chosen its adaptation, once, and what is delivered nothing."""
    await spec.given(
        *BEGUN,
        *(need_added(number, cost=pounds(amount_minor=1_000 * number)) for number in (1, 2, 3, 4)),
        need_added(5),
        offered(1, 1, 2, cost_to_adapt=pounds(amount_minor=70)),
        offered(2, 3, cost_to_adapt=pounds(amount_minor=5)),
        offered(3, 4, cost_to_adapt=pounds(amount_minor=9)),
        accepted(1),
        accepted(3),
        delivered(3),
    )
    found = (await of_idea(spec.pool, idea_id())).coverage
    assert (found.needs, found.uncovered, found.offered, found.covered, found.delivered) == (5, 1, 1, 3, 1)
    assert found.covered_percent == 60
    assert found.cost_open == [pounds(amount_minor=3_070)]
    assert (found.costs_unknown, found.note) == (1, "1 part has no estimate.")


async def test_currencies_are_kept_apart(spec):
    """Amounts in two currencies are two sums, and the answer says that they are not added up."""
    euros = {"amount_minor": 20, "currency": "EUR"}
    await spec.given(
        *BEGUN,
        need_added(1, cost=pounds(amount_minor=10)),
        need_added(2, cost=type(pounds(amount_minor=1))(**euros)),
    )
    found = (await of_idea(spec.pool, idea_id())).coverage
    assert [(cost.amount_minor, cost.currency) for cost in found.cost_open] == [(20, "EUR"), (10, "GBP")]
    assert found.note == "The cost still open is in 2 currencies, which are not added up."


async def test_a_preview_shows_the_coverage_one_more_offer_would_give(spec):
    """As if it were chosen, and nothing is kept of it."""
    await spec.given(
        *BEGUN, need_added(1, cost=pounds(amount_minor=900)), need_added(2, cost=pounds(amount_minor=50))
    )
    hypothetical = Bringing(
        offer_id=offer_id(9), needs=[need_id(1)], status="chosen", cost_to_adapt=pounds(amount_minor=100)
    )
    covered_by, found = await covered_with(spec.pool, idea_id(), hypothetical)
    assert [covered_by[need_id(number)].status for number in (1, 2)] == ["covered", "uncovered"]
    assert (found.covered_percent, found.cost_open) == (50, [pounds(amount_minor=150)])
    assert await statuses(spec) == ["uncovered", "uncovered"]


async def test_a_preview_of_a_change_counts_the_offer_once(spec):
    """As it would be, and not as it is besides: a need that it no longer names is uncovered, its old cost is gone."""
    await spec.given(
        *BEGUN,
        need_added(1),
        need_added(2),
        offered(1, 1, cost_to_adapt=pounds(amount_minor=70)),
        accepted(1),
    )
    changed = Bringing(
        offer_id=offer_id(1), needs=[need_id(2)], status="chosen", cost_to_adapt=pounds(amount_minor=5)
    )
    covered_by, found = await covered_with(spec.pool, idea_id(), changed)
    assert [covered_by[need_id(number)].status for number in (1, 2)] == ["uncovered", "covered"]
    assert found.cost_open == [pounds(amount_minor=5)]
    assert await statuses(spec) == ["covered", "uncovered"]


async def test_an_offer_is_shown_as_it_is_now(spec):
    """What was revised shows, the organisation by its present name, and what a service it is if it is one."""
    at = await spec.given(
        *BEGUN,
        need_added(1),
        need_added(2),
        offered(1, 1, service_name="A rota", service_languages="English, Polish"),
    )
    found = await offer(spec.pool, offer_id())
    assert (found.organisation_name, found.position, found.version) == ("Dale Trust", at, 1)
    assert (found.part.service.name, found.part.service.languages) == ("A rota", "English, Polish")
    changes = offer_changes(1, 2, at=NOON + days(1))
    await spec.given(
        *changes[:2],
        OrganisationRevised(organisation_id=organisation_id(), name="Fell Trust", occurred_at=NOON),
    )
    found = await offer(spec.pool, offer_id())
    assert (found.status, found.needs, found.part.title, found.organisation_name) == (
        "offered",
        [need_id(2)],
        "A rota",
        "Fell Trust",
    )
    assert found.part.service is None
    assert await offer(spec.pool, offer_id(9)) is None


async def test_offers_are_listed_page_by_page(spec):
    """Of an idea from the first on, of an organisation and of a person from the last on."""
    await spec.given(
        *BEGUN,
        need_added(),
        *(offered(number, at=NOON + days(number)) for number in (1, 2, 3)),
        offered(4, organisation_id=None, at=NOON + days(4)),
    )

    async def numbers(read, of):
        seen, cursor = [], None
        while True:
            page = await read(spec.pool, of, limit=2, cursor=cursor)
            seen += [item.part.title for item in page.items]
            if (cursor := page.next_cursor) is None:
                return seen

    assert await numbers(offers_of_idea, idea_id()) == ["Offer 1", "Offer 2", "Offer 3", "Offer 4"]
    assert await numbers(offers_of_organisation, organisation_id()) == ["Offer 3", "Offer 2", "Offer 1"]
    assert await numbers(offers_of_person, person_id(5)) == ["Offer 4"]
    with pytest.raises(BadCursorError):
        await offers_of_idea(spec.pool, idea_id(), limit=1, cursor="nonsense")


async def test_all_that_is_offered_is_listed_page_by_page(spec):
    """Whoever offers, and for whichever idea: the last first, of one sort where that is asked for, nothing taken back."""
    await spec.given(
        *BEGUN,
        need_added(),
        *(
            offered(number, at=NOON + days(number), kind="people" if number == 2 else "software")
            for number in (1, 2, 3)
        ),
        offered(4, organisation_id=None, at=NOON + days(4)),
        offer_withdrawn(3, at=NOON + days(5)),
        declined(1),
    )

    async def listed(**wanted):
        seen, cursor = [], None
        while True:
            page = await standing_offers(spec.pool, limit=1, cursor=cursor, **wanted)
            seen += [item.part.title for item in page.items]
            if (cursor := page.next_cursor) is None:
                return seen

    assert await listed() == ["Offer 4", "Offer 2", "Offer 1"]
    assert await listed(kind="people") == ["Offer 2"]
    assert await listed(kind="space") == []
    with pytest.raises(BadCursorError):
        await standing_offers(spec.pool, limit=1, cursor="nonsense")


async def test_an_organisation_sees_needs_that_it_might_cover(spec):
    """By the kind, the themes and places, and the words of what it offered before, with the reason for each."""
    await spec.given(
        *BEGUN[:1],
        logged(1, themes=("EN103",), places=("GB-LDS",)),
        *(logged(number, themes=("EN103",), title=f"Idea {number}") for number in (2, 3, 4)),
        logged(5),
        registered(name="Dale Trust"),
        need_added(1, idea=1, kind="software", title="A booking page"),
        offered(1, 1, idea=1, kind="software", title="Booking benches online"),
        # The same kind where it was active; a word in common; neither; the same kind elsewhere.
        need_added(2, idea=2, kind="software", title="A map"),
        need_added(3, idea=3, kind="space", title="A room with a workbench or two benches"),
        need_added(4, idea=4, kind="people", title="Drivers"),
        need_added(5, idea=5, kind="software", title="A till"),
    )
    found = await openings(spec.pool, organisation_id(), limit=10)
    assert [(one.idea_title, one.same_kind, one.codes, one.words) for one in found] == [
        ("Idea 2", True, ["EN103"], []),
        ("Idea 3", False, ["EN103"], ["benches"]),
    ]
    assert await openings(spec.pool, organisation_id(2), limit=10) == []


async def test_what_is_covered_or_over_is_no_opening(spec):
    """A need that is covered, that the organisation has an offer on, or whose idea ended is not suggested."""
    wanted = {"kind": "software", "title": "A booking page"}
    await spec.given(
        *BEGUN[:1],
        *(logged(number) for number in (1, 2, 3, 4)),
        *(need_added(number, idea=number, **wanted) for number in (1, 2, 3, 4)),
        offered(1, 1, idea=1, kind="software", title="Booking benches"),
        offered(2, 2, idea=2, organisation_id=organisation_id(2)),
        accepted(2, idea=2),
        withdrawn(3),
    )

    async def ideas():
        return sorted(one.idea_title for one in await openings(spec.pool, organisation_id(), limit=10))

    assert await ideas() == ["Idea 4"]
    await spec.given(
        IdeaClosed(idea_id=idea_id(4), closed_by=AUTHOR, reason="Over.", occurred_at=NOON), reopened(3)
    )
    assert await ideas() == ["Idea 3"]
    await spec.given(revised(3, title="Idea 3, clearer"))
    assert await ideas() == ["Idea 3, clearer"]
