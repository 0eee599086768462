"""How codes are said: themes and places by their names in the language that is spoken, and in English where it has none."""

import pytest

from events.codes import places, themes
from projections.codes import place_name, theme_name
from projections.language import ENGLISH, LANGUAGES, speaking

WELSH = next(language for language in LANGUAGES if language.tag == "cy")


@pytest.mark.parametrize(
    ("code", "english", "welsh"),
    [
        ("GB", "United Kingdom", "Y Deyrnas Unedig"),
        ("GB-SCT", "Scotland", "Yr Alban"),
        ("GB-CRF", "Cardiff", "Caerdydd"),
        ("GB-LND", "City of London", "Dinas Llundain"),
        ("GB-ABC", "Armagh City, Banbridge and Craigavon", "Armagh, Banbridge a Chraigavon"),
        ("GB-LDS", "Leeds", "Leeds"),
        ("E12000003", "Yorkshire and The Humber", "Swydd Efrog a Humber"),
        ("DE", "Germany", "Yr Almaen"),
        ("XX-1", "XX-1", "XX-1"),
    ],
)
def test_a_place_is_called_as_its_readers_call_it(code, english, welsh):
    """A place without a name of its own in a language keeps its English one, and an unknown code stands for itself."""
    with speaking(ENGLISH):
        assert place_name(code) == english == places.name_of(code)
    with speaking(WELSH):
        assert place_name(code) == welsh


def test_a_theme_is_called_as_its_readers_call_it():
    """An unknown code stands for itself in every language."""
    assert theme_name("SW104") == "Community transport"
    with speaking(WELSH):
        assert theme_name("SW104") == "Trafnidiaeth gymunedol"
        assert theme_name("XX1") == "XX1"


def test_every_theme_has_a_name_in_every_language():
    """Nobody has to read a tag in a language that is not theirs."""
    for language in LANGUAGES[1:]:
        said = language.translations._catalog
        assert [theme.name for theme in themes.THEMES.values() if not said.get(theme.name)] == []
