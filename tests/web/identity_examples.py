"""The pages of what opens an account: identities of invented providers, and tokens."""

from app.http.my_tokens import TokenShown
from app.web.identity_views import IdentitiesPage, IdentityLine, LeavingPage, NotSignedInPage
from app.web.token_views import ScopeChoice, TokensPage
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid

CHOICES = [
    ScopeChoice(scope="read", meaning="Read what you can read", needs_proof=False),
    ScopeChoice(scope="funding:write", meaning="Commit money", needs_proof=True),
]

IDENTITY_PAGES: dict[str, tuple[str, object]] = {
    "tokens": (
        "tokens.html",
        TokensPage(
            tokens=[
                TokenShown(
                    token_id=uuid(number),
                    label=label,
                    scopes=["ideas:write", "read"],
                    created_at=START,
                    expires_at=START if number else None,
                    last_used_at=START if number else None,
                )
                for number, label in enumerate(("", "Nightly report", f"{SCRIPT} {LONG_WORD}"))
            ],
            choices=CHOICES,
            label_max=100,
            token="oi_" + "x" * 49,
        ),
    ),
    "tokens-none": (
        "tokens.html",
        TokensPage(tokens=[], choices=CHOICES, label_max=100, error="Choose what it may do."),
    ),
    "identities": (
        "identities.html",
        IdentitiesPage(
            provider="Sample Trust",
            identities=[
                IdentityLine(identity_id=uuid(7), provider=name, linked_at=START)
                for name in ("Sample Trust", f"{SCRIPT} {LONG_WORD}")
            ],
        ),
    ),
    "identities-none": ("identities.html", IdentitiesPage(provider=None, identities=[])),
    "leaving": (
        "leaving.html",
        LeavingPage(provider="Sample Trust", address="https://provider.example/authorize?a=b&c=d"),
    ),
    "work-first": (
        "not_signed_in.html",
        NotSignedInPage(
            title="One moment more",
            sentence="Before a new account is made for you, your browser has to do a sum first; begin again, and it will.",
            provider="Sample Trust",
            is_signed_in=False,
            work_href="/sign-in/oidc?work=&next=%2F",
        ),
    ),
    "not-signed-in": (
        "not_signed_in.html",
        NotSignedInPage(
            title="One step more",
            sentence="Your e-mail address is not confirmed yet; sign in with an e-mail link first, then connect the two.",
            provider="Sample Trust",
            is_signed_in=False,
        ),
    ),
    "not-connected": (
        "not_signed_in.html",
        NotSignedInPage(
            title="This is connected elsewhere",
            sentence="This identity opens another account here; disconnect it there first.",
            provider="Sample Trust",
            is_signed_in=True,
        ),
    ),
}
"""Each page by name: its template and its view model."""
