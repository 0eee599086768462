"""What an idea lacks is named, described anew, ordered and removed by those in charge of it, while it is open."""

from uuid import UUID

import pytest
from msgspec.structs import asdict, replace

from domain.idea import IdeaIsClosedError, IdeaIsWithdrawnError, IdeaUnknownError, NotInChargeError
from domain.needs import (
    NEEDS,
    NEEDS_MAX,
    AddNeed,
    Need,
    NeedAddedBeforeError,
    Needs,
    NeedsOutOfDateError,
    NeedUnknownError,
    NoIdea,
    OrderNeeds,
    RemoveNeed,
    ReviseNeed,
    TooManyNeedsError,
)
from events.contracts import (
    IdeaClosed,
    IdeaReopened,
    IdeaWithdrawn,
    Money,
    NeedAdded,
    NeedRemoved,
    NeedRevised,
    NeedsOrdered,
)
from tests.domain.cast import ADA, BEN, CAFE, LATER, LOGGED, NOON
from tests.spec import given

FIRST, SECOND = (UUID(f"0190b000-0000-7000-8000-00000000003{n}") for n in (1, 2))
TOOLS = Need(
    kind="other",
    title="A set of tools",
    description="Screwdrivers, a soldering iron.",
    size="For six people at once",
    cost=Money(amount_minor=40_000, currency="GBP"),
)
ROOM = Need(kind="space", title="A room on Saturdays")
ASKING = {"idea_id": CAFE, "person_id": ADA, "is_steward": False, "now": LATER}
ADDING = AddNeed(**ASKING, need_id=FIRST, need=TOOLS)
REVISING = ReviseNeed(**ASKING, need_id=FIRST, need=ROOM)
REMOVING = RemoveNeed(**ASKING, need_id=FIRST, reason="The library lends them.")
ORDERING = OrderNeeds(**ASKING, need_ids=(SECOND, FIRST))
ADDED = NeedAdded(idea_id=CAFE, need_id=FIRST, **asdict(TOOLS), occurred_at=LATER)
ADDED_TOO = NeedAdded(idea_id=CAFE, need_id=SECOND, **asdict(ROOM), occurred_at=LATER)
REVISED = NeedRevised(idea_id=CAFE, need_id=FIRST, **asdict(ROOM), occurred_at=LATER)
REMOVED = NeedRemoved(idea_id=CAFE, need_id=FIRST, reason="The library lends them.", occurred_at=LATER)
ORDERED = NeedsOrdered(idea_id=CAFE, need_ids=(SECOND, FIRST), occurred_at=LATER)
ALL = [ADDING, REVISING, REMOVING, ORDERING]


def test_a_need_is_named():
    """A need is added with all that is said of it, after those that are there."""
    given(NEEDS, LOGGED).when(ADDING).then(ADDED)
    given(NEEDS, LOGGED, ADDED, ADDED_TOO).then_state(
        Needs(author_id=ADA, order=(FIRST, SECOND), needs={FIRST: TOOLS, SECOND: ROOM})
    )


def test_a_need_is_named_once():
    """The same need again causes nothing; another one under its identifier is refused, also when it was removed."""
    given(NEEDS, LOGGED, ADDED).when(ADDING).then_nothing()
    given(NEEDS, LOGGED, ADDED).when(replace(ADDING, need=ROOM)).then_refused(NeedAddedBeforeError)
    given(NEEDS, LOGGED, ADDED, REMOVED).when(ADDING).then_refused(NeedAddedBeforeError)


def test_a_need_is_described_anew_as_a_whole():
    """A revision carries all that is said of the need from now on, and keeps its place."""
    given(NEEDS, LOGGED, ADDED).when(REVISING).then(REVISED)
    given(NEEDS, LOGGED, ADDED).when(replace(REVISING, need=TOOLS)).then_nothing()
    given(NEEDS, LOGGED, ADDED, ADDED_TOO, REVISED).then_state(
        Needs(author_id=ADA, order=(FIRST, SECOND), needs={FIRST: ROOM, SECOND: ROOM})
    )


