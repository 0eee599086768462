"""The outbox: a message is a row first, in the transaction of what it is about, and is sent afterwards.

A message may hold a link that lets somebody in, so it is sealed (AES-GCM, NIST SP 800-38D) under a key derived
from the installation's secret key (HKDF, RFC 5869) until it is sent, and removed then.
"""

from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.mail.messages import Message
from events.connections import Connection, Pool, unavailable_when_lost
from events.sealing.sealer import NotOpenedError, Sealer
from events.streams import new_id

_PURPOSE = b"open-impact outgoing mail 1"
_KEY_BYTES = 32

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Message).decode


class UnreadableError(ValueError):
    """The message was sealed under another secret key, or was changed since."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Outbox:
    """Takes messages to be sent; who sends them opens them with the same secret."""

    def __init__(self, secret: bytes) -> None:
        self._sealer = Sealer(HKDF(SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE).derive(secret))

    async def post(self, connection: Connection | Pool, message: Message) -> UUID:
        """Leave a message to be sent, and give its identifier.

        On a connection that is in a transaction, it is sent exactly if that transaction commits.

        Raises:
            LogUnavailableError: the database cannot be reached.
        """
        message_id = new_id()
        async with unavailable_when_lost():
            await connection.execute(
                "INSERT INTO outgoing_mail (message_id, sealed) VALUES ($1, $2)",
                message_id,
                self.sealed(message_id, message),
            )
        return message_id

    def sealed(self, message_id: UUID, message: Message) -> bytes:
        """Seal a message; it can be opened as this one only."""
        return self._sealer.sealed(_encode(message), message_id.bytes)

    def opened(self, message_id: UUID, sealed: bytes) -> Message:
        """Open a sealed message.

        Raises:
            UnreadableError: it was sealed under another key, as another message, or was changed.
        """
        try:
            return _decode(self._sealer.opened(sealed, message_id.bytes))
        except (NotOpenedError, msgspec.MsgspecError) as error:
            raise UnreadableError from error
