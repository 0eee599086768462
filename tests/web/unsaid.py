"""What a page says in a language that nobody speaks, and what it says in English all the same."""

import re
from collections.abc import Iterator

from msgspec import to_builtins

from tests.web.markup import Element, read

_SAID_BY_PEOPLE = {"bdi", "code", "kbd", "samp", "pre", "script", "style", "template", "textarea"}
_SAID_IN_ATTRIBUTES = ("aria-label", "placeholder", "title", "alt")
_ISOLATED = re.compile("\N{FIRST STRONG ISOLATE}[^\N{POP DIRECTIONAL ISOLATE}]*\N{POP DIRECTIONAL ISOLATE}")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_THE_SAME_EVERYWHERE = re.compile(r"Cymraeg|English|JSON|CSV|API|UTC|URL|QR|SVG|HTML|oEmbed|AGPL|https?|UK")


def untranslated(html, page=None) -> list[str]:
    """List what a page says in English that is neither written by people nor part of its data."""
    data = sorted(set(_words(to_builtins(page))), key=len, reverse=True) if page is not None else []
    return [text for text in _texts(read(html)) if _ENGLISH.search(_without(data, text))]


def _texts(element: Element) -> Iterator[str]:
    if element.tag in _SAID_BY_PEOPLE or element.get("translate") == "no" or element.get("dir") == "auto":
        return
    if element.get("lang", "ar-XB") != "ar-XB":
        return
    for name in _SAID_IN_ATTRIBUTES:
        yield element.get(name) or ""
    if element.tag == "meta" and element.get("name") == "description":
        yield element["content"]
    for piece in element.pieces:
        if isinstance(piece, str):
            yield " ".join(piece.split())
        else:
            yield from _texts(piece)


def _without(data, text):
    if text.endswith("…") and any(words.startswith(text[:-1]) for words in data):
        return ""
    # Our own name first: a page may show "Open" as data, too.
    text = _ISOLATED.sub("", text).replace("Open Impact", "")
    for words in data:
        text = text.replace(words.replace("Open Impact", ""), "")
    return _THE_SAME_EVERYWHERE.sub("", text)


def _words(value) -> Iterator[str]:
    if isinstance(value, dict):
        for below in value.values():
            yield from _words(below)
    elif isinstance(value, list | tuple | set):
        for below in value:
            yield from _words(below)
    elif isinstance(value, str) and len(value) > 1:
        yield value
        yield " ".join(value.split())
