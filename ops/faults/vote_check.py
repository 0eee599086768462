"""Checks the votes in the log against what people were told, and the board against the log."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from ops.faults.report import Breaches, Invariant
from ops.faults.voting import Pair


def check_votes(
    cast: Iterable[tuple[Pair, int]], *, asked: Collection[Pair], acknowledged: Mapping[Pair, int]
) -> list[Invariant]:
    """Check every vote in the log, given with its position, and every vote that was acknowledged."""
    once = Breaches("no vote is there twice")
    wanted = Breaches("every vote there was asked for")
    there = Breaches("every acknowledged vote is there, where it was said to be")
    positions: dict[Pair, int] = {}
    for pair, position in cast:
        once.expect(pair not in positions, f"{_named(pair)} at {positions.get(pair)} and {position}")
        wanted.expect(pair in asked, f"{_named(pair)} at {position}")
        positions.setdefault(pair, position)
    for pair, told in acknowledged.items():
        there.expect(positions.get(pair) == told, f"{_named(pair)}: told {told}, found {positions.get(pair)}")
    return [there.invariant(), once.invariant(), wanted.invariant()]


def check_board(board: Mapping[UUID, int], cast: Iterable[Pair], ideas: Iterable[UUID]) -> Invariant:
    """Check that the board shows every idea with the votes that the log holds."""
    counted = Counter(idea_id for idea_id, _ in cast)
    same = Breaches("the board counts what the log holds")
    for idea_id in ideas:
        same.expect(
            board.get(idea_id) == counted[idea_id],
            f"idea {idea_id}: {board.get(idea_id)} on the board, {counted[idea_id]} in the log",
        )
    same.note_all(f"idea {idea_id} is only on the board" for idea_id in board.keys() - set(ideas))
    return same.invariant()


def _named(pair: Pair) -> str:
    return f"idea {pair[0]}, person {pair[1]}"
