"""The mailbox of this machine: what would have been sent, for a newcomer who tries everything without a mail server.

It is there only where mail goes nowhere else, and only for somebody at this very machine, under its own name:
another site's page that has its own name lead here is shown nothing.
"""

from urllib.parse import urlsplit
from uuid import UUID

import nh3
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.http.client_address import is_this_machine
from app.http.resources import LOOPBACK, resources_of
from app.web.showing import LINK_HEADERS, PageRequest, show
from app.web.views import LetterPage, LetterRow, MailboxPage

_GONE = {"head", "script", "style", "title"}
"""What goes with all that stands in it: the name of the window would be read as a line of the letter."""

_TAGS = {"p", "a", "strong", "em", "br", "ul", "ol", "li", "h1", "h2", "blockquote"}


def has_mailbox(request: PageRequest) -> bool:
    """Tell whether whoever asks may read the mailbox: it is this machine's, and so are they."""
    resources = resources_of(request)
    if resources.settings.smtp_url is not None or not resources.is_on_loopback:
        return False
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return is_this_machine(request) and host in LOOPBACK


@get("/dev/mailbox", include_in_schema=False)
async def show_mailbox(request: PageRequest) -> Response[bytes]:
    """List the latest messages."""
    _require_mailbox(request)
    rows = tuple(
        LetterRow(
            href=f"/dev/mailbox/{letter.message_id}",
            to=letter.to,
            subject=letter.subject,
            sent_at=letter.sent_at,
        )
        for letter in await resources_of(request).mailbox.letters()
    )
    return await show(request, "mailbox.html", MailboxPage(letters=rows), headers=LINK_HEADERS)


@get("/dev/mailbox/{message_id:uuid}", include_in_schema=False)
async def show_letter(request: PageRequest, message_id: FromPath[UUID]) -> Response[bytes]:
    """Show one message."""
    _require_mailbox(request)
    letter = await resources_of(request).mailbox.letter(message_id)
    if letter is None:
        raise NotFoundException
    page = LetterPage(
        to=letter.to,
        subject=letter.subject,
        sent_at=letter.sent_at,
        safe_html=cleaned(letter.html),
        text=letter.text,
    )
    return await show(request, "letter.html", page, headers=LINK_HEADERS)


def cleaned(html: str) -> str:
    """Make a message safe to show within a page, without what is in its head."""
    return nh3.clean(html, tags=_TAGS, clean_content_tags=_GONE, attributes={"a": {"href"}})


def _require_mailbox(request: PageRequest) -> None:
    if not has_mailbox(request):
        raise NotFoundException


MAILBOX = (show_mailbox, show_letter)
