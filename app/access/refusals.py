"""Being refused, in words: why somebody is not let in, or not let do something, and what they can do about it."""


class RefusalError(Exception):
    """Somebody is refused something; what each kind says of itself is what they are told.

    It is the key of its translation as well, and is said in a language where it is shown.
    """

    def __init__(self) -> None:
        super().__init__(self.__doc__)
