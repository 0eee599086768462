"""In which language things are said: the words of people who read, beside the facts that are the same in all of them.

The lowest room that has words for people holds it, so that read models, pages and letters say things in one way.
Texts stand in the code in English, which is also the key of their translation (GNU gettext); the language of whoever
is spoken to is set once, where a request or a letter begins, and everything below follows it. What programs read
stays in English.

Translations stand in `words/`, a file of messages for each language besides English (GNU gettext's .po).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

WORDS = Path(__file__).parent / "words"

Direction: TypeAlias = Literal["ltr", "rtl"]
Value: TypeAlias = str | int
"""What stands in a sentence: words or names as they are, or a whole number, which is said in the language's own way."""

# Around what is said in a direction nobody knows, inside a sentence of a language written from the right (UAX #9).
_ISOLATE, _ISOLATE_ENDS = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"

# CLDR leaves open whether Welsh says "a" or "ac", which the next sound decides.
_AND_IN_WELSH = re.compile(r"\ba\(c\) (?=(\S))")
_VOWELS = frozenset("aeiouwyâêîôûŵŷAEIOUWYÂÊÎÔÛŴŶ")


class Language:
    """A language that things are said in.

    `tag` names it in addresses and cookies, `locale` says how numbers and dates are written (CLDR, by Babel), and `name`
    is what those who speak it call it.
    """

    def __init__(self, tag: str, locale: str, name: str) -> None:
        self.tag = tag
        self.locale = Locale.parse(locale)
        self.name = name

    @cached_property
    def lang(self) -> str:
        """Name it as HTML does (BCP 47)."""
        return str(self.locale).replace("_", "-")

    @cached_property
    def direction(self) -> Direction:
        """Tell which way it is written."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"

    @cached_property
    def translations(self) -> NullTranslations:
        """Give what is translated into it; it is read when first asked for."""
        return _compiled(catalogue(self.tag))


class _English(Language):
    """What the code itself is written in."""

    @cached_property
    def translations(self) -> NullTranslations:
        return NullTranslations()


ENGLISH: Language = _English("en", "en_GB", "English")
LANGUAGES = (ENGLISH, Language("cy", "cy", "Cymraeg"))
"""The languages of the site; the first is spoken to whoever asks for none of them."""

_BY_TAG = {language.tag: language for language in LANGUAGES}

_spoken: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def language() -> Language:
    """Tell which language is spoken here and now."""
    return _spoken.get()


def language_called(tag: str | None) -> Language | None:
    """Give the language of the site that a tag names, where there is one."""
    return _BY_TAG.get(tag or "")


@contextmanager
def speaking(spoken: Language) -> Iterator[None]:
    """Speak a language for as long as this lasts."""
    before = _spoken.set(spoken)
    try:
        yield
    finally:
        _spoken.reset(before)


def gettext(text: str, /, **values: Value) -> str:
    """Say a text, with values in place of `%(name)s`: `_("Logged by %(author)s", author=name)`."""
    # Of nothing a catalogue tells its own header.
    translated = _spoken.get().translations.gettext(text) if text else text
    return translated % said(values) if values else translated


def ngettext(one: str, many: str, number: int, /, **values: Value) -> str:
    """Say a text about a number of things: `ngettext("%(count)s idea", "%(count)s ideas", n)`; `count` is the number."""
    return _spoken.get().translations.ngettext(one, many, number) % said({"count": number, **values})


def pgettext(context: str, text: str, /, **values: Value) -> str:
    """Say a text that means something else elsewhere; the context tells translators which it is here."""
    translated = _spoken.get().translations.pgettext(context, text)
    return translated % said(values) if values else translated


def N_(text: str, /) -> str:  # noqa: N802  # The name that gettext's tools know.
    """Mark a text of a table as one to be translated; whoever says it, says `_(text)`."""
    return text


def said(values: Mapping[str, Value]) -> dict[str, str]:
    """Give values as they stand in a sentence: numbers in words of the language, and names isolated from its direction.

    What is called `href` or ends so is an address, and stands as it is.
    """
    return {
        name: value if name.endswith("href") and isinstance(value, str) else _in_a_sentence(value)
        for name, value in values.items()
    }


def number(value: int) -> str:
    """Say a whole number: "1,284"."""
    return format_decimal(value, locale=_spoken.get().locale, decimal_quantization=False)


def decimal(value: Decimal) -> str:
    """Say a number as it is, without zeros at its end: "0.5", "1,000"."""
    return format_decimal(value.normalize(), locale=_spoken.get().locale, decimal_quantization=False)


def percent(share: Decimal) -> str:
    """Say a share such as 0.5 in percent: "50%"."""
    return format_percent(share, locale=_spoken.get().locale, decimal_quantization=False)


def day(moment: date) -> str:
    """Say a day: "2 November 2026". A moment is told by its day in UTC."""
    utc = moment.astimezone(UTC) if isinstance(moment, datetime) else moment
    return format_date(utc, format="long", locale=_spoken.get().locale)


def in_a_row(things: Sequence[str]) -> str:
    """Say some things one after another: "food, housing and transport"."""
    said = format_list(list(things), locale=_spoken.get().locale)
    return _AND_IN_WELSH.sub(lambda found: "ac " if found[1] in _VOWELS else "a ", said)


def one_of(things: Sequence[str]) -> str:
    """Say some things of which any will do: "food, housing or transport"."""
    return format_list(list(things), style="or", locale=_spoken.get().locale)


def isolated(text: str) -> str:
    """Keep the direction of a name or title from turning the sentence it stands in."""
    if not text or _spoken.get().direction == "ltr":
        return text
    return f"{_ISOLATE}{text}{_ISOLATE_ENDS}"


def catalogue(tag: str) -> Catalog:
    """Read what is translated into a language, for those who check and amend it.

    Raises:
        FileNotFoundError: nothing is translated into it.
    """
    with (WORDS / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag, domain=tag)


def _in_a_sentence(value: Value) -> str:
    if isinstance(value, int):
        return number(value)
    # Markup that a template made cares for directions itself.
    return value if hasattr(value, "__html__") else isolated(value)


def _compiled(words: Catalog) -> GNUTranslations:
    """Bring translations into the form that answers fast; about 0.1 s for 2,400 messages."""
    file = BytesIO()
    write_mo(file, words)
    file.seek(0)
    return GNUTranslations(file)
