"""E-mail addresses: written the one way they are kept, and none that is made to look like another's."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from app.access.accounts import EMAIL_LENGTH_MAX, AccountError, normalised_email

# Scripts that one word may mix (Unicode Technical Standard 39, "highly restrictive").
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
# Letters of other scripts that cannot be told from Latin ones: a word of these alone is made to deceive.
_LATIN_LOOK_ALIKES = frozenset("асԁеһіјӏорԛѕԝхуъьҽпгѵѡᴦοανικρτυχ")


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
    if any(_deceives(word) for word in (person, *domain.split("."))):
        raise LookAlikeAddressError
    return address


def _deceives(word: str) -> bool:
    letters = [letter for letter in word.lower() if letter.isalpha()]
    scripts = {unicodedata.name(letter, "UNKNOWN").split(maxsplit=1)[0] for letter in letters}
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        return True
    return bool(letters) and "LATIN" not in scripts and set(letters) <= _LATIN_LOOK_ALIKES
