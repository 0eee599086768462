"""The Jinja environment of the pages: everything is escaped, and a missing value is an error."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.web import addresses, formats, marked_up, pictures, stages
from app.web.built_files import STATIC, built_files
from app.web.markdown import rendered, summary
from projections.amounts import money
from projections.language import LANGUAGES, gettext, language

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
FACES = (
    "faces/text-first.woff2",
    "faces/display-first.woff2",
)
"""What every page is set in: asked for before the stylesheet says so, which would be a turn later."""


def environment() -> Environment:
    """Make the environment that renders the pages; each template takes one view model, named `page`.

    Texts in templates are said in the language that is spoken when a page is rendered: `_("…")` is text, and what stands
    between `{% trans %}` and `{% endtrans %}` may hold markup, in which values are escaped.
    """
    made = Environment(
        extensions=["jinja2.ext.i18n"],
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    # In this way values stay out of the text that is looked up, and are put into its translation by us.
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # The extension brings it.
    made.filters.update(
        money=money,
        markdown=rendered,
        count=formats.count,
        support=formats.support,
        support_words=formats.support_words,
        verified_words=formats.verified_words,
        aside_words=formats.aside_words,
        day_in_words=formats.day_in_words,
        time_in_words=formats.time_in_words,
        machine_time=formats.machine_time,
        paragraphs=formats.paragraphs,
        excerpt=formats.excerpt,
        in_a_row=formats.in_a_row,
        names_in_a_row=marked_up.names_in_a_row,
        summary=summary,
        source_words=formats.source_words,
    )
    made.globals.update(
        _=gettext,
        gettext=marked_up.gettext,
        ngettext=marked_up.ngettext,
        pgettext=marked_up.pgettext,
        language=language,
        languages=LANGUAGES,
        layout="base.html",
        visitor=None,
        position=None,
        here="/",
        itself="/",
        alternates=(),
        sign_in_href=addresses.sign_in_href,
        register_href=addresses.register_href,
        static=static,
        inlined=inlined,
        faces=FACES,
        default_sort=addresses.WHOLE_BOARD.sort,
        board_href=addresses.board_href,
        idea_href=addresses.idea_href,
        new_idea_href=addresses.new_idea_href,
        event_href=addresses.event_href,
        needs_href=addresses.needs_href,
        stage_bulbs=stages.stage_bulbs,
        stage_meaning=stages.stage_meaning,
        support_curve=pictures.support_curve,
    )
    return made


@cache
def inlined(name: str) -> str:
    """Address a small SVG in `static/` by what is in it (`data:`, RFC 2397), so that it takes no connection of its own.

    :raises FileNotFoundError: there is no such file; a page that asks for one is broken.
    """
    svg = " ".join((STATIC / name).read_text(encoding="utf-8").split())
    return f"data:image/svg+xml,{quote(svg, safe='/:=,')}"


@cache
def static(name: str) -> str:
    """Address a file of the pages: a source in `assets/` by what was built of it, or a file in `static/` as it is.

    Either address changes with the content, so browsers may keep the file for ever.

    :raises AssetsNotBuiltError: nothing was built yet.
    :raises FileNotFoundError: there is no such file; a page that asks for one is broken.
    """
    built = built_files().get(name)
    if built is not None:
        return addresses.built_href(built)
    return addresses.static_href(name, sha256((STATIC / name).read_bytes()).hexdigest()[:12])