def test_a_need_is_removed_for_a_reason():
    """What is removed is gone from the order too, and removing it again causes nothing."""
    given(NEEDS, LOGGED, ADDED).when(REMOVING).then(REMOVED)
    given(NEEDS, LOGGED, ADDED, ADDED_TOO, REMOVED).then_state(
        Needs(author_id=ADA, order=(SECOND,), needs={SECOND: ROOM}, removed=frozenset({FIRST}))
    )
    given(NEEDS, LOGGED, ADDED, REMOVED).when(REMOVING).then_nothing()


def test_what_was_never_named_is_neither_revised_nor_removed():
    """An unknown need is refused by name of the rule."""
    for command in (REVISING, REMOVING):
        given(NEEDS, LOGGED, ADDED_TOO).when(command).then_refused(NeedUnknownError)
    given(NEEDS, LOGGED, ADDED, REMOVED).when(REVISING).then_refused(NeedUnknownError)


def test_needs_are_put_in_an_order_of_all_of_them():
    """An order names each need once; one that leaves out a need, or names one twice, is out of date."""
    given(NEEDS, LOGGED, ADDED, ADDED_TOO).when(ORDERING).then(ORDERED)
    given(NEEDS, LOGGED, ADDED, ADDED_TOO, ORDERED).when(ORDERING).then_nothing()
    for wrong in ((SECOND,), (SECOND, SECOND), (SECOND, FIRST, FIRST), (SECOND, CAFE)):
        given(NEEDS, LOGGED, ADDED, ADDED_TOO).when(replace(ORDERING, need_ids=wrong)).then_refused(
            NeedsOutOfDateError
        )


@pytest.mark.parametrize("command", ALL)
def test_needs_are_the_business_of_those_in_charge(command):
    """A stranger changes none of them; a steward of the community does."""
    stranger = replace(command, person_id=BEN)
    given(NEEDS, LOGGED, ADDED, ADDED_TOO).when(stranger).then_refused(NotInChargeError)
    steward = replace(stranger, is_steward=True, need_ids=(SECOND, FIRST)) if command is ORDERING else None
    if steward:
        given(NEEDS, LOGGED, ADDED, ADDED_TOO).when(steward).then(ORDERED)


@pytest.mark.parametrize("command", ALL)
def test_nothing_is_needed_without_an_idea(command):
    """Every command needs an idea, and one that is open."""
    given(NEEDS).when(command).then_refused(IdeaUnknownError)
    withdrawn = IdeaWithdrawn(idea_id=CAFE, reason="Over.", occurred_at=NOON)
    closed = IdeaClosed(idea_id=CAFE, closed_by=ADA, reason="Over.", occurred_at=NOON)
    given(NEEDS, LOGGED, ADDED, withdrawn).when(command).then_refused(IdeaIsWithdrawnError)
    given(NEEDS, LOGGED, ADDED, closed).when(command).then_refused(IdeaIsClosedError)


def test_a_reopened_idea_has_the_needs_it_had():
    """An end takes no need away."""
    closed = IdeaClosed(idea_id=CAFE, closed_by=ADA, reason="Over.", occurred_at=NOON)
    reopened = IdeaReopened(idea_id=CAFE, reason="Not over.", occurred_at=NOON)
    given(NEEDS, LOGGED, ADDED, closed, reopened).when(REVISING).then(REVISED)


def test_an_idea_has_a_thousand_needs_at_most():
    """One more than the limit is refused; when one is removed there is room for another."""
    many = [replace(ADDED, need_id=UUID(int=number)) for number in range(NEEDS_MAX)]
    given(NEEDS, LOGGED, *many).when(ADDING).then_refused(TooManyNeedsError)
    given(NEEDS, LOGGED, *many, replace(REMOVED, need_id=UUID(int=7))).when(ADDING).then(ADDED)


def test_it_begins_with_no_idea():
    """Before an idea is logged nothing is lacking; logged, it lacks nothing yet."""
    given(NEEDS).then_state(NoIdea())
    given(NEEDS, ADDED).then_state(NoIdea())
    given(NEEDS, LOGGED).then_state(Needs(author_id=ADA))
