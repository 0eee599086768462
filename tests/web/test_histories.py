"""History in words that people use: kinds, addresses, what changed, and files."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qsl

import msgspec
import pytest

from app.web.histories.asked import HistoryQuery, filter_of, parameters, query_from
from app.web.histories.changes import differences_of
from app.web.histories.downloads import as_csv, as_lines, file_name, safe
from app.web.histories.kinds import KINDS, THINGS, kind_of, thing_of
from events.contracts import CONTRACTS
from projections.audit_history.queries import Change, HistoryItem
from tests.web.cast import uuid
from tests.web.examples import PAGES
from tests.web.history_examples import page as history_page
from tests.web.markup import read
from tests.web.test_pages import ENVIRONMENT, render

GOLDEN = Path(__file__).parent.parent / "fixtures" / "downloads" / "history.csv"
AT = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)


def item(number=1, **changes):
    """Make an item of the history."""
    return HistoryItem(
        **{
            "position": number,
            "type": "IdeaRevised",
            "subject": uuid(1),
            "actor": uuid(2),
            "occurred_at": AT,
            "recorded_at": AT,
            "sentence": "The idea “Garden” was revised.",
            "why": None,
            "changes": [],
            **changes,
        }
    )


ITEMS = (
    item(3, why='She said "yes", and\nthen no', changes=[Change(field="title", before="A", after="B")]),
    item(2, sentence="=HYPERLINK(0)", why="@SUM(1)", actor=None),
    item(1, sentence="Łąka, zieleń", why="-1"),
)


def test_every_type_of_event_is_of_one_kind_and_about_one_sort_of_thing():
    """No type is missing and none is in two groups."""
    names = sorted(contract.__name__ for contract in CONTRACTS)
    for groups in (KINDS, THINGS):
        assert sorted(name for _, types in groups.values() for name in types) == names
    assert (kind_of("PledgeMade"), thing_of("PledgeMade")) == ("money", "pool")


def test_an_address_says_what_it_shows():
    """What is asked for comes back from its address whole, and a day in the filter ends with the day."""
    query = HistoryQuery(
        thing="idea", kind="ended", about=uuid(1), by=uuid(2), since=date(2026, 5, 1), until=date(2026, 5, 3)
    )
    written = dict(pair.split("=") for pair in parameters(query).split("&"))
    assert query_from(written) == query
    found = filter_of(query, by_organisation=False)
    assert (found.since, found.until) == (datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 4, tzinfo=UTC))
    assert found.types == ("IdeaWithdrawn", "IdeaClosed", "NeedRemoved")
    assert (found.actor, found.organisation) == (uuid(2), None)
    assert filter_of(query, by_organisation=True).organisation == uuid(2)
    assert filter_of(HistoryQuery(until=date.max), by_organisation=False).until is None


@pytest.mark.parametrize(
    "asked",
    [
        {"thing": "dragon", "kind": "x", "about": "1", "by": "z" * 36},
        {"since": "2026-13-01", "until": "20260101"},
    ],
)
def test_what_cannot_be_meant_is_left_out(asked):
    """An odd address asks for everything."""
    assert query_from(asked) == HistoryQuery()


def test_of_two_groups_that_have_nothing_in_common_there_is_nothing():
    """A kind that a sort of thing never has shows nothing, and not everything."""
    assert filter_of(HistoryQuery(thing="person", kind="money"), by_organisation=False).types == ("-",)


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        (Change(field="title", before="A red bus", after="A blue bus"), "Title", "A -red +blue bus"),
        (Change(field="places", before=["GB-DUR"], after=["GB-DUR", "GB-LDS"]), "Places", "+Leeds"),
        (
            Change(field="ask", before=None, after={"amount_minor": 500, "currency": "GBP"}),
            "What it asks for",
            "+£5",
        ),
        (Change(field="voting_paused", before=False, after=True), "Voting is paused", "-no +yes"),
        (Change(field="deadline", before=None, after="2026-05-03T14:05:00Z"), "Deadline", "+3 May 2026, 14:05 UTC"),
        (Change(field="conditions", before={"min_funders": 2}, after={}), "Conditions", "-At least 2 funders"),
        (Change(field="thresholds", before={}, after={"verified_votes": 5}), "Before it pledges", "+The idea has"),
        (Change(field="needs.x", before={"kind": "space", "title": "A hall"}, after=None), "A part it needs", "-Kind: Space; Title: A hall"),
        (Change(field="needs", before=["a"], after=["b"]), "Parts it covers", "changed"),
        (Change(field="rules", before={"support_threshold": 3}, after={"support_threshold": 5}), "Rules of voting", "-Support threshold: 3 +Support threshold: 5"),
        (Change(field="problem", before="long " * 1000, after="short"), "What is wrong today", "-long"),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words(change, name, words):
    """What was taken out and put in is told field by field, in the words of the pages."""
    (told,) = differences_of([change])
    marks = {"removed": "-", "added": "+", "same": ""}
    said = "".join(f"{marks[piece.kind]}{piece.text}" for piece in told.pieces)
    assert told.name == name
    assert said.startswith(words), said


def test_what_says_the_same_is_no_change():
    """A field that reads alike before and after is left out."""
    assert differences_of([Change(field="mode", before="", after=None)]) == []


def test_a_file_for_spreadsheets_is_what_it_was():
    """The golden file: a mark for UTF-8, CRLF, quotes doubled, line ends inside quotes, and no formulas."""
    written = as_csv(ITEMS[:1], is_first=True) + as_csv(ITEMS[1:], is_first=False)
    assert written == GOLDEN.read_bytes()
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows] == ["record", "3", "2", "1"]
    assert rows[1][4] == 'She said "yes", and\nthen no'
    assert rows[2][3:5] == ["'=HYPERLINK(0)", "'@SUM(1)"]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_like_a_formula(begin):
    """Whatever a spreadsheet would work out or run is text."""
    assert safe(f"{begin}1") == f"'{begin}1"
    assert safe("1=1") == "1=1"


def test_lines_of_json_are_items_of_the_api():
    """Each line is an item whole, and there is one line for each."""
    lines = as_lines(ITEMS, is_first=True).splitlines()
    assert [msgspec.json.decode(line, type=HistoryItem) for line in lines] == list(ITEMS)


def test_a_file_is_named_after_what_is_in_it():
    """Names are plain letters, whatever the thing is called."""
    assert file_name("Ein Bus, „für“ alle/../", date(2026, 5, 3), "csv") == (
        "open-impact-history-ein-bus-f-r-alle-2026-05-03.csv"
    )
    assert file_name(None, date(2026, 5, 3), "jsonl") == "open-impact-history-2026-05-03.jsonl"
    assert len(file_name("x" * 500, date(2026, 5, 3), "csv")) < 80


def test_history_gives_minute_reason_who_and_record():
    """Each step has its moment, its reason, whose it was, what it changed, and its record in the public log."""
    first, votes, *_ = read(render("history")).one("ol", class_="timeline").all("li")
    assert first.one("time").text == "2 November 2026, 10:05 UTC"
    for words in ("The parish council", "Moira T.", "record 41,212", "[taken out: Forty", "£18,400"):
        assert words in first.text
    assert "38 people supported" in votes.text
    assert votes.one("time").text == "29 October 2026"


def test_the_form_of_a_history_keeps_what_was_asked():
    """Everything that narrows the page is in the form or can be taken off by a link."""
    page = read(render("all-history-narrowed"))
    form = page.one("form")
    assert (form["action"], form["method"]) == ("/history", "get")
    kept = {field["name"]: field.get("value") for field in form.all("input")}
    assert kept == {"since": "2026-10-21", "until": "2026-11-20", "about": str(uuid(1)), "by": str(uuid(31))}
    taken_off = [link.text for link in page.one("ul", class_="filters").all("a")]
    assert taken_off == [
        "Remove filter: About: A shared minibus",
        "Remove filter: By: Moira T.",
        "Remove filter: Ideas",
        "Remove filter: Changes",
        "Remove filter: From 21 October 2026",
        "Remove filter: Until 20 November 2026",
        "Clear all filters",
    ]
    assert page.one("a", href=PAGES["all-history-narrowed"][1].downloads.csv_href)


def test_an_empty_history_invites():
    """Where filters leave nothing they can be cleared; where nothing happened, it is said what will stand there."""
    assert read(render("all-history-nothing")).one("div", class_="empty").one("a")["href"] == "/history"
    assert "Nothing has happened yet" in ENVIRONMENT.get_template("history.html").render(
        page=PAGES["all-history-nothing-yet"][1]
    )


def test_matches_told_together_lead_to_each_of_them():
    """The line asks for its mandate, its day and one by one; that choice is shown and can be taken back."""
    page = read(render("all-history"))
    (link, *_) = [one for one in page.all("a") if one.text.startswith("Show each of them")]
    path, _, asked = link["href"].partition("?")
    query = query_from(dict(parse_qsl(asked)))
    day = date(2026, 10, 28)
    assert (path, query) == (
        "/history",
        HistoryQuery(about=uuid(9), thing="mandate", kind="forward", since=day, until=day, each=True),
    )
    assert filter_of(query, by_organisation=False).each
    shown = history_page(query, ())
    assert ("each", "1") in shown.kept
    (taken_back,) = [one.remove_href for one in shown.filters if one.label == "One by one"]
    assert query_from(dict(parse_qsl(taken_back.partition("?")[2]))) == msgspec.structs.replace(
        query, each=False
    )
