"""Checks what an import has left in the log and on the board against the file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from ops.faults.report import Breaches, Invariant
from ops.faults.voting import Pair


class Imported(NamedTuple):
    """What the log and the board hold of an import.

    `ideas` gives for every IdeaLogged its idea and the project it stands for; `board` the votes shown.
    """

    ideas: Sequence[tuple[UUID, str]]
    votes: Sequence[Pair]
    voters: Sequence[UUID]
    board: Mapping[UUID, int]


def check_import(imported: Imported, *, votes_of: Mapping[str, int], ballots: int) -> list[Invariant]:
    """Check that every project and voter is there once, with the votes of the file, in the log and on the board."""
    counted = Counter(idea_id for idea_id, _ in imported.votes)
    ideas = {project: idea_id for idea_id, project in imported.ideas}
    in_log = Breaches("every project has the file's votes in the log")
    on_board = Breaches("every project has the file's votes on the board")
    for project, votes in votes_of.items():
        idea_id = ideas.get(project)
        found = counted[idea_id] if idea_id else None
        shown = imported.board.get(idea_id) if idea_id else None
        in_log.expect(found == votes, f"{project}: {votes} in the file, {found} in the log")
        on_board.expect(shown == votes, f"{project}: {votes} in the file, {shown} on the board")
    once = Breaches("no project, voter or vote is there twice")
    for what, things in (
        ("project", [project for _, project in imported.ideas]),
        ("voter", imported.voters),
        ("vote", imported.votes),
    ):
        once.checked += len(things)
        once.note_all(f"{what} {thing}: {times} times" for thing, times in _repeated(things))
    all_there = Breaches("every voter is there, and nobody else votes")
    all_there.expect(len(imported.voters) == ballots, f"{len(imported.voters)} of {ballots} voters joined")
    strangers = {person_id for _, person_id in imported.votes} - set(imported.voters)
    all_there.note_all(f"{person_id} votes and never joined" for person_id in strangers)
    return [breaches.invariant() for breaches in (in_log, on_board, once, all_there)]


def _repeated(things: Iterable[object]) -> list[tuple[object, int]]:
    return [(thing, times) for thing, times in Counter(things).items() if times > 1]
