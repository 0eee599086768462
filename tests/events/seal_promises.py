"""What a store promises of texts: nobody reads them in what it holds, and whoever has the keys reads them as written."""

import asyncio

import msgspec
import pytest
from msgspec.structs import replace

from events.contracts import CommunityRulesSet, IdeaRevised, PersonJoined, VotingRules
from events.errors import UnreadableEventError
from events.sealing.errors import SubjectErasedError
from tests.events.examples import AUTHOR, COMMONS, NOON, idea, numbered, request, vote, withdrawn

PLANTED = "Marigold Quillfeather"


def joined(name=PLANTED):
    """Make somebody who joins under a name."""
    return PersonJoined(person_id=AUTHOR, origin="account", name=name, occurred_at=NOON)


def planted():
    """Make an event of each subject, and in each the planted words."""
    told = idea(PLANTED)
    revised = IdeaRevised(
        **{
            name: getattr(told, name) for name in ("idea_id", "title", "problem", "proposal", "beneficiaries")
        },
        themes=(),
        places=(),
        reason=PLANTED,
        occurred_at=NOON,
    )
    rules = CommunityRulesSet(
        community_id=COMMONS, rules=VotingRules(support_threshold=3), reason=PLANTED, occurred_at=NOON
    )
    return [joined(), told, revised, withdrawn(PLANTED), rules]


class SealPromises:
    """Sealed when appended, opened when read, empty when the key was destroyed, an error when it is lost."""

    async def test_texts_are_held_sealed_and_read_as_written(self, store, stored):
        """No planted word is in what the log holds, and every way of reading gives the events as they were."""
        events = planted()
        await store.append(request("idea-a", *events))

        held = await stored()
        assert len(held) == len(events)
        assert not [data for data in held if "Marigold" in data or "Quillfeather" in data]
        for read in (
            await store.read_stream("idea-a"),
            (await store.read_streams(["idea-a"]))["idea-a"],
            (await store.read_tail(0, limit=10)).events,
            (await store.read_tail(0, limit=10, types=[type(event).__name__ for event in events])).events,
            await store.read_positions(range(1, 10)),
        ):
            assert [event.data for event in read] == events

    async def test_what_is_not_personal_is_held_as_it_is(self, store, stored):
        """A vote has nothing sealed, nor has somebody without a name; identifiers and codes stay readable."""
        await store.append(request("idea-a", vote(), joined(""), idea()))

        one, other, logged = map(msgspec.json.decode, await stored())
        assert "sealed" not in one
        assert "sealed" not in other
        assert (logged["idea_id"], logged["themes"], logged["title"]) == (str(numbered(0)), ["EN103"], "")

    async def test_many_are_sealed_at_once(self, store, stored):
        """Requests appended together are sealed each for its own subject, also when they race for the first key."""
        ideas = [replace(idea(f"Secret {number}"), idea_id=numbered(number % 7)) for number in range(40)]
        await asyncio.gather(
            store.append_many([request(f"idea-{n}", one) for n, one in enumerate(ideas[:30])]),
            *(store.append(request(f"idea-{n}", one)) for n, one in enumerate(ideas[30:], start=30)),
        )

        assert not [data for data in await stored() if "Secret" in data]
        read = await store.read_streams([f"idea-{n}" for n in range(40)])
        assert [read[f"idea-{n}"][0].data for n in range(40)] == ideas

    async def test_a_destroyed_key_leaves_the_texts_empty(self, store):
        """Every event of the subject stays where it is and says nothing; others read as before."""
        await store.append(request("idea-a", idea(PLANTED), withdrawn(PLANTED)))
        await store.append(request("person-a", joined()))
        await store.keyring.destroy([numbered(0)])

        told, taken_back, person = (event.data for event in (await store.read_tail(0, limit=10)).events)
        assert (told.title, told.problem, told.proposal, told.beneficiaries) == ("", "", "", "")
        assert (told.themes, told.author_id, taken_back.reason) == (("EN103",), AUTHOR, "")
        assert person == joined()

    async def test_nothing_is_written_to_who_was_erased(self, store):
        """Texts for a subject whose key was destroyed are refused; what carries none goes on."""
        await store.append(request("idea-a", idea()))
        await store.keyring.destroy([numbered(0), AUTHOR])

        for event in (withdrawn(), joined()):
            with pytest.raises(SubjectErasedError):
                await store.append(request("idea-a", event))
        assert (await store.append(request("idea-a", vote(), withdrawn("")))).version == 3

    async def test_a_lost_key_is_an_error_that_names_the_event(self, store, forget):
        """A key that is missing without having been destroyed is no reason to show nothing."""
        await store.append(request("idea-a", vote(), idea()))
        await forget(numbered(0))

        with pytest.raises(UnreadableEventError, match=r"IdeaLogged at position 2.*missing"):
            await store.read_tail(0, limit=10)
        assert len((await store.read_tail(0, limit=1)).events) == 1
