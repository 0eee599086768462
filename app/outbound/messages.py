"""What goes out, what comes back, and what can go wrong between."""

from collections.abc import Mapping

from msgspec import Struct, field


class OutboundError(Exception):
    """Nothing came back from the other side."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class ForbiddenAddressError(OutboundError):
    """Messages go over https, on the usual ports, to addresses on the public internet; give one that is so."""


class UnsendableRequestError(OutboundError):
    """A header of the request is none that may be sent, or is kept for the connection itself."""


class NotReachedError(OutboundError):
    """The other side was not reached, or hung up: its name leads nowhere, nobody listens there, or it broke off."""


class NotTrustedError(OutboundError):
    """The other side did not show a certificate for its name that can be believed; renew it there."""


class TooSlowError(OutboundError):
    """The other side did not answer in time."""


class UnreadableAnswerError(OutboundError):
    """What came back is no answer in HTTP, ended too early, or has headers without end."""


class Request(Struct, frozen=True, kw_only=True):
    """What is sent; the names of its headers are in small letters.

    Which host it is for, its length and how its answer may be packed are said by the client itself.
    """

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Answer(Struct, frozen=True, kw_only=True):
    """What came back: of the headers, in small letters, as many as are usual, and of the body the beginning.

    `is_whole` tells whether the body is all of it. What came packed is not unfolded, so there is nothing of it.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    is_whole: bool
    seconds: float
