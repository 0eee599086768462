"""A mail server for the tests: it speaks as much SMTP (RFC 5321) as a client needs, and answers as it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


class MailServer:
    """Takes messages; `answers` holds what it says to the next RCPT commands instead of "250 OK"."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.after_data: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one conversation."""

        async def say(line: str) -> None:
            writer.write(line.encode() + b"\r\n")
            await writer.drain()

        await say("220 tests ready")
        while line := await reader.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"EHLO":
                await say("250-tests")
                await say("250 8BITMIME")
            elif word == b"RCPT":
                self.recipients.append(line.decode().strip())
                await say(self.answers.pop(0) if self.answers else "250 OK")
            elif word == b"DATA":
                await say("354 go on")
                content = (await reader.readuntil(b"\r\n.\r\n"))[:-3]
                answer = self.after_data.pop(0) if self.after_data else "250 taken"
                if answer.startswith("250"):
                    self.taken.append(BytesParser(policy=policy.default).parsebytes(content))
                await say(answer)
            elif word == b"QUIT":
                await say("221 bye")
                break
            else:
                await say("250 OK" if word in {b"MAIL", b"RSET", b"NOOP", b"HELO"} else "502 unknown")
        writer.close()


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """Run a mail server on a free port."""
    made = MailServer()
    server = await asyncio.start_server(made.converse, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
