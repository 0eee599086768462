"""The callback of the CloudEvents handshake: an address at which an endpoint may agree later, by GET or POST.

It goes with the question, in `WebHook-Request-Callback` (HTTP 1.1 Web Hooks for Event Delivery, section 4), to the endpoint
and to nobody else. Whoever knows it was sent it there, so it is what they may do and no more: agree for this endpoint, at
the address that it had when it was asked, for a day. Nothing is kept of it; it is a message under a key.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.decider import DomainError
from domain.endpoint import EndpointState, Registered
from events.sealing.secret_key import InstallationSecret

VALID_FOR = timedelta(days=1)
_PURPOSE = "callbacks of handshakes"
_DIGITS_MAX = 12


class CallbackOverError(DomainError):
    """At this address nobody agrees any more: it is older than a day, or the endpoint is gone or elsewhere; wait to be asked again."""


class Callbacks:
    """Makes addresses to agree at, and knows them again."""

    def __init__(self, installation: InstallationSecret, public_url: str) -> None:
        self._secret = installation.derived(_PURPOSE)
        self._public_url = public_url.rstrip("/")

    def address(self, endpoint_id: UUID, *, moves: int, now: datetime) -> str:
        """Give the address at which an endpoint may agree for a day, as long as it has not moved."""
        until = int((now + VALID_FOR).timestamp())
        token = f"{until}.{self._word(endpoint_id, moves, until)}"
        return f"{self._public_url}/api/v1/webhooks/{endpoint_id}/consent?token={token}"

    def asked(self, state: EndpointState, token: str, *, now: datetime) -> Registered:
        """Give the endpoint that was asked with a token.

        Raises:
            CallbackOverError: it is no token of ours, or good no more.
        """
        digits, _, word = token.partition(".")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX):
            raise CallbackOverError
        if not isinstance(state, Registered) or datetime.fromtimestamp(int(digits), UTC) <= now:
            raise CallbackOverError
        expected = self._word(state.endpoint_id, state.moves, int(digits))
        if not hmac.compare_digest(expected.encode(), word.encode("utf-8", "replace")):
            raise CallbackOverError
        return state

    def _word(self, endpoint_id: UUID, moves: int, until: int) -> str:
        said = b"consent|" + endpoint_id.bytes + f"|{moves}|{until}".encode()
        digest = hmac.digest(self._secret, said, hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
