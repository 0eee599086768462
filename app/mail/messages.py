"""What is said to people by mail: one message as text and as HTML, made from a pair of templates.

A template is `NAME.txt`, whose first line is the subject, and `NAME.html`, both under `templates/`. In HTML
everything is escaped; a fact that is missing is an error. Values are put into texts by `_` alone, because what stands
between `{% trans %}` and `{% endtrans %}` is HTML.
"""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from msgspec import Struct

from app.web import formats, marked_up
from projections import language

TEMPLATES = Path(__file__).parent / "templates"
SUBJECT_LENGTH_MAX = 150


class Message(Struct, frozen=True, kw_only=True):
    """One message to one address."""

    to: str
    subject: str
    text: str
    html: str


def render(template: str, *, to: str, **facts: object) -> Message:
    """Make the message of a template, to one address, in the language that is spoken here.

    Raises:
        jinja2.UndefinedError: a fact that the template tells is missing.
    """
    said = _environment().get_template(f"{template}.txt").render(facts)
    subject, _, text = said.partition("\n")
    return Message(
        to=to,
        # A name in a subject must not begin another header.
        subject=formats.excerpt(subject, SUBJECT_LENGTH_MAX),
        text=text.strip() + "\n",
        html=_environment().get_template(f"{template}.html").render(facts),
    )


def as_email(message: Message, *, message_id: UUID, sender: str) -> EmailMessage:
    """Write a message as it travels (RFC 5322); its Message-ID is the same each time.

    `sender` is an address with or without a name, "Open Impact <no-reply@example.org>".

    Raises:
        ValueError: an address is none.
    """
    name, address = parseaddr(sender)
    written = EmailMessage()
    written["From"] = Address(display_name=name, addr_spec=address)
    written["To"] = Address(addr_spec=message.to)
    written["Subject"] = message.subject
    written["Message-ID"] = f"<{message_id}@{address.rpartition('@')[2]}>"
    written["Date"] = format_datetime(_posted_at(message_id))
    written["Auto-Submitted"] = "auto-generated"
    written.set_content(message.text)
    written.add_alternative(message.html, subtype="html")
    return written


def _posted_at(message_id: UUID) -> datetime:
    # A UUIDv7 begins with the millisecond in which it was made.
    return datetime.fromtimestamp((message_id.int >> 80) / 1000, UTC)


@cache
def _environment() -> Environment:
    made = Environment(
        extensions=["jinja2.ext.i18n"],
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # The extension brings it.
    made.filters.update(count=formats.count, time_in_words=formats.time_in_words, excerpt=formats.excerpt)
    made.globals.update(
        _=language.gettext, gettext=marked_up.gettext, ngettext=marked_up.ngettext, language=language.language
    )
    return made
