"""Random histories that could have happened: what the deciders would have let through."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias

from hypothesis import strategies as st

from domain.community import (
    COMMUNITY,
    AppointSteward,
    OpenCommunity,
    PauseVoting,
    RemoveSteward,
    ResumeVoting,
    SetRules,
    voting_is_running,
)
from domain.idea import IDEA
from domain.idea import NotLogged as NoIdea
from domain.idea import Open as OpenIdea
from domain.organisation import (
    ORGANISATION,
    AddMember,
    ChangeRoles,
    RegisterOrganisation,
    RemoveMember,
    ReviseOrganisation,
    Unregistered,
)
from domain.past_grant import PAST_GRANT, RecordPastGrant
from domain.person import PERSON, JoinPerson, ReviseProfile, Unknown, VerifyPerson
from domain.quarantine import QUARANTINE, LiftQuarantine, NotRaised, SetVotesAside
from domain.support import SUPPORT, NoteSupport
from domain.vote import VOTE, Ballot, Cast, CastVote, WithdrawVote
from events.contracts import AnyEvent, VotingRules
from events.streams import community_id
from tests.projections.deciding import Deciding
from tests.projections.endpoints_drawn import KINDS_OF_ENDPOINTS, Endpoints
from tests.projections.examples import (
    AUTHOR,
    NOON,
    idea_id,
    organisation_id,
    person_id,
    quarantine_id,
)
from tests.projections.grants import granted
from tests.projections.ideas_drawn import KINDS_OF_IDEAS, KINDS_OF_OFFERS, SLUGS, Ideas
from tests.projections.money_drawn import KINDS_OF_MANDATES, KINDS_OF_POOLS, Funds

Step: TypeAlias = tuple[str, int, int, int]
"""What happens, to which idea, community, organisation or funder, by which person or how, and when."""

KINDS_OF_VOTES = ("vote", "vote", "vote", "rules", "pause", "steward", "support")
KINDS_OF_PEOPLE = ("join", "verify", "rename", "aside", "aside", "lift")
KINDS_OF_ORGANISATIONS = ("register", "member", "member", "grant")
KINDS = (
    *("log", "log", *KINDS_OF_IDEAS, *KINDS_OF_VOTES, *KINDS_OF_PEOPLE, *KINDS_OF_ORGANISATIONS),
    *(*KINDS_OF_OFFERS, *KINDS_OF_POOLS, *KINDS_OF_MANDATES, *KINDS_OF_ENDPOINTS),
)
"""What a step can be, the more often what it takes more of."""

_SCENES = (
    KINDS,
    ("log", *KINDS_OF_IDEAS, *KINDS_OF_VOTES),
    ("vote", *KINDS_OF_PEOPLE),
    KINDS_OF_OFFERS,
    KINDS_OF_POOLS,
    ("veto", "pledge", "pool", "settle", *KINDS_OF_MANDATES),
    ("log", *KINDS_OF_ORGANISATIONS),
    KINDS_OF_ENDPOINTS,
)
"""A history is a row of scenes, each about all of it or about a part: so much happens to the same few things."""


def _scene(kinds: Sequence[str]) -> st.SearchStrategy[list[Step]]:
    step = st.tuples(
        st.sampled_from(kinds),
        st.sampled_from((0, 0, 0, 0, 0, 1, 2, 3)),  # Which idea, community, organisation or funder.
        st.integers(0, 4),  # Which person, or what of a kind.
        st.integers(-3_000, 3_000),  # When, in minutes from noon: imported facts come in any order.
    )
    return st.lists(step, min_size=6, max_size=25)


class History(list[AnyEvent]):
    """Events, and the steps that led to them, which are much shorter to read where a property fails."""

    def __init__(self, steps: Sequence[Step], thresholds: Sequence[int]) -> None:
        self._said = f"history({list(steps)}, {list(thresholds)})"
        self.deciding = Deciding()
        happened = _Happened(self.deciding)
        for slug, votes in zip(SLUGS, thresholds, strict=True):
            self += happened.begin(slug, votes)
        for step in steps:
            self += happened.next(*step)

    def __repr__(self) -> str:
        return self._said


def history(steps: Iterable[Step], thresholds: Sequence[int] = (3, 3)) -> History:
    """Give the history of two communities that steps lead to; see `_scene` for what a step says."""
    return History(list(steps), thresholds)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw a history of two communities, their ideas and all that happens to them."""
    thresholds = [draw(st.integers(1, 3)) for _ in SLUGS]
    scenes = draw(st.lists(st.one_of(*map(_scene, _SCENES)), max_size=6))
    return history((step for scene in scenes for step in scene), thresholds)


