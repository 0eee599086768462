"""Codes: themes with their wider themes, places with what lies around them, currencies with their minor units."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.codes import currencies, places, themes

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"


def test_every_tag_and_goal_is_a_theme():
    """The table holds the 254 UKCAT tags and the 17 goals, each under its own code."""
    assert len(themes.THEMES) == 254 + 17
    assert all(code == theme.code and theme.name for code, theme in themes.THEMES.items())
    assert [themes.is_theme(f"SDG{number}") for number in range(19)] == [False, *[True] * 17, False]


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("HE210", ("HE210", "HE200", "HE")),  # A tag in a subcategory.
        ("AN102", ("AN102", "AN")),  # A tag that stands right under its category.
        ("HE200", ("HE200", "HE")),
        ("HE", ("HE",)),
        ("SDG3", ("SDG3",)),
    ],
)
def test_a_theme_lists_its_wider_themes(code, chain):
    """Ancestors of a theme follow the levels of UKCAT, nearest first; goals have none."""
    assert themes.with_ancestors(code) == chain


def test_themes_have_names_that_people_read():
    """Names are those of UKCAT and the United Nations, with commas where UKCAT has semicolons."""
    assert themes.name_of("BE111") == "Racial, ethnic or national communities"
    assert themes.name_of("SDG3") == "Good Health and Well-being"
    assert not any(";" in theme.name for theme in themes.THEMES.values())


def test_themes_agree_with_the_published_table():
    """Code and name of every tag are those of the published file, where it is at hand."""
    published = SHARED_DATA / "ukcat" / "ukcat.csv"
    if not published.exists():
        pytest.skip("the published UKCAT table is not on this machine")
    with published.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Code"]: row["tag"].strip().replace(";", ",") for row in csv.DictReader(file)}
    assert rows == {code: theme.name for code, theme in themes.THEMES.items() if not code.startswith("SDG")}


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("GB-LDS", ("GB-LDS", "E12000003", "GB-ENG", "GB")),
        ("GB-GLG", ("GB-GLG", "GB-SCT", "GB")),
        ("GB-BFS", ("GB-BFS", "GB-NIR", "GB")),
        ("GB-POW", ("GB-POW", "GB-WLS", "GB")),
        ("E12000007", ("E12000007", "GB-ENG", "GB")),
        ("IE-D", ("IE-D", "IE-L", "IE")),
        ("FR", ("FR",)),
    ],
)
def test_a_place_lists_what_lies_around_it(code, chain):
    """Ancestors of a place go outwards to its country, by way of a region in England."""
    assert places.with_ancestors(code) == chain


def test_every_district_and_county_of_england_lies_in_a_region():
    """Directly under England there are the nine regions and nothing else, and no region is empty."""
    under_england = {place.code for place in places.places().values() if place.parent == "GB-ENG"}
    parents = {place.parent for place in places.places().values()}
    assert under_england == set(places.ENGLISH_REGIONS)
    assert under_england <= parents
    assert sum(place.parent == "E12000007" for place in places.places().values()) == 33


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("GB-BST", "Bristol"),
        ("GB-DUR", "County Durham"),
        ("GB-CRF", "Cardiff"),
        ("GB-ORK", "Orkney"),
        ("GB", "United Kingdom"),
        ("BO", "Bolivia"),
        ("E12000003", "Yorkshire and The Humber"),
    ],
)
def test_places_have_the_names_people_use(code, name):
    """A place is called as it is spoken of, not as a register turns it round."""
    assert places.name_of(code) == name


def test_no_british_name_is_turned_round_or_bracketed():
    """No British place keeps a register's comma for its kind, or a second name in brackets."""
    names = [place.name for code, place in places.places().items() if code.startswith("GB")]
    assert not [name for name in names if "[" in name or name.endswith((", City of", ", County", ", The"))]


@given(st.sampled_from(sorted({*places.places(), *themes.THEMES})))
def test_ancestors_end_and_are_known(code):
    """From any code, the way outwards ends, repeats nothing and passes known codes only."""
    room, known = (themes, themes.is_theme) if themes.is_theme(code) else (places, places.is_place)
    chain = room.with_ancestors(code)
    assert chain[0] == code
    assert len(set(chain)) == len(chain) <= 5
    assert all(known(step) and room.name_of(step) for step in chain)


@given(st.text(max_size=12))
def test_an_unknown_code_stands_for_itself(code):
    """A code in no table is refused by the question, and still has a name and a chain: itself."""
    for room, known in ((themes, themes.is_theme), (places, places.is_place)):
        if not known(code):
            assert room.with_ancestors(code) == (code,)
            assert room.name_of(code) == code


@pytest.mark.parametrize(
    ("code", "digits"), [("GBP", 2), ("EUR", 2), ("JPY", 0), ("ISK", 0), ("KWD", 3), ("CLF", 4)]
)
def test_currencies_have_their_minor_unit(code, digits):
    """The digits of the minor unit are ISO 4217's."""
    assert currencies.is_currency(code)
    assert currencies.exponent(code) == digits


@pytest.mark.parametrize("code", ["gbp", "XAU", "XXX", "ZZZ", "", "£"])
def test_what_cannot_be_counted_is_no_currency(code):
    """Gold, test codes, lower case and nonsense are not currencies, and have no exponent to guess."""
    assert not currencies.is_currency(code)
    with pytest.raises(KeyError):
        currencies.exponent(code)


def test_importing_the_codes_does_not_load_the_tables():
    """Whoever imports the codes and asks for nothing does not pay for reading ISO 3166."""
    code = "import sys, events.codes.places, events.codes.currencies; sys.exit('pycountry' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, timeout=20, check=False).returncode == 0
