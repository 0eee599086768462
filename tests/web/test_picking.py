"""Choosing among thousands: what a search finds, in which order, and what is read out of a form."""

import pytest

from app.tagging import Suggested
from app.web.picking import FOUND_MAX, found_places, found_themes, is_search, looks_for, picker, ticked
from projections.language import LANGUAGES, speaking


def names(picks):
    """Give the names of what was found."""
    return [pick.name for pick in picks]


@pytest.mark.parametrize(
    ("search", "first"),
    [
        ("durh", "County Durham"),
        ("DURHAM county", "County Durham"),
        ("york", "York"),
        ("GB-LDS", "Leeds"),
        ("gb lds", "Leeds"),
        ("st. helens", "St Helens"),
        ("mexico", "Mexico"),
    ],
)
def test_a_place_is_found_by_beginnings_of_its_words_or_its_code(search, first):
    """Case, accents, signs and the order of words do not matter, and what is called just so comes first."""
    assert names(found_places(search))[0] == first


def test_a_place_says_what_it_lies_in():
    """Two of one name can be told apart."""
    assert found_places("durham")[0].around == "North East, England, United Kingdom"


def test_places_of_the_united_kingdom_come_before_those_far_away():
    """Whoever types a few letters finds what is near first."""
    codes = [pick.code for pick in found_places("car")]
    near = [code.startswith("GB") for code in codes]
    assert near == sorted(near, reverse=True)
    assert True in near
    assert len(found_places("a")) == FOUND_MAX


def test_a_theme_is_found_and_tags_come_before_goals():
    """A theme is found by any of its words; the goals of the United Nations come last."""
    assert names(found_themes("old"))[0] == "Older people"
    found = found_themes("ed")
    assert names(found)[0] == "Education"
    assert found_themes("quality edu")[0].code == "SDG4"


@pytest.mark.parametrize("search", ["", "  "])
def test_an_empty_search_offers_the_widest(search):
    """One can begin without knowing a word."""
    assert "Health" in names(found_themes(search))
    assert names(found_places(search))[:2] == ["United Kingdom", "England"]


@pytest.mark.parametrize("search", ["qqqq", "%", "'", "\N{BUS}", "x" * 5000])
def test_what_is_called_by_no_name_finds_nothing(search):
    """No search is an error."""
    assert found_places(search) == found_themes(search) == ()


def test_what_is_chosen_is_offered_once():
    """What is ticked or suggested is not among what was found."""
    it = picker(
        "theme",
        chosen=["BE108"],
        suggested=[Suggested(code="SW104", words="bus")],
        search="community",
        most=10,
    )
    assert names(it.chosen) == ["Older people"]
    assert [(pick.name, pick.why) for pick in it.suggested] == [("Community transport", "bus")]
    assert "Community centre" in names(it.found)
    assert "Community transport" not in names(it.found)


def test_only_boxes_of_ours_are_ticked():
    """What is no code, is another kind or is not on is left out."""
    form = {"theme-SW104": "on", "theme-NONE": "on", "theme-BE108": "off", "place-GB-DUR": "on", "title": "x"}
    assert ticked(form, "theme") == ("SW104",)
    assert ticked(form, "place") == ("GB-DUR",)


@pytest.mark.parametrize(
    ("form", "searches"),
    [
        ({"act": "find", "theme_search": ""}, True),
        ({"act": "next", "theme_search": "old"}, True),
        ({"theme_search": "old"}, True),
        ({"act": "next", "theme_search": " "}, False),
        ({"act": "back", "theme_search": "old"}, False),
        ({}, False),
    ],
)
def test_what_was_typed_into_a_search_is_looked_for_before_going_on(form, searches):
    """The button of the search looks, and so does going on with words in it; going back does not."""
    assert is_search(form) is searches
    assert (looks_for(form, "theme") is not None) is searches


WELSH = next(language for language in LANGUAGES if language.tag == "cy")


@pytest.mark.parametrize("search", ["caerd", "Cardiff", "GB-CRF"])
def test_a_place_is_found_by_its_name_in_the_language_spoken_and_in_english(search):
    """Whoever knows only one of its names finds it, and sees it in their language."""
    with speaking(WELSH):
        found = found_places(search)[0]
    assert (found.code, found.name, found.around) == ("GB-CRF", "Caerdydd", "Cymru, Y Deyrnas Unedig")


@pytest.mark.parametrize("search", ["trafnidiaeth", "community tra"])
def test_a_theme_is_found_by_its_name_in_the_language_spoken_and_in_english(search):
    """What was asked for in one language is not kept for another."""
    with speaking(WELSH):
        assert names(found_themes(search)) == ["Trafnidiaeth gymunedol"]
    assert names(found_themes(search)) == (["Community transport"] if search.startswith("comm") else [])
