"""What can go wrong with the keys, told apart by what to do about it."""

from uuid import UUID

from events.errors import OperationalError


class SecretKeyError(Exception):
    """The secret key is not what it has to be."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NoSecretKeyError(SecretKeyError):
    """No secret key is set, and what is personal is sealed with it; set OPEN_IMPACT_SECRET_KEY (32 characters or more)."""


class WrongSecretKeyError(SecretKeyError):
    """This database was sealed with another secret key; set OPEN_IMPACT_SECRET_KEY to that one."""


class SecretKeyRotatedError(OperationalError):
    """The secret key was rotated; restart this process with the new one."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class SubjectErasedError(Exception):
    """What this belongs to was erased, and nothing can be written to it any more."""

    def __init__(self, subject: UUID) -> None:
        super().__init__(self.__doc__)
        self.subject = subject
