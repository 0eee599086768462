"""The histories that properties are held against: everything that can happen happens in them."""

import pytest
from hypothesis import Phase, given, seed, settings

from events.contracts import (
    CONTRACTS,
    MandateClosed,
    MandatePublished,
    OfferAccepted,
    PledgeConditions,
    PledgeMade,
    PledgeWithdrawn,
    PoolCommitted,
)
from projections.registry import REGISTRY
from tests.projections.histories import eventful, histories

SEEDS, EXAMPLES = 4, 300
MANY = 2_000
ALL = {contract.__name__ for contract in CONTRACTS}


def kinds(events):
    """Name what happened, and of what can happen in more ways than one, in which."""
    found = set()
    for event in events:
        found.add(type(event).__name__)
        match event:
            case PledgeMade():
                found.add(f"pledge of {event.kind}")
                found |= {
                    f"pledge on condition of {name}"
                    for name in PledgeConditions.__struct_fields__
                    if getattr(event.conditions, name)
                }
                if event.mandate_id is not None:
                    found.add(
                        "pledge under a mandate, " + ("by itself" if event.made_by is None else "by hand")
                    )
            case PledgeWithdrawn(vetoed=True):
                found.add("veto")
            case PoolCommitted():
                found.add("committed " + ("at the deadline" if event.at_deadline else "at the target"))
            case MandateClosed():
                found.add("mandate " + ("expired" if event.expired else "closed"))
            case MandatePublished():
                found.add(f"mandate to {event.mode}")
            case OfferAccepted():
                found.add(f"offer {event.standing}")
            case _:
                pass
    pools = {event.pool_id for event in events if isinstance(event, PledgeMade)}
    return found | ({"pledges to several pools"} if len(pools) > 1 else set())


WAYS = {
    *("pledge of money", "pledge of in_kind", "pledges to several pools", "veto"),
    *(f"pledge on condition of {name}" for name in PledgeConditions.__struct_fields__),
    *("pledge under a mandate, by itself", "pledge under a mandate, by hand"),
    *("committed at the deadline", "committed at the target", "mandate expired", "mandate closed"),
    *("mandate to notify", "mandate to pledge", "offer chosen", "offer reserve"),
}


def test_whatever_can_happen_is_drawn():
    """In a modest number of histories there is every type of event."""
    drawn = set()

    @settings(max_examples=EXAMPLES, database=None, phases=[Phase.generate])
    @given(histories())
    def draw(events):
        drawn.update(type(event).__name__ for event in events)

    # What is drawn from one seed is alike, and it depends on which modules are loaded: one alone may leave something out.
    for number in range(SEEDS):
        seed(number)(draw)()
    assert drawn == ALL, ALL - drawn


def test_everything_happens_in_the_long_history():
    """The history that is the same each time holds every type of event, in every way that matters."""
    found = kinds(eventful(MANY))
    assert found >= ALL | WAYS, (ALL | WAYS) - found


@pytest.mark.parametrize("projection", REGISTRY, ids=lambda projection: projection.name)
def test_a_read_model_listens_to_nothing_that_cannot_happen(projection):
    """Every type of event that a read model is fed is one of the contracts."""
    assert projection.types is None or projection.types <= ALL
