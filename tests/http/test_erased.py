"""Whoever was erased: every way to read copes with texts that are gone, and nothing more is written to them."""

import asyncio
import json
from uuid import UUID

import pytest
from click.testing import CliRunner

from app.asgi import create_app
from app.cli.main import cli
from app.logs import configure_logging
from app.settings import Settings
from events.sealing.codec import SEALING
from events.streams import community_id, community_stream, idea_stream
from projections.rebuild import rebuild
from projections.registry import REGISTRY
from tests.conftest import SECRET
from tests.http.conftest import IDEA
from tests.http.ill_formed import path_of
from tests.http.matrix import operations_of
from tests.http.streams import ENDLESS, event_stream
from tests.http.test_communities import operator, steward_of

pytestmark = pytest.mark.asyncio

PLANTED = "Planted"
TEXTS = dict.fromkeys(("title", "problem", "proposal", "beneficiaries"), f"{PLANTED} words")
READS = [
    operation
    for operation in operations_of(create_app(Settings(database_url="postgresql://nowhere/none")))
    if operation.method == "GET" and operation.name not in ENDLESS
]


@pytest.fixture
def spoken(own_service):
    """Make an idea, with everything that can be said about it, in a community whose voting was paused."""

    async def make():
        olu = await operator(own_service)
        author, voter = await own_service.person("Moira Sample"), await own_service.person("Tom Sample")
        await own_service.community("told")
        await steward_of(own_service, "told", olu.person_id)
        idea_id = await author.log_idea(**TEXTS, community="told")
        assert (await voter.vote(idea_id)).status_code == 200
        change = {"title": f"{PLANTED} again", "reason": f"{PLANTED} reason"}
        address = f"/api/v1/ideas/{idea_id}"
        assert (await author.send("PATCH", address, change)).status_code == 200
        await own_service.shown()
        for method, path, body in (
            ("POST", "/api/v1/communities/told/pause", {"reason": f"{PLANTED} pause"}),
            ("POST", "/api/v1/communities/told/resume", None),
        ):
            assert (await olu.send(method, path, body)).status_code == 200
        tally = (await own_service.client.get(f"{address}/tally?min_position=1")).json()
        aside = {
            "idea_id": str(idea_id),
            "voters": [tally["ballots"][0]["voter"]],
            "reason": f"{PLANTED} wave",
        }
        raised = await olu.send("POST", "/api/v1/communities/told/quarantines", aside)
        assert raised.status_code == 201, raised.text
        named = {"idea_id": str(idea_id), "slug": "told", "quarantine_id": raised.json()["quarantine_id"]}
        return olu, author, voter, named

    return make


async def everything(service, reader, named):
    """Read whatever can be read, and give status and words by operation."""
    await service.shown()
    found = {}
    for operation in READS:
        for accept in ("application/json", "text/html"):
            answer = await reader.send("GET", path_of(operation, named), accept=accept)
            found[operation.name, accept] = (answer.status_code, answer.text)
    async with event_stream(service.app, "after=0") as frames:
        told = [json.dumps(await frames.next_event()) for _ in range(await service.resources.store.head())]
    found["streamEvents", ""] = (frames.status, "".join(told))
    return found


async def test_nothing_that_was_erased_can_be_read_anywhere(own_service, spoken, database_url, monkeypatch):
    """With the keys gone and the read models built anew, every address answers as before, without the words."""
    service = own_service
    olu, _, _, named = await spoken()
    before = await everything(service, olu, named)
    spoke = {name for name, (_, text) in before.items() if PLANTED in text}
    assert {
        "listIdeas",
        "getIdea",
        "listHistory",
        "listEvents",
        "show_board",
        "show_idea",
        "show_history",
        "streamEvents",
        "getQuarantine",
        "show_votes",
    } <= {name for name, _ in spoke}

    store = service.resources.store
    events = (await store.read_tail(0, limit=1_000)).events
    await store.keyring.destroy(SEALING.subjects(event.data for event in events))
    for projection in REGISTRY:
        await rebuild(service.resources.pool, store, projection, holder="tests")
    after = await everything(service, olu, named)
    assert {name for name, (_, text) in after.items() if PLANTED in text} == set()
    assert {name: status for name, (status, _) in after.items()} == {
        name: status for name, (status, _) in before.items()
    }

    monkeypatch.setenv("OPEN_IMPACT_DATABASE_URL", database_url)
    monkeypatch.setenv("OPEN_IMPACT_SECRET_KEY", SECRET)
    for words in (
        ("events", "export"),
        ("events", "verify"),
        ("events", "tail", "--json"),
        ("events", "show", idea_stream(UUID(named["idea_id"])), "--open"),
        ("events", "show", community_stream(community_id("told")), "--open", "--json"),
        ("communities", "list"),
        ("votes", "recount"),
    ):
        done = await run(words)
        assert (done.exit_code, PLANTED in done.output) == (0, False), (words, done.output[-300:])


async def test_nothing_more_is_written_to_what_was_erased(own_service, spoken):
    """Words for an erased idea or community are refused for good in a sentence; votes, which hold none, go on."""
    olu, author, voter, named = await spoken()
    store = own_service.resources.store
    await store.keyring.destroy([community_id("told"), UUID(named["idea_id"])])
    head = await store.head()
    address = f"/api/v1/ideas/{named['idea_id']}"
    for person, method, path, body in (
        (author, "PATCH", address, {"title": "Again", "reason": ""}),
        (author, "POST", f"{address}/withdraw", {"reason": "Done."}),
        (olu, "POST", "/api/v1/communities/told/pause", {"reason": "Why not."}),
    ):
        refused = await person.send(method, path, body)
        assert (refused.status_code, refused.json()["type"]) == (410, "urn:open-impact:erased"), refused.text
        assert refused.json()["detail"].endswith("nothing can be written to it any more.")
    assert await store.head() == head
    taken = await voter.send("DELETE", f"{address}/vote")
    assert taken.status_code == 200, taken.text
    assert (await author.send("POST", "/api/v1/ideas", IDEA)).status_code == 201


async def run(words):
    """Run a command beside the application, which goes on logging as it did."""
    try:
        return await asyncio.to_thread(CliRunner().invoke, cli, words)
    finally:
        configure_logging("warning", as_json=True)
