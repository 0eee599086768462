"""Small files to read: a valid one of each format, which a test changes where it wants."""

from collections.abc import Callable
from pathlib import Path

import pytest

PABULIB_SAMPLE = """META
key;value
description;Sample budget of Exampleton
country;Poland
unit;Exampleton
instance;2023
num_projects;3
num_votes;2
vote_type;approval
date_begin;18.09.2023
date_end;25.09.2023
PROJECTS
project_id;cost;votes;name;category
c1;68000;2;Benches;public space
c2;40000.50;1;Choir;culture,education
c3;20000;0;Boats;
VOTES
voter_id;vote;age
v1;c1,c2;34
v2;c1;
"""

POLIS_SAMPLE = {
    "summary.csv": "topic,Sample talk on benches\nurl,https://polis.example/5benches\n"
    'conversation-description,"Two\nlines"\n',
    "comments.csv": "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    "1500000000000,Fri,0,9,3,0,1,More benches\n"
    '1500000001000,Fri,1,8,1,1,-1,"Fewer cars, please"\n',
    "votes.csv": "timestamp,datetime,comment-id,voter-id,vote\n"
    "1500000004000,Fri,0,9,1\n"
    "1500000002000,Fri,0,9,1\n"
    "1500000003000,Fri,0,9,-1\n"
    "1500000002500,Fri,0,8,1\n"
    "1500000005000,Fri,1,8,1\n"
    "1500000006000,Fri,1,7,-1\n",
}


@pytest.fixture
def pb(tmp_path: Path) -> Callable[..., Path]:
    """Write the sample `.pb` file with some of its text exchanged, and give its path."""

    def write(*changes: tuple[str, str], encoding: str = "utf-8") -> Path:
        text = PABULIB_SAMPLE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "sample.pb"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def polis(tmp_path: Path) -> Callable[..., Path]:
    """Write the sample export with some text of the named file exchanged, and give its folder."""

    def write(name: str = "votes.csv", *changes: tuple[str, str]) -> Path:
        folder = tmp_path / "benches"
        folder.mkdir()
        for file, sample in POLIS_SAMPLE.items():
            text = sample
            for old, new in changes if file == name else ():
                assert old in text
                text = text.replace(old, new, 1)
            (folder / file).write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def real() -> Callable[[str], Path]:
    """Find a real file or folder beside the project, or skip the test where it is absent."""

    def find(name: str) -> Path:
        path = Path(__file__).parents[2].parent / "shared" / "data" / name
        if not path.exists():
            pytest.skip(f"the real file ../shared/data/{name} is absent")
        return path

    return find
