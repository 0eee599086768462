"""What looks like stuffed votes and what does not: the rules by themselves, over votes made up here."""

import random
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from app.reactors.signals import (
    BURST_PEOPLE,
    CROWDED_PEOPLE,
    DISPOSABLE_PEOPLE,
    EVEN_VOTES,
    NETWORK_PEOPLE,
    NEW_FOR,
    REASONS,
    WINDOW,
    FreshVote,
    waves_in,
)
from projections.language import LANGUAGES, gettext, speaking

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
IDEA = UUID("0190b000-0000-7000-8000-000000000020")
OLD = timedelta(days=40)
FRESH = timedelta(minutes=3)


def vote(number, *, network=None, age=FRESH, at=None, disposable=False):
    """Make a vote of the person with this number; without a time it comes at some moment of the hour."""
    if at is None:
        at = random.Random(number).uniform(0, WINDOW.total_seconds())
    return FreshVote(
        person_id=uuid5(IDEA, str(number)),
        cast_at=NOON + timedelta(seconds=at),
        account_age=age,
        network=None if network is None else str(network).encode(),
        is_disposable=disposable,
    )


def signals(votes, standing=()):
    """Name the signals that votes raise, each with its number of people."""
    return {wave.signal: len(wave.votes) for wave in waves_in(IDEA, votes, standing)}


def test_no_votes_are_no_wave():
    """Where nothing happened there is nothing to find."""
    assert waves_in(IDEA, [], ()) == []


def test_new_accounts_of_one_network_are_a_wave():
    """Enough of them are set aside, one fewer is not, and old accounts beside them are left alone."""
    crowd = [vote(number, network="a") for number in range(NETWORK_PEOPLE)]
    others = [vote(number, network="a", age=OLD) for number in range(100, 140)]
    assert signals(crowd + others) == {"shared_network": NETWORK_PEOPLE}
    assert signals(crowd[1:] + others) == {}


def test_forty_people_of_an_office_with_old_accounts_are_no_wave():
    """An office that votes together has one network, but its people have been here for a while."""
    assert signals([vote(number, network="office", age=OLD) for number in range(40)]) == {}


def test_two_hundred_ordinary_people_of_one_evening_are_no_wave():
    """Many new people from many networks, some of them families and some on the same mobile network, are just many."""
    chance = random.Random(7)
    votes = [vote(number, network=chance.randrange(120)) for number in range(200)]
    assert signals(votes) == {}
    assert signals([vote(number) for number in range(200)]) == {}


def test_a_burst_from_a_few_networks_is_a_wave():
    """Many new accounts over a few networks, each below what a single one may bring, are set aside together."""
    networks = BURST_PEOPLE // CROWDED_PEOPLE
    crowd = [vote(number, network=number % networks) for number in range(BURST_PEOPLE)]
    alone = [vote(number, network=number) for number in range(1_000, 1_050)]
    assert signals(crowd + alone) == {"sign_up_burst": BURST_PEOPLE}
    assert signals(crowd[1:] + alone) == {}


def test_votes_at_even_intervals_are_a_wave():
    """A program that votes every five seconds is found by that alone; people's pauses differ."""
    even = [vote(number, at=5 * number) for number in range(EVEN_VOTES + 10)]
    assert signals(even) == {"timing": EVEN_VOTES + 10}
    assert signals(even[: EVEN_VOTES - 1]) == {}
    assert signals([vote(number, at=5 * number, age=OLD) for number in range(60)]) == {}
    too_quick_to_tell = [vote(number, at=0.1 * number) for number in range(60)]
    assert signals(too_quick_to_tell) == {}


def test_throw_away_addresses_in_numbers_are_a_wave():
    """A few are nobody's business, many on one idea are set aside, however old the accounts are."""
    votes = [vote(number, age=OLD, disposable=True) for number in range(DISPOSABLE_PEOPLE)]
    assert signals(votes) == {"disposable_domains": DISPOSABLE_PEOPLE}
    assert signals(votes[1:]) == {}


def test_whoever_comes_later_from_the_network_of_a_wave_belongs_to_it():
    """While its quarantine stands, a single further new account of the network is added; an old one is not."""
    (wave,) = waves_in(IDEA, [vote(number, network="a") for number in range(NETWORK_PEOPLE)], ())
    late = [vote(500, network="a"), vote(501, network="a", age=NEW_FOR), vote(502, network="b")]
    (added,) = waves_in(IDEA, late, {wave.quarantine_id})
    assert added.quarantine_id == wave.quarantine_id
    assert [one.person_id for one in added.votes] == [late[0].person_id]


def test_a_person_is_in_one_wave():
    """Whoever is found by several rules is named by the first."""
    crowd = [
        vote(number, network="a", at=5 * number, disposable=True)
        for number in range(EVEN_VOTES + NETWORK_PEOPLE)
    ]
    assert signals(crowd) == {"shared_network": EVEN_VOTES + NETWORK_PEOPLE}


def test_reasons_name_the_numbers_that_decide():
    """What is recorded says of how many people a wave is made, as the rules have it; pages say it in Welsh, too."""
    told = {
        "shared_network": NETWORK_PEOPLE,
        "sign_up_burst": BURST_PEOPLE,
        "timing": EVEN_VOTES,
        "disposable_domains": DISPOSABLE_PEOPLE,
    }
    assert set(told) == set(REASONS)
    for signal, people in told.items():
        assert REASONS[signal].startswith(f"{people} or more accounts"), signal
        with speaking(LANGUAGES[1]):
            assert gettext(REASONS[signal]).startswith(f"Pleidleisiodd {people} neu fwy o gyfrifon"), signal


@given(order=st.permutations(range(30)))
def test_the_order_of_votes_changes_nothing(order):
    """The same votes are the same waves under the same identifiers, in whatever order they are read."""
    votes = [vote(number, network=number % 2, at=5 * number, disposable=number < 12) for number in range(30)]
    expected = {
        wave.quarantine_id: {one.person_id for one in wave.votes} for wave in waves_in(IDEA, votes, ())
    }
    shuffled = waves_in(IDEA, [votes[index] for index in order], ())
    assert {wave.quarantine_id: {one.person_id for one in wave.votes} for wave in shuffled} == expected


def test_a_reason_tells_the_number_that_makes_a_wave():
    """The sentences stand as a whole, for translators, and say what the rules go by; in other languages, too."""
    people = {
        "shared_network": NETWORK_PEOPLE,
        "sign_up_burst": BURST_PEOPLE,
        "timing": EVEN_VOTES,
        "disposable_domains": DISPOSABLE_PEOPLE,
    }
    assert people.keys() == REASONS.keys()
    for language in LANGUAGES:
        with speaking(language):
            for signal, number in people.items():
                assert [int(said) for said in re.findall(r"[0-9]+", gettext(REASONS[signal]))] == [number]
