"""The pictures that other sites show: their lines, what they say, and that hostile texts stay texts."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from app.importing.sample.content import SOURCE_SYSTEM
from app.web.embedding.cards import IDEA_HEIGHT, WIDTH, idea_picture
from app.web.embedding.lines import about_as_wide, clean, direction_of, wrapped
from app.web.embedding.pictures import idea_svg
from events.contracts import Source
from projections.covered import Coverage
from projections.idea_detail.queries import IdeaDetail
from projections.language import speaking
from tests.pseudo import PSEUDO, english_in
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid

SVG = "{http://www.w3.org/2000/svg}"
ROOM = 432
BY_LETTERS = len
"""A measure in which every character is one wide."""


def an_idea(title="A shared minibus for three villages", **changes):
    """Make an idea as the read model gives it."""
    told = dict(  # noqa: C408  # Fields by name, as they are written elsewhere.
        idea_id=uuid(1),
        title=title,
        problem="The last bus stopped in 2019. More.",
        proposal="",
        beneficiaries="",
        themes=[],
        places=["GB-DUR"],
        community="commons",
        community_name="Commons",
        author_id=uuid(2),
        stage="shaping",
        stage_reason="",
        since=START,
        votes=1_148,
        support_threshold=25,
        ask=None,
        source=None,
        logged_at=datetime(2026, 10, 1, tzinfo=UTC),
        revised_at=None,
        withdrawn_reason=None,
        version=1,
        position=7,
    )
    return IdeaDetail(**{**told, **changes})


def needing(needs, covered):
    """Say how far an idea is covered."""
    return Coverage(
        needs=needs,
        uncovered=needs - covered,
        offered=0,
        covered=covered,
        delivered=0,
        covered_percent=0,
        cost_open=[],
        costs_unknown=0,
        note="",
    )


def drawn(idea, coverage=None):
    """Draw an idea and read the picture strictly."""
    return ET.fromstring(idea_svg(idea_picture(idea, coverage)))  # noqa: S314  # We wrote it ourselves, just now.


def words_in(picture):
    """Give the words that are seen, in order."""
    return ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


def test_a_card_says_what_an_idea_is_how_far_it_is_and_what_it_needs():
    """Title, first sentence, bulbs, stage, support, needs and place are drawn, and said in one text for who listens."""
    picture = drawn(an_idea(), needing(4, 2))
    assert words_in(picture) == [
        *("A shared minibus for three", "villages", "The last bus stopped in 2019. More.", "Shaping"),
        *("1,148 people support this", "2 of 4 parts still needed", "County Durham", "Impact"),
    ]
    glows = [group.get("class") for group in picture.iter(f"{SVG}g") if group.get("class")]
    assert glows == ["lit", "lit", "half", "unlit", "unlit", "unlit"]
    assert picture.find(f"{SVG}title").text == (
        "A shared minibus for three villages. Stage: Shaping. 1,148 people support this. 2 of 4 parts still needed."
    )
    assert (picture.get("width"), picture.get("height")) == (str(WIDTH), str(IDEA_HEIGHT))


def test_sample_data_is_marked_and_what_ended_says_so():
    """An invented idea says that it is one; a withdrawn idea has no bulbs and asks for nothing."""
    sample = an_idea(source=Source(system=SOURCE_SYSTEM, collection="x", id="1"))
    assert "Sample data" in words_in(drawn(sample))
    assert "Sample data" not in words_in(drawn(an_idea()))
    ended = drawn(an_idea(stage="withdrawn"), needing(4, 2))
    assert "Withdrawn by its author." in words_in(ended)
    assert not [group for group in ended.iter(f"{SVG}g") if group.get("class")]
    assert not [words for words in words_in(ended) if "needed" in words]
    assert "The text of this idea was" in words_in(drawn(an_idea("", problem="")))


@pytest.mark.parametrize("changes", [{}, {"votes": 0}, {"stage": "withdrawn"}, {"stage": "closed"}])
def test_a_card_says_nothing_that_translators_were_not_given(changes):
    """Beside the idea's own words, and the name of the site, nothing is left in English in another language."""
    sample = Source(system=SOURCE_SYSTEM, collection="x", id="1")
    named = an_idea("12", problem="13", places=[], source=sample, **changes)
    with speaking(PSEUDO):
        picture = drawn(named, needing(4, 2))
    said = [*words_in(picture), picture.find(f"{SVG}title").text]
    assert [words for words in said if english_in(words)] == ["Impact"]
    assert picture.get("{http://www.w3.org/XML/1998/namespace}lang") == PSEUDO.lang


@pytest.mark.parametrize(
    "title", [f"{SCRIPT} {LONG_WORD}", "]]><style>*{}</style>&amp;\0\ud800\u202e\ufffe", "漢" * 200]
)
def test_what_people_wrote_is_text_and_never_markup(title):
    """Whatever a title holds, the picture is well-formed, has one style, no script, and at most three lines of title."""
    picture = drawn(an_idea(title, problem=title))
    assert not list(picture.iter(f"{SVG}script"))
    assert len(list(picture.iter(f"{SVG}style"))) == 1
    lines = [text for text in picture.iter(f"{SVG}text") if text.get("class") == "title"]
    assert 1 <= len(lines) <= 3
    assert not [name for element in picture.iter() for name in element.attrib if name.startswith("on")]


def test_a_text_from_right_to_left_begins_on_the_right():
    """Its lines run the other way and stand at the other side."""
    (line, *_) = [
        text
        for text in drawn(an_idea("حافلة مشتركة لثلاث قرى")).iter(f"{SVG}text")
        if text.get("class") == "title"
    ]
    assert (line.get("direction"), line.get("x")) == ("rtl", str(WIDTH - 24))
    assert direction_of("12 — حافلة bus") == "rtl"
    assert direction_of("12") == "ltr"


@pytest.mark.parametrize(
    ("text", "width", "most", "lines"),
    [
        ("", 10, 2, ()),
        ("one two three", 20, 2, ("one two three",)),
        ("one two three", 8, 2, ("one two", "three")),
        ("one two three four", 8, 2, ("one two", "three…")),
        ("abcdefghij", 4, 2, ("abcd", "efg…")),
        ("one, two three", 5, 1, ("one…",)),
        ("漢字漢字漢", 3, 2, ("漢字漢", "字漢")),
        ("a\n\tb\u202ec", 10, 1, ("a b c",)),
    ],
)
def test_lines_break_where_they_may(text, width, most, lines):
    """Behind spaces and wide characters, inside a word only where it fits no line; what is left out is marked."""
    assert wrapped(text, width, most, BY_LETTERS) == lines


def test_no_mark_leaves_its_letter():
    """An accent written by itself stays where it belongs, whatever the width."""
    text = "e\u0301" * 40
    for line in wrapped(text, 20, 3, about_as_wide(1)):
        assert not line.startswith("\u0301")
    assert clean("a\u202eb\u200dc") == "a b\u200dc"
