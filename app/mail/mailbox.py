"""The mailbox: where mail goes while no mail server is set, as one file a message in the data folder."""

import asyncio
import os
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from uuid import UUID

from msgspec import Struct

LISTED_MAX = 100
KEPT_MAX = 1_000
_FOLDER = "mail"


class Letter(Struct, frozen=True, kw_only=True):
    """One message in the mailbox; `html` is as it was written, and must be made safe before it is shown."""

    message_id: UUID
    to: str
    subject: str
    sent_at: datetime
    text: str
    html: str


class Mailbox:
    """The folder `mail` of a data folder: a transport for who sends, a list for who reads."""

    def __init__(self, data: Path) -> None:
        self._folder = data / _FOLDER

    async def deliver(self, message: EmailMessage) -> None:
        """Write one message, whole or not at all, readable for this account alone."""
        await asyncio.to_thread(self._write, message)

    async def letters(self) -> list[Letter]:
        """List the latest messages, the newest first."""
        return await asyncio.to_thread(self._latest)

    async def letter(self, message_id: UUID) -> Letter | None:
        """Read one message; nothing when it is not there."""
        return await asyncio.to_thread(self._read, self._folder / f"{message_id}.eml")

    def _write(self, message: EmailMessage) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        message_id = message["Message-ID"].strip("<>").partition("@")[0]
        path = self._folder / f"{message_id}.eml"
        draft = path.with_suffix(".part")
        with open(draft, "wb", opener=_private) as file:
            file.write(message.as_bytes(policy=policy.SMTP))
        draft.replace(path)
        for old in self._paths()[KEPT_MAX:]:
            old.unlink(missing_ok=True)

    def _latest(self) -> list[Letter]:
        found = (self._read(path) for path in self._paths()[:LISTED_MAX])
        return [letter for letter in found if letter is not None]

    def _paths(self) -> list[Path]:
        # Names are UUIDv7: their order is that of time.
        return sorted(self._folder.glob("*.eml"), reverse=True)

    def _read(self, path: Path) -> Letter | None:
        try:
            message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
            return Letter(
                message_id=UUID(path.stem),
                to=str(message["To"]),
                subject=str(message["Subject"]),
                sent_at=message["Date"].datetime,
                text=_part(message, "plain"),
                html=_part(message, "html"),
            )
        except (OSError, ValueError, AttributeError):
            return None  # Removed meanwhile, or not a message of ours.


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