def eventful(steps: int) -> History:
    """Give one long history in which everything happens, the same each time."""
    chance = Random(7)
    return history(
        (chance.choice(KINDS), chance.randrange(20), chance.randrange(5), chance.randrange(-3_000, 3_000))
        for _ in range(steps)
    )


class _Happened:
    """What is so far, as the deciders know it."""

    def __init__(self, deciding: Deciding) -> None:
        self._deciding = deciding
        self._ideas = Ideas(self._deciding)
        self._funds = Funds(self._deciding, self._ideas)
        self._endpoints = Endpoints(self._deciding)

    def begin(self, slug: str, threshold: int) -> Sequence[AnyEvent]:
        """Open a community."""
        rules = VotingRules(support_threshold=threshold)
        opening = OpenCommunity(
            community_id=community_id(slug), slug=slug, name=slug.title(), rules=rules, now=NOON
        )
        return self._deciding.wanted(COMMUNITY, community_id(slug), opening)

    def next(self, kind: str, number: int, which: int, minutes: int) -> Sequence[AnyEvent]:
        """Give the events of a step, or of what has to come before it; none where it would have been refused."""
        at = NOON + timedelta(minutes=minutes)
        if kind in KINDS_OF_IDEAS or kind in KINDS_OF_OFFERS:
            return self._ideas.next(kind, number, which, minutes, at)
        if kind in KINDS_OF_POOLS or kind in KINDS_OF_MANDATES:
            return self._funds.next(kind, number, which, minutes, at)
        if kind in KINDS_OF_ORGANISATIONS:
            return self._organisation(kind, number, which, minutes, at)
        if kind in KINDS_OF_ENDPOINTS:
            return self._endpoints.next(kind, number, which, minutes, at)
        if kind in KINDS_OF_PEOPLE:
            return self._people(kind, number, which, minutes, at)
        if kind == "vote":
            return self._vote(number, which, minutes, at)
        if kind == "support":
            noting = NoteSupport(idea_id=idea_id(number), verified_votes=which * 7, now=at)
            return self._deciding.wanted(SUPPORT, ("support", number), noting)
        return self._community(kind, SLUGS[number % 2], which, at)

    def _community(self, kind: str, slug: str, which: int, at: datetime) -> Sequence[AnyEvent]:
        community = community_id(slug)
        state, facts = self._deciding.state(COMMUNITY, community), {"community_id": community, "now": at}
        commands: list[Any] = []
        match kind:
            case "pause" if state.paused:
                commands = [ResumeVoting(**facts)]
            case "pause":
                commands = [PauseVoting(**facts, reason="New rules.")]
            case "rules":
                rules = VotingRules(support_threshold=which + 1)
                setting = SetRules(**facts, rules=rules, reason="Agreed in May.")
                commands = [PauseVoting(**facts, reason="New rules."), setting, ResumeVoting(**facts)]
            case "steward":
                person = person_id(which % 2)
                removing = RemoveSteward(**facts, person_id=person, reason="Moved.")
                commands = [
                    removing if person in state.stewards else AppointSteward(**facts, person_id=person)
                ]
        return [
            event for command in commands for event in self._deciding.wanted(COMMUNITY, community, command)
        ]

    def _vote(self, idea: int, person: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        found = self._deciding.state(IDEA, idea_id(idea))
        if isinstance(found, NoIdea):
            return self._ideas.next("log", idea, person, chance, at)
        stream = (idea_id(idea), person_id(person))
        community = self._deciding.state(COMMUNITY, community_id(SLUGS[idea % 2]))
        # What is decided on may have changed a moment ago.
        is_late = chance % 7 == 0
        ballot = Ballot(
            author_id=AUTHOR,
            idea_is_open=is_late or isinstance(found, OpenIdea),
            voting_is_running=is_late or voting_is_running(community, at),
        )
        is_cast = isinstance(self._deciding.state(VOTE, stream), Cast)
        command = (WithdrawVote if is_cast else CastVote)(
            idea_id=idea_id(idea), person_id=person_id(person), ballot=ballot, now=at
        )
        return self._deciding.wanted(VOTE, stream, command)

    def _people(self, kind: str, number: int, which: int, chance: int, at: datetime) -> Sequence[AnyEvent]:
        person, quarantine = person_id(which), quarantine_id(number)
        if kind in ("verify", "rename") and isinstance(self._deciding.state(PERSON, person), Unknown):
            kind = "join"
        if kind == "lift" and isinstance(self._deciding.state(QUARANTINE, quarantine), NotRaised):
            kind = "aside"
        match kind:
            case "join":
                # Some come by themselves: nobody vouches for them until they are verified.
                origin: Any = "account" if which % 2 else "sample"
                joining = JoinPerson(person_id=person, origin=origin, name="Ada"[: which % 2 * 3], now=at)
                return self._deciding.wanted(PERSON, person, joining)
            case "verify":
                verifying = VerifyPerson(person_id=person, how="age" if number else "email", now=at)
                return self._deciding.wanted(PERSON, person, verifying)
            case "rename":
                renaming = ReviseProfile(person_id=person, name=f"Ada {number}", now=at)
                return self._deciding.wanted(PERSON, person, renaming)
            case "aside":
                setting = SetVotesAside(
                    quarantine_id=quarantine,
                    people=(person, person_id(which + 1 + chance % 2)),
                    signal="shared_network",
                    reason="They came all at once.",
                    idea_ids=(idea_id(number),),
                    since=at,
                    until=at,
                    now=at,
                )
                return self._deciding.wanted(QUARANTINE, quarantine, setting)
        lifting = LiftQuarantine(quarantine_id=quarantine, reason="It was an open day.", now=at)
        return self._deciding.wanted(QUARANTINE, quarantine, lifting)

    def _organisation(
        self, kind: str, number: int, which: int, chance: int, at: datetime
    ) -> Sequence[AnyEvent]:
        if kind == "grant":
            grant = granted(5 * number + which)
            command: Any = RecordPastGrant(
                **{name: getattr(grant, name) for name in RecordPastGrant.__struct_fields__ if name != "now"},
                now=at,
            )
            return self._deciding.wanted(PAST_GRANT, grant.grant_id, command)
        organisation, person = organisation_id(number), person_id(which % 2)
        state = self._deciding.state(ORGANISATION, organisation)
        facts: dict[str, Any] = {"organisation_id": organisation, "now": at}
        roles: Any = ("funder", "offers")[: chance % 3]
        if isinstance(state, Unregistered):
            org_id = f"GB-CHC-{number}" if number else None
            command = RegisterOrganisation(
                **facts, person_id=AUTHOR, name=f"Organisation {number}", org_id=org_id
            )
        elif kind == "register":
            website = "https://organisation.example.org/" if which else None
            command = ReviseOrganisation(
                **facts, by=AUTHOR, name=f"Organisation {number}.{which}", website=website
            )
        elif person not in state.members:
            command = AddMember(**facts, person_id=person, roles=roles, invited_by=AUTHOR)
        elif chance % 2:
            command = ChangeRoles(**facts, person_id=person, roles=roles, by=AUTHOR)
        else:
            command = RemoveMember(**facts, person_id=person, by=AUTHOR)
        return self._deciding.wanted(ORGANISATION, organisation, command)
