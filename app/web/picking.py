"""Choosing themes and places among thousands: a search on the server, whose few answers are boxes to tick.

Without scripts the search is a button of the form; with them it answers while one types (`show_options`). No page carries
the lists themselves.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Literal, TypeAlias

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from app.tagging import Suggested
from app.web.showing import PageRequest, show
from events.codes import places, themes
from projections.codes import place_name, theme_name
from projections.language import language

Kind: TypeAlias = Literal["theme", "place"]

FOUND_MAX = 12
SEARCH_MAX = 80
_ON = "on"
_CACHING = {"cache-control": "public, max-age=3600", "vary": "Accept-Encoding, Accept-Language, Cookie"}
_AT_HOME = ("GB", "GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS", *places.ENGLISH_REGIONS)


class Pick(Struct, frozen=True, kw_only=True):
    """A code that can be ticked: its name, what it lies in, and why it is suggested."""

    kind: Kind
    code: str
    name: str
    around: str = ""
    why: str = ""
    ticked: bool = False

    @property
    def field(self) -> str:
        """Name the field of its box, which is its identifier as well."""
        return f"{self.kind}-{self.code}"


class Picker(Struct, frozen=True, kw_only=True):
    """What one chooses from: what is chosen, what is suggested, and what was found for a search; `search` is none where
    nothing was looked for yet.
    """

    kind: Kind
    chosen: tuple[Pick, ...]
    suggested: tuple[Pick, ...] = ()
    found: tuple[Pick, ...] = ()
    search: str | None = None
    most: int


class OptionsPage(Struct, frozen=True, kw_only=True):
    """What a search found, as options of a list."""

    picks: tuple[Pick, ...]


class _Entry(Struct, frozen=True):
    """A code as it is searched for, by any of its plain `names`: in the language that is spoken, and in English."""

    code: str
    name: str
    names: tuple[str, ...]
    plain_code: str
    rank: int


@get("/pick/{kind:str}", include_in_schema=False)
async def show_options(request: PageRequest, kind: FromPath[str]) -> Response[bytes]:
    """Answer a search for themes or places with the options of a list, for a script of ours."""
    if kind not in {"theme", "place"}:
        raise NotFoundException
    asked = request.query_params.get("q", "")
    found = found_themes(asked) if kind == "theme" else found_places(asked)
    return await show(request, "pick.html", OptionsPage(picks=found), headers=_CACHING)


PICKING = (show_options,)


def picker(
    kind: Kind, *, chosen: Iterable[str], suggested: Iterable[Suggested], search: str | None, most: int
) -> Picker:
    """Lay out what there is to choose from; what is chosen stands in its place alone."""
    picked = tuple(_pick(kind, code, ticked=True) for code in chosen)
    offered = tuple(_pick(kind, one.code, why=one.words) for one in suggested)
    taken = {pick.code for pick in (*picked, *offered)}
    find = found_themes if kind == "theme" else found_places
    found = () if search is None else tuple(pick for pick in find(search) if pick.code not in taken)
    return Picker(kind=kind, chosen=picked, suggested=offered, found=found, search=search, most=most)


def ticked(form: Mapping[str, str], kind: Kind) -> tuple[str, ...]:
    """Read which codes are ticked in a form, in its order; what is no code of ours is left out."""
    known: Callable[[str], bool] = themes.is_theme if kind == "theme" else places.is_place
    start = f"{kind}-"
    codes = (name.removeprefix(start) for name in form if name.startswith(start))
    return tuple(code for code in codes if known(code) and form[f"{start}{code}"] == _ON)


def looks_for(form: Mapping[str, str], kind: Kind) -> str | None:
    """Read what a form looks for; nothing where it goes on.

    Whoever typed into a search and then goes on meant to choose something, and is shown what was found first.
    """
    typed = form.get(f"{kind}_search", "").replace("\0", "").strip()[:SEARCH_MAX]
    return typed if is_search(form) else None


def is_search(form: Mapping[str, str]) -> bool:
    """Tell whether a form is sent to look for something rather than to go on."""
    act = form.get("act", "next")
    return act == "find" or (
        act == "next" and any(form.get(f"{kind}_search", "").strip() for kind in ("theme", "place"))
    )


def found_themes(search: str) -> tuple[Pick, ...]:
    """Find themes by words of their names, or by code; for an empty search the widest ones."""
    if not search.strip():
        wide = [code for code, theme in themes.THEMES.items() if not theme.parent and not _is_goal(code)]
        return tuple(_pick("theme", code) for code in wide)
    return tuple(_pick("theme", code) for code in _best(_themes(language().tag), search))


def found_places(search: str) -> tuple[Pick, ...]:
    """Find places by words of their names, or by code, those of the United Kingdom first; for an empty search those."""
    if not search.strip():
        return tuple(_pick("place", code) for code in _AT_HOME)
    return tuple(_pick("place", code) for code in _best(_places(language().tag), search))


def _best(entries: tuple[_Entry, ...], search: str) -> list[str]:
    """Rank what has every word that was typed, as the beginning of one of its own in one language."""
    plain = _plain(search[:SEARCH_MAX])
    wanted = plain.split()
    fitting = [
        (*_distance(entry, plain), len(entry.name), entry.name, entry.code)
        for entry in entries
        if entry.plain_code == plain or (wanted and any(_has(name.split(), wanted) for name in entry.names))
    ]
    return [code for *_, code in sorted(fitting)[:FOUND_MAX]]


def _has(words: list[str], wanted: list[str]) -> bool:
    return all(any(own.startswith(word) for own in words) for word in wanted)


def _distance(entry: _Entry, plain: str) -> tuple[int, int, int]:
    """Put what is called just so first, then what is near, then what begins so."""
    is_it = plain in (*entry.names, entry.plain_code)
    begins = any(name.startswith(plain) for name in entry.names)
    return (0 if is_it else 1, entry.rank, 0 if begins else 1)


def _pick(kind: Kind, code: str, *, why: str = "", ticked: bool = False) -> Pick:
    wider = (themes if kind == "theme" else places).with_ancestors(code)[1:]
    name_of = theme_name if kind == "theme" else place_name
    around = ", ".join(map(name_of, wider))
    return Pick(kind=kind, code=code, name=name_of(code), around=around, why=why, ticked=ticked)


@cache
def _themes(tag: str) -> tuple[_Entry, ...]:  # noqa: ARG001  # Kept for each language by itself.
    return tuple(
        _entry(theme.code, theme_name(theme.code), theme.name, int(_is_goal(theme.code)))
        for theme in themes.THEMES.values()
    )


@cache
def _places(tag: str) -> tuple[_Entry, ...]:  # noqa: ARG001  # Kept for each language by itself.
    return tuple(
        _entry(place.code, place_name(place.code), place.name, _rank_of(place))
        for place in places.places().values()
    )


def _rank_of(place: places.Place) -> int:
    if place.code in places.ENGLISH_REGIONS or place.code.startswith("GB"):
        return 0
    return 1 if place.parent is None else 2


def _entry(code: str, name: str, in_english: str, rank: int) -> _Entry:
    names = tuple(dict.fromkeys((_plain(name), _plain(in_english))))
    return _Entry(code, name, names, _plain(code), rank)


def _plain(text: str) -> str:
    """Write a text in small letters without accents and signs, as people type it."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(
            char if char.isalnum() else " "
            for char in letters
            if not unicodedata.combining(char) and char != "'"
        ).split()
    )


def _is_goal(code: str) -> bool:
    return code.startswith("SDG")
