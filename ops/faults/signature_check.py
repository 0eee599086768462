"""Checks of signatures as somebody would write them who has never seen our code."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

TOLERANCE_SECONDS = 300
"""A message is no older and no newer than this, as the libraries have it."""


def is_recent(headers: Mapping[str, str]) -> bool:
    """Tell whether a message says that it was sent just now."""
    return abs(time.time() - int(headers["webhook-timestamp"])) <= TOLERANCE_SECONDS


def holds_v1(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Tell whether one signature is made with the shared secret."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, _content(headers, body), hashlib.sha256).digest()
    return any(hmac.compare_digest(expected, signature) for signature in _of_kind(headers, "v1"))


def holds_v1a(headers: Mapping[str, str], body: bytes, public_key: str) -> bool:
    """Tell whether one signature is made with the private key that belongs to a public one."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    for signature in _of_kind(headers, "v1a"):
        try:
            key.verify(signature, _content(headers, body))
        except InvalidSignature:
            continue
        return True
    return False


def holds_by_the_library(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Tell whether the library of the standard takes a message."""
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # A malformed signature is a ValueError there.
        return False
    return True


def _content(headers: Mapping[str, str], body: bytes) -> bytes:
    return b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])


def _of_kind(headers: Mapping[str, str], kind: str) -> list[bytes]:
    found = (one.partition(",") for one in headers["webhook-signature"].split(" "))
    return [base64.b64decode(value, validate=True) for name, _, value in found if name == kind]
