"""Themes and places that a text speaks of, as suggestions which somebody takes or leaves: nothing is tagged by itself.

A theme is suggested where the text has the words of its name, or a word that people use for it; a place where the text
names it. Every suggestion says which words it comes from.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache

from msgspec import Struct

from events.codes import places, themes

SUGGESTED_MAX = 6
_TEXT_MAX = 20_000
_STEM_LEAST = 4
_PLACE_WORDS_MAX = 5
_KEY_WORDS_MAX = 4
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_SMALL = frozenset({"and", "or", "of", "for", "the", "with", "in", "on", "a", "to"})
_CATEGORY_NAMES_TOO_WIDE = frozenset({"CA", "CV", "BE", "FA", "PR", "SO", "AS", "RS"})
"""Wide themes whose names are words that every text has, as society or facilities."""

# What people write for a theme besides its name, as stems.
_SAID: Mapping[str, str] = {
    "minibus": "SW104",
    "bus": "SW104",
    "lift": "SW104",
    "transport": "SW104",
    "elderly": "BE108",
    "pensioner": "BE108",
    "refugee": "BE101",
    "asylum": "BE101",
    "teenager": "BE115",
    "youth": "BE115",
    "toddler": "BE114",
    "baby": "BE114",
    "wheelchair": "BE200",
    "disabled": "BE200",
    "disability": "BE200",
    "autism": "BE110",
    "autistic": "BE110",
    "carer": "SC102",
    "homeless": "HO103",
    "sleeping rough": "HO103",
    "tenant": "HO101",
    "rent": "HO101",
    "hostel": "HO105",
    "hungry": "SW300",
    "meal": "SW300",
    "foodbank": "SW301",
    "pantry": "SW301",
    "debt": "SW105",
    "poverty": "SW105",
    "benefit": "SW105",
    "lonely": "SW106",
    "isolated": "SW106",
    "isolation": "SW106",
    "befriending": "SW106",
    "grief": "SW102",
    "bereaved": "SW102",
    "anxiety": "HE210",
    "depression": "HE210",
    "suicide": "HE210",
    "counselling": "HE304",
    "therapy": "HE304",
    "alcohol": "HE201",
    "drug": "HE201",
    "gambling": "HE201",
    "memory loss": "HE205",
    "alzheimer": "HE205",
    "deaf": "HE207",
    "blind": "HE215",
    "pregnant": "HE209",
    "midwife": "HE209",
    "clinic": "HE300",
    "doctor": "HE300",
    "gp": "HE300",
    "prison": "CJ101",
    "probation": "CJ101",
    "victim": "CJ105",
    "domestic violence": "SW202",
    "advice": "CA101",
    "advocate": "CA101",
    "volunteer": "CV104",
    "laptop": "ED304",
    "internet": "ED304",
    "online": "ED304",
    "digital": "ED304",
    "app": "ED304",
    "english class": "ED303",
    "job": "EC107",
    "unemployed": "EC107",
    "apprenticeship": "ED306",
    "pupil": "ED106",
    "allotment": "LE102",
    "garden": "LE102",
    "park": "FA104",
    "climate": "EN101",
    "carbon": "EN101",
    "heating": "EC201",
    "village": "EC105",
    "rural": "EC105",
    "farm": "EC105",
    "racism": "SO106",
    "veteran": "AF104",
}


class Suggested(Struct, frozen=True, kw_only=True):
    """A code that a text speaks of, and the words that say so."""

    code: str
    words: str


def themes_in(text: str, *, without: Collection[str] = ()) -> list[Suggested]:
    """Suggest themes for a text, at most `SUGGESTED_MAX`, those first that it speaks of most."""
    written = [word.casefold() for word in _WORD.findall(text[:_TEXT_MAX])]
    stems = [_stem(word) for word in written]
    found: dict[str, tuple[int, str]] = {}
    keys = _keys()
    for here in range(len(stems)):
        for length in range(1, _KEY_WORDS_MAX + 1):
            for code in keys.get(tuple(stems[here : here + length]), ()):
                if code not in without:
                    times, first = found.get(code, (0, " ".join(written[here : here + length])))
                    found[code] = (times + 1, first)
    ranked = sorted(found.items(), key=lambda one: (-one[1][0], one[0]))
    return [Suggested(code=code, words=words) for code, (_, words) in ranked[:SUGGESTED_MAX]]


def places_in(text: str, *, without: Collection[str] = ()) -> list[Suggested]:
    """Suggest places that a text names with a capital letter, at most `SUGGESTED_MAX`, in the order of the text."""
    written = _WORD.findall(text[:_TEXT_MAX])
    found: dict[str, str] = {}
    here = 0
    while here < len(written) and len(found) < SUGGESTED_MAX:
        for length in range(_PLACE_WORDS_MAX, 0, -1):
            words = " ".join(written[here : here + length])
            code = places.named_in_gb(words) if words[:1].isupper() else None
            if code is not None:
                if code not in without:
                    found.setdefault(code, words)
                here += length - 1
                break
        here += 1
    return [Suggested(code=code, words=words) for code, words in found.items()]


def speaking_words(text: str) -> dict[str, str]:
    """Give the words of a text that say what it is about, each by its stem and as it is written first."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text[:_TEXT_MAX]):
        plain = word.casefold()
        if len(plain) >= _STEM_LEAST and plain not in _EVERYWHERE:
            found.setdefault(_stem(plain), plain)
    return found


