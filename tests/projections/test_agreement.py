"""Read models and deciders fold the same events apart from each other, and come to the same."""

from collections import Counter
from datetime import UTC

import pytest
import pytest_asyncio

from domain.mandate import MANDATE
from domain.mandate import Closed as ClosedMandate
from domain.mandate import Open as OpenMandate
from domain.offer import OFFER, Accepted, Declined, Delivered, Offered, Withdrawn
from domain.organisation import ORGANISATION, Registered
from domain.pool import POOL, Committed, NotOpened, Open, Over
from events.contracts import IdeaLogged, VoteCast
from projections.rebuild import rebuild
from projections.registry import projection_named
from tests.projections.histories import eventful
from tests.projections.test_purity import log_of

pytestmark = pytest.mark.asyncio
STEPS = 2_000


@pytest_asyncio.fixture
async def built(wide_pool):
    """Give a way to build a read model of a long history, and what the deciders made of that."""
    history = eventful(STEPS)
    store = await log_of(history)

    async def build(name, decider):
        await rebuild(wide_pool, store, projection_named(name), holder="agreement")
        return history.deciding.states(decider)

    return build


async def test_pools_agree(built, wide_pool):
    """Each pool has the status, the pledges and what is left to pay that its decider knows."""
    states = {key: state for key, state in (await built("pools", POOL)).items() if state != NotOpened()}
    shown = {row["pool_id"]: row for row in await wide_pool.fetch("SELECT * FROM pools.pools")}
    pledges = await wide_pool.fetch("SELECT * FROM pools.pledges WHERE withdrawn_at IS NULL")
    parts = await wide_pool.fetch(
        "SELECT pledge_id, sum(amount)::bigint AS amount FROM pools.tranche_parts GROUP BY pledge_id"
    )
    paid = {row["pledge_id"]: row["amount"] for row in parts}
    assert (set(shown), len(states) > 20) == (set(states), True)
    for pool_id, state in states.items():
        row, whole = shown[pool_id], state if isinstance(state, Open) else state.pool
        statuses = {Open: {"open"}, Committed: {"committed"}, Over: {"lapsed", "cancelled"}}[type(state)]
        assert row["status"] in statuses
        here = {one["pledge_id"]: one for one in pledges if one["pool_id"] == pool_id}
        assert {key: one["amount"] for key, one in here.items()} == {
            key: promise.amount.amount_minor for key, promise in whole.pledges.items()
        }
        terms = (row["minimum"], row["target"], row["deadline"], row["currency"])
        said = (whole.terms.minimum.amount_minor, whole.terms.target.amount_minor)
        assert terms == (*said, whole.terms.deadline, whole.terms.currency)
        if isinstance(state, Committed):
            left = {key: one["committed"] - paid.get(key, 0) for key, one in here.items() if one["committed"]}
            assert left == dict(state.payout.left)
            confirmed = {key for key, one in here.items() if one["confirmed_at"]}
            assert confirmed == set(state.payout.confirmed)


async def test_mandates_agree(built, wide_pool):
    """Each mandate is in the state and revision, and has so much set aside for which pledge, as its decider knows."""
    found = (await built("mandates", MANDATE)).items()
    states = {key: state for key, state in found if state != MANDATE.initial_state}
    shown = {row["mandate_id"]: row for row in await wide_pool.fetch("SELECT * FROM mandates.mandates")}
    reserved = await wide_pool.fetch("SELECT * FROM mandates.reservations WHERE reserved_minor > 0")
    assert (set(shown), len(states) > 20) == (set(states), True)
    for mandate_id, state in states.items():
        row, mandate = shown[mandate_id], state if isinstance(state, OpenMandate) else state.mandate
        expected = {OpenMandate: "open", ClosedMandate: "closed"}.get(type(state), "paused")
        assert (row["state"], row["revision"], row["title"], row["reserved_minor"]) == (
            expected,
            mandate.revision,
            mandate.statement.title,
            mandate.reserved_minor,
        )
        assert {
            one["pledge_id"]: one["reserved_minor"] for one in reserved if one["mandate_id"] == mandate_id
        } == {pledge_id: one.amount_minor for pledge_id, one in mandate.reservations.items()}


async def test_offers_agree(built, wide_pool):
    """Each offer has the standing and the needs that its decider knows."""
    found = (await built("coverage", OFFER)).items()
    states = {key: state for key, state in found if state != OFFER.initial_state}
    shown = {row["offer_id"]: row for row in await wide_pool.fetch("SELECT * FROM coverage.offers")}
    assert (set(shown), len(states) > 20) == (set(states), True)
    statuses = {Offered: "offered", Declined: "declined", Withdrawn: "withdrawn", Delivered: "delivered"}
    for offer_id, state in states.items():
        offer = state if isinstance(state, Offered) else state.offer
        expected = state.standing if isinstance(state, Accepted) else statuses[type(state)]
        assert (shown[offer_id]["status"], tuple(shown[offer_id]["needs"])) == (expected, offer.part.needs)


async def test_organisations_agree(built, wide_pool):
    """Each organisation has the name, and each of its members the roles, that its decider knows."""
    found = (await built("organisations", ORGANISATION)).items()
    states = {key: state for key, state in found if isinstance(state, Registered)}
    names = await wide_pool.fetch("SELECT organisation_id, name FROM organisations.organisations")
    assert dict(map(tuple, names)) == {key: state.name for key, state in states.items()}
    members = await wide_pool.fetch("SELECT organisation_id, person_id, roles FROM organisations.members")
    assert {(row[0], row[1]): tuple(row[2]) for row in members} == {
        (key, person): roles for key, state in states.items() for person, roles in state.members.items()
    }


async def test_days_of_communities_agree(wide_pool):
    """Each day of a community has as many ideas and votes as were recorded of it, whatever became of them."""
    history = eventful(STEPS)
    await rebuild(wide_pool, await log_of(history), projection_named("idea_detail"), holder="agreement")
    communities = {event.idea_id: event.community_id for event in history if isinstance(event, IdeaLogged)}
    told: Counter[tuple[object, ...]] = Counter(
        (communities[event.idea_id], event.occurred_at.astimezone(UTC).date(), type(event))
        for event in history
        if isinstance(event, IdeaLogged | VoteCast)
    )
    rows = await wide_pool.fetch("SELECT * FROM idea_detail.community_days")
    shown = {
        (row["community_id"], row["day"], kind): row[column]
        for row in rows
        for column, kind in (("ideas", IdeaLogged), ("votes", VoteCast))
        if row[column]
    }
    assert (shown, len(told) > 10) == (dict(told), True)
