"""Mandates from the command line: what funders are open to."""

import asyncio
from datetime import UTC, datetime, timedelta

from events.connections import open_pool
from events.envelope import Append, Metadata
from events.postgres import open_store
from events.streams import mandate_stream
from projections.mandates import Mandates
from projections.organisations import Organisations
from projections.rebuild import rebuild
from tests.conftest import SECRET
from tests.projections.examples import registered, requests
from tests.projections.funding import published

NOW = datetime.now(UTC)


async def _given(url, *events):
    async with (
        open_pool(url, name="test", size_max=4) as pool,
        open_store(url, pool=pool, secret=SECRET) as store,
    ):
        await store.append_many(requests(registered(name="Dale Trust")))
        for event in events:
            stream = mandate_stream(event.mandate_id)
            await store.append(Append(stream=stream, events=[event], metadata=Metadata(command="Example")))
        for projection in (Mandates(), Organisations()):
            await rebuild(pool, store, projection, holder="test")


def test_mandates_are_listed(done, told, database_url):
    """Those that have not ended are listed with their funder and what is left; ended ones when asked for."""
    ended = published(2, at=NOW - timedelta(days=9), closes_at=NOW - timedelta(days=1), title="Over")
    asyncio.run(_given(database_url, published(1, at=NOW, title="Getting about"), ended))
    (listed,) = told("mandates", "list")
    assert (listed["title"], listed["organisation_name"], listed["status"]) == (
        "Getting about",
        "Dale Trust",
        "open",
    )
    assert [one["title"] for one in told("mandates", "list", "--all")] == ["Getting about", "Over"]
    assert [one["title"] for one in told("mandates", "list", "--status", "expired")] == ["Over"]
    table = done("mandates", "list")
    assert "Getting about" in table
    assert "£1,000" in table
