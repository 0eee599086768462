"""Guessing what a grant was for: the themes whose names stand in its words.

The names are those of the UK Charity Activity Tags (see `events.codes.themes`). A name such as "Advice and individual
advocacy" is several ways to say it. A guess is no more than that: it is shown as one, and can be left out.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from events.codes.themes import THEMES, with_ancestors

GUESSES_MAX = 3

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_OR = re.compile(r",| and | or |/|&")
# Alone these words say nothing about a theme: they stand in every other description.
_TOO_WIDE = frozenset(
    [
        "accommodation",
        "activity",
        "association",
        "community",
        "culture",
        "development",
        "education",
        "energy",
        "exercise",
        "facility",
        "family",
        "fitness",
        "friend",
        "group",
        "harmony",
        "health",
        "history",
        "individual",
        "infrastructure",
        "language",
        "leisure",
        "media",
        "monument",
        "national",
        "organisation",
        "parent",
        "planning",
        "prevention",
        "profession",
        "publishing",
        "research",
        "safety",
        "school",
        "science",
        "service",
        "society",
        "student",
        "support",
        "surgery",
        "sustainability",
        "training",
        "university",
        "water",
    ]
)


def themes_in(*texts: str) -> tuple[str, ...]:
    """Guess the themes of a text, those with the longest names first; the narrower one of two where one holds the other."""
    words = [stem for text in texts for stem in (*_stems(text), "")]
    found = {code: len(phrase) for phrase, code in _phrases() if _holds(words, phrase)}
    narrow = [code for code in found if not any(code in with_ancestors(other)[1:] for other in found)]
    return tuple(sorted(narrow, key=lambda code: (-found[code], code))[:GUESSES_MAX])


@cache
def _phrases() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Give every way to say a theme, as stems, the shortest first."""
    told = {
        (phrase, theme.code)
        for theme in THEMES.values()
        if not theme.code.startswith("SDG")
        for way in (theme.name, *_OR.split(theme.name))
        if (phrase := tuple(_stems(way))) and not (len(phrase) == 1 and phrase[0] in _TOO_WIDE)
    }
    return tuple(sorted(told, key=lambda each: (len(each[0]), each)))


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        plain = re.split(r"['\u2019]", word)[0]
        if plain.endswith("ies") and len(plain) > 4:  # noqa: PLR2004  # "ties" is no plural of "ty".
            yield f"{plain[:-3]}y"
        elif plain.endswith("s") and not plain.endswith(("ss", "us", "is")) and len(plain) > 3:  # noqa: PLR2004
            yield plain[:-1]
        else:
            yield plain


def _holds(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Tell whether the phrase stands in the words as it is."""
    length = len(phrase)
    return any(
        word == phrase[0] and tuple(words[at : at + length]) == phrase for at, word in enumerate(words)
    )
