"""How codes of themes and places are said wherever people read them: by their names, in the language that is spoken.

Events and read models hold codes, which are the same in every language. Names of themes, of the nations of the United
Kingdom and of the regions of England are translated as all our texts are. Names of countries are those of CLDR, and those
of their parts come from the translations of ISO 3166-2 that pycountry brings. What has no name in a language is called as
in English.
"""

from collections.abc import Mapping
from functools import cache
from gettext import translation
from types import MappingProxyType

from events.codes import places, themes
from projections.language import ENGLISH, Language, language
from projections.language import gettext as _

TRANSLATED_PLACES = ("GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS", *places.ENGLISH_REGIONS)
"""Places that our own words name, because lists of the world's places lack them in some language."""


def theme_name(code: str) -> str:
    """Name a theme; a code we do not know is its own name."""
    return _(themes.name_of(code)) if themes.is_theme(code) else code


def place_name(code: str) -> str:
    """Name a place; a code we do not know is its own name."""
    spoken = language()
    if spoken is ENGLISH:
        return places.name_of(code)
    if code in TRANSLATED_PLACES:
        return _(places.name_of(code))
    return _names_of_places(spoken).get(code) or places.name_of(code)


@cache
def _names_of_places(spoken: Language) -> Mapping[str, str]:
    """Give the names of places that are others than in English, by code; the first call takes about 0.2 s."""
    import pycountry  # noqa: PLC0415 - it costs 40 ms, which only those who ask for a place should pay.

    known = places.places()
    names = {code: name for code, name in spoken.locale.territories.items() if code in known}
    wanted = [str(spoken.locale), spoken.locale.language]
    parts = translation("iso3166-2", pycountry.LOCALES_DIR, languages=wanted, fallback=True)
    for part in pycountry.subdivisions:
        said = parts.gettext(part.name)
        if said != part.name:
            names[part.code] = _the_right_way_round(said.partition(" [")[0])
    return MappingProxyType(names)


def _the_right_way_round(name: str) -> str:
    """Say "City of London" where a list has "London, City of"."""
    name, comma, kind = name.partition(", ")
    return f"{kind} {name}" if comma and "," not in kind and len(kind.split()) == 1 else name + comma + kind
