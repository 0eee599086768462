"""E-mail addresses: written the one way they are kept, and none that is made to look like another's."""

from email_validator import EmailNotValidError, validate_email

from app.access.accounts import EMAIL_LENGTH_MAX, AccountError, normalised_email
from app.access.look_alikes import imitates_latin, mixes_alphabets


class AddressError(AccountError):
    """This is not an e-mail address; write one like name@example.org."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class LookAlikeAddressError(AccountError):
    """This address mixes letters of different alphabets that look alike; write it in the letters of one."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def checked_address(email: str) -> str:
    """Write an address that somebody typed the way it is kept; nobody is asked whether it exists.

    Raises:
        AddressError: it is no e-mail address.
        LookAlikeAddressError: it mixes alphabets, or spells Latin words in letters of another.
    """
    typed = email.strip()
    if len(typed) > EMAIL_LENGTH_MAX:
        raise AddressError
    try:
        valid = validate_email(typed, check_deliverability=False)
    except EmailNotValidError as error:
        raise AddressError from error
    address = normalised_email(valid.normalized)
    person, _, domain = address.rpartition("@")
    if any(mixes_alphabets(word) or imitates_latin(word) for word in (person, *domain.split("."))):
        raise LookAlikeAddressError
    return address
