"""What the reader of `.pb` files says of a file that is not as it should be."""

import pytest

from app.importing import pabulib
from app.importing.pabulib import PabulibFile
from app.importing.rows import BadRow

SECTIONS = "the order is META, PROJECTS, VOTES, each once."
CUMULATIVE = ("vote_type;approval", "vote_type;cumulative")
POINTS = ("voter_id;vote;age\nv1;c1,c2;34\nv2;c1;", "voter_id;vote;points\nv1;c1,c2;3,4\nv2;c1;5")

CASES = {
    "section order": ([("PROJECTS", "VOTES")], 12, f"VOTES stands where PROJECTS belongs; {SECTIONS}"),
    "section twice": ([("v2;c1;", "PROJECTS")], 20, f"PROJECTS stands where a ballot belongs; {SECTIONS}"),
    "no PROJECTS": ([("PROJECTS\n", "")], 16, f"VOTES stands where PROJECTS belongs; {SECTIONS}"),
    "no META": ([("META\n", "")], 1, f"the file must begin with the section META; {SECTIONS}"),
    "no header": (
        [("VOTES\nvoter_id;vote;age\nv1;c1,c2;34\nv2;c1;\n", "VOTES\n")],
        17,
        "VOTES has no header row.",
    ),
    "other META header": ([("key;value", "name;value")], 2, "META has no column key."),
    "column missing": ([("voter_id;vote;age", "voter_id;ballot;age")], 18, "VOTES has no column vote."),
    "column twice": (
        [("cost;votes;name", "cost;cost;name")],
        13,
        "PROJECTS has the column cost 2 times.",
    ),
    "key missing": ([("unit;Exampleton\n", "")], 11, "META gives no unit."),
    "key empty": ([("unit;Exampleton", "unit;")], 5, "META gives no unit."),
    "key without value": (
        [("unit;Exampleton", "unit")],
        5,
        "META gives 'unit' no value; a row is key;value.",
    ),
    "key twice": ([("unit;", "country;")], 5, "META gives country a second time."),
    "vote type": (
        [("vote_type;approval", "vote_type;ranked")],
        9,
        "vote_type is 'ranked'; we read approval, choose-1, cumulative, ordinal, scoring.",
    ),
    "count not a number": (
        [("num_votes;2", "num_votes;two")],
        8,
        "num_votes is 'two' where a whole number is expected.",
    ),
    "currency": (
        [("date_begin", "currency;ZZZ\ndate_begin")],
        10,
        "currency is 'ZZZ', which is no ISO 4217 code.",
    ),
    "no such day": (
        [("18.09.2023", "31.09.2023")],
        10,
        "date_begin is '31.09.2023' where a day (18.09.2023) or a year (2023) is expected.",
    ),
    "ends before it begins": (
        [("25.09.2023", "17.09.2023")],
        11,
        "date_end (17.09.2023) lies before date_begin (18.09.2023).",
    ),
    "no date at all": (
        [("date_begin;18.09.2023\n", ""), ("instance;2023", "instance;third")],
        11,
        "META gives no date_begin, and instance is no year.",
    ),
    "project fields": (
        [("c3;20000;0;Boats;", "c3;20000;0;Boats")],
        16,
        "the row has 4 fields where the header names 5.",
    ),
    "project twice": ([("c3;", "c1;")], 16, "project 'c1' is listed a second time."),
    "project without id": ([("c3;", ";")], 16, "the project needs a project_id of 1 to 200 characters."),
    "cost": (
        [("40000.50", "40 000")],
        15,
        "cost is '40 000' where a number such as 12500 or 12500.50 is expected.",
    ),
    "negative cost": (
        [("20000;", "-20000;")],
        16,
        "cost is '-20000' where a number such as 12500 or 12500.50 is expected.",
    ),
    "votes column": ([("20000;0;", "20000;none;")], 16, "votes is 'none' where a whole number is expected."),
    "ballot fields": ([("v2;c1;", "v2;c1;;")], 20, "the row has 4 fields where the header names 3."),
    "unknown project": (
        [("v2;c1;", "v2;c1,c9;")],
        20,
        "the ballot of voter 'v2' names project 'c9', which PROJECTS does not list.",
    ),
    "empty project": (
        [("v2;c1;", "v2;c1,;")],
        20,
        "the ballot of voter 'v2' names project '', which PROJECTS does not list.",
    ),
    "voter twice": ([("v2;", "v1;")], 20, "voter 'v1' has a second ballot."),
    "no voter": ([("v2;", ";")], 20, "the ballot needs a voter_id of 1 to 200 characters."),
    "choose one of two": (
        [("vote_type;approval", "vote_type;choose-1")],
        19,
        "the ballot of voter 'v1' names 2 projects, not one.",
    ),
    "no points": ([CUMULATIVE], 18, "VOTES has no column points."),
    "too few points": (
        [CUMULATIVE, POINTS, (";3,4", ";3")],
        19,
        "the ballot of voter 'v1' names 2 projects and gives points to 1.",
    ),
    "points not a number": (
        [CUMULATIVE, POINTS, (";3,4", ";3,x")],
        19,
        "points has 'x' where a number is expected.",
    ),
    "fewer projects than said": (
        [("num_projects;3", "num_projects;4")],
        7,
        "num_projects is 4, but the number of projects is 3; is the file complete?",
    ),
    "cut short": (
        [("v2;c1;\n", "")],
        8,
        "num_votes is 2, but the number of ballots is 1; is the file complete?",
    ),
    "open quotation mark": (
        [("Boats", '"Boats')],
        16,
        "a quotation mark opens in this row and never closes.",
    ),
    "text after a quotation": (
        [("Boats", '"Boats" for all')],
        16,
        "a quoted field of this row goes on after its closing quotation mark; double the marks inside it.",
    ),
    "bare carriage return": (
        [("Boats", "Bo\rats")],
        16,
        "a bare carriage return stands inside the row; save the file with ordinary line ends.",
    ),
    "NUL": ([("Boats", "Bo\0ats")], 16, "the line holds a NUL byte; save the file as plain UTF-8 text."),
    "long field": (
        [("Boats", "x" * 200_000)],
        16,
        "a field is longer than 131,072 characters; is a quotation mark left open?",
    ),
    "long line": (
        [("Boats", "x" * 1_100_000)],
        16,
        "the line is longer than 1,048,576 bytes; is this a text file?",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_row_is_named_by_file_and_line(pb, case):
    """A file with a broken row is refused in one sentence that says where and what."""
    changes, line, sentence = CASES[case]

    with pytest.raises(BadRow) as refused:
        PabulibFile(pb(*changes)).check()

    assert str(refused.value) == f"sample.pb, line {line}: {sentence}"


@pytest.mark.parametrize("ask", [PabulibFile.ideas, PabulibFile.votes])
def test_nothing_is_emitted_of_a_bad_file(pb, ask):
    """The last row of a file is checked before the first idea or vote comes out."""
    with pytest.raises(BadRow):
        next(ask(PabulibFile(pb(("v2;c1;", "v2;c9;")))))


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (b"", 1, "the file is empty."),
        (b"\xef\xbb\xbf\n\n", 1, "the file is empty."),
        (b"META\n", 1, f"the file ends before the section PROJECTS; {SECTIONS}"),
        (b"META\nkey;value\n", 2, f"the file ends before the section PROJECTS; {SECTIONS}"),
        (
            b"META\nkey;value\nunit;\xa3\xf3d\n",
            3,
            "byte 6 of the line (0xA3) is not UTF-8; save the file as UTF-8.",
        ),
        ("META\n".encode("utf-16"), 1, "byte 1 of the line (0xFF) is not UTF-8; save the file as UTF-8."),
    ],
)
def test_a_file_that_is_hardly_one(tmp_path, text, line, sentence):
    """Empty, truncated and wrongly encoded files are refused with the line."""
    path = tmp_path / "odd.pb"
    path.write_bytes(text)

    with pytest.raises(BadRow) as refused:
        PabulibFile(path).check()

    assert str(refused.value) == f"odd.pb, line {line}: {sentence}"