_EVERYWHERE = frozenset(
    [
        *(
            "about",
            "after",
            "again",
            "also",
            "always",
            "around",
            "because",
            "been",
            "before",
            "being",
            "between",
        ),
        *(
            "both",
            "cannot",
            "could",
            "does",
            "done",
            "each",
            "every",
            "everybody",
            "from",
            "have",
            "having",
            "here",
        ),
        *(
            "idea",
            "ideas",
            "into",
            "just",
            "know",
            "less",
            "like",
            "made",
            "make",
            "makes",
            "many",
            "more",
            "most",
        ),
        *(
            "much",
            "must",
            "need",
            "needs",
            "never",
            "nobody",
            "often",
            "only",
            "other",
            "others",
            "over",
            "people",
        ),
        *(
            "person",
            "problem",
            "same",
            "should",
            "since",
            "some",
            "somebody",
            "something",
            "still",
            "such",
            "than",
        ),
        *(
            "that",
            "their",
            "them",
            "then",
            "there",
            "these",
            "they",
            "thing",
            "things",
            "this",
            "those",
            "through",
        ),
        *(
            "today",
            "together",
            "under",
            "until",
            "very",
            "want",
            "wants",
            "well",
            "were",
            "what",
            "when",
            "where",
        ),
        *("which", "while", "will", "with", "without", "would", "year", "years", "your"),
    ]
)


@cache
def _keys() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Give, for each run of stems that speaks of a theme, the themes."""
    keys: dict[tuple[str, ...], list[str]] = {}
    for theme in themes.THEMES.values():
        if theme.code.startswith("SDG") or theme.code in _CATEGORY_NAMES_TOO_WIDE:
            continue
        for part in re.split(r" and | or |[,/()]", theme.name):
            words = [word.casefold() for word in _WORD.findall(part)]
            key = tuple(_stem(word) for word in words if word not in _SMALL)
            if key and any(len(word) >= _STEM_LEAST for word in words) and key not in _AMBIGUOUS:
                keys.setdefault(key, []).append(theme.code)
    for said, code in _SAID.items():
        keys.setdefault(tuple(_stem(word) for word in said.split()), []).append(code)
    return {key: tuple(dict.fromkeys(codes)) for key, codes in keys.items()}


def _stem(word: str) -> str:
    """Take the endings off a word, roughly, so that one key finds a word in its usual forms."""
    plain = unicodedata.normalize("NFKD", word).replace("\u2019", "'").removesuffix("'s")
    if plain.endswith(("ss", "us")):
        return plain
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("uses", "us"), ("es", "e"), ("s", "")):
        if plain.endswith(ending) and len(plain) - len(ending) + len(instead) >= _STEM_LEAST - 1:
            return plain.removesuffix(ending) + instead
    return plain


# Parts of names that mean something else by themselves: "prevention" is no theme without "and safety".
_AMBIGUOUS = frozenset(
    (_stem(word),)
    for word in (
        *("prevention", "shelter", "refuge", "support", "activities", "services", "place", "dependency"),
        *(
            "friends",
            "media",
            "planning",
            "water",
            "men",
            "women",
            "girls",
            "children",
            "families",
            "culture",
        ),
        *(
            "science",
            "training",
            "safety",
            "temporary",
            "racial",
            "religious",
            "ethnic",
            "surgery",
            "research",
        ),
        *(
            "restoration",
            "recreation",
            "history",
            "schools",
            "energy",
            "guardians",
            "parents",
            "rehabilitation",
        ),
    )
)
