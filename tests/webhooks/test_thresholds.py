"""An idea reaches 50 verified votes: a program is told of it once, from the votes to what is sent."""

import pytest

from app.http.public_log import PublicLog
from app.reactors.support import react
from app.webhooks.dispatching import Dispatcher
from projections.fair_votes import FairVotes
from projections.rebuild import rebuild
from projections.state import Positions
from tests.projections.examples import joined, logged, opened, vote, vote_withdrawn
from tests.projections.spec import follow_to_the_end
from tests.webhooks.hooks import agreed, happened, hook, registered

pytestmark = pytest.mark.asyncio

AT_50 = '{"all":[{"field":"verified_votes","how":"reaches","value":50}]}'


async def test_a_threshold_is_due_once(pool, store):
    """Of all that happens to two ideas, the event with the 50th vote of one alone is due, also after votes come again."""
    await rebuild(pool, store, FairVotes(), holder="test")
    dispatcher = Dispatcher(pool, store, PublicLog(b"secret"))

    async def told_after(*events):
        await happened(store, *events)
        await follow_to_the_end(pool, store, FairVotes())
        await react(pool, store, Positions(pool))
        await follow_to_the_end(pool, store, FairVotes())
        await dispatcher.react()
        rows = await pool.fetch(
            "SELECT position FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY position", hook()
        )
        return [row["position"] for row in rows]

    everybody = [joined(number) for number in range(1, 54)]
    await told_after(opened(), logged(1), logged(2), registered(1, filter=AT_50), agreed(), *everybody)
    assert await told_after(*(vote(number) for number in range(1, 50)), vote(1, idea=2)) == []
    (position,) = await told_after(*(vote(number) for number in range(50, 53)))
    (event,) = (await store.read_tail(position - 1, limit=1)).events
    assert (event.type, event.data.idea_id, event.data.before, event.data.verified_votes) == (
        *("SupportReached", logged(1).idea_id),
        *(45, 50),
    )
    await told_after(*(vote_withdrawn(number) for number in range(45, 53)))
    assert await told_after(*(vote(number) for number in range(45, 54))) == [position]
