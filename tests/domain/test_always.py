"""What holds of every aggregate after any history: rules that no sequence of commands can break."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain import (
    community,
    endpoint,
    idea,
    mandate,
    match,
    needs,
    offer,
    organisation,
    past_grant,
    person,
    quarantine,
    support,
    vote,
)
from domain.community import COMMUNITY, voting_is_running
from domain.decider import DomainError
from domain.endpoint import ENDPOINT
from domain.idea import IDEA
from domain.mandate import MANDATE
from domain.match import MATCH
from domain.needs import NEEDS
from domain.offer import OFFER
from domain.organisation import ORGANISATION
from domain.past_grant import PAST_GRANT
from domain.person import PERSON
from domain.quarantine import QUARANTINE
from domain.support import SUPPORT
from domain.vote import VOTE, Cast
from events import contracts
from events.codec import CODEC
from events.contracts import (
    CommunityRulesSet,
    VoteCast,
    VoteWithdrawn,
)
from tests.domain.cast import LOGGED
from tests.domain.drawing import drawn, kinds


class Aggregate:
    """A decider with what can be wanted of it and what can have happened to it."""

    def __init__(self, decider, commands: object, states: object, events: object) -> None:
        self.decider, self.states, self.events = decider, kinds(states), kinds(events)
        self.command = drawn(commands)
        self.commands = st.lists(self.command, max_size=12)
        self.history = st.lists(drawn(events), max_size=8)


AGGREGATES = [
    Aggregate(PERSON, person.PersonCommand, person.PersonState, contracts.PersonEvent),
    Aggregate(COMMUNITY, community.CommunityCommand, community.CommunityState, contracts.CommunityEvent),
    Aggregate(IDEA, idea.IdeaCommand, idea.IdeaState, contracts.IdeaEvent),
    Aggregate(VOTE, vote.VoteCommand, vote.VoteState, contracts.VoteEvent),
    Aggregate(
        # Needs come with an idea, which another decider logs.
        replace(NEEDS, initial_state=NEEDS.fold([LOGGED])),
        needs.NeedsCommand,
        needs.NeedsState,
        contracts.IdeaEvent,
    ),
    Aggregate(
        ORGANISATION,
        organisation.OrganisationCommand,
        organisation.OrganisationState,
        contracts.OrganisationEvent,
    ),
    Aggregate(
        QUARANTINE, quarantine.QuarantineCommand, quarantine.QuarantineState, contracts.QuarantineEvent
    ),
    Aggregate(SUPPORT, support.SupportCommand, support.SupportState, contracts.SupportEvent),
    Aggregate(MANDATE, mandate.MandateCommand, mandate.MandateState, contracts.MandateEvent),
    Aggregate(PAST_GRANT, past_grant.PastGrantCommand, past_grant.PastGrantState, contracts.PastGrantEvent),
    Aggregate(MATCH, match.MatchCommand, match.MatchState, contracts.MatchEvent),
    Aggregate(OFFER, offer.OfferCommand, offer.OfferState, contracts.OfferEvent),
    Aggregate(ENDPOINT, endpoint.EndpointCommand, endpoint.EndpointState, contracts.EndpointEvent),
]
each_aggregate = pytest.mark.parametrize(
    "of", AGGREGATES, ids=[one.decider.decide.__module__.rpartition(".")[2] for one in AGGREGATES]
)


def life(decider, commands):
    """Handle commands one after another; gives for each the state before, the command and its events."""
    state = decider.initial_state
    for command in commands:
        try:
            events = list(decider.decide(command, state))
        except DomainError:
            events = []
        yield state, command, events
        state = decider.fold(events, state)


@each_aggregate
@settings(max_examples=60)
@given(data=st.data())
def test_a_command_handled_again_causes_nothing(of, data):
    """After any history, a command that was obeyed causes no event when it is handled once more."""
    for state, command, events in life(of.decider, data.draw(of.commands)):
        if events:
            assert list(of.decider.decide(command, of.decider.fold(events, state))) == []


@each_aggregate
@settings(max_examples=60)
@given(data=st.data())
def test_deciding_is_a_pure_function_and_its_events_are_fit_for_the_log(of, data):
    """The same command in the same state causes the same events, of the aggregate's own, at the command's time."""
    for state, command, events in life(of.decider, data.draw(of.commands)):
        if not events:
            continue
        assert list(of.decider.decide(command, state)) == events
        assert [type(event) in of.events for event in events] == [True] * len(events)
        assert {event.occurred_at for event in events} == {command.now}
        assert [CODEC.decode(type(event).__name__, CODEC.encode(event)) for event in events] == events


@each_aggregate
@settings(max_examples=60)
@given(data=st.data())
def test_an_effect_is_an_event(of, data):
    """Each event that a command causes leads to another state: nothing is recorded that changes nothing."""
    for state, _, events in life(of.decider, data.draw(of.commands)):
        for event in events:
            before, state = state, of.decider.evolve(state, event)  # noqa: PLW2901  # Each meets what the one before left.
            assert state != before


@each_aggregate
@settings(max_examples=60)
@given(data=st.data())
def test_every_event_is_understood_in_every_state(of, data):
    """Any events in any order, even one that no decision led to, fold to a state, in one go or in parts."""
    history = data.draw(of.history)
    cut = data.draw(st.integers(0, len(history)))
    reached = of.decider.fold(history)
    assert type(reached) in of.states
    assert of.decider.fold(history[cut:], of.decider.fold(history[:cut])) == reached


@each_aggregate
@settings(max_examples=60)
@given(data=st.data())
def test_every_command_is_answered_in_every_state(of, data):
    """Any command in any state has events or a broken rule for an answer, and never any other error."""
    state = of.decider.fold(data.draw(of.history))
    with suppress(DomainError):
        events = of.decider.decide(data.draw(of.command), state)
        assert {type(event) for event in events} <= set(of.events)


@settings(max_examples=150)
@given(AGGREGATES[3].commands)
def test_a_vote_alternates(commands):
    """Whatever is wanted, a vote is cast and withdrawn in turn, beginning with cast; it counts 0 or 1."""
    history = [event for _, _, events in life(VOTE, commands) for event in events]
    assert [type(event) for event in history] == [
        (VoteCast, VoteWithdrawn)[n % 2] for n in range(len(history))
    ]
    for cast, withdrawn in zip(history[::2], history[1::2], strict=False):
        assert withdrawn.cast_at == cast.occurred_at
    assert isinstance(VOTE.fold(history), Cast) == (len(history) % 2 == 1)


@settings(max_examples=150)
@given(AGGREGATES[3].commands)
def test_no_vote_breaks_the_rules_of_its_ballot(commands):
    """No vote is cast by the author, for a withdrawn idea or outside voting, nor withdrawn outside voting."""
    for _, command, events in life(VOTE, commands):
        for event in events:
            assert command.ballot.voting_is_running
            if isinstance(event, VoteCast):
                assert command.ballot.idea_is_open
                assert event.person_id != command.ballot.author_id


@settings(max_examples=150)
@given(AGGREGATES[1].commands)
def test_rules_never_change_while_voting_runs(commands):
    """In no history are rules replaced at a moment when votes are taken, and the rules in force are sound."""
    for state, command, events in life(COMMUNITY, commands):
        for event in events:
            if isinstance(event, CommunityRulesSet):
                assert not voting_is_running(state, command.now)
        after = COMMUNITY.fold(events, state)
        if isinstance(after, community.Open):
            assert after.rules.support_threshold >= 1
            assert None in {after.rules.opens_at, after.rules.closes_at} or (
                after.rules.opens_at < after.rules.closes_at
            )


@settings(max_examples=150)
@given(AGGREGATES[2].commands)
def test_an_idea_keeps_its_author_and_community(commands):
    """Whoever logged an idea stays its author; all that happens to it later is of their making, or a steward's."""
    logged = None
    for state, command, events in life(IDEA, commands):
        if logged is None and events:
            logged = IDEA.fold(events, state)
        elif events:
            assert command.person_id == logged.author_id or command.is_steward
        if logged is not None:
            now = idea.current(IDEA.fold(events, state))
            assert (now.author_id, now.community_id) == (logged.author_id, logged.community_id)
