"""Whatever mix of appends the log is given, PostgreSQL answers and holds what the log in memory does."""

import asyncio
from uuid import uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.envelope import Append, Appended, RecordedEvent
from events.memory import MemoryStore
from tests.events.examples import idea, key, request, votes

STREAMS = ["a", "b", "NULL", 'é {1,"2"}\'']

keys = st.none() | st.builds(
    lambda number, body: key(number, fingerprint=body, answer=f"answer {number}"),
    st.integers(1, 4),
    st.sampled_from([b"one", b"two"]),
)
contents = st.lists(st.sampled_from([*votes(3), idea("None"), idea("\\ \x1e"), idea("zażółć")]), max_size=4)
requests = st.builds(
    lambda stream, events, expected, under: replace(
        request(stream, expected=expected, under=under), events=events
    ),
    st.sampled_from(STREAMS),
    contents,
    st.none() | st.integers(0, 6),
    keys,
)
batches = st.lists(requests, min_size=1, max_size=8)


class Twins:
    """Two stores that are given the same; the one in PostgreSQL under names and positions of its own.

    One database serves all examples: each has streams and keys of its own, and its positions begin
    where the example before ended.
    """

    example = 0

    def __init__(self, store, base: int) -> None:
        Twins.example += 1
        self.model, self.store, self.base = MemoryStore(), store, base
        self.prefix = f"{Twins.example}-"

    def own(self, asked: Append) -> Append:
        """Give a request the names of this example."""
        under = asked.key and replace(asked.key, key=uuid5(asked.key.key, self.prefix))
        return replace(asked, stream=self.prefix + asked.stream, key=under)

    def answered(self, answer: object) -> object:
        """Put an answer in terms that both stores share: positions as far as they are the log's own."""
        if isinstance(answer, Appended):
            return replace(answer, position=answer.position - self.base)
        return type(answer), getattr(answer, "actual", None), getattr(answer, "expected", None)

    def recorded(self, event: RecordedEvent) -> tuple:
        """Put an event in terms that both stores share."""
        stream = event.stream.removeprefix(self.prefix)
        return event.position - self.base, stream, event.version, event.type, event.data, event.metadata

    async def append(self, batch: list[Append]) -> None:
        """Append to both, and compare the answers."""
        expected = [
            answer if isinstance(answer, Appended) else (type(answer), *_numbers(answer))
            for answer in await self.model.append_many(batch)
        ]
        answers = await self.store.append_many([self.own(asked) for asked in batch])
        assert [self.answered(answer) for answer in answers] == expected

    async def compare(self) -> None:
        """Read both in every way, and compare what is read."""
        assert await self.store.head() - self.base == await self.model.head()
        for types in (None, ["IdeaLogged"], ["VoteCast", "IdeaLogged"]):
            there = await self.store.read_tail(self.base, limit=3, types=types)
            here = await self.model.read_tail(0, limit=3, types=types)
            assert there.reached - self.base == here.reached
            assert [self.recorded(event) for event in there.events] == [plain(event) for event in here.events]
        names = {self.prefix + stream: stream for stream in STREAMS}
        there = await self.store.read_streams(names)
        here = await self.model.read_streams(STREAMS)
        assert {
            names[name]: [self.recorded(event) for event in events] for name, events in there.items()
        } == {name: [plain(event) for event in events] for name, events in here.items()}


def plain(event: RecordedEvent) -> tuple:
    """Put an event of the model in the shared terms."""
    return event.position, event.stream, event.version, event.type, event.data, event.metadata


def _numbers(answer: object) -> tuple:
    return getattr(answer, "actual", None), getattr(answer, "expected", None)


@pytest.mark.asyncio
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(batches, min_size=1, max_size=5), st.booleans())
async def test_both_stores_agree(store, mix, one_by_one):
    """Any mix of sizes, versions, keys and streams, in calls of any size, has the same outcome in both stores."""
    twins = Twins(store, await store.head())
    for batch in mix:
        if one_by_one:
            for asked in batch:
                await twins.append([asked])
        else:
            await twins.append(batch)
    await twins.compare()


@pytest.mark.asyncio
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(requests, min_size=2, max_size=30))
async def test_what_races_is_as_if_one_came_after_the_other(store, racing):
    """Requests at the same time have the outcome of some order, which the positions tell."""
    base = await store.head()
    twins = Twins(store, base)
    own = [twins.own(asked) for asked in racing]
    answers = await asyncio.gather(*(store.append(asked) for asked in own), return_exceptions=True)

    log = (await store.read_tail(base, limit=1_000)).events
    assert [event.position for event in log] == list(range(base + 1, base + len(log) + 1))
    versions: dict[str, int] = {}
    for event in log:
        assert event.version == versions.get(event.stream, 0) + 1
        versions[event.stream] = event.version
    done = [
        (asked, answer)
        for asked, answer in zip(own, answers, strict=True)
        if isinstance(answer, Appended) and not answer.repeated and asked.events
    ]
    assert sum(len(asked.events) for asked, _ in done) == len(log)
    for asked, answer in done:
        written = log[answer.position - base - len(asked.events) : answer.position - base]
        assert [(event.stream, event.data) for event in written] == [
            (asked.stream, event) for event in asked.events
        ]
        assert asked.expected in {None, written[0].version - 1}
