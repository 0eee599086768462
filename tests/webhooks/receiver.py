"""Checks of signatures as somebody would write them who has never seen our code."""

import base64
import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError


def _content(headers, body):
    return b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])


def _of_kind(headers, kind):
    found = (one.partition(",") for one in headers["webhook-signature"].split(" "))
    return [base64.b64decode(value, validate=True) for name, _, value in found if name == kind]


def holds_v1(headers, body, secret):
    """Tell whether one signature is made with the shared secret."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, _content(headers, body), hashlib.sha256).digest()
    return any(hmac.compare_digest(expected, signature) for signature in _of_kind(headers, "v1"))


def holds_v1a(headers, body, public_key):
    """Tell whether one signature is made with the private key that belongs to a public one."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    for signature in _of_kind(headers, "v1a"):
        try:
            key.verify(signature, _content(headers, body))
        except InvalidSignature:
            continue
        return True
    return False


def holds_by_the_library(headers, body, secret):
    """Tell whether the library of the standard takes a message."""
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # A malformed signature is a ValueError there.
        return False
    return True
