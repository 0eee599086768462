"""Coverage is folded page by page: where a page ends must not matter to needs, offers and ideas."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.contracts import OfferDelivered, OfferMade, OrganisationRevised
from projections.coverage import Coverages
from projections.coverage.queries import PartCounts, counts_of, of_idea, offer
from projections.rebuild import rebuild, verify
from tests.projections.examples import (
    AUTHOR,
    NOON,
    days,
    idea_id,
    logged,
    opened,
    organisation_id,
    pounds,
    registered,
    reopened,
    revised,
    withdrawn,
)
from tests.projections.funding import need_added, need_id, offer_id, offered
from tests.projections.making import (
    accepted,
    closed,
    declined,
    launched,
    need_removed,
    need_revised,
    needs_ordered,
    offer_revised,
    offer_withdrawn,
)
from tests.projections.test_purity import follow_in_cuts, log_of, rows_of

pytestmark = pytest.mark.asyncio

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("add", "add", "describe", "remove", "order", "offer", "deliver", "take back"),
                # Often, for what a revision makes of an offer depends on the answer before it.
                *("decline", "decline", "revise offer", "revise offer", "revise offer", "reserve", "choose"),
                *("revise", "end", "launch", "rename"),
            ]
        ),
        st.integers(1, 2),  # Which idea.
        st.integers(0, 1),  # Which of its needs and offers.
        st.permutations(range(3)),
    ),
    min_size=25,
    max_size=60,
)
BEGUN = [opened(), logged(1), logged(2), registered()]


def delivered(number, *, idea, at):
    """Deliver an offer, with a link or without."""
    link = "https://rota.example.org/" if number % 2 else None
    return OfferDelivered(
        offer_id=offer_id(number), idea_id=idea_id(idea), delivered_by=AUTHOR, link=link, occurred_at=at
    )


def happens(what, idea, number, order, at):
    """Give what one step says; each idea has needs and offers of its own."""
    first = 10 * idea
    one, others = first + number, [first + other for other in order]
    said = {"idea": idea, "at": at}
    match what:
        case "add":
            return need_added(one, **said, cost=pounds(amount_minor=100) if number else None)
        case "describe":
            return need_revised(one, **said, description=f"With {order[0]} drivers.")
        case "remove":
            return need_removed(one, **said)
        case "order":
            return needs_ordered(*others, **said)
        case "offer":
            return offered(one, *others[:2], **said, organisation_id=organisation_id(1) if number else None)
        case "revise offer":
            return offer_revised(one, *others[: 1 + number], **said)
        case "decline":
            return declined(one, **said)
        case "reserve" | "choose":
            return accepted(one, **said, standing="chosen" if what == "choose" else "reserve")
        case "deliver":
            return delivered(one, **said)
        case "take back":
            return offer_withdrawn(one, **said)
        case "revise":
            return revised(idea, at=at, title=f"Again {number}", themes=("EN103",)[:number])
        case "end":
            return (withdrawn, closed, reopened)[number](idea, at=at)
        case "launch":
            return launched(idea, at=at)
        case _:
            return OrganisationRevised(
                organisation_id=organisation_id(1), name=f"Trust {number}", occurred_at=at
            )


def history_of(steps):
    """Give the events of all steps, without what happens but once: a part is offered under one identifier once."""
    begun = [*BEGUN, *(offered(10 * idea, idea=idea) for idea in (1, 2))]
    events, made = begun, {event.offer_id for event in begun if isinstance(event, OfferMade)}
    for at, step in enumerate(steps):
        event = happens(*step, NOON + days(at))
        if isinstance(event, OfferMade):
            if event.offer_id in made:
                continue
            made.add(event.offer_id)
        events.append(event)
    return events


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, cuts=st.lists(st.integers(1, 12), min_size=1, max_size=6))
async def test_pages_of_any_size_make_the_same_coverage(wide_pool, steps, cuts):
    """Event by event, in pages of any size, and all at once: every table has the same rows."""
    store, projection = await log_of(history_of(steps)), Coverages()
    followed = []
    for sizes in ([1], cuts):
        await wide_pool.execute("DELETE FROM checkpoints")
        await wide_pool.execute(f"DROP SCHEMA IF EXISTS {projection.name} CASCADE")
        await follow_in_cuts(wide_pool, store, projection, sizes)
        followed.append(await rows_of(wide_pool, projection))
    assert await verify(wide_pool, store, projection) == []
    await rebuild(wide_pool, store, projection, holder="pages")
    at_once = await rows_of(wide_pool, projection)
    assert len(at_once["ideas"]) == 2
    assert followed == [at_once, at_once]
    counted = await counts_of(wide_pool, [idea_id(1), idea_id(2), idea_id(3)])
    whole = {idea_id(number): (await of_idea(wide_pool, idea_id(number))).coverage for number in (1, 2)}
    assert counted == {
        idea: PartCounts(needs=one.needs, covered=one.covered, offered=one.offered)
        for idea, one in whole.items()
        if one.needs
    }


async def given_in(spec, are_apart, *events):
    """Give events in a page each, or all in one."""
    if are_apart:
        for event in events:
            position = await spec.given(event)
        return position
    return await spec.given(*events)


@pytest.mark.parametrize("are_apart", [False, True], ids=["one page", "a page each"])
async def test_only_a_declined_offer_waits_again_when_it_is_revised(spec, are_apart):
    """A revision brings a declined offer back, and leaves every other as it stands."""
    for number, (answer, status) in enumerate(
        [(declined, "offered"), (accepted, "chosen"), (offer_withdrawn, "withdrawn")], 1
    ):
        at = await given_in(
            spec,
            are_apart,
            opened(f"c{number}"),
            logged(number, slug=f"c{number}"),
            offered(number, idea=number),
            answer(number, idea=number),
            offer_revised(number, 1, 2, idea=number),
        )
        found = await offer(spec.pool, offer_id(number))
        assert (found.status, found.version, found.position) == (status, 3, at)
        assert (found.reason, found.needs) == ("", [need_id(1), need_id(2)])
        assert (await of_idea(spec.pool, idea_id(number))).position == at


@pytest.mark.parametrize("are_apart", [False, True], ids=["one page", "a page each"])
async def test_a_new_need_stands_after_those_that_are_there(spec, are_apart):
    """It comes last at that moment, a need described anew stays in its place, and one removed leaves none."""
    at = await given_in(
        spec,
        are_apart,
        *BEGUN,
        *(need_added(number) for number in (1, 2, 3)),
        needs_ordered(3, 1, 2),
        need_removed(1),
        need_added(4),
        need_revised(3),
        needs_ordered(2, 4, 3),
        need_removed(2),
        need_added(5),
    )
    found = await of_idea(spec.pool, idea_id())
    assert [need.title for need in found.needs] == ["Need 4", "Need 3, again", "Need 5"]
    assert found.position == at
    ordinals = await spec.pool.fetch("SELECT ordinal FROM coverage.needs ORDER BY ordinal")
    assert [row["ordinal"] for row in ordinals] == [2, 3, 4]
