"""What somebody is told who is signed in, but has not shown just now that it is them."""


class FreshProofError(Exception):
    """This needs a fresh proof that it is you; confirm it on the page `/me/confirm`, or by `POST /api/v1/me/step-up`, then do it again."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)
