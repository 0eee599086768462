"""The pages of sign-in with an identity provider, with invented providers."""

from app.web.identity_views import IdentitiesPage, IdentityLine, LeavingPage, NotSignedInPage
from tests.web.cast import LONG_WORD, SCRIPT, START, uuid

IDENTITY_PAGES: dict[str, tuple[str, object]] = {
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
