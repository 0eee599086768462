"""The public log over HTTP: whole, in order, and resumed wherever it was left."""

import asyncio

import pytest

from app.http import event_log, live_tail, streaming
from events.streams import vote_id
from tests.http.streams import event_stream
from tests.http.waiting import until

pytestmark = pytest.mark.asyncio


async def test_the_log_is_read_page_by_page(service, author):
    """Going on from what was reached gives every event once, in order, to the end."""
    for _ in range(3):
        await author.log_idea()
    head = await service.resources.store.head()
    seen, after, more = [], 0, True
    while more:
        page = (await service.client.get(f"/api/v1/events?after={after}&limit=7")).json()
        seen += [event["position"] for event in page["items"]]
        after, more = page["reached"], page["next_cursor"] is not None
    assert seen == list(range(1, head + 1))
    end = (await service.client.get(f"/api/v1/events?after={head}")).json()
    assert end == {"items": [], "reached": head, "next_cursor": None}


async def test_the_log_is_read_by_type(service, author, voter):
    """Only the types asked for are answered, and what was reached moves over the others."""
    idea_id = await author.log_idea()
    start = (await voter.vote(idea_id)).json()["position"] - 1
    await author.log_idea()
    page = (await service.client.get(f"/api/v1/events?after={start}&types=VoteCast,VoteWithdrawn")).json()
    assert [event["type"] for event in page["items"]] == ["VoteCast"]
    assert page["reached"] == await service.resources.store.head()


async def test_the_log_does_not_tell_who_voted(service, author, voter):
    """A vote is public without its person and without the name of its stream, in the list and in the stream."""
    idea_id = await author.log_idea()
    position = (await voter.vote(idea_id)).json()["position"]
    listed = await service.client.get(f"/api/v1/events?after={position - 1}&limit=1")
    async with event_stream(service.app, f"after={position - 1}") as frames:
        streamed = await frames.next_event()
    assert listed.json()["items"] == [streamed]
    assert set(streamed) == {
        "type",
        "timestamp",
        "position",
        "id",
        "stream",
        "version",
        "occurred_at",
        "recorded_at",
        "data",
    }
    assert str(voter.person_id) not in listed.text
    assert str(vote_id(idea_id, voter.person_id)) not in listed.text
    assert streamed["data"]["idea_id"] == str(idea_id)


async def test_the_stream_tells_what_happens(service, author):
    """Whoever follows without a position hears of what happens from then on."""
    async with event_stream(service.app) as frames:
        first = await frames.queue.get()
        assert first.startswith(b"retry: ")
        assert b"id: " in first  # So that a client that is cut off at once knows where to go on.
        idea_id = await author.log_idea()
        event = await frames.next_event()
    assert (frames.status, frames.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert event["data"]["idea_id"] == str(idea_id)


async def test_the_stream_is_resumed_by_the_last_event(service, author):
    """Going on from the last event received misses nothing and repeats nothing, over history and present."""
    for _ in range(4):
        await author.log_idea()
    head = await service.resources.store.head()
    async with event_stream(service.app, "after=0") as frames:
        seen = [(await frames.next_event())["position"] for _ in range(head - 2)]
    async with event_stream(service.app, "after=0", last_event_id=str(seen[-1])) as frames:
        seen += [(await frames.next_event())["position"] for _ in range(2)]
        await author.log_idea()
        seen.append((await frames.next_event())["position"])
    assert seen == list(range(1, head + 2))


async def test_the_stream_is_narrowed_by_type(service, author, voter):
    """Only the types asked for are sent, from history and as they happen."""
    idea_id = await author.log_idea()
    start = await service.resources.store.head() - 1
    async with event_stream(service.app, f"after={start}&types=VoteCast") as frames:
        await voter.vote(idea_id)
        event = await frames.next_event()
    assert (event["type"], event["data"]["idea_id"]) == ("VoteCast", str(idea_id))


async def test_the_stream_shows_that_it_lives(service, monkeypatch):
    """When nothing happens, a comment with the position comes now and then."""
    monkeypatch.setattr(event_log, "HEARTBEAT_SECONDS", 0.02)
    async with event_stream(service.app) as frames:
        await frames.queue.get()
        async with asyncio.timeout(10):
            frame = await frames.queue.get()
    assert frame.startswith(b": ")
    assert f"id: {await service.resources.store.head()}".encode() in frame


async def test_a_stream_does_not_live_for_ever(service, monkeypatch):
    """A connection ends after a while, in good order, and the client comes back."""
    monkeypatch.setattr(event_log, "HEARTBEAT_SECONDS", 0.02)
    frames = [
        frame async for frame in event_log.live_frames(service.resources, None, None, life_seconds=0.05)
    ]
    assert frames[0].startswith(b"retry: ")
    assert service.resources.tail.subscribers == 0


async def test_a_slow_client_is_cut_off(service, author, monkeypatch):
    """Whoever does not read is cut off when too much waits for them; nobody else notices, and nothing is missing."""
    monkeypatch.setattr(live_tail, "QUEUE_EVENTS", 3)
    async with event_stream(service.app) as slow, event_stream(service.app) as quick:
        for frames in (slow, quick):
            await frames.queue.get()
        slow.reading.clear()
        made = []
        for _ in range(8):
            made.append(str(await author.log_idea()))
            assert (await quick.next_event())["data"]["idea_id"] == made[-1]
        slow.reading.set()
        await until(lambda: slow.ended)
        received = slow.queue.qsize()
    assert received < 8
    assert service.resources.tail.subscribers == 0


async def test_a_client_that_takes_nothing_is_given_up(service, author, monkeypatch):
    """A client that does not take a single frame for too long is disconnected."""
    monkeypatch.setattr(streaming, "SEND_SECONDS", 0.05)
    async with event_stream(service.app) as frames:
        await frames.queue.get()
        frames.reading.clear()
        await author.log_idea()
        await until(lambda: not service.resources.tail.subscribers)


@pytest.mark.parametrize("last_event_id", ["abc", "-1", "1.5", "9" * 30])
async def test_a_last_event_is_a_position(service, last_event_id):
    """A Last-Event-ID that is no position is refused by its name."""
    answer = await service.client.get("/api/v1/events/stream", headers={"last-event-id": last_event_id})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "Last-Event-ID")


async def test_there_is_room_for_so_many_clients(service, monkeypatch):
    """Beyond the bound, a client is told to come back later."""
    monkeypatch.setattr(event_log, "CLIENTS_MAX", 1)
    async with event_stream(service.app) as frames:
        await frames.queue.get()
        await until(lambda: service.resources.tail.subscribers)
        answer = await service.client.get("/api/v1/events/stream")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
