"""How fast a city's ballots come in, end to end.

Method. A worker runs on a fresh database and has built its read models. Time runs from the start of
`open-impact import pabulib FILE` as a process until that has ended and the live board has reached the
newest position. Every vote goes through its decider and becomes an event; so do the people who voted and
the ideas. What is counted are the votes.

The file of Łódź is measured where it is beside the project, as `../shared/data/pabulib/poland_lodz_2024_.pb`;
a generated one of the same size always is.
"""

import random
import time
from functools import partial
from itertools import accumulate
from pathlib import Path

from msgspec import Struct

from app.bootstrap import migrate
from events.connections import open_pool
from ops.bench.children import OPEN_IMPACT, answer_of, caught_up, worker
from ops.bench.machine import Others
from ops.bench.session import Case, Measured, Session

REAL_FILE = Path(__file__).parents[2].parent / "shared" / "data" / "pabulib" / "poland_lodz_2024_.pb"
PROJECTS = 163
BALLOTS = 66_045

_BALLOT_MAX = 5
_BALLOT_MEAN = 3.91
"""Projects drawn for a ballot; some are drawn twice, and as many votes remain as in Łódź."""
_SEED = 11
_INSTALL_SECONDS = 60.0
_CATCH_UP_SECONDS = 600.0
_HEAD = f"""META
key;value
description;Generated participatory budget
country;Poland
unit;Exampleton
instance;2024
num_projects;{{projects}}
num_votes;{{ballots}}
budget;9632750
vote_type;approval
rule;greedy
date_begin;01.10.2024
date_end;28.10.2024
max_length;{_BALLOT_MAX}
language;en
currency;PLN
PROJECTS
project_id;cost;votes;name;category;selected
"""


class Imported(Struct, frozen=True):
    """What the import says of itself."""

    votes: int
    appended: int


async def run(session: Session) -> None:
    """Measure every case of `import` and add what was found to the report."""
    generated = session.folder / "generated.pb"
    generated.write_text(generated_file(session.scale), encoding="utf-8")
    cases = [Case("generated", partial(_import, session, "generated", generated))]
    if session.scale < 1:
        session.report.note(
            "The real file was left out, because it has one size only: measure it with --scale 1."
        )
    elif not REAL_FILE.exists():
        session.report.note(
            f"The real file was left out, because ../shared/data/pabulib/{REAL_FILE.name} is absent."
        )
    else:
        cases.insert(0, Case("lodz", partial(_import, session, "lodz", REAL_FILE)))
    await session.in_rounds(cases)


async def _import(session: Session, name: str, file: Path) -> Measured:
    with session.database() as url:
        migrate(url)
        async with open_pool(url, name="bench") as pool:
            with worker(session, url) as running:
                await caught_up(pool, running, 0, seconds=_INSTALL_SECONDS)
                others, began = Others(), time.perf_counter()
                arguments = (*OPEN_IMPACT, "import", "pabulib", str(file), "--community", "bench", "--json")
                imported = await answer_of(arguments, Imported, url)
                head = await pool.fetchval("SELECT max(position) FROM events")
                await caught_up(pool, running, head, seconds=_CATCH_UP_SECONDS, names=["idea_board"])
                seconds = time.perf_counter() - began
                shown = await pool.fetchval("SELECT sum(votes) FROM idea_board.tallies")
                if shown != imported.votes:
                    raise AssertionError(f"The board shows {shown} of {imported.votes} votes.")
                return Measured({name: imported.votes / seconds}, others.share())


def generated_file(scale: float) -> str:
    """Write a file with as many projects, ballots and votes as that of Łódź, or a part of them."""
    draw = random.Random(_SEED)
    ballots = max(10, round(BALLOTS * scale))
    projects = [f"G{number:03}" for number in range(PROJECTS)]
    popularity = list(accumulate(1 / (number + 10) for number in range(PROJECTS)))
    lines, received = [], dict.fromkeys(projects, 0)
    for voter in range(ballots):
        length = min(_BALLOT_MAX, max(1, round(draw.gauss(_BALLOT_MEAN, 1.0))))
        named = list(dict.fromkeys(draw.choices(projects, cum_weights=popularity, k=length)))
        for project in named:
            received[project] += 1
        lines.append(f"{1_400_000_000 + voter};{','.join(named)};40;F;internet")
    listed = [
        f"{project};{100_000 + number};{received[project]};Generated project {number};culture;0"
        for number, project in enumerate(projects)
    ]
    head = _HEAD.format(projects=len(projects), ballots=ballots)
    return "\n".join([head.rstrip("\n"), *listed, "VOTES", "voter_id;vote;age;sex;voting_method", *lines, ""])
