"""The worker's part in mandates: a window that is over is noted, once."""

from datetime import UTC, datetime, timedelta

import pytest

from app.workers.mandates import expire_mandates
from events.contracts import MandateClosed
from events.envelope import Append, Metadata
from events.streams import mandate_stream
from projections.mandates import Mandates
from projections.rebuild import rebuild
from tests.projections.funding import published
from tests.projections.spec import follow_to_the_end

pytestmark = pytest.mark.asyncio

NOW = datetime.now(UTC)


async def test_a_window_that_is_over_is_noted_once(store, pool):
    """Whose window is over is closed as expired, however often the worker looks; all others stay open."""
    ended, going_on = (
        published(number, at=NOW - timedelta(days=9), closes_at=NOW + timedelta(days=days))
        for number, days in ((1, -1), (2, 1))
    )
    for event in (ended, going_on):
        stream = mandate_stream(event.mandate_id)
        await store.append(Append(stream=stream, events=[event], metadata=Metadata(command="Example")))
    await rebuild(pool, store, Mandates(), holder="test")
    assert await expire_mandates(pool, store, NOW) == 1
    assert await expire_mandates(pool, store, NOW) == 1, "the read model has not seen it yet"
    events = [event.data for event in await store.read_stream(mandate_stream(ended.mandate_id))]
    assert events[1:] == [MandateClosed(mandate_id=ended.mandate_id, expired=True, occurred_at=NOW)]
    assert len(await store.read_stream(mandate_stream(going_on.mandate_id))) == 1
    await follow_to_the_end(pool, store, Mandates())
    assert await expire_mandates(pool, store, NOW) == 0
