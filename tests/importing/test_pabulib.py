"""What the reader of `.pb` files makes of a file that is as it should be."""

import csv
import io
import tempfile
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importing.pabulib import PabulibFile
from app.importing.rows import Collection, ImportedIdea, ImportedVote, Source


def named(path: Path) -> list[tuple[str, str]]:
    """List the votes of a file as (voter, project)."""
    return [(vote.voter_id, vote.source_id) for vote in PabulibFile(path).votes()]


def test_every_project_is_an_idea(pb):
    """A project becomes an idea with its title, theme and place codes, cost in minor units and count."""
    idea = list(PabulibFile(pb()).ideas())[1]

    assert idea == ImportedIdea(
        line=15,
        source_id="c2",
        title="Choir",
        text="Choir",
        themes=("AR101", "ED"),
        places=("PL",),
        cost_minor=4_000_050,
        currency="PLN",
        logged_at=datetime(2023, 9, 18, tzinfo=UTC),
        official_votes=1,
    )


def test_every_project_named_is_a_vote(pb):
    """A ballot becomes one vote for each project it names, on the last day of the period."""
    last_day = datetime(2023, 9, 25, tzinfo=UTC)

    assert list(PabulibFile(pb()).votes()) == [
        ImportedVote(line=19, source_id="c1", voter_id="v1", at=last_day, supports=True),
        ImportedVote(line=19, source_id="c2", voter_id="v1", at=last_day, supports=True),
        ImportedVote(line=20, source_id="c1", voter_id="v2", at=last_day, supports=True),
    ]


def test_the_collection_says_what_the_file_holds(pb):
    """The collection is META's instance, and its counts are those of the rows that will come."""
    assert PabulibFile(pb()).collection == Collection(
        source=Source(system="pabulib", collection="2023"),
        identity="poland/exampleton///2023",
        title="Sample budget of Exampleton",
        description="",
        country="PL",
        ideas=3,
        ballots=2,
        votes=3,
    )


@pytest.mark.parametrize(
    "change",
    [
        ("country;Poland", "country;France"),
        ("unit;Exampleton", "unit;Sampleton"),
        ("instance;2023", "instance;2019"),
        ("date_end", "district;North\ndate_end"),
        ("date_end", "subunit;North\ndate_end"),
    ],
)
def test_budgets_that_differ_in_place_or_edition_have_different_identities(pb, change):
    """Two files that share an instance but not the place, or the other way, do not collide."""
    here = PabulibFile(pb()).collection.identity
    there = PabulibFile(pb(change)).collection.identity

    assert here != there


def test_the_identity_does_not_depend_on_how_a_name_is_typed(pb):
    """Case, doubled spaces and Unicode composition leave the identity as it is."""
    composed = PabulibFile(pb(("unit;Exampleton", "unit;Nowa Łódź Ó"))).collection.identity
    decomposed = PabulibFile(pb(("unit;Exampleton", "unit;nowa  łódź O\u0301"))).collection.identity

    assert composed == decomposed


@pytest.mark.parametrize(
    ("vote_type", "header", "ballot", "projects"),
    [
        ("approval", "voter_id;vote;age", "v1;c1,c2;34", ["c1", "c2"]),
        ("ordinal", "voter_id;vote;age", "v1;c3,c1,c2;34", ["c3", "c1", "c2"]),
        ("choose-1", "voter_id;vote;age", "v1;c2;34", ["c2"]),
        ("cumulative", "voter_id;vote;points", "v1;c3,c1,c2;5,0,2", ["c3", "c2"]),
        ("scoring", "voter_id;vote;points", "v1;c3,c1,c2;-1,0.5,0.0", ["c1"]),
    ],
)
def test_each_kind_of_ballot(pb, vote_type, header, ballot, projects):
    """What a ballot supports is read by its kind: named, or given more than 0 points."""
    second = "v2;c1;1" if "points" in header else "v2;c1;"
    path = pb(
        ("vote_type;approval", f"vote_type;{vote_type}"),
        ("voter_id;vote;age\nv1;c1,c2;34\nv2;c1;\n", f"{header}\n{ballot}\n{second}\n"),
    )

    assert named(path) == [("v1", project) for project in projects] + [("v2", "c1")]


