"""What a store promises about appending: positions, versions, groups and content."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import Struct
from msgspec.structs import replace

from events.envelope import Appended, Metadata
from events.errors import OperationalError, UnreadableEventError, WrongVersionError
from tests.events.examples import BY_AUTHOR, NOON, idea, numbered, request, vote, votes, withdrawn

AWKWARD_TEXTS = [
    "Zażółć gęślą jaźń",
    "日本語 ✓ 👩‍👩‍👧 \u202eright to left",
    'He said "no"; it\'s \\back\\slashed\\',
    "{NULL,\"a\",'b'}",
    "None",
    "NULL",
    "null",
    "a\x1eb\x1fc\x00d\x7fe",
    "\\x1e \\u0000 %s $1 :name",
    " leading, trailing and \n new \t lines ",
    "",
]
AWKWARD_STREAMS = [
    "idea-zażółć",
    "idea-日本語-✓",
    "idea-with space",
    "idea-\"quoted\"-'and'-\\back",
    "idea-{a,b}",
    "None",
    "NULL",
    "idea-\\x1e",
    "idea-" + "long" * 100,
]


class AppendPromises:
    """Positions are gapless, versions guard streams, and what goes in comes out."""

    async def test_a_fresh_log_is_empty(self, store):
        """The newest position of an empty log is 0."""
        assert await store.head() == 0

    async def test_positions_and_versions_count_from_one(self, store):
        """Positions count all events, versions those of a stream, both from 1 without a gap."""
        first = await store.append(request("idea-a", idea(), withdrawn()))
        second = await store.append(request("idea-b"))
        third = await store.append(request("idea-a"))

        assert first == Appended(position=2, version=2)
        assert second == Appended(position=3, version=1)
        assert third == Appended(position=4, version=3)
        recorded = (await store.read_tail(0, limit=10)).events
        assert [(e.position, e.stream, e.version, e.type) for e in recorded] == [
            (1, "idea-a", 1, "IdeaLogged"),
            (2, "idea-a", 2, "IdeaWithdrawn"),
            (3, "idea-b", 1, "VoteCast"),
            (4, "idea-a", 3, "VoteCast"),
        ]

    async def test_an_event_comes_out_as_it_went_in(self, store):
        """An event is read with its data, its metadata, an identifier of its own and when it was recorded."""
        before = datetime.now(UTC)
        await store.append(request("idea-a", idea(), idea()))
        after = datetime.now(UTC)

        first, second = await store.read_stream("idea-a")
        assert first.data == second.data == idea()
        assert first.metadata == second.metadata == BY_AUTHOR
        assert first.category == "idea"
        assert first.event_id != second.event_id
        assert first.event_id.version == 7
        assert before <= first.recorded_at <= second.recorded_at
        assert second.recorded_at <= after
        assert first.recorded_at.utcoffset() == timedelta(0)

    async def test_any_text_survives(self, store):
        """Text of any script and with any control character is read as it was written, alone and in a group."""
        for text in AWKWARD_TEXTS:
            metadata = Metadata(command=text, request_id=text, correlation_id=text)
            await store.append(replace(request("idea-a", idea(text)), metadata=metadata))
            await store.append(replace(request("idea-b", idea(text), withdrawn(text)), metadata=metadata))

        recorded = (await store.read_tail(0, limit=100)).events
        assert [event.data for event in recorded] == [
            event for text in AWKWARD_TEXTS for event in (idea(text), idea(text), withdrawn(text))
        ]
        assert [event.metadata.request_id for event in recorded] == [
            text for text in AWKWARD_TEXTS for _ in range(3)
        ]

    async def test_any_printable_stream_name_survives(self, store):
        """Streams keep their names and stay apart, alone and in a group."""
        for stream in AWKWARD_STREAMS:
            await store.append(request(stream))
        await store.append_many([request(stream, vote(2), expected=1) for stream in AWKWARD_STREAMS])

        for stream in AWKWARD_STREAMS:
            events = await store.read_stream(stream)
            assert [(event.stream, event.version, event.data) for event in events] == [
                (stream, 1, vote(1)),
                (stream, 2, vote(2)),
            ]
        assert set(await store.read_streams(AWKWARD_STREAMS)) == set(AWKWARD_STREAMS)

    async def test_what_could_not_be_read_is_not_appended(self, store):
        """An event whose time lacks an offset, or of no contract, is refused with all its request."""

        class Unheard(Struct, frozen=True):
            occurred_at: datetime

        for broken in (replace(vote(), occurred_at=NOON.replace(tzinfo=None)), Unheard(NOON)):
            with pytest.raises(UnreadableEventError):
                await store.append(request("idea-a", vote(), broken))
        assert await store.head() == 0
        assert await store.append(request("idea-a")) == Appended(position=1, version=1)

    async def test_the_expected_version_must_be_the_present_one(self, store):
        """With an expected version an append succeeds at exactly that version."""
        await store.append(request("idea-a", expected=0))
        await store.append(request("idea-a", expected=1))
        assert await store.append(request("idea-a", expected=2)) == Appended(position=3, version=3)

    async def test_without_an_expected_version_any_will_do(self, store):
        """Without an expected version an append succeeds whether the stream exists or not."""
        await store.append(request("idea-a"))
        assert await store.append(request("idea-a")) == Appended(position=2, version=2)

    async def test_another_version_is_a_conflict(self, store):
        """A wrong expectation of any size appends nothing, and says which version the stream is at."""
        await store.append(request("idea-a", vote(), vote()))

        for expected in (0, 1, 3, -1, 2**31 - 1, 2**31, 2**80, -(2**80)):
            for size in (1, 2):
                with pytest.raises(WrongVersionError) as conflict:
                    await store.append(request("idea-a", *votes(size), expected=expected))
                refused = conflict.value
                assert (refused.stream, refused.expected, refused.actual) == ("idea-a", expected, 2)
                assert isinstance(refused, OperationalError)

        assert await store.head() == 2

    async def test_a_stream_that_does_not_exist_is_at_version_zero(self, store):
        """A conflict on a new stream says version 0, and leaves no stream behind."""
        with pytest.raises(WrongVersionError) as conflict:
            await store.append(request("idea-a", expected=4))
        assert conflict.value.actual == 0
        assert await store.read_streams(["idea-a"]) == {}
        assert await store.append(request("idea-a", expected=0)) == Appended(position=1, version=1)

    async def test_a_lost_race_is_lost_once(self, store):
        """Of many at the same version exactly one wins, and the others learn the version it made."""
        answers = await asyncio.gather(
            *(store.append(request("idea-a", vote(n), expected=0)) for n in range(50)), return_exceptions=True
        )

        assert [answer for answer in answers if isinstance(answer, Appended)] == [
            Appended(position=1, version=1)
        ]
        conflicts = [answer for answer in answers if isinstance(answer, WrongVersionError)]
        assert {(conflict.actual, conflict.expected) for conflict in conflicts} == {(1, 0)}
        assert len(conflicts) == 49

    async def test_many_writers_leave_no_gap(self, store):
        """Positions handed out to parallel appends are all different and cover the log."""
        answers = await asyncio.gather(
            *(store.append(request(f"idea-{n % 7}", *votes(n % 3 + 1))) for n in range(120))
        )

        head = await store.head()
        assert head == sum(n % 3 + 1 for n in range(120))
        recorded = (await store.read_tail(0, limit=1_000)).events
        assert [event.position for event in recorded] == list(range(1, head + 1))
        last_of_request = {answer.position for answer in answers}
        assert len(last_of_request) == 120
        for n, answer in enumerate(answers):
            own = recorded[answer.position - (n % 3 + 1) : answer.position]
            assert [event.data for event in own] == votes(n % 3 + 1)
            assert {event.stream for event in own} == {f"idea-{n % 7}"}
            assert own[-1].version == answer.version

    async def test_requests_to_one_stream_are_judged_in_order(self, store):
        """Of several requests in one call each sees what those before it did."""
        answers = await store.append_many(
            [
                request("idea-a", expected=0),
                request("idea-a", vote(), vote(), expected=1),
                request("idea-a", expected=1),
                request("idea-a"),
                request("idea-a", expected=4),
            ]
        )

        assert answers[:2] == [Appended(position=1, version=1), Appended(position=3, version=3)]
        assert isinstance(answers[2], WrongVersionError)
        assert answers[2].actual == 3
        assert answers[3:] == [Appended(position=4, version=4), Appended(position=5, version=5)]

    async def test_a_conflict_leaves_its_neighbours_alone(self, store):
        """Each request of a call is answered in its place, and only the conflicting ones are refused."""
        await store.append(request("idea-1"))

        answers = await store.append_many([request(f"idea-{n}", expected=0) for n in range(4)])

        assert [type(answer) for answer in answers] == [Appended, WrongVersionError, Appended, Appended]
        assert [event.stream for event in (await store.read_tail(1, limit=10)).events] == [
            "idea-0",
            "idea-2",
            "idea-3",
        ]

    async def test_appending_nothing_answers_nothing(self, store):
        """A call without requests is answered with an empty list."""
        assert await store.append_many([]) == []
        assert await store.head() == 0

    async def test_a_batch_of_five_hundred_is_one_piece(self, store):
        """A request of 500 events is appended as a whole, one after another."""
        assert await store.append(request("idea-a", *votes(500), expected=0)) == Appended(
            position=500, version=500
        )
        assert [event.data for event in await store.read_stream("idea-a")] == votes(500)

    async def test_a_request_may_be_larger_than_a_group(self, store):
        """A request of more events than a group has, or with a text of megabytes, still goes whole."""
        big = idea("é" * 2_000_000)
        answers = await store.append_many(
            [request("idea-a"), request("idea-b", *votes(2_500)), request("idea-c", big)]
        )
        assert [answer.position for answer in answers] == [1, 2_501, 2_502]
        assert [event.version for event in await store.read_stream("idea-b")] == list(range(1, 2_501))
        assert (await store.read_stream("idea-c"))[0].data == big

    async def test_a_refused_batch_appends_none_of_its_events(self, store):
        """All events of a request are appended, or none."""
        await store.append(request("idea-a"))
        with pytest.raises(WrongVersionError):
            await store.append(request("idea-a", *votes(100), expected=0))
        assert await store.head() == 1

    async def test_a_caller_who_leaves_disturbs_nobody(self, store):
        """A caller cancelled while waiting leaves the others' appends as they are."""
        calls = [asyncio.create_task(store.append(request(f"idea-{n}", vote(n)))) for n in range(60)]
        await asyncio.sleep(0)
        for left in calls[::7]:
            left.cancel()
        answers = await asyncio.gather(*calls, return_exceptions=True)

        stayed = [n for n in range(60) if n % 7]
        recorded = (await store.read_tail(0, limit=1_000)).events
        assert [event.position for event in recorded] == list(range(1, await store.head() + 1))
        assert len({event.data.person_id for event in recorded}) == len(recorded)
        for n in stayed:
            event = recorded[answers[n].position - 1]
            assert (event.stream, event.data.person_id) == (f"idea-{n}", numbered(n))
