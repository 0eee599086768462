"""Mail over SMTP: to the server of OPEN_IMPACT_SMTP_URL, encrypted wherever the server can, its certificate checked."""

from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import aiosmtplib
from msgspec import Struct

from app.mail.sending import LaterError, RefusedError

STEP_SECONDS = 15.0
"""How long one step of the conversation may take."""
_FOR_GOOD = 500


class Server(Struct, frozen=True, kw_only=True):
    """A mail server as a URL names it. `start_tls` of None means: where the server offers it."""

    host: str
    port: int
    username: str | None
    password: str | None
    use_tls: bool
    start_tls: bool | None


def server_of(url: str) -> Server:
    """Read smtp://USER:PASSWORD@HOST:PORT or smtps://…; the usual ports are 587 and 465.

    A password is sent over an encrypted connection only, except on this very machine.
    """
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    use_tls = parts.scheme == "smtps"
    username = unquote(parts.username) if parts.username else None
    must_encrypt = not use_tls and username is not None and not _is_this_machine(host)
    return Server(
        host=host,
        port=parts.port or (465 if use_tls else 587),
        username=username,
        password=unquote(parts.password) if parts.password else None,
        use_tls=use_tls,
        start_tls=False if use_tls else (True if must_encrypt else None),
    )


class SmtpTransport:
    """Hands messages to one mail server, over a connection each."""

    def __init__(self, url: str) -> None:
        self._server = server_of(url)

    async def deliver(self, message: EmailMessage) -> None:
        """Hand one message to the server.

        Raises:
            LaterError: the server is away, slow, busy, or does not let us in.
            RefusedError: the server will not take this message, or mail for this address.
        """
        server = self._server
        try:
            await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.use_tls,
                start_tls=server.start_tls,
                timeout=STEP_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _answered(min(refused.code for refused in error.recipients)) from None
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise _answered(error.code) from None
        except aiosmtplib.SMTPNotSupported:
            raise RefusedError("The mail server does not take addresses like this one.") from None
        except aiosmtplib.SMTPAuthenticationError as error:
            raise LaterError(f"The mail server does not let us in: it answered {error.code}.") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            # The errors' own words may repeat what was sent; their kind does not.
            raise LaterError(f"The mail server cannot be used: {type(error).__name__}.") from None


def _answered(code: int) -> LaterError | RefusedError:
    if code >= _FOR_GOOD:
        return RefusedError(f"The mail server refused the message for good: it answered {code}.")
    return LaterError(f"The mail server asked to try again later: it answered {code}.")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