def test_a_project_named_twice_is_one_vote(pb):
    """Naming a project again on the same ballot adds nothing."""
    assert named(pb(("v1;c1,c2;34", "v1;c1,c2,c1;34")))[:2] == [("v1", "c1"), ("v1", "c2")]


def test_a_project_with_and_without_points_is_supported(pb):
    """A project that a ballot names twice counts where either entry has points."""
    path = pb(
        ("vote_type;approval", "vote_type;cumulative"),
        ("vote;age\nv1;c1,c2;34\nv2;c1;", "vote;points\nv1;c1,c1;0,3\nv2;c2;0"),
    )

    assert named(path) == [("v1", "c1")]


def test_a_ballot_may_be_blank(pb):
    """A ballot that names nothing is a ballot without votes."""
    path = pb(("v2;c1;", "v2;;"))

    assert [vote.voter_id for vote in PabulibFile(path).votes()] == ["v1", "v1"]
    assert PabulibFile(path).collection.ballots == 2


def test_columns_are_found_by_name(pb):
    """The order of the columns is free, and others may stand between them."""
    path = pb(("voter_id;vote;age\nv1;c1,c2;34\nv2;c1;", "age;vote;sex;voter_id\n34;c1,c2;F;v1\n;c1;;v2"))

    assert named(path) == [("v1", "c1"), ("v1", "c2"), ("v2", "c1")]


@pytest.mark.parametrize(
    "dress",
    [
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace(";", "; ").replace(",", ", "), id="spaces"),
        pytest.param(lambda text: text.rstrip("\n"), id="no last line end"),
        pytest.param(
            lambda text: text.replace("PROJECTS", "\nPROJECTS").replace("VOTES", "\n\nVOTES"),
            id="blank lines",
        ),
        pytest.param(lambda text: text.replace("PROJECTS", "PROJECTS;;;;"), id="padded by a spreadsheet"),
    ],
)
def test_files_are_read_as_people_save_them(pb, dress):
    """How a file was saved does not change what it says."""
    path = pb()
    plain = [idea.title for idea in PabulibFile(path).ideas()], named(path)
    path.write_text(dress(path.read_text(encoding="utf-8")), encoding="utf-8", newline="")

    assert ([idea.title for idea in PabulibFile(path).ideas()], named(path)) == plain


def test_a_quoted_title_may_hold_anything(pb):
    """Quoted fields keep semicolons, quotation marks and line ends; a title is one line all the same."""
    path = pb(("c1;68000;2;Benches;", 'c1;68000;2;"Benches; ""green""\nones";'))
    first, second, _ = PabulibFile(path).ideas()

    assert first.title == 'Benches; "green" ones'
    assert (first.line, second.line) == (14, 16)


def test_a_long_title_is_cut_and_kept_whole_in_the_text(pb):
    """A title over 200 characters is cut at a word; the text has all of it, then the description."""
    full = "Benches " * 40
    path = pb(
        ("votes;name;category", "votes;name;description"),
        ("Benches;public space", f"{full};For sitting"),
    )
    idea = next(PabulibFile(path).ideas())

    assert len(idea.title) <= 200
    assert idea.title.endswith("Benches…")
    assert idea.text == f"{full.strip()}\n\nFor sitting"


def test_a_project_without_a_name_is_called_by_its_id(pb):
    """An idea always has a title and a text."""
    idea = next(PabulibFile(pb(("2;Benches;", "2;;"))).ideas())

    assert (idea.title, idea.text) == ("Project c1", "Project c1")


@pytest.mark.parametrize(
    ("currency", "cost", "minor"),
    [("GBP", "12.345", 1234), ("JPY", "1200", 1200), ("KWD", "1.5", 1500), ("EUR", "0.015", 2)],
)
def test_cost_is_in_the_currency_s_own_minor_unit(pb, currency, cost, minor):
    """Yen have no minor unit and Kuwaiti dinars three digits; halves go to the even neighbour."""
    path = pb(("date_begin", f"currency;{currency}\ndate_begin"), ("c1;68000", f"c1;{cost}"))
    idea = next(PabulibFile(path).ideas())

    assert (idea.cost_minor, idea.currency) == (minor, currency)


