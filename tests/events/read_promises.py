"""What a store promises about reading: streams, the tail, single positions, and waiting for more."""

import asyncio

import pytest

from events.envelope import TailPage
from events.subscription import follow
from tests.events.examples import idea, request, vote, votes, withdrawn

PATIENCE = 10.0  # Seconds after which a test gives up: far more than anything here takes.


def positions(page: TailPage) -> list[int]:
    """List the positions on a page."""
    return [event.position for event in page.events]


class ReadPromises:
    """What was appended is read in order, in pages, and nothing is left out."""

    async def test_a_stream_is_read_in_pages(self, store):
        """A stream is read oldest first, after a version, at most so many at once."""
        await store.append_many([request("idea-a", *votes(5)), request("idea-b", *votes(3))])

        assert [e.version for e in await store.read_stream("idea-a")] == [1, 2, 3, 4, 5]
        assert [e.version for e in await store.read_stream("idea-a", limit=2)] == [1, 2]
        assert [e.version for e in await store.read_stream("idea-a", after=2, limit=2)] == [3, 4]
        assert [e.version for e in await store.read_stream("idea-a", after=4, limit=2)] == [5]
        assert await store.read_stream("idea-a", after=5) == []
        assert await store.read_stream("idea-c") == []

    async def test_a_page_is_bounded(self, store, monkeypatch):
        """However much is asked for, a page has an end."""
        for module in ("events.memory", "events.postgres"):
            monkeypatch.setattr(f"{module}.STREAM_PAGE_MAX", 2)
            monkeypatch.setattr(f"{module}.TAIL_PAGE_MAX", 3)
        await store.append(request("idea-a", *votes(5)))
        assert len(await store.read_stream("idea-a", limit=1_000)) == 2
        assert await store.read_stream("idea-a", after=2, limit=1_000) != []
        assert len((await store.read_tail(0, limit=1_000)).events) == 3
        assert (await store.read_tail(0, limit=1_000, types=["IdeaLogged"])).reached == 3

    async def test_several_streams_are_read_whole(self, store):
        """Several streams are read in one go, each in order; one that does not exist is left out."""
        await store.append_many([request(f"idea-{n}", *votes(n)) for n in (1, 2, 3)])
        await store.append(request("idea-1", withdrawn()))

        found = await store.read_streams(["idea-1", "idea-3", "idea-missing"])

        assert {name: [e.data for e in events] for name, events in found.items()} == {
            "idea-1": [vote(1), withdrawn()],
            "idea-3": votes(3),
        }
        assert [event.version for event in found["idea-1"]] == [1, 2]
        assert await store.read_streams([]) == {}
        assert await store.read_streams(["idea-missing"]) == {}

    async def test_the_tail_is_read_in_pages(self, store):
        """The tail goes on from a cursor, page by page, until there is no more."""
        await store.append_many([request("idea-a", *votes(3)), request("idea-b", *votes(4))])

        first = await store.read_tail(0, limit=3)
        second = await store.read_tail(first.reached, limit=3)
        third = await store.read_tail(second.reached, limit=3)
        fourth = await store.read_tail(third.reached, limit=3)

        assert [positions(page) for page in (first, second, third, fourth)] == [[1, 2, 3], [4, 5, 6], [7], []]
        assert [page.reached for page in (first, second, third, fourth)] == [3, 6, 7, 7]

    async def test_a_cursor_beyond_the_end_stays(self, store):
        """A cursor beyond the newest position is given back, with nothing."""
        await store.append(request("idea-a"))
        assert await store.read_tail(9, limit=5) == TailPage(events=[], reached=9)
        assert await store.read_tail(9, limit=5, types=["VoteCast"]) == TailPage(events=[], reached=9)

    async def test_a_selection_by_type_moves_the_cursor_past_the_others(self, store):
        """Of the next positions only events of some types are read, and the cursor passes what is left out."""
        await store.append(request("idea-a", idea(), vote(), vote(), withdrawn(), vote(), vote(), idea()))

        ideas = ["IdeaLogged", "IdeaWithdrawn"]
        first = await store.read_tail(0, limit=3, types=ideas)
        second = await store.read_tail(first.reached, limit=2, types=ideas)
        third = await store.read_tail(second.reached, limit=1, types=ideas)
        fourth = await store.read_tail(third.reached, limit=100, types=ideas)

        assert [positions(page) for page in (first, second, third, fourth)] == [[1], [4], [], [7]]
        assert [page.reached for page in (first, second, third, fourth)] == [3, 5, 6, 7]
        assert await store.read_tail(7, limit=5, types=ideas) == TailPage(events=[], reached=7)
        assert await store.read_tail(0, limit=100, types=[]) == TailPage(events=[], reached=7)

    async def test_single_events_are_read_by_position(self, store):
        """Events are found by position, in order, each once; a position not yet there has none."""
        await store.append(request("idea-a", *votes(5)))
        found = await store.read_positions([4, 2, 2, 99, 0, -1])
        assert [(event.position, event.data) for event in found] == [(2, vote(2)), (4, vote(4))]
        assert await store.read_positions([]) == []

    async def test_the_head_is_the_newest_position(self, store):
        """The head moves with every event, not with every request."""
        await store.append(request("idea-a", *votes(3)))
        assert await store.head() == 3

    async def test_recorded_times_never_go_back(self, store):
        """Along the positions the time of recording does not decrease."""
        for n in range(10):
            await store.append_many([request(f"idea-{n}", *votes(n % 3 + 1)), request("idea-a")])
            await store.append(request("idea-a"))
        times = [event.recorded_at for event in (await store.read_tail(0, limit=100)).events]
        assert times == sorted(times)

    async def test_waiting_ends_with_an_append(self, store, monkeypatch):
        """Whoever waits for more wakes up when there is more, without polling."""
        monkeypatch.setattr("events.wakeup.POLL_SECONDS", 10 * PATIENCE)
        await store.append(request("idea-a"))
        waiting = asyncio.create_task(store.wait(1, seconds=10 * PATIENCE))
        await asyncio.sleep(0)
        assert not waiting.done()

        await store.append(request("idea-a"))

        await asyncio.wait_for(waiting, PATIENCE)
        assert await store.head() == 2

    async def test_waiting_for_the_past_ends_at_once(self, store, monkeypatch):
        """Nobody waits for a position that is there already."""
        monkeypatch.setattr("events.wakeup.POLL_SECONDS", 10 * PATIENCE)
        await store.append(request("idea-a", *votes(3)))
        await asyncio.wait_for(store.wait(2, seconds=10 * PATIENCE), PATIENCE)

    @pytest.mark.parametrize(("seconds", "poll"), [(0.02, 100.0), (100.0, 0.02)])
    async def test_waiting_ends_without_an_append(self, store, monkeypatch, seconds, poll):
        """Waiting ends after the time given, or after one interval of polling, whichever is shorter."""
        monkeypatch.setattr("events.wakeup.POLL_SECONDS", poll)
        await asyncio.wait_for(store.wait(0, seconds=seconds), PATIENCE)

    async def test_following_reads_on_for_ever(self, store):
        """A follower gets all there is and then what is appended, each once and in order."""
        await store.append(request("idea-a", *votes(5)))
        seen: list[int] = []

        async def read() -> None:
            async for page in follow(store, 1, limit=2):
                seen.extend(positions(page))
                if page.reached == 8:
                    return

        reading = asyncio.create_task(read())
        await asyncio.sleep(0.01)
        await store.append_many([request("idea-b", *votes(2)), request("idea-c")])

        await asyncio.wait_for(reading, PATIENCE)
        assert seen == [2, 3, 4, 5, 6, 7, 8]

    async def test_following_some_types_passes_over_the_others(self, store):
        """A follower of some types gets pages that move on although nothing in them was wanted."""
        await store.append(request("idea-a", idea(), *votes(4), withdrawn()))
        pages: list[TailPage] = []
        async with asyncio.timeout(PATIENCE):
            async for page in follow(store, 0, limit=2, types=["IdeaWithdrawn"]):
                pages.append(page)
                if page.events:
                    break
        assert [(positions(page), page.reached) for page in pages] == [([], 2), ([], 4), ([6], 6)]
