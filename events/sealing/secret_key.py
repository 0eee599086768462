"""The secret key: wraps the keys of subjects and the installation's own secret, and is itself kept nowhere here."""

from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from events.sealing.boxes import KEY_BYTES
from events.sealing.errors import WrongSecretKeyError
from events.sealing.sealer import NotOpenedError, Sealer

_ID_BYTES = 16
_INSTALLATION = b"installation"


class SecretKey:
    """Wraps and unwraps with a key derived (HKDF, RFC 5869) from the secret that operators keep.

    `key_id` is the public mark of the secret: it tells two apart and gives neither away.
    """

    def __init__(self, secret: str) -> None:
        self.key_id = _derived(secret.encode(), "public mark of the secret key", _ID_BYTES)
        self._sealer = Sealer(_derived(secret.encode(), "wrapping of keys", KEY_BYTES))

    def wrap(self, key: bytes, subject: UUID) -> bytes:
        """Wrap the key of a subject."""
        return self._sealer.sealed(key, subject.bytes)

    def unwrap(self, wrapped: bytes, subject: UUID) -> bytes:
        """Unwrap the key of a subject.

        Raises:
            WrongSecretKeyError: it was wrapped by another secret key, or is another subject's.
        """
        return self._unwrapped(wrapped, subject.bytes)

    def wrap_installation(self, secret: bytes) -> bytes:
        """Wrap the installation's own secret."""
        return self._sealer.sealed(secret, _INSTALLATION)

    def unwrap_installation(self, wrapped: bytes) -> bytes:
        """Unwrap the installation's own secret.

        Raises:
            WrongSecretKeyError: it was wrapped by another secret key.
        """
        return self._unwrapped(wrapped, _INSTALLATION)

    def _unwrapped(self, wrapped: bytes, purpose: bytes) -> bytes:
        try:
            return self._sealer.opened(wrapped, purpose)
        except NotOpenedError as error:
            raise WrongSecretKeyError from error


class InstallationSecret:
    """A random secret of this installation, which stays the same when the secret key is rotated."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def derived(self, purpose: str) -> bytes:
        """Give 32 bytes for one purpose, always the same and of no use for any other (HKDF, RFC 5869)."""
        return _derived(self._secret, purpose, KEY_BYTES)


def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"open-impact: {purpose}".encode()).derive(
        secret
    )
