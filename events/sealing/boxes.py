"""A box: texts encrypted with the key of their subject, as one word that JSON can hold.

AES-256-GCM with a random nonce. The event's id, its type and the subject are authenticated with the texts, so a
box opens in its own event alone. Laid out as: form (1 byte), subject (16), nonce (12), ciphertext and tag; all of
it base64url without padding.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

KEY_BYTES = 32
NONCE_BYTES = 12

_FORM = b"\x01"
_SUBJECT_ENDS = 17
_NONCE_ENDS = _SUBJECT_ENDS + NONCE_BYTES

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, str]).decode


class BrokenBoxError(Exception):
    """What is sealed cannot be opened: it was changed or moved, or belongs to another key."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Box(Struct, frozen=True):
    """A sealed value taken apart."""

    subject: UUID
    nonce: bytes
    content: bytes

    @classmethod
    def read(cls, word: str) -> "Box":
        """Take a sealed value apart.

        Raises:
            BrokenBoxError: it is none.
        """
        try:
            laid_out = urlsafe_b64decode(word + "=" * (-len(word) % 4))
        except ValueError as error:
            raise BrokenBoxError from error
        # Decoding is lenient about what stands in a word; we are not, so that one box has one form.
        if laid_out[:1] != _FORM or len(laid_out) < _NONCE_ENDS or _word(laid_out) != word:
            raise BrokenBoxError
        subject = UUID(bytes=laid_out[1:_SUBJECT_ENDS])
        return cls(subject, laid_out[_SUBJECT_ENDS:_NONCE_ENDS], laid_out[_NONCE_ENDS:])

    def opened(self, key: bytes, *, event_id: object, type_name: str) -> dict[str, str]:
        """Give the texts inside, by the names of their fields.

        Raises:
            BrokenBoxError: key, event or type are not those it was sealed with, or a byte of it was changed.
        """
        bound = _bound(event_id, type_name, self.subject)
        try:
            return _decode(AESGCM(key).decrypt(self.nonce, self.content, bound))
        except (InvalidTag, msgspec.MsgspecError) as error:
            raise BrokenBoxError from error


def sealed(texts: dict[str, str], key: bytes, *, subject: UUID, event_id: object, type_name: str) -> str:
    """Seal texts for one event."""
    nonce = os.urandom(NONCE_BYTES)
    content = AESGCM(key).encrypt(nonce, _encode(texts), _bound(event_id, type_name, subject))
    return _word(_FORM + subject.bytes + nonce + content)


def _bound(event_id: object, type_name: str, subject: UUID) -> bytes:
    return f"{event_id} {type_name} {subject}".encode()


def _word(laid_out: bytes) -> str:
    return urlsafe_b64encode(laid_out).rstrip(b"=").decode()
