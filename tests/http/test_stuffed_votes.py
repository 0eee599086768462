"""A vote cannot be stuffed by script: what looks stuffed is set aside and shown, and ordinary people are left alone.

The whole show, a thousand scripted accounts against two hundred ordinary people, takes some minutes:
`SCRIPTED=1000 ORDINARY=200 pytest -k scripted tests/http/test_stuffed_votes.py`
"""

import asyncio
import os
from datetime import timedelta

import pytest
import pytest_asyncio

from app.access import accounts
from app.http.resources import now
from app.reactors.fair_votes import react
from app.workers.fair_votes import keep_votes_fair
from events.contracts import VoteCast
from events.envelope import Append, Metadata
from events.streams import vote_stream
from projections.fair_votes.recount import Recount
from projections.state import Positions
from tests.http.conftest import serving
from tests.http.stuffing import TRUSTED, all_vote, ordinary_addresses, solved, voters, watched

pytestmark = pytest.mark.asyncio

ORDINARY, SCRIPTED = int(os.environ.get("ORDINARY", "30")), int(os.environ.get("SCRIPTED", "150"))
QUICK = SCRIPTED * 2 // 3
"""So many of the script's votes come before anybody looks."""


@pytest_asyncio.fixture
async def guarded(database_url):
    """Give an application behind a proxy that it trusts."""
    async with serving(database_url, trusted_proxies=TRUSTED) as made:
        yield made


@pytest_asyncio.fixture
async def idea_id(guarded):
    """Give an idea to vote for."""
    return await (await guarded.person("Moira Sample")).log_idea()


async def tally(service, idea_id):
    """Read an idea's tally."""
    answer = await service.client.get(f"/api/v1/ideas/{idea_id}/tally")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def counted(service, idea_id):
    """Tell all, verified and set-aside votes."""
    read = await tally(service, idea_id)
    return read["votes"], read["verified_votes"], read["set_aside"]


async def test_scripted_accounts_change_no_verified_tally(guarded, idea_id):
    """Many accounts from one network change nothing that counts: set aside in public, recounted, and let go in public."""
    people = await voters(guarded, "ordinary", ordinary_addresses(ORDINARY))
    script = await voters(guarded, "script", [f"203.0.112.{n % 250 + 1}" for n in range(SCRIPTED)])
    await all_vote(idea_id, people)
    await watched(guarded)
    assert await counted(guarded, idea_id) == (ORDINARY, ORDINARY, 0)

    await all_vote(idea_id, script[:QUICK])
    await watched(guarded)
    await guarded.resources.risk.refresh()
    await all_vote(idea_id, script[QUICK:])
    await watched(guarded)
    everybody = ORDINARY + SCRIPTED
    assert await counted(guarded, idea_id) == (everybody, ORDINARY, SCRIPTED)
    assert sum(person.worked for person in script) == SCRIPTED - QUICK, "the later ones had to work for it"

    (shown,) = (await guarded.client.get(f"/api/v1/quarantines?idea={idea_id}")).json()["items"]
    assert (shown["signal"], shown["people"], shown["votes"]) == ("shared_network", SCRIPTED, SCRIPTED)
    assert "from a single network" in shown["reason"]

    recount = Recount(idea_id)
    recount.apply((await guarded.resources.store.read_tail(0, limit=50_000)).events)
    found = recount.tallies()[idea_id]
    assert (found.votes, found.verified_votes, found.set_aside) == (everybody, ORDINARY, SCRIPTED)

    steward = await guarded.person("Stella Sample")
    await guarded.resources.pool.execute(
        "UPDATE accounts SET role = 'operator' WHERE person_id = $1", steward.person_id
    )
    path = f"/api/v1/communities/commons/quarantines/{shown['quarantine_id']}/lift"
    lifted = await steward.send("POST", path, {"reason": "It was an open day at the college."})
    assert lifted.status_code == 200, lifted.text
    await watched(guarded)
    assert await counted(guarded, idea_id) == (everybody, everybody, 0)


async def test_an_evening_of_ordinary_people_is_left_alone(guarded, idea_id):
    """Two hundred new people from many networks are no wave, and neither are forty of one office who know us."""
    await all_vote(idea_id, await voters(guarded, "evening", ordinary_addresses(200)))
    await all_vote(idea_id, await voters(guarded, "office", ["198.41.30.7"] * 40, days=30))
    await watched(guarded)
    assert await counted(guarded, idea_id) == (240, 240, 0)


