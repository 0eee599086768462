"""What looks like stuffed votes: rules over the fresh votes of one idea, without any clock or database.

Each rule needs many people who did the same at once, and newness alone is never enough: two hundred ordinary people who
come one evening from many networks pass, and so does an office whose people have been here for a while. Whoever is
caught all the same can be let go by a steward, and their votes count again as if nothing had been.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import fmean, pstdev
from uuid import UUID

from msgspec import Struct

from events.contracts import Signal
from events.streams import derived_id
from projections.language import N_

WINDOW = timedelta(hours=1)
"""How far back from its newest vote an idea's votes are looked at."""
NEW_FOR = timedelta(days=1)
"""How long an account counts as new."""
NETWORK_PEOPLE = 20
"""So many new accounts of one network, voting for one idea within the window, are a wave."""
CROWDED_PEOPLE = 8
BURST_PEOPLE = 40
"""So many new accounts are a burst when they come from networks that each bring `CROWDED_PEOPLE` or more."""
EVEN_VOTES = 30
EVEN_SPREAD = 0.1
EVEN_GAP = timedelta(seconds=0.5)
"""So many votes of new accounts in a row are a program's when the pauses between them spread by less than a tenth of
their mean; people's pauses spread by about as much as their mean. Shorter pauses than half a second tell nothing:
what makes them even is our own queue."""
DISPOSABLE_PEOPLE = 10
"""So many accounts with throw-away addresses, voting for one idea within the window, are a wave."""

REASONS: dict[Signal, str] = {
    "shared_network": N_(
        "20 or more accounts less than a day old voted for one idea from a single network within an hour."
    ),
    "sign_up_burst": N_(
        "40 or more accounts less than a day old voted for one idea from a few networks within an hour."
    ),
    "timing": N_(
        "30 or more accounts less than a day old voted for one idea one after the other at even intervals."
    ),
    "disposable_domains": N_(
        "10 or more accounts with throw-away e-mail addresses voted for one idea within an hour."
    ),
}
"""What is recorded as the reason, in English; a page says it in its own language, and numbers stand in it as they were."""


class FreshVote(Struct, frozen=True, kw_only=True):
    """A vote and what is known of its voter: how old the account was, from which network, with what address."""

    person_id: UUID
    cast_at: datetime
    account_age: timedelta
    network: bytes | None
    is_disposable: bool

    @property
    def is_new(self) -> bool:
        """Tell whether the account was new when it voted."""
        return self.account_age < NEW_FOR


class Wave(Struct, frozen=True, kw_only=True):
    """Votes that look stuffed, and why; `quarantine_id` is the same however often the same wave is found."""

    quarantine_id: UUID
    signal: Signal
    votes: Sequence[FreshVote]
    network: bytes | None = None


def waves_in(idea_id: UUID, votes: Sequence[FreshVote], standing: Collection[UUID]) -> list[Wave]:
    """Find the waves among an idea's votes within the window, each person in one of them.

    A network from which a wave came on the same day, whose quarantine is among the `standing`, adds even a
    single new account to it.
    """
    if not votes:
        return []
    day = max(vote.cast_at for vote in votes).date()
    new = [vote for vote in votes if vote.is_new]
    crowds: defaultdict[bytes, list[FreshVote]] = defaultdict(list)
    for vote in new:
        if vote.network is not None:
            crowds[vote.network].append(vote)
    found: list[Wave] = []
    for network, crowd in crowds.items():
        quarantine_id = wave_id("shared_network", idea_id, day, network)
        if len(crowd) >= NETWORK_PEOPLE or quarantine_id in standing:
            found.append(
                Wave(quarantine_id=quarantine_id, signal="shared_network", votes=crowd, network=network)
            )
    crowded = [vote for crowd in crowds.values() if len(crowd) >= CROWDED_PEOPLE for vote in crowd]
    for signal, some, enough in (
        ("sign_up_burst", crowded, BURST_PEOPLE),
        ("timing", _evenly_cast(new), EVEN_VOTES),
        ("disposable_domains", [vote for vote in votes if vote.is_disposable], DISPOSABLE_PEOPLE),
    ):
        if len(some) >= enough:
            named: Signal = signal  # type: ignore[assignment]  # One of the three above.
            found.append(Wave(quarantine_id=wave_id(named, idea_id, day), signal=named, votes=some))
    return _each_person_once(found)


def wave_id(signal: Signal, idea_id: UUID, day: date, network: bytes = b"") -> UUID:
    """Work out the quarantine of a wave: one a signal, idea, day and, where it is of one, network."""
    return derived_id("quarantine", signal, str(idea_id), day.isoformat(), network.hex())


def _evenly_cast(votes: Sequence[FreshVote]) -> list[FreshVote]:
    """Pick the votes that are part of a run with even pauses."""
    ordered = sorted(votes, key=lambda vote: vote.cast_at)
    pauses = [(after.cast_at - before.cast_at).total_seconds() for before, after in pairwise(ordered)]
    even: set[int] = set()
    for start in range(len(ordered) - EVEN_VOTES + 1):
        run = pauses[start : start + EVEN_VOTES - 1]
        mean = fmean(run)
        if mean >= EVEN_GAP.total_seconds() and pstdev(run, mean) < EVEN_SPREAD * mean:
            even.update(range(start, start + EVEN_VOTES))
    return [ordered[index] for index in sorted(even)]


def _each_person_once(waves: Sequence[Wave]) -> list[Wave]:
    taken: set[UUID] = set()
    kept = []
    for wave in waves:
        votes = [vote for vote in wave.votes if vote.person_id not in taken]
        taken.update(vote.person_id for vote in votes)
        if votes:
            kept.append(
                Wave(quarantine_id=wave.quarantine_id, signal=wave.signal, votes=votes, network=wave.network)
            )
    return kept
