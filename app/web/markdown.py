"""What people write, as Markdown: rendered by markdown-it-py, and whatever comes of it cleaned by nh3.

HTML in a text is text. Headings become bold paragraphs, because a page's own headings tell its structure; pictures
are left as words, because a picture would be asked for from elsewhere and tell who reads.
"""

from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.web.formats import SUMMARY_LENGTH, excerpt

LENGTH_MAX = 20_000
"""Longer texts, which only an old import could bring, are shown as they are written."""
_NESTING_MAX = 20
_SUMMARISED_MAX = 2_000

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_REL = "nofollow noopener ugc"

_markdown = MarkdownIt(
    "commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": _NESTING_MAX}
).disable(["image", "html_block", "html_inline"])


def _opened(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:  # noqa: ARG001  # The library says what is given.
    return "<p><strong>"


def _closed(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:  # noqa: ARG001  # The library says what is given.
    return "</strong></p>\n"


_markdown.add_render_rule("heading_open", _opened)
_markdown.add_render_rule("heading_close", _closed)


@lru_cache(maxsize=4_096)
def summary(text: str, length: int = SUMMARY_LENGTH) -> str:
    """Give the beginning of a text of somebody's as one line without Markdown's signs, read as `rendered` reads it."""
    # A card shows a line or two; what stands far behind them need not be read.
    blocks = _markdown.parse(text[:_SUMMARISED_MAX])
    return excerpt(" ".join(filter(None, map(_said, blocks))), length)


def _said(token: Token) -> str:
    """Give the words of a token: of a paragraph those of everything in it, of code the code."""
    if token.children is not None:
        return "".join(map(_said, token.children))
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


@lru_cache(maxsize=1_024)
def rendered(text: str) -> Markup:
    """Render a text of somebody's as safe HTML."""
    if len(text) > LENGTH_MAX:
        return Markup("<p>{}</p>").format(text)
    html = nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=_REL,
        strip_comments=True,
    )
    # A direction for each block: people write in many scripts, within one text, too.
    return Markup(html.replace("<p>", '<p dir="auto">'))  # noqa: S704  # Cleaned by nh3 the line before.
