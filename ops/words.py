"""The words of the site and their translations: what is there to translate, what is translated, and what is missing.

`ops/dev words` writes new texts into every language's file and takes old ones out; `--missing` lists what is not
translated yet. Texts come from the code and the templates (`_("…")`, `ngettext`, `N_`, `{% trans %}`), and from what has
words of its own: rules that can be broken, whose sentence is the docstring of their error, themes, and some places.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

import app
import domain
from app.access.accounts import AccountError
from app.access.refusals import RefusalError
from app.http.problems import OutdatedError, ProofOfWorkNeededError
from app.outbound.messages import (
    ForbiddenAddressError,
    NotReachedError,
    NotTrustedError,
    TooSlowError,
    UnreadableAnswerError,
)
from app.webhooks.targets import NoKeyError
from domain.decider import DomainError
from events.codes import org_ids, places
from events.codes.themes import THEMES
from events.errors import KeyReusedError
from events.sealing.errors import SubjectErasedError
from projections.codes import TRANSLATED_PLACES
from projections.cursors import BadCursorError
from projections.language import ENGLISH, LANGUAGES, WORDS, catalogue

_ROOT = Path(__file__).parents[1]
_ROOMS = ("app", "projections")
_TEMPLATES = ("**/templates/**.html", "**/templates/**.txt", "**/templates/**.svg")
_METHODS = [*((where, "jinja2") for where in _TEMPLATES), ("**.py", "python")]
_JINJA = {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}
_OPTIONS = dict.fromkeys(_TEMPLATES, _JINJA)
_BLANKS = (b'"Report-Msgid-Bugs-To', b'"PO-Revision-Date', b'"Last-Translator', b'"Language-Team')
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}

_OTHER_SENTENCES: tuple[type[Exception], ...] = (
    BadCursorError,
    ForbiddenAddressError,
    KeyReusedError,
    NoKeyError,
    NotReachedError,
    NotTrustedError,
    OutdatedError,
    ProofOfWorkNeededError,
    SubjectErasedError,
    TooSlowError,
    UnreadableAnswerError,
)
"""What pages say besides the domain's rules: the docstrings of these, too, are their sentences."""


def texts() -> Catalog:
    """Collect every text that people are shown, with the files it stands in."""
    found = Catalog(domain="open-impact", charset="utf-8")
    for room in _ROOMS:
        for file, _, text, comments, context in extract_from_dir(
            _ROOT / room,
            _METHODS,
            _OPTIONS,
            _KEYWORDS,
            comment_tags=["Translators:"],
            strip_comment_tags=True,
        ):
            if text:
                found.add(text, locations=[(f"{room}/{file}", 0)], auto_comments=comments, context=context)
    for text, place in (*_sentences_of_rules(), *_names_of_codes()):
        found.add(text, locations=[(place, 0)])
    return found


def untranslated(words: Catalog) -> list[str]:
    """List the texts of a language that say nothing yet, or whose meaning somebody should look at again."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in words
        if message.id and (message.fuzzy or not all(_strings(message.string)))
    ]


def amended(tag: str, found: Catalog) -> Catalog:
    """Give a language's translations with new texts in them and old ones gone; a text that changed is a new one."""
    words = catalogue(tag)
    found.creation_date = words.creation_date
    words.update(found, no_fuzzy_matching=True, update_header_comment=False)
    words.obsolete.clear()
    return words


def main() -> None:
    """Amend the files of every language, and say what is missing."""
    found, missing = texts(), 0
    for language in LANGUAGES:
        if language is ENGLISH:
            continue
        words = amended(language.tag, found)
        if "--missing" not in sys.argv:
            (WORDS / f"{language.tag}.po").write_bytes(_written(words))
        lacking = untranslated(words)
        missing += len(lacking)
        print(f"{language.name}: {len(words)} texts, {len(lacking)} not translated")
        if "--missing" in sys.argv:
            print(*(f"  {text}" for text in lacking), sep="\n")
    sys.exit(1 if missing else 0)


def _written(words: Catalog) -> bytes:
    """Write a file of translations, without what its head would only have blanks for."""
    file = BytesIO()
    write_po(file, words, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return b"".join(
        line for line in file.getvalue().splitlines(keepends=True) if not line.startswith(_BLANKS)
    )


def _sentences_of_rules() -> Iterator[tuple[str, str]]:
    for room in (app, domain):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    for other in _OTHER_SENTENCES:
        yield (other.__doc__ or "").strip(), other.__module__.replace(".", "/") + ".py"
    for rule in sorted(
        _kinds(DomainError) | _kinds(RefusalError) | _kinds(AccountError),
        key=lambda kind: (kind.__module__, kind.__name__),
    ):
        yield (rule.__doc__ or "").strip(), rule.__module__.replace(".", "/") + ".py"


def _names_of_codes() -> Iterator[tuple[str, str]]:
    yield from ((theme.name, "themes") for theme in THEMES.values())
    yield from ((places.name_of(code), "places") for code in TRANSLATED_PLACES)
    yield from ((sentence, "org_ids") for sentence in org_ids.SENTENCES)


def _kinds(kind: type[Exception]) -> set[type[Exception]]:
    return {below for near in kind.__subclasses__() for below in (near, *_kinds(near))}


def _strings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str | None, ...]:
    return (string,) if isinstance(string, str) or string is None else tuple(string)


if __name__ == "__main__":
    main()
