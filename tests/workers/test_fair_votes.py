"""The worker's part in fair votes: age verifies, and what was noted about networks is forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from app.workers.fair_votes import AGE_DAYS, forget_origins, verify_by_age
from events.contracts import PersonJoined, PersonVerified
from events.envelope import Append, Metadata
from events.streams import new_id, person_stream
from projections.fair_votes import FairVotes
from projections.rebuild import rebuild
from tests.projections.spec import follow_to_the_end

pytestmark = pytest.mark.asyncio

NOW = datetime.now(UTC)


async def joined(store, *, days_ago):
    """Have somebody join some days ago."""
    person_id = new_id()
    event = PersonJoined(person_id=person_id, origin="account", occurred_at=NOW - timedelta(days=days_ago))
    await store.append(
        Append(stream=person_stream(person_id), events=[event], metadata=Metadata(command="Example"))
    )
    return person_id


async def test_an_account_of_age_verifies_its_person_once(store, pool):
    """Whoever has been here long enough is verified by that, as an event; newer ones are not yet."""
    old, _ = await joined(store, days_ago=AGE_DAYS + 1), await joined(store, days_ago=AGE_DAYS - 1)
    await rebuild(pool, store, FairVotes(), holder="test")
    assert await verify_by_age(pool, store, NOW) == 1
    assert await verify_by_age(pool, store, NOW) == 1, "the read model has not seen it yet"
    events = [event.data for event in await store.read_stream(person_stream(old))]
    assert events[1:] == [PersonVerified(person_id=old, how="age", occurred_at=NOW)]
    await follow_to_the_end(pool, store, FairVotes())
    assert await verify_by_age(pool, store, NOW) == 0


async def test_networks_are_forgotten(pool):
    """What was noted more than thirty days ago is removed, and so are proofs and risks that have run out."""
    for days in (1, 31):
        await pool.execute(
            "INSERT INTO vote_origins (person_id, network, noted_at) VALUES ($1, 'a', now() - $2::interval)",
            new_id(),
            timedelta(days=days),
        )
    for hours in (1, -1):
        until, name = NOW + timedelta(hours=hours), str(hours).encode()
        await pool.execute("INSERT INTO risky_networks (network, until) VALUES ($1, $2)", name, until)
        await pool.execute("INSERT INTO used_proofs (digest, expires_at) VALUES ($1, $2)", name, until)
    await forget_origins(pool)
    for table in ("vote_origins", "risky_networks", "used_proofs"):
        assert await pool.fetchval(f"SELECT count(*) FROM {table}") == 1  # noqa: S608  # Names of our own.
