"""What a mandate pledged by itself is vetoed over HTTP: in time, by who may, once and for good."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.command_handling import Cause
from app.funding.pledging import pledge
from domain.pool_terms import Promise
from events.contracts import Money
from events.streams import new_id
from tests.http.pools import amounts, funder, opened, pledged, shown

pytestmark = pytest.mark.asyncio


async def by_itself(service, pool, organisation_id, *, hours=24):
    """Pledge as a mandate does by itself; gives the address of the pledge."""
    promise = Promise(
        pledge_id=new_id(),
        organisation_id=UUID(organisation_id),
        amount=Money(amount_minor=400, currency="GBP"),
        vetoable_until=datetime.now(UTC) + timedelta(hours=hours),
    )
    handler, pool_id = service.resources.handler, UUID(pool.rpartition("/")[2])
    await pledge(handler, pool_id, promise, made_by=None, cause=Cause())
    return f"{pool}/pledges/{promise.pledge_id}"


async def test_a_funder_vetoes_what_was_pledged_by_itself(service, author):
    """The pledge is gone, with the reason in the history; vetoing it again changes nothing."""
    pool, (person, trust) = await opened(author), await funder(service)
    path = await by_itself(service, pool, trust)
    assert amounts(await shown(service, pool)) == [400]
    first = await person.send("POST", f"{path}/veto", {"reason": "Not this one."})
    assert first.status_code == 200, first.text
    assert first.json()["pledge_id"] == path.rpartition("/")[2]
    assert amounts(await shown(service, pool)) == []
    again = await person.send("POST", f"{path}/veto")
    assert again.status_code == 200
    events = await service.resources.store.read_positions([first.json()["position"]])
    assert (events[0].type, events[0].data.vetoed, events[0].data.reason) == (
        "PledgeWithdrawn",
        True,
        "Not this one.",
    )


async def test_only_who_commits_the_funders_money_vetoes(service, author):
    """The author of the idea, another funder and who is not signed in cannot."""
    pool, (_, trust), (other, _) = await opened(author), await funder(service), await funder(service)
    path = await by_itself(service, pool, trust)
    for person in (author, other):
        assert (await person.send("POST", f"{path}/veto")).status_code == 403
    assert (await service.client.post(f"{path}/veto")).status_code == 401
    assert amounts(await shown(service, pool)) == [400]


async def test_what_is_too_late_or_was_pledged_by_hand_is_not_vetoed(service, author):
    """After its hours, and where somebody pledged, a veto is refused in words; a pledge that is not there is 404."""
    pool, (person, trust) = await opened(author), await funder(service)
    path = await by_itself(service, pool, trust, hours=-1)
    late = await person.send("POST", f"{path}/veto")
    assert (late.status_code, late.json()["type"]) == (409, "urn:open-impact:veto-too-late")
    assert "cannot be vetoed any more" in late.json()["detail"]
    other_pool = await opened(author)
    by_hand = await pledged(person, other_pool, trust, 300)
    answer = await person.send("POST", f"{other_pool}/pledges/{by_hand['pledge_id']}/veto")
    assert answer.status_code == 409
    assert (await person.send("POST", f"{pool}/pledges/{new_id()}/veto")).status_code == 404
