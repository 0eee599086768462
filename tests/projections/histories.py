"""Random histories that could have happened: what the deciders would have let through."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from events.contracts import (
    AnyEvent,
    PersonJoined,
    StewardAppointed,
    StewardRemoved,
    VotingPaused,
    VotingResumed,
)
from events.streams import community_id
from tests.projections.examples import (
    NOON,
    also_set_aside,
    lifted,
    logged,
    member,
    opened,
    person_id,
    pounds,
    registered,
    reopened,
    revised,
    rules_set,
    set_aside,
    verified,
    vote,
    vote_withdrawn,
    withdrawn,
)
from tests.projections.funding import (
    need_added,
    need_changes,
    offer_changes,
    offered,
    paused,
    published,
    reserved,
)
from tests.projections.making import Making, closed, launched

SLUGS = ("commons", "north")

STEP = st.tuples(
    st.sampled_from(
        [
            "log",
            "vote",
            "vote",
            "vote",
            "revise",
            "end",
            "rules",
            "pause",
            "steward",
            "join",
            "verify",
            "aside",
            "more",
            "lift",
            "member",
            "need",
            "need",
            "offer",
            "answer",
            "close",
            "launch",
            "pool",
            "money",
            "mandate",
        ]
    ),
    st.integers(0, 3),  # Which idea or community.
    st.integers(0, 4),  # Which person, or how much.
    st.integers(-3_000, 3_000),  # When, in minutes from noon: imported facts come in any order.
)


@st.composite
def histories(draw: st.DrawFn) -> list[AnyEvent]:
    """Draw a history of two communities, their ideas and the votes for them."""
    events: list[AnyEvent] = [opened(slug, threshold=draw(st.integers(1, 3))) for slug in SLUGS]
    happened = _Happened()
    for step in draw(st.lists(STEP, max_size=60)):
        events += happened.next(*step)
    return events


def history(steps: Iterable[tuple[str, int, int, int]]) -> list[AnyEvent]:
    """Give the history of two communities that steps lead to; see `STEP` for what a step says."""
    happened = _Happened()
    return [*map(opened, SLUGS), *(event for step in steps for event in happened.next(*step))]


class _Happened:
    """What is so far, as the deciders would know it."""

    def __init__(self) -> None:
        self.ideas: dict[int, bool] = {}  # By number: whether it is open.
        self.cast: dict[tuple[int, int], Any] = {}
        self.paused: set[str] = set()
        self.organisations: set[int] = set()
        self.needs: dict[int, int] = {}  # How many each idea had so far.
        self.offers: dict[tuple[int, int], int] = {}  # By idea and number: how often it was answered.
        self.aside: dict[int, bool] = {}  # By number: whether it stands.
        self.making = Making()
        self.mandates: set[int] = set()

    def next(self, kind: str, number: int, person: int, minutes: int) -> list[AnyEvent]:
        """Give the events of a step, none where it would have been refused."""
        at = NOON + timedelta(minutes=minutes)
        slug = SLUGS[number % 2]
        match kind:
            case "join":
                # Some come by themselves: nobody vouches for them until they are verified.
                origin = "account" if person % 2 else "sample"
                return [PersonJoined(person_id=person_id(person), origin=origin, occurred_at=at)]
            case "verify":
                return [verified(person, "age" if number else "email", at=at)]
            case "aside" | "more" | "lift":
                return self._about_quarantine(kind, number, person, at)
            case "member":
                begun = [] if number in self.organisations else [registered(number, at=at)]
                self.organisations.add(number)
                return [*begun, member(person, *("funder",)[: minutes % 2], organisation=number, at=at)]
            case "mandate" if number not in self.mandates:
                self.mandates.add(number)
                return [published(number, at=at, themes=("EN103",)[:person])]
            case "mandate":
                return [reserved(person * 100 + 1, number=number, at=at), paused(number, at=at)]
            case "rules":
                return [rules_set(person + 1, slug=slug, at=at)]
            case "steward":
                facts = {"community_id": community_id(slug), "person_id": person_id(person)}
                return [
                    StewardAppointed(**facts, occurred_at=at),
                    StewardRemoved(**facts, reason="Moved.", occurred_at=at),
                ]
            case "pause":
                self.paused ^= {slug}
                if slug in self.paused:
                    return [
                        VotingPaused(community_id=community_id(slug), reason="New rules.", occurred_at=at)
                    ]
                return [VotingResumed(community_id=community_id(slug), occurred_at=at)]
            case "log" if number not in self.ideas:
                self.ideas[number] = True
                return [logged(number, slug=slug, at=at, themes=("EN103",)[:person], places=("GB-LDS",))]
            case _ if number not in self.ideas:
                return []
            case "need" | "offer" | "answer":
                return self._about_offers(kind, number, person, at)
        return self._about(kind, number, person, at)

    def _about_quarantine(self, kind: str, number: int, person: int, at: Any) -> list[AnyEvent]:
        match kind:
            case "aside" if number not in self.aside:
                self.aside[number] = True
                return [set_aside(person, person + 1, number=number, at=at)]
            case "more" if self.aside.get(number):
                return [also_set_aside(person, person + 2, number=number, at=at)]
            case "lift" if self.aside.get(number):
                self.aside[number] = False
                return [lifted(number, at=at)]
            case _:
                return []

    def _about_offers(self, kind: str, number: int, person: int, at: Any) -> list[AnyEvent]:
        first = 10 * number  # Each idea has needs and offers of its own.
        match kind:
            case "need":
                count = self.needs[number] = self.needs.get(number, 0) + 1
                cost = pounds(amount_minor=person * 100) if person else None
                added = need_added(first + count, idea=number, cost=cost, title=f"Need {person}", at=at)
                return [added, *need_changes(first + count, first, idea=number, at=at)[:person]]
            case "offer" if (number, person) not in self.offers:
                self.offers[number, person] = 0
                return [offered(first + person, first + 1, idea=number, at=at)]
            case "answer" if (number, person) in self.offers:
                turn = self.offers[number, person]
                self.offers[number, person] += 1
                answers = offer_changes(first + person, first + 2, idea=number, at=at)
                return answers[turn : turn + 1]
            case _:
                return []

    def _about(self, kind: str, number: int, person: int, at: Any) -> list[AnyEvent]:
        match kind:
            case "revise" if self.ideas[number]:
                ask = pounds(amount_minor=person * 100) if person else None
                return [revised(number, title=f"Idea {number}, again {person}", ask=ask, at=at)]
            case "end":
                self.ideas[number] = not self.ideas[number]
                return [reopened(number, at=at) if self.ideas[number] else withdrawn(number, at=at)]
            case "close" if self.ideas[number]:
                self.ideas[number] = False
                return [closed(number, at=at)]
            case "launch" if self.ideas[number]:
                return [launched(number, at=at)] if person else [reopened(number, at=at)]
            case "pool" | "money":
                return self.making.next(kind, number, person, at)
            case "vote" if (cast_at := self.cast.pop((number, person), None)) is not None:
                return [vote_withdrawn(person, idea=number, cast_at=cast_at, at=at)]
            case "vote" if self.ideas[number]:
                self.cast[number, person] = at
                return [vote(person, idea=number, at=at)]
            case _:
                return []