async def test_looking_twice_sets_aside_once(guarded, idea_id):
    """Two workers, or one that lost its checkpoint, find the same wave again: no second quarantine and no event more."""
    await all_vote(idea_id, await voters(guarded, "script", ["203.0.112.9"] * 25))
    await watched(guarded)
    resources = guarded.resources
    head = await resources.store.head()
    await resources.pool.execute("UPDATE reactors SET position = 0")
    await react(resources.pool, resources.store, Positions(resources.pool), settle_seconds=0)
    assert await resources.store.head() == head
    async with resources.pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM reactors FOR UPDATE")
        assert await react(resources.pool, resources.store, Positions(resources.pool)) is None


async def test_a_proof_of_work_is_asked_for_only_where_there_is_risk(guarded, idea_id):
    """From a risky network a new account is told what to do and does it once; others, and old accounts, are not asked."""
    risky, elsewhere = await voters(guarded, "new", ["203.0.112.9", "81.2.69.1"])
    await guarded.resources.pool.execute(
        "INSERT INTO risky_networks VALUES ($1, now() + interval '1 hour')",
        guarded.resources.origins.network("203.0.112.1"),
    )
    await guarded.resources.risk.refresh()
    refused = await risky.vote(idea_id, "nonsense")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:open-impact:proof-of-work-needed")
    proof = solved(refused.json()["challenge"])
    assert (await risky.vote(idea_id, proof)).status_code == 200
    assert (await risky.vote(idea_id, proof)).status_code == 403, "a proof is good once"
    assert (await elsewhere.vote(idea_id)).status_code == 200
    assert elsewhere.worked == 0
    asked = await guarded.client.get("/api/v1/proof-of-work")
    assert await guarded.resources.risk.verify(solved(asked.json()))


async def test_risk_is_told_for_joining(guarded):
    """A throw-away address or a network with many fresh joins asks for work before somebody joins."""
    risk, origins = guarded.resources.risk, guarded.resources.origins
    assert risk.challenge_needed(address="81.2.69.1", email="a@mailinator.com")
    assert not risk.challenge_needed(address="81.2.69.1", email="a@example.org")
    for person in await voters(guarded, "joining", ["81.2.69.1"] * 20):
        origins.note(person.person_id, "81.2.69.7")
    await origins.write()
    await risk.refresh()
    assert risk.challenge_needed(address="81.2.69.1", email="a@example.org")
    assert not risk.challenge_needed(address="81.2.70.1", email="a@example.org")


async def test_a_worker_watches_by_itself(guarded, idea_id):
    """With a worker running, a wave is set aside within seconds, without anybody asking for it."""
    await all_vote(idea_id, await voters(guarded, "script", ["203.0.112.9"] * 25))
    resources = guarded.resources
    worker = asyncio.create_task(keep_votes_fair(resources.pool, resources.store))
    try:
        async with asyncio.timeout(30):
            while (await counted(guarded, idea_id))[2] < 25:
                assert not worker.done()
                await asyncio.sleep(0.05)
    finally:
        worker.cancel()
        await asyncio.wait({worker})


async def test_votes_of_more_than_an_hour_are_not_one_wave(guarded, idea_id):
    """Twenty-five newcomers of one network over a day are nobody's wave, however late they are looked at."""
    people = await voters(guarded, "slow", ["203.0.112.9"] * 25)
    resources, latest = guarded.resources, now()
    for hours, person in enumerate(people):
        resources.origins.note(person.person_id, person.address, idea_id=idea_id)
        cast = VoteCast(
            idea_id=idea_id, person_id=person.person_id, occurred_at=latest - timedelta(minutes=50 * hours)
        )
        stream = vote_stream(idea_id, person.person_id)
        await resources.store.append(
            Append(stream=stream, events=[cast], metadata=Metadata(command="CastVote"))
        )
    await watched(guarded)
    assert await counted(guarded, idea_id) == (25, 25, 0)


async def test_a_throw_away_address_is_noted_with_its_account(guarded):
    """Whether an address is at a known provider of throw-away addresses is known of the account from its beginning."""
    pool = guarded.resources.pool
    for email, expected in (("one@mailinator.com", True), ("one@example.org", False)):
        person_id = await accounts.add(pool, email=email, name="One")
        noted = await pool.fetchval("SELECT disposable FROM accounts WHERE person_id = $1", person_id)
        assert noted is expected
