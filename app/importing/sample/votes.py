"""The votes of the sample: who supports which idea and when, drawn so that the same seed gives the same votes.

Every draw is a hash of the seed and of what is drawn for, so it depends on nothing else: one more idea in the files
changes no vote for the others, and a sample written a second time differs in nothing but its clock.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from app.importing.sample.content import SampleContent, SampleIdea, Shape

_STANDING_VOTES_PER_LEAVER = 40
_STANDING_VOTES_PER_RETURNER = 100

# Nobody votes in the instant an idea is logged, and there is always time left to change one's mind.
_EARLIEST_SHARE = 0.001
_LATEST_SHARE = 0.99


class SampleVote(msgspec.Struct, frozen=True, kw_only=True):
    """A person begins to support an idea, or withdraws that support (`supports` is False)."""

    idea_key: str
    voter_key: str
    at: datetime
    supports: bool


def sample_votes(content: SampleContent, now: datetime, seed: int) -> Iterator[SampleVote]:
    """Make every vote and withdrawal of the sample, in the order of time, all before `now`.

    For each idea exactly its `votes` stand at the end and they come in its shape; nobody votes for an idea of their
    own, or again without having withdrawn; nothing happens while the idea is withdrawn. Only the times depend on `now`.

    Raises `ValueError` if an idea wants more votes than there are people.
    """
    moves = [move for idea in content.ideas for move in _moves(idea, content.voter_keys, seed)]
    # Longest ago first; the names settle a tie, so that the order never depends on the files.
    moves.sort(key=lambda move: (-move[0], move[1:]))
    for days_ago, idea_key, voter_key, supports in moves:
        at = now - timedelta(days=days_ago)
        yield SampleVote(idea_key=idea_key, voter_key=voter_key, at=at, supports=supports)


def _moves(idea: SampleIdea, people: Sequence[str], seed: int) -> Iterator[tuple[float, str, str, bool]]:
    """Draw one idea's votes and withdrawals: days ago, idea, voter, supports."""
    leavers = idea.votes // _STANDING_VOTES_PER_LEAVER
    returners = idea.votes // _STANDING_VOTES_PER_RETURNER
    voters = _voters(idea, people, seed)[: idea.votes + leavers]
    if len(voters) < idea.votes + leavers:
        raise ValueError(
            f"The idea {idea.key!r} needs {idea.votes + leavers} voters; there are {len(voters)}."
        )
    peak = 0.3 + 0.5 * _draw(seed, idea.key, "peak")
    for rank, voter in enumerate(voters):
        turns = 2 if rank < leavers else 3 if rank < leavers + returners else 1
        when = _share_of_life(idea.shape, peak, _draw(seed, idea.key, voter, "cast"))
        when = min(max(when, _EARLIEST_SHARE), _LATEST_SHARE)
        for turn in range(turns):
            yield _days_ago(idea, when), idea.key, voter, turn % 2 == 0
            # Each change of mind comes somewhere in what is left of the idea's life.
            when += (1 - when) * (0.01 + 0.98 * _draw(seed, idea.key, voter, "turn", turn))


def _voters(idea: SampleIdea, people: Sequence[str], seed: int) -> list[str]:
    """Order everybody but the author by how likely they are to support the idea.

    Most people vote a few times and some for nearly everything, so each has an activity of their own; a draw
    raised to its inverse is the usual way to draw without replacement by weight.
    """

    def rank(voter: str) -> float:
        activity = 0.2 + 3 * _draw(seed, voter, "activity") ** 4
        return float(_draw(seed, idea.key, voter, "interest") ** (1 / activity))

    return sorted((person for person in people if person != idea.author), key=rank, reverse=True)


def _share_of_life(shape: Shape, peak: float, draw: float) -> float:
    """Turn an even draw in [0, 1) into the share of the idea's life that has passed when the vote comes."""
    match shape:
        case "steady":
            return draw
        case "fading":
            return draw**3
        case "rising":
            return float(draw ** (1 / 3))
        case "new":
            return float(draw**0.5)
        case "burst":
            # A third of the votes come evenly, the others soon after something made the idea known.
            soon = (draw - 1 / 3) * 1.5
            return draw * 3 if soon < 0 else peak + (1 - peak) * 0.25 * soon**3


def _days_ago(idea: SampleIdea, share: float) -> float:
    """Place a share of the idea's open life in time, stepping over the days on which it was withdrawn."""
    spans = idea.open_spans
    passed = share * sum(start - end for start, end in spans)
    for start, end in spans[:-1]:
        if passed < start - end:
            return start - passed
        passed -= start - end
    return spans[-1][0] - passed


def _draw(seed: int, *parts: str | int) -> float:
    """Draw a number in [0, 1) that depends on the seed and the parts alone."""
    text = "\n".join(map(str, (seed, *parts)))
    return (int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> 11) / (1 << 53)
