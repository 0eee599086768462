"""Signatures of what is delivered, as Standard Webhooks 1.0.0 has them: `v1` with a shared secret, `v1a` with a key pair.

Every message has both. Whoever checks `v1` needs a library that knows one function; whoever checks `v1a` keeps no
secret of ours, and can show a message to others. Under several sets of keys at once there are signatures of each,
so that a receiver may change over when it likes.
"""

import base64
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey
from msgspec import Struct
from standardwebhooks import Webhook

SECRET_BYTES = 32
_SECRET_BYTES_MIN, _SECRET_BYTES_MAX = 24, 64  # What the standard lets others bring.
_SEED_BYTES = _PUBLIC_BYTES = 32
_SECRET, _PRIVATE, _PUBLIC = "whsec_", "whsk_", "whpk_"


class UnreadableKeyError(Exception):
    """A key of an endpoint is not as it was written down; rotate the endpoint's keys."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class UnsignableMessageError(Exception):
    """A message is signed only with an id of letters, digits, _ and -, a moment with a zone, and a body in UTF-8."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class EndpointKeys(Struct, frozen=True, kw_only=True):
    """One set of keys of an endpoint: a shared secret, and the seed of an Ed25519 key pair."""

    secret: bytes
    seed: bytes

    def __repr__(self) -> str:
        # Keys end up in tracebacks with whatever holds them; this is all that may be seen of them.
        return f"EndpointKeys(public={public_key_of(self)!r})"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("public", public_key_of(self))]


class PublicKey(Struct, frozen=True, kw_only=True):
    """A public key as JSON Web Key (RFC 8037); `kid` is its thumbprint (RFC 7638)."""

    kid: str
    x: str
    kty: str = "OKP"
    crv: str = "Ed25519"
    alg: str = "EdDSA"
    use: str = "sig"


class SignedHeaders(Struct, frozen=True, kw_only=True):
    """What stands beside a body, so that its receiver can tell whom it is from, and whether it is whole and new."""

    id: str
    timestamp: str
    signature: str

    def as_headers(self) -> dict[str, str]:
        """Give the headers by name."""
        return {
            "webhook-id": self.id,
            "webhook-timestamp": self.timestamp,
            "webhook-signature": self.signature,
        }


def new_keys(random: Callable[[int], bytes] = secrets.token_bytes) -> EndpointKeys:
    """Make a set of keys that nobody has."""
    return EndpointKeys(secret=random(SECRET_BYTES), seed=random(_SEED_BYTES))


def read_keys(secret: str, private_key: str) -> EndpointKeys:
    """Read a set of keys as `secret_of` and `private_key_of` write them.

    Raises:
        UnreadableKeyError: one of them is cut short, misspelt or of another kind, or the pair does not belong together.
    """
    shared, pair = _read(secret, _SECRET), _read(private_key, _PRIVATE)
    seed, public = pair[:_SEED_BYTES], pair[_SEED_BYTES:]
    if not _SECRET_BYTES_MIN <= len(shared) <= _SECRET_BYTES_MAX or len(seed) != _SEED_BYTES:
        raise UnreadableKeyError
    keys = EndpointKeys(secret=shared, seed=seed)
    if public != _public_bytes(keys):
        raise UnreadableKeyError
    return keys


def secret_of(keys: EndpointKeys) -> str:
    """Write the shared secret as receivers' libraries take it: `whsec_…`."""
    return _SECRET + _base64(keys.secret)


def private_key_of(keys: EndpointKeys) -> str:
    """Write the private key as senders' libraries take it: `whsk_…`, the seed and then the public key."""
    return _PRIVATE + _base64(keys.seed + _public_bytes(keys))


def public_key_of(keys: EndpointKeys) -> str:
    """Write the public key as receivers' libraries take it: `whpk_…`."""
    return _PUBLIC + _base64(_public_bytes(keys))


def jwk_of(public_key: str) -> PublicKey:
    """Give a public key, as `public_key_of` writes it, as JSON Web Key, for a published set.

    Raises:
        UnreadableKeyError: it is cut short, misspelt or of another kind.
    """
    raw = _read(public_key, _PUBLIC)
    if len(raw) != _PUBLIC_BYTES:
        raise UnreadableKeyError
    x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    kid = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x}).thumbprint()
    return PublicKey(kid=kid, x=x)


def signed(*, message_id: str, at: datetime, body: bytes, keys: Sequence[EndpointKeys]) -> SignedHeaders:
    """Sign a message at a moment, `v1` and `v1a` under every set of keys, in their order.

    Raises:
        UnsignableMessageError: what is signed could be read as something else: a dot in the id, or no UTF-8.
    """
    if not _is_word(message_id) or at.tzinfo is None:
        raise UnsignableMessageError
    # The library writes whatever clock a moment shows as if it were UTC's.
    moment = at.astimezone(UTC).replace(microsecond=0)
    timestamp = str(int(moment.timestamp()))
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise UnsignableMessageError from None
    content = f"{message_id}.{timestamp}.".encode() + body
    signatures = (
        signature
        for each in keys
        for signature in (
            Webhook(each.secret).sign(message_id, moment, text),
            f"v1a,{_base64(_private(each).sign(content))}",
        )
    )
    return SignedHeaders(id=message_id, timestamp=timestamp, signature=" ".join(signatures))


def _is_word(text: str) -> bool:
    return text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def _private(keys: EndpointKeys) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.seed)


def _public_bytes(keys: EndpointKeys) -> bytes:
    return _private(keys).public_key().public_bytes_raw()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _read(written: str, prefix: str) -> bytes:
    encoded = written.removeprefix(prefix)
    try:
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise UnreadableKeyError from None
    if encoded == written or _base64(raw) != encoded:
        raise UnreadableKeyError
    return raw
