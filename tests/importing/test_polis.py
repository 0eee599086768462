"""What the reader of Polis exports makes of a folder, right or wrong."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.importing import polis as polis_reader
from app.importing.polis import PolisFolder
from app.importing.rows import BadRow, Collection, ImportedIdea, Source

START = datetime(2017, 7, 14, 2, 40, tzinfo=UTC)


def changes(folder):
    """List the votes of a folder as (seconds after the first statement, statement, voter, supports)."""
    return [
        ((vote.at - START) / timedelta(seconds=1), vote.source_id, vote.voter_id, vote.supports)
        for vote in PolisFolder(folder).votes()
    ]


def test_every_statement_is_an_idea(polis):
    """A statement becomes an idea at its own time, one that was moderated out included."""
    assert list(PolisFolder(polis()).ideas())[1] == ImportedIdea(
        line=3,
        source_id="1",
        title="Fewer cars, please",
        text="Fewer cars, please",
        themes=(),
        places=(),
        cost_minor=None,
        currency=None,
        logged_at=START + timedelta(seconds=1),
        official_votes=1,
    )


def test_agreement_is_a_vote_and_a_later_change_withdraws_it(polis):
    """Votes come in the order of time, not of the file, with their own times."""
    assert changes(polis()) == [
        (2.0, "0", "9", True),
        (2.5, "0", "8", True),
        (3.0, "0", "9", False),
        (4.0, "0", "9", True),
        (5.0, "1", "8", True),
    ]


@pytest.mark.parametrize("later", ["0", "-1"])
def test_passing_withdraws_like_disagreeing(polis, later):
    """Whoever agreed and then passes or disagrees supports the statement no longer."""
    folder = polis("votes.csv", ("1500000004000,Fri,0,9,1", f"1500000004000,Fri,0,8,{later}"))

    assert changes(folder)[-2:] == [(4.0, "0", "8", False), (5.0, "1", "8", True)]


def test_equal_times_stay_in_the_file_s_order(polis):
    """Two rows of the same millisecond count in the order in which they stand."""
    folder = polis(
        "votes.csv", ("1500000002000,Fri,0,9,1\n1500000003000", "1500000003000,Fri,0,9,1\n1500000003000")
    )

    assert changes(folder)[1:3] == [(3.0, "0", "9", True), (3.0, "0", "9", False)]


def test_repeating_an_agreement_changes_nothing(polis):
    """A second agreement of the same person is no second vote."""
    folder = polis("votes.csv", ("1500000003000,Fri,0,9,-1", "1500000003000,Fri,0,9,1"))

    assert [change for change in changes(folder) if change[2] == "9"] == [(2.0, "0", "9", True)]


def test_the_summary_names_the_conversation(polis):
    """The collection is the conversation's id in the address, and the topic its title."""
    assert PolisFolder(polis()).collection == Collection(
        source=Source(system="polis", collection="5benches"),
        identity="polis.example/5benches",
        title="Sample talk on benches",
        description="Two\nlines",
        country=None,
        ideas=2,
        ballots=3,
        votes=5,
    )


def test_without_a_summary_the_folder_names_the_conversation(polis):
    """Two folders of different names are different collections."""
    folder = polis()
    (folder / "summary.csv").unlink()
    collection = PolisFolder(folder).collection

    assert (collection.source.collection, collection.identity) == ("benches", "folder/benches")
    assert collection.title == "benches"


def test_a_long_statement_is_cut_to_a_title(polis):
    """The title is one line of at most 200 characters; the text is the statement as it was."""
    body = "More benches.  " * 20 + "\nPlease."
    idea = next(PolisFolder(polis("comments.csv", ("More benches", f'"{body}"'))).ideas())

    assert len(idea.title) <= 200
    assert idea.text == body


CASES = {
    "comments": [
        ("column", ("comment-body", "body"), 1, "the header has no column comment-body."),
        ("fields", (",1,More", ",1,x,More"), 2, "the row has 9 fields where the header names 8."),
        ("twice", ("Fri,1,8", "Fri,0,8"), 3, "statement '0' is listed a second time."),
        ("no id", ("Fri,1,8", "Fri,,8"), 3, "the statement needs a comment-id of 1 to 200 characters."),
        ("agrees", (",3,0,1,", ",many,0,1,"), 2, "agrees is 'many' where a whole number is expected."),
        (
            "seconds",
            ("1500000001000", "1500000001"),
            3,
            "timestamp is '1500000001' where milliseconds since 1970 are expected.",
        ),
    ],
    "votes": [
        ("column", ("voter-id", "person"), 1, "the header has no column voter-id."),
        ("column twice", ("datetime", "vote"), 1, "the header has the column vote 2 times."),
        ("fields", ("Fri,0,9,-1", "Fri,0,9"), 4, "the row has 4 fields where the header names 5."),
        (
            "statement",
            ("Fri,1,7", "Fri,2,7"),
            7,
            "the vote is on statement '2', which comments.csv does not list.",
        ),
        ("voter", ("Fri,1,7", "Fri,1,"), 7, "the vote needs a voter-id of 1 to 200 characters."),
        ("choice", ("Fri,1,7,-1", "Fri,1,7,yes"), 7, "vote is 'yes' where 1, 0 or -1 is expected."),
        (
            "time",
            ("1500000006000", "Friday"),
            7,
            "timestamp is 'Friday' where milliseconds since 1970 are expected.",
        ),
    ],
}


