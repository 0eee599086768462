"""A participatory budget of invented ballots, as a file to import."""

import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

APPROVALS_MAX = 5

_META = """\
META
key;value
description;Sample budget of Exampleton
country;United Kingdom
unit;Exampleton
instance;{instance}
num_projects;{projects}
num_votes;{ballots}
vote_type;approval
date_begin;01.03.2024
date_end;31.03.2024
"""


def write_budget(file: Path, *, projects: int, ballots: int, seed: int) -> Mapping[str, int]:
    """Write a `.pb` file and give the votes of each project."""
    chance = random.Random(seed)
    names = [f"p{number}" for number in range(1, projects + 1)]
    chosen = [chance.sample(names, chance.randint(1, min(APPROVALS_MAX, projects))) for _ in range(ballots)]
    votes = Counter(name for ballot in chosen for name in ballot)
    lines = [
        _META.format(instance="2024 sample", projects=projects, ballots=ballots).rstrip(),
        *("PROJECTS", "project_id;cost;votes;name"),
        *(
            f"{name};{1000 * number};{votes[name]};Project {number} (sample)"
            for number, name in enumerate(names, 1)
        ),
        *("VOTES", "voter_id;vote"),
        *(f"v{number};{','.join(ballot)}" for number, ballot in enumerate(chosen, 1)),
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {name: votes[name] for name in names}
