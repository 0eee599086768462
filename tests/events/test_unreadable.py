"""What this release cannot read is named and never skipped."""

import pytest

from events.errors import UnreadableEventError
from tests.events.examples import request, vote

pytestmark = pytest.mark.asyncio

FOREIGN = """INSERT INTO events VALUES
    (3, 'idea-x', 1, gen_random_uuid(), $1, $2, '{"command":"Test"}', now())"""


@pytest.mark.parametrize(
    ("type_name", "data", "reason"),
    [
        ("IdeaTranscended", "{}", "does not know the type"),
        ("VoteCast", "{}", "missing required field"),
        ("VoteCast", "[1]", "Expected `object`"),
        ("IdeaTranscended", "[1]", "does not know the type"),
    ],
)
async def test_the_event_is_named_by_its_position(store, owner, type_name, data, reason):
    """Reading an event of unknown type or shape fails, and says which one it is."""
    await store.append(request("idea-a", vote(), vote()))
    await owner.execute(FOREIGN, type_name, data)
    await store.append(request("idea-a", vote()))

    for reading in (
        store.read_tail(0, limit=10),
        store.read_tail(2, limit=1),
        store.read_stream("idea-x"),
        store.read_positions([1, 3]),
        store.read_tail(0, limit=10, types=[type_name]),
    ):
        with pytest.raises(UnreadableEventError, match=reason) as unreadable:
            await reading
        assert unreadable.value.position == 3
        assert unreadable.value.type_name == type_name
        assert f"{type_name} at position 3" in str(unreadable.value)

    assert [event.position for event in (await store.read_tail(0, limit=2)).events] == [1, 2]
    assert [event.position for event in (await store.read_tail(3, limit=2)).events] == [4]
    assert [event.version for event in await store.read_stream("idea-a")] == [1, 2, 3]