def test_what_is_not_known_is_left_out(pb):
    """No country means no place and no currency, no cost no money, no votes no official count."""
    path = pb(("country;Poland", "country;Worldwide"), ("c1;68000;2;", "c1;68000;;"))
    first = next(PabulibFile(path).ideas())
    costless = next(PabulibFile(pb(("c1;68000", "c1;"))).ideas())

    assert (first.places, first.cost_minor, first.currency, first.official_votes) == ((), None, None, None)
    assert (costless.cost_minor, costless.currency) == (None, None)


@pytest.mark.parametrize(
    ("changes", "begins", "ends"),
    [
        ([("18.09.2023", "2023"), ("25.09.2023", "2023")], (2023, 1, 1), (2023, 12, 31)),
        ([("18.09.2023", "2023-09-18"), ("date_end;25.09.2023\n", "")], (2023, 9, 18), (2023, 9, 18)),
        ([("date_begin;18.09.2023\ndate_end;25.09.2023\n", "")], (2023, 1, 1), (2023, 12, 31)),
    ],
)
def test_dates_come_in_several_forms(pb, changes, begins, ends):
    """A day, a year or nothing: ideas are logged when the period begins, votes cast when it ends."""
    reader = PabulibFile(pb(*changes))

    assert next(reader.ideas()).logged_at == datetime(*begins, tzinfo=UTC)
    assert next(reader.votes()).at == datetime(*ends, tzinfo=UTC)


def test_every_theme_code_is_one_of_ukcat(real):
    """The categories map to codes that the published taxonomy has."""
    from app.importing.codes import THEMES

    with real("ukcat/ukcat.csv").open(encoding="utf-8", newline="") as file:
        published = {row["Code"] for row in csv.DictReader(file)}

    assert {code for codes in THEMES.values() for code in codes} <= published


_ids = (
    st.text(
        st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters=","), min_size=1, max_size=8
    )
    .map(str.strip)
    .filter(lambda text: text and text.upper() not in ("META", "PROJECTS", "VOTES"))
)


@st.composite
def _budgets(draw) -> tuple[str, list[str], dict[str, list[str]]]:
    """Draw a kind of ballot, projects, and the projects that each voter names."""
    projects = draw(st.lists(_ids, min_size=1, max_size=6, unique=True))
    kind = draw(st.sampled_from(["approval", "ordinal", "choose-1", "cumulative", "scoring"]))
    most = 1 if kind == "choose-1" else len(projects)
    choices = st.lists(st.sampled_from(projects), max_size=most, unique=True)
    return kind, projects, draw(st.dictionaries(_ids, choices, max_size=6))


@given(_budgets())
def test_whatever_ballots_are_written_are_read_back(budget):
    """For any ids and ballots, reading a written file gives exactly the votes that went into it."""
    kind, projects, ballots = budget
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=";")
    rows.writerows([["META"], ["key", "value"], ["country", "Poland"], ["unit", "Exampleton"]])
    rows.writerows([["instance", "2023"], ["vote_type", kind], ["num_votes", len(ballots)]])
    rows.writerows([["num_projects", len(projects)], ["PROJECTS"], ["project_id", "cost", "name"]])
    rows.writerows([project, 100, project] for project in projects)
    rows.writerows([["VOTES"], ["voter_id", "vote", "points"]])
    rows.writerows(
        [voter, ",".join(chosen), ",".join("1" * len(chosen))] for voter, chosen in ballots.items()
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.pb"
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        reader = PabulibFile(path)

        assert [idea.source_id for idea in reader.ideas()] == projects
        assert named(path) == [(voter, project) for voter, chosen in ballots.items() for project in chosen]
        assert reader.collection.votes == sum(map(len, ballots.values()))


def test_a_pass_over_the_votes_holds_no_more_than_a_row(pb):
    """Memory stays flat while votes are read, however many ballots there are."""
    ballots = "".join(f"voter-{number};c1,c2,c3;\n" for number in range(8_000))
    reader = PabulibFile(pb(("num_votes;2", "num_votes;8000"), ("v1;c1,c2;34\nv2;c1;\n", ballots)))
    reader.check()
    tracemalloc.start()

    assert sum(1 for _ in reader.votes()) == 24_000
    assert tracemalloc.get_traced_memory()[1] < 300_000
    tracemalloc.stop()
