"""A pool's money over time: the picture, and the table behind it."""

from uuid import UUID

import pytest

from app.web.histories import money
from app.web.histories.money import money_over_time
from tests.http.pools import funder, opened, pledged
from tests.web.markup import read

pytestmark = pytest.mark.asyncio


async def test_a_trustee_sees_what_was_pledged_and_what_holds(service, author):
    """Given a pledge that holds and one that waits, the picture tells both sums, in words and in a table."""
    pool = await opened(author)
    pool_id = UUID(pool.rpartition("/")[2])
    assert await money_over_time(service.resources, pool_id) is None
    person, dale = await funder(service, "Dale Trust")
    other, bank = await funder(service, "Bank of Swale")
    await pledged(person, pool, dale, 500)
    await pledged(other, pool, bank, 400, conditions={"min_funders": 3})
    picture = await money_over_time(service.resources, pool_id)
    day = picture.days[-1]
    assert (day.pledged.amount_minor, day.holds.amount_minor, day.released.amount_minor) == (900, 500, 0)
    assert picture.holds.startswith("M8.0 ")
    await service.shown()
    shown = read((await service.client.get(f"/pools/{pool_id}/history")).text).one("section", class_="flow")
    assert "£9 pledged, £5 came together, £0 committed" in shown.one("svg", role="img")["aria-label"]
    assert [cell.text for cell in shown.one("tbody").all("td")][1:] == ["£9", "£5", "£0", "£0"]


async def test_money_that_closed_a_pool_is_committed(service, author):
    """With its target reached, a pool's money is committed, and released once a tranche is."""
    pool = await opened(author)
    person, dale = await funder(service)
    await pledged(person, pool, dale, 1_000)
    assert (await author.send("POST", f"{pool}/commit")).status_code in {200, 409}
    picture = await money_over_time(service.resources, UUID(pool.rpartition("/")[2]))
    assert picture.days[-1].committed.amount_minor == 1_000


async def test_of_many_days_evenly_chosen_ones_are_drawn():
    """A picture has a bound, and its first and last day are always on it."""
    days = tuple((number, number) for number in range(1_000))
    chosen = money.thinned(days, money.DAYS_MAX)
    assert (len(chosen), chosen[0], chosen[-1]) == (money.DAYS_MAX, days[0], days[-1])