@pytest.mark.parametrize(
    ("name", "change", "line", "sentence"),
    [
        pytest.param(f"{file}.csv", *case[1:], id=f"{file}: {case[0]}")
        for file, cases in CASES.items()
        for case in cases
    ],
)
def test_a_bad_row_is_named_by_file_and_line(polis, name, change, line, sentence):
    """A folder with a broken row is refused in one sentence that says where and what."""
    with pytest.raises(BadRow) as refused:
        PolisFolder(polis(name, change)).check()

    assert str(refused.value) == f"{name}, line {line}: {sentence}"


def test_reversed_signs_are_refused(polis):
    """Where the published counts fit only the opposite signs, nothing is read the wrong way round."""
    folder = polis()
    votes = folder / "votes.csv"
    votes.write_text(
        votes.read_text().replace(",-1\n", ",x\n").replace(",1\n", ",-1\n").replace(",x\n", ",1\n")
    )

    with pytest.raises(BadRow) as refused:
        PolisFolder(folder).check()

    assert str(refused.value) == "votes.csv: vote has its signs reversed; 1 must mean agree and -1 disagree."


def test_a_folder_beyond_the_bounds_is_refused(polis, monkeypatch):
    """A folder with more statements or votes than the reader holds in memory is to be split."""
    folder = polis()
    monkeypatch.setattr(polis_reader, "VOTE_ROW_LIMIT", 5)
    with pytest.raises(BadRow, match=r"^votes.csv, line 7: the file has more than 5 votes; split it\.$"):
        PolisFolder(folder).check()
    monkeypatch.setattr(polis_reader, "STATEMENT_LIMIT", 1)
    with pytest.raises(
        BadRow, match=r"^comments.csv, line 3: the file has more than 1 statements; split it\.$"
    ):
        PolisFolder(folder).check()


def test_an_empty_file(polis):
    """A file without even a header is refused."""
    folder = polis()
    (folder / "votes.csv").write_bytes(b"")

    with pytest.raises(BadRow, match=r"^votes.csv, line 1: the file is empty.$"):
        PolisFolder(folder).check()


def test_a_missing_file_and_a_file_instead_of_the_folder(polis):
    """What is missing is named."""
    folder = polis()
    (folder / "votes.csv").unlink()

    with pytest.raises(BadRow, match=r"^votes.csv: the file cannot be read"):
        PolisFolder(folder).check()
    with pytest.raises(
        BadRow, match=r"^comments.csv: a Polis export is a folder with comments.csv and votes.csv"
    ):
        PolisFolder(folder / "comments.csv").check()


@given(
    st.lists(
        st.tuples(
            st.integers(0, 5), st.sampled_from("01"), st.sampled_from("abc"), st.sampled_from([1, 0, -1])
        )
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_stands_in_the_end_is_each_person_s_last_word(tmp_path, rows):
    """For any rows, casting and withdrawing in turn ends with those who agreed last."""
    (tmp_path / "comments.csv").write_text(
        "timestamp,comment-id,comment-body\n1500000000000,0,Benches\n1500000000000,1,Cars\n"
    )
    lines = "".join(f"{1_500_000_000_000 + at},{idea},{voter},{choice}\n" for at, idea, voter, choice in rows)
    (tmp_path / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n" + lines)
    reader = PolisFolder(tmp_path)
    last = {(idea, voter): choice for _, idea, voter, choice in sorted(rows, key=lambda row: row[0])}
    standing: Counter[tuple[str, str]] = Counter()

    votes = list(reader.votes())
    for vote in votes:
        standing[vote.source_id, vote.voter_id] += 1 if vote.supports else -1
        assert standing[vote.source_id, vote.voter_id] in (0, 1)

    assert [vote.at for vote in votes] == sorted(vote.at for vote in votes)
    assert +standing == Counter(pair for pair, choice in last.items() if choice == 1)
    assert reader.collection.votes == len(votes)
