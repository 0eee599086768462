"""Texts of templates that hold markup, said in the language of whoever is spoken to.

What stands between `{% trans %}` and `{% endtrans %}` is looked up as it is and is markup, because templates are ours;
values that go into its translation are escaped. Jinja's extension calls these, and writes a sign of per cent twice.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

from projections import language as languages
from projections.language import Value, language, said


def gettext(text: str, /, **values: Value) -> Markup:
    """Say a text with markup."""
    return Markup(language().translations.gettext(text)) % said(values)  # noqa: S704  # See the module.


def ngettext(one: str, many: str, number: int, /, **values: Value) -> Markup:
    """Say a text with markup about a number of things, which is `count` in it."""
    text = language().translations.ngettext(one, many, number)
    return Markup(text) % said({"count": number, **values})  # noqa: S704  # See the module.


def pgettext(context: str, text: str, /, **values: Value) -> Markup:
    """Say a text with markup that means something else elsewhere."""
    return Markup(language().translations.pgettext(context, text)) % said(values)  # noqa: S704  # See the module.


def names_in_a_row(names: Sequence[str]) -> Markup:
    """Say names that people chose one after another, each kept from turning the others."""
    return Markup(languages.in_a_row([f"<bdi>{escape(name)}</bdi>" for name in names]))  # noqa: S704  # Escaped here.
