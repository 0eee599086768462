"""The checks of the `import` campaign notice every way in which an import can be wrong, and its file is in order."""

from uuid import UUID

import pytest

from app.importing.pabulib import PabulibFile
from ops.faults.budget_file import write_budget
from ops.faults.import_check import Imported, check_import
from tests.faults.examples import broken

IN_LOG = "every project has the file's votes in the log"
ON_BOARD = "every project has the file's votes on the board"
ONCE = "no project, voter or vote is there twice"
VOTERS = "every voter is there, and nobody else votes"

BENCH, CHOIR = UUID(int=1), UUID(int=2)
ADA, BEA = UUID(int=11), UUID(int=12)
VOTES_OF = {"p1": 2, "p2": 0}
RIGHT = Imported(
    ideas=[(BENCH, "p1"), (CHOIR, "p2")],
    votes=[(BENCH, ADA), (BENCH, BEA)],
    voters=[ADA, BEA],
    board={BENCH: 2, CHOIR: 0},
)


def found(**changes):
    """Name what is broken when the right import is changed like this."""
    return broken(check_import(RIGHT._replace(**changes), votes_of=VOTES_OF, ballots=2))


def test_the_right_import_passes():
    """Nothing is broken where nothing is wrong."""
    assert found() == set()


@pytest.mark.parametrize(
    ("changes", "noticed"),
    [
        ({"votes": [(BENCH, ADA)]}, {IN_LOG}),
        ({"votes": [(BENCH, ADA), (BENCH, BEA), (CHOIR, BEA)]}, {IN_LOG}),
        ({"votes": [(BENCH, ADA), (BENCH, ADA)]}, {ONCE}),
        ({"ideas": [(BENCH, "p1")]}, {IN_LOG, ON_BOARD}),
        ({"ideas": [*RIGHT.ideas, (UUID(int=3), "p2")]}, {ONCE, ON_BOARD}),
        ({"board": {BENCH: 1, CHOIR: 0}}, {ON_BOARD}),
        ({"voters": [ADA]}, {VOTERS}),
        ({"voters": [ADA, BEA, BEA]}, {ONCE, VOTERS}),
    ],
)
def test_a_wrong_import_is_noticed(changes, noticed):
    """What is missing, too much, or shown otherwise is noticed as that."""
    assert found(**changes) == noticed


def test_the_file_is_in_order_and_holds_the_votes_it_says(tmp_path):
    """The generated file passes the importer's own check, and its ballots add up to what is told."""
    file = tmp_path / "budget.pb"
    votes_of = write_budget(file, projects=7, ballots=50, seed=3)
    reader = PabulibFile(file)
    votes = [vote.source_id for vote in reader.votes()]
    assert reader.collection.ideas == 7
    assert reader.collection.ballots == 50
    assert {project: votes.count(project) for project in votes_of} == dict(votes_of)