def test_a_file_that_is_not_there(tmp_path):
    """A path that cannot be opened is refused like a bad file, without a line."""
    with pytest.raises(BadRow) as refused:
        PabulibFile(tmp_path / "absent.pb").check()

    assert str(refused.value) == "absent.pb: the file cannot be read (No such file or directory)."


def test_a_file_that_changes_between_two_passes(pb):
    """Votes are not read from a file that is no longer the one that was checked."""
    path = pb()
    reader = PabulibFile(path)
    reader.check()
    pb(("v2;c1;", "v2;c1,c2;"))

    with pytest.raises(BadRow) as refused:
        list(reader.votes())

    assert str(refused.value) == "sample.pb: the file was changed while it was being read; import it again."


def test_a_file_beyond_the_bounds_is_refused(pb, monkeypatch):
    """A file with more projects or ballots than the reader holds in memory is to be split."""
    monkeypatch.setattr(pabulib, "BALLOT_LIMIT", 1)
    with pytest.raises(BadRow, match=r"line 20: the file has more than 1 ballots; split it\.$"):
        PabulibFile(pb()).check()
    monkeypatch.setattr(pabulib, "PROJECT_LIMIT", 2)
    with pytest.raises(BadRow, match=r"line 16: the file has more than 2 projects; split it\.$"):
        PabulibFile(pb()).check()


def test_a_long_value_is_shown_in_part(pb):
    """A message stays a sentence, however long the value is that it quotes."""
    with pytest.raises(BadRow) as refused:
        PabulibFile(pb(("v2;c1;", f"v2;{'c' * 1_000};"))).check()

    assert len(str(refused.value)) < 200
