"""Events to JSON and back: old shapes are lifted, unknown ones refused, and nothing is written that cannot be read."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from events.codec import CODEC, Codec
from events.contracts import CONTRACTS, Money, VotingRules
from events.contracts.base import Event
from events.errors import UnreadableEventError
from events.upcasting import UPCASTERS, Upcaster
from tests.events.drawing import drawn
from tests.events.examples import NOON, idea, vote

LEEDS = UUID("0190a000-0000-7000-8000-00000000000c")


class PlaceNamed3(Event, frozen=True, kw_only=True):
    """The present shape of an example: by now it has names in several languages and an identifier."""

    place_id: UUID
    names: dict[str, str]


class PlaceNamed(Event, frozen=True, kw_only=True):
    """The present shape of an example that was stored under several names."""

    name: str
    note: str = ""


LIFTED = Codec(
    contracts=(PlaceNamed3, PlaceNamed),
    upcasters={
        "PlaceFirst": Upcaster("PlaceSecond", lambda old: {**old, "names": {"en": old["name"]}}),
        "PlaceSecond": Upcaster("PlaceNamed3", lambda old: {**old, "place_id": str(LEEDS)}),
        "Endless": Upcaster("Endless", lambda old: old),
        "Ping": Upcaster("Pong", lambda old: old),
        "Pong": Upcaster("Ping", lambda old: old),
        "Dangling": Upcaster("Nowhere", lambda old: old),
    },
)


def test_an_old_shape_is_lifted_step_by_step():
    """An event stored two shapes ago is read as the present one, by each step in turn."""
    oldest = '{"occurred_at":"2026-05-04T12:00:00Z","name":"Leeds"}'
    newer = '{"occurred_at":"2026-05-04T12:00:00Z","names":{"en":"Leeds"}}'
    present = PlaceNamed3(occurred_at=NOON, place_id=LEEDS, names={"en": "Leeds"})
    assert LIFTED.decode("PlaceFirst", oldest) == present
    assert LIFTED.decode("PlaceSecond", newer) == present
    assert LIFTED.decode("PlaceNamed3", LIFTED.encode(present)) == present


def test_a_field_added_with_a_default_needs_no_step():
    """An event stored before a field was added is read with the field's default."""
    old = '{"occurred_at":"2026-05-04T12:00:00Z","name":"Leeds"}'
    assert LIFTED.decode("PlaceNamed", old) == PlaceNamed(occurred_at=NOON, name="Leeds", note="")


@pytest.mark.parametrize(
    ("type_name", "data", "reason"),
    [
        ("IdeaTranscended", "{}", "does not know the type"),
        ("Dangling", "{}", "does not know the type"),
        ("Endless", "{}", "does not know the type"),
        ("Ping", "{}", "does not know the type"),
        ("PlaceFirst", "{}", "upcaster failed"),
        ("PlaceSecond", "{}", "missing required field"),
        ("PlaceNamed", '{"occurred_at":"2026-05-04T12:00:00Z","name":7}', "Expected `str`"),
        ("PlaceNamed", '{"occurred_at":"2026-05-04T12:00:00","name":"Leeds"}', "timezone"),
        ("PlaceNamed", '{"occurred_at":"tomorrow","name":"Leeds"}', "Invalid"),
        ("PlaceNamed", '{"name":"Leeds"', "truncated"),
    ],
)
def test_what_cannot_be_read_is_refused(type_name, data, reason):
    """An unknown type, a step that fails or leads nowhere, and data of another shape are all the same error."""
    with pytest.raises(UnreadableEventError, match=reason) as refused:
        LIFTED.decode(type_name, data)
    assert refused.value.type_name == type_name
    assert refused.value.position is None


def test_what_could_not_be_read_is_not_written():
    """An event of an unknown contract or with a time that lacks its offset cannot be encoded."""
    with pytest.raises(UnreadableEventError):
        CODEC.encode(PlaceNamed(occurred_at=NOON, name="Leeds"))
    with pytest.raises(UnreadableEventError):
        CODEC.encode(replace(vote(), occurred_at=NOON.replace(tzinfo=None)))


def test_upcasters_lead_to_present_contracts():
    """Each upcaster in use starts at a name that is no present contract, and ends at one."""
    present = {contract.__name__ for contract in CONTRACTS}
    for name, step in UPCASTERS.items():
        assert name not in present
        end = step.to
        while end in UPCASTERS:
            end = UPCASTERS[end].to
        assert end in present


def test_every_contract_is_registered_once():
    """The tuple of contracts, the union of events and the names in the log agree."""
    from events import contracts

    def flattened(alias):
        for kind in getattr(alias, "__args__", (alias,)):
            yield from flattened(kind) if hasattr(kind, "__args__") else [kind]

    assert len({contract.__name__ for contract in CONTRACTS}) == len(CONTRACTS)
    assert set(flattened(contracts.AnyEvent)) == set(CONTRACTS)
    defined = {
        kind for kind in vars(contracts).values() if isinstance(kind, type) and issubclass(kind, Event)
    }
    assert defined - {Event} == set(CONTRACTS)
    assert all(contract.__struct_config__.frozen for contract in CONTRACTS)


@settings(max_examples=200)
@given(st.data(), st.sampled_from(CONTRACTS))
def test_every_event_survives_the_way_there_and_back(data, contract):
    """Any event of any contract is read as it was written, and its JSON holds no raw control character."""
    event = data.draw(drawn(contract))
    written = CODEC.encode(event)
    assert CODEC.decode(contract.__name__, written) == event
    assert not any(character < " " for character in written)


def test_values_inside_events_keep_their_form():
    """Money is whole minor units and rules are nested as they are, with times in UTC where they were."""
    assert (
        msgspec.json.encode(Money(amount_minor=1, currency="GBP")) == b'{"amount_minor":1,"currency":"GBP"}'
    )
    rules = VotingRules(support_threshold=3, opens_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert msgspec.json.encode(rules) == (
        b'{"support_threshold":3,"opens_at":"2026-01-01T00:00:00Z","closes_at":null}'
    )
    assert b'"ask":null' in msgspec.json.encode(idea())
