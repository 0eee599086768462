"""What a store promises about idempotency keys: the same command twice is done once."""

import asyncio

import pytest
from msgspec.structs import replace

from events.envelope import Appended, RepeatedAnswer
from events.errors import KeyReusedError, WrongVersionError
from tests.events.examples import key, request, vote, votes

FIRST = '{"answer":1}'


class KeyPromises:
    """A key is answered once, for ever the same."""

    async def test_a_repetition_answers_the_first_answer(self, store):
        """The same key again answers position, version and words of the first time, and appends nothing."""
        first = await store.append(request("idea-a", vote(), vote(), expected=0, under=key()))
        await store.append(request("idea-a"))
        again = await store.append(
            request("idea-a", *votes(3), expected=0, under=replace(key(), answer='{"answer":2}'))
        )

        assert first == Appended(position=2, version=2)
        assert again == Appended(position=2, version=2, repeated=True, answer=FIRST)
        assert await store.head() == 3

    async def test_a_key_stands_for_one_request(self, store):
        """The same key for another request is refused, and appends nothing."""
        await store.append(request("idea-a", under=key()))

        with pytest.raises(KeyReusedError) as refused:
            await store.append(request("idea-a", under=key(fingerprint=b"other body")))

        assert refused.value.key == key().key
        assert str(refused.value) == KeyReusedError.__doc__
        assert await store.head() == 1

    async def test_a_key_without_events_is_remembered(self, store):
        """A command that had nothing to do is kept under its key as well, also for a stream that never was."""
        await store.append(request("idea-a"))
        nothing = replace(request("idea-b", under=key(), expected=0), events=[])

        assert await store.append(nothing) == Appended(position=1, version=0)
        await store.append(request("idea-b", expected=0))
        assert await store.append(nothing) == Appended(position=1, version=0, repeated=True, answer=FIRST)
        assert await store.head() == 2

    async def test_a_key_without_events_keeps_the_version(self, store):
        """The answer kept for a command that had nothing to do has the stream's version."""
        await store.append(request("idea-a", vote(), vote()))
        nothing = replace(request("idea-a", under=key(), expected=2), events=[])
        assert await store.append(nothing) == Appended(position=2, version=2)

    async def test_a_refused_request_leaves_its_key_free(self, store):
        """A conflict is not an answer: the key can be sent again at the right version."""
        await store.append(request("idea-a"))
        with pytest.raises(WrongVersionError):
            await store.append(request("idea-a", expected=0, under=key()))
        assert await store.repeated(key().key) is None
        assert await store.append(request("idea-a", expected=1, under=key())) == Appended(
            position=2, version=2
        )

    async def test_the_key_is_looked_at_before_the_version(self, store):
        """A repetition is answered although the stream has moved on since."""
        await store.append(request("idea-a", expected=0, under=key()))
        await store.append(request("idea-a", expected=1))
        assert (await store.append(request("idea-a", expected=0, under=key()))).repeated

    async def test_a_hundred_at_once_are_one(self, store):
        """Of a hundred parallel appends under one key one appends, and all answer the same position."""
        answers = await asyncio.gather(*(store.append(request("idea-a", under=key())) for _ in range(100)))

        assert [answer.repeated for answer in answers].count(False) == 1
        assert {(answer.position, answer.version) for answer in answers} == {(1, 1)}
        assert {answer.answer for answer in answers if answer.repeated} == {FIRST}
        assert await store.head() == 1

    async def test_a_key_counts_within_one_call(self, store):
        """In one call, too, a key is answered once, and refused to another request."""
        answers = await store.append_many(
            [
                request("idea-a", under=key(1)),
                request("idea-b"),
                request("idea-a", under=key(1)),
                request("idea-a", under=key(1, fingerprint=b"other body")),
                request("idea-a", under=key(2)),
            ]
        )

        assert answers[:3] == [
            Appended(position=1, version=1),
            Appended(position=2, version=1),
            Appended(position=1, version=1, repeated=True, answer=FIRST),
        ]
        assert isinstance(answers[3], KeyReusedError)
        assert answers[4] == Appended(position=3, version=2)

    async def test_the_answer_of_a_key_can_be_looked_up(self, store):
        """What was answered under a key can be asked for; an unused key has no answer."""
        assert await store.repeated(key().key) is None
        await store.append(request("idea-a", under=key()))
        assert await store.repeated(key().key) == RepeatedAnswer(
            fingerprint=b"body", answer=FIRST, position=1
        )

    async def test_any_answer_and_fingerprint_survive(self, store):
        """Answers are kept as text and fingerprints as bytes, whatever is in them."""
        answers = ['{"a":"zażółć \\"NULL\\" \\\\"}', "NULL", "", "a\x1eb"]
        for number, answer in enumerate(answers):
            for fingerprint in (b"", b"\x00\xff\x1e", b"NULL"):
                kept = replace(key(10 * number + len(fingerprint), answer=answer), fingerprint=fingerprint)
                await store.append(request("idea-a", under=kept))
                assert (await store.append(request("idea-a", under=kept))).answer == answer
