"""Words made to look like others: letters of several alphabets in one word, or of one that looks like another."""

import re
import unicodedata
from collections.abc import Iterable

# Scripts that one word may mix (Unicode Technical Standard 39, "highly restrictive").
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
# Letters of other scripts that cannot be told from Latin ones: a text of these alone is made to deceive.
_LATIN_LOOK_ALIKES = frozenset("асԁеһіјӏорԛѕԝхуъьҽпгѵѡᴦοανικρτυχ")
_BETWEEN_WORDS = re.compile(r"[\W\d_]+")


def mixes_alphabets(word: str) -> bool:
    """Tell whether a word is written in letters of alphabets that nobody mixes in a word."""
    scripts = {unicodedata.name(letter, "UNKNOWN").split(maxsplit=1)[0] for letter in _letters(word)}
    return len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER)


def imitates_latin(text: str) -> bool:
    """Tell whether a text has letters that are not Latin, and none that does not look so."""
    foreign = {letter for letter in _letters(text) if not unicodedata.name(letter, "").startswith("LATIN")}
    return bool(foreign) and foreign <= _LATIN_LOOK_ALIKES


def deceives(text: str) -> bool:
    """Tell whether a text of several words, such as a name, is made to look like another."""
    return imitates_latin(text) or any(map(mixes_alphabets, _BETWEEN_WORDS.split(text)))


def _letters(text: str) -> Iterable[str]:
    """List the letters that belong to a script; the small ones of 1ª or Mª and signs above the line go with any."""
    return (
        letter
        for letter in text.lower()
        if unicodedata.category(letter) in {"Ll", "Lo"} and letter not in "ªº"
    )
