"""Themes and places suggested from a text: by its own words, with those words as the reason."""

from app.tagging import SUGGESTED_MAX, places_in, speaking_words, themes_in

TEXT = (
    "The last buses to the clinic stopped. Older people in Leeds and County Durham stay at home. "
    "A minibus could help, driven by volunteers: one bus is enough."
)


def test_a_theme_is_suggested_for_its_name_and_for_what_people_say():
    """What the text speaks of most comes first, each with the words that say so."""
    found = {one.code: one.words for one in themes_in(TEXT)}
    assert next(iter(found)) == "SW104"
    assert found["SW104"] == "buses"
    assert found["BE108"] == "older people"
    assert found["CV104"] == "volunteers"


def test_a_place_is_suggested_where_it_is_named():
    """Names of one word and of several are found, in the order of the text, and only with a capital letter."""
    assert [(one.code, one.words) for one in places_in(TEXT)] == [
        ("GB-LDS", "Leeds"),
        ("GB-DUR", "County Durham"),
    ]
    assert places_in("we read and bath in the wash") == []


def test_what_is_chosen_is_not_suggested():
    """A suggestion that was taken is none any more."""
    assert "SW104" not in [one.code for one in themes_in(TEXT, without=["SW104"])]
    assert [one.code for one in places_in(TEXT, without=["GB-LDS"])] == ["GB-DUR"]


def test_a_word_that_means_many_things_suggests_nothing():
    """Support, services, activities and the like are in every text."""
    assert themes_in("Support services and activities for people: a place, a plan, some training.") == []
    assert themes_in("") == places_in("") == []


def test_suggestions_are_few():
    """A long text brings no flood."""
    long = "Cats, dogs, donkeys, horses, choirs, dance, music, theatre, opera and cancer in London, Leeds, Hull. "
    assert len(themes_in(long * 50)) == SUGGESTED_MAX
    assert len(places_in(long * 50)) == 3


def test_words_that_say_something_are_told_from_others():
    """Short and common words say nothing; the rest is known by its stem."""
    assert speaking_words("The villages and a village with buses") == {"village": "villages", "bus": "buses"}
