"""What somebody is told who is signed in, but has not shown just now that it is them."""

from app.access.refusals import RefusalError


class FreshProofError(RefusalError):
    """This needs a fresh proof that it is you; confirm it on the page `/me/confirm`, or by `POST /api/v1/me/step-up`, then do it again."""
