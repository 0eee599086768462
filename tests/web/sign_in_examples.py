"""Examples of the pages of signing in, of oneself and of the mailbox."""

from datetime import UTC, datetime
from uuid import UUID

from app.access.kept_forms import KeptForm, KeptFormOverError
from app.access.passkeys import Passkey
from app.web.continuing import ContinuePage, continue_view
from app.web.passkey_views import ConfirmItIsYouPage, PasskeysPage
from app.web.views import (
    CodePage,
    ConfirmPage,
    LetterPage,
    LetterRow,
    MailboxPage,
    MePage,
    NamePage,
    OwnIdea,
    OwnIdeas,
    SessionRow,
    SignInPage,
)
from app.web.work import WorkPage
from tests.web.new_idea_examples import DRAFT_ROWS

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
LONG = "x" * 64 + "@" + "long-" * 10 + "example.org"


def session(number: int, device: str, *, here: bool = False) -> SessionRow:
    """Make one place where somebody is signed in."""
    return SessionRow(
        session_id=UUID(int=number),
        device=device,
        last_seen_at=NOW,
        created_at=NOW,
        proved_by="link",
        here=here,
    )


OWN = OwnIdeas(
    logged=(
        OwnIdea(
            title="A shared minibus for three villages",
            href="/ideas/x",
            stage_label="Shaping",
            support="148 people support this",
        ),
    ),
    supported=(
        OwnIdea(title=LONG * 2, href="/ideas/y", stage_label="Withdrawn", support="1 person supports this"),
    ),
    are_more=True,
)
SESSIONS = (session(1, "Firefox on Linux", here=True), session(2, "Chrome on Android"))
LETTER = LetterRow(href="/dev/mailbox/x", to="ada@example.org", subject="Sign in to Open Impact", sent_at=NOW)

KEPT_UNTIL = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
KEPT = KeptForm(
    action=f"/offers/new?idea={UUID(int=1)}",
    came_from=f"/offers/new?idea={UUID(int=1)}",
    fields=(
        ("title", "A rota for drivers"),
        ("description", "Drivers see who needs a lift.\r\n\r\n" + "They say when they can. " * 60),
        ("service_name", "Swaledale lifts"),
        ("runs_at", ""),
        (f"need-{UUID(int=2)}", "on"),
        ("organisation", str(UUID(int=3))),
    ),
)
KEPT_HOSTILE = KeptForm(
    action="/me/name",
    came_from="/",
    fields=(("name", "<script>alert(1)</script>" + "x" * 150), ("…", "y" * 900)),
)


def passkey(number: int, name: str, *, used: bool = True, aside: bool = False) -> Passkey:
    """Make a passkey as its owner sees it."""
    return Passkey(
        passkey_id=UUID(int=number),
        name=name,
        transports=["internal"],
        backed_up=True,
        created_at=NOW,
        last_used_at=NOW if used else None,
        set_aside_at=NOW if aside else None,
    )


PASSKEYS = (
    passkey(1, "Pixel 8"),
    passkey(2, "Key in the drawer", used=False),
    passkey(3, "<script>alert(1)</script>" + "x" * 75, aside=True),
)

SIGN_IN_PAGES: dict[str, tuple[str, object]] = {
    "sign-in": ("sign_in.html", SignInPage(next="/")),
    "sign-in-wrong": (
        "sign_in.html",
        SignInPage(
            next="/",
            email="ada",
            error="This is not an e-mail address; write one like name@example.org.",
        ),
    ),
    "sign-in-kept": ("sign_in.html", SignInPage(next=f"/continue/{UUID(int=1)}")),
    "continue": ("continue.html", continue_view(UUID(int=1), KEPT, KEPT_UNTIL)),
    "continue-hostile": ("continue.html", continue_view(UUID(int=1), KEPT_HOSTILE, KEPT_UNTIL)),
    "continue-over": (
        "continue.html",
        ContinuePage(href=f"/continue/{UUID(int=1)}", error=str(KeptFormOverError.__doc__)),
    ),
    "code": ("code.html", CodePage(email="ada@example.org", next="/", mailbox_href="/dev/mailbox")),
    "code-wrong": ("code.html", CodePage(email=LONG, next="/", error="This is not the code.")),
    "link": ("link.html", ConfirmPage(email="ada@example.org", token="x")),
    "link-over": ("link.html", ConfirmPage(error="This link does not work any more; ask for a new one.")),
    "name": ("name.html", NamePage()),
    "name-wrong": ("name.html", NamePage(name="x" * 250, error="A name has 1 to 200 characters.")),
    "work": (
        "work.html",
        WorkPage(
            action="/sign-in/name",
            purpose="So your browser does a sum before your account is made.",
            fields={"name": "Ada"},
            challenge="{}",
            ready_at=NOW,
        ),
    ),
    "work-early": (
        "work.html",
        WorkPage(
            action="/sign-in/oidc",
            purpose=f"So your browser does a sum before you go on to {LONG}.",
            fields={"next": "/"},
            challenge="{}",
            ready_at=NOW,
            too_early=True,
        ),
    ),
    "me": (
        "me.html",
        MePage(name="Moira Teasdale", sessions=SESSIONS, own=OWN, drafts=DRAFT_ROWS, saved=True),
    ),
    "me-wrong": (
        "me.html",
        MePage(name="x" * 250, sessions=SESSIONS, error="A name has 1 to 200 characters."),
    ),
    "passkeys": ("passkeys.html", PasskeysPage(passkeys=PASSKEYS)),
    "passkeys-none": ("passkeys.html", PasskeysPage(passkeys=())),
    "confirm": ("confirm.html", ConfirmItIsYouPage(next="/me", has_passkey=True, email="ada@example.org")),
    "confirm-kept": (
        "confirm.html",
        ConfirmItIsYouPage(next=f"/continue/{UUID(int=1)}", has_passkey=False, email=None),
    ),
    "mailbox": ("mailbox.html", MailboxPage(letters=(LETTER, LETTER))),
    "mailbox-empty": ("mailbox.html", MailboxPage(letters=())),
    "letter": (
        "letter.html",
        LetterPage(
            to="ada@example.org",
            subject="Sign in to Open Impact",
            sent_at=NOW,
            safe_html='<p>Open this link:</p><p><a href="/sign-in/link?token=x">Sign in to Open Impact</a></p>',
            text="Open this link:\n\nhttp://localhost:8000/sign-in/link?token=" + "x" * 43,
        ),
    ),
}
