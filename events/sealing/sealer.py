"""Sealing of whatever is kept and not to be read: AES-256-GCM (NIST SP 800-38D), bound to what it belongs to."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.sealing.boxes import NONCE_BYTES


class NotOpenedError(ValueError):
    """It was sealed under another key, belongs to something else, or was changed since."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Sealer:
    """Seals and opens with one key of 32 bytes; what is sealed is a fresh nonce and after it the content, sealed."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def sealed(self, content: bytes, bound: bytes) -> bytes:
        """Seal content, so that it opens only as what it is bound to."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, bound)

    def opened(self, sealed: bytes, bound: bytes) -> bytes:
        """Open what was sealed.

        Raises:
            NotOpenedError: it was sealed under another key, belongs to something else, or was changed.
        """
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError) as error:
            raise NotOpenedError from error
