"""Mail leaves at least once, patiently, and says nothing of itself afterwards."""

import asyncio
import smtplib
import socket
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from app.mail.given_up import counted, retry, unsent
from app.mail.mailbox import Mailbox
from app.mail.messages import Message, as_email, render
from app.mail.outbox import Outbox, UnreadableError
from app.mail.sending import ATTEMPTS_MAX, KEPT, LEASE, Sender, pause_after
from app.mail.smtp import SmtpTransport, server_of
from events.streams import new_id
from tests.mail.mail_server import MailServer, mail_server

pytestmark = pytest.mark.asyncio

OUTBOX = Outbox(b"a secret of the tests, long enough to be one")
MESSAGE = Message(to="ada@example.org", subject="Hello", text="Planted words\n", html="<p>Planted words</p>")
SENDER = "Open Impact <no-reply@example.org>"


@pytest_asyncio.fixture
async def server():
    """Give a mail server that takes everything."""
    async with mail_server() as made:
        yield made


@pytest.fixture
def sender(pool, server):
    """Give a sender that sends to the mail server."""
    return Sender(pool, OUTBOX, SmtpTransport(server.url), mail_from=SENDER)


async def state(pool):
    """Read the one message's row."""
    return await pool.fetchrow("SELECT *, due_at - now() AS pause FROM outgoing_mail")


async def make_due(pool):
    """Let the time pass until everything is due."""
    await pool.execute("UPDATE outgoing_mail SET due_at = now()")


async def test_a_message_is_sent_once_and_forgotten(pool, sender, server):
    """A posted message arrives with both its parts, and its row says nothing of it afterwards."""
    message_id = await OUTBOX.post(pool, MESSAGE)
    assert await sender.send_due() == 1
    assert await sender.send_due() == 0
    (taken,) = server.taken
    assert (taken["To"], taken["Subject"], taken["From"]) == ("ada@example.org", "Hello", SENDER)
    assert taken["Message-ID"] == f"<{message_id}@example.org>"
    assert taken.get_body(("plain",)).get_content().strip() == "Planted words"
    assert "<p>Planted words</p>" in taken.get_body(("html",)).get_content()
    row = await state(pool)
    assert row["sent_at"] is not None
    assert row["sealed"] is None


async def test_a_message_waits_sealed(pool):
    """Neither the address nor the words of a message can be read in the database."""
    message_id = await OUTBOX.post(pool, MESSAGE)
    sealed = (await state(pool))["sealed"]
    assert b"ada@example.org" not in sealed
    assert b"Planted" not in sealed
    assert OUTBOX.opened(message_id, sealed) == MESSAGE
    with pytest.raises(UnreadableError):
        Outbox(b"another secret of the tests, long enough").opened(message_id, sealed)
    with pytest.raises(UnreadableError):
        OUTBOX.opened(new_id(), sealed)


async def test_a_message_leaves_only_with_its_transaction(pool, sender, server):
    """What is posted in a transaction that fails is never sent."""
    with suppress(ZeroDivisionError):
        async with pool.acquire() as connection, connection.transaction():
            await OUTBOX.post(connection, MESSAGE)
            raise ZeroDivisionError
    assert await sender.send_due() == 0
    assert server.taken == []


async def test_a_busy_server_is_asked_again(pool, sender, server):
    """A 4xx answer puts the message off; it is sent when the server takes it, under the same Message-ID."""
    server.answers = ["451 later", "250 OK"]
    message_id = await OUTBOX.post(pool, MESSAGE)
    await sender.send_due()
    row = await state(pool)
    assert row["sent_at"] is None
    assert timedelta() < row["pause"] <= pause_after(1)
    assert "451" in row["last_error"]
    assert await sender.send_due() == 0, "it waits until it is due"
    await make_due(pool)
    await sender.send_due()
    assert [taken["Message-ID"] for taken in server.taken] == [f"<{message_id}@example.org>"]


@pytest.mark.parametrize("where", ["answers", "after_data"])
async def test_a_refusal_is_final_and_visible(pool, sender, server, where):
    """A 5xx answer ends the attempts, is logged as an error, and names nobody."""
    setattr(server, where, ["550 no such user ada@example.org"])
    await OUTBOX.post(pool, MESSAGE)
    with capture_logs() as logs:
        await sender.send_due()
    row = await state(pool)
    assert row["given_up_at"] is not None
    assert row["sealed"] is not None, "it can be tried again"
    await make_due(pool)
    assert await sender.send_due() == 0, "it is not tried again by itself"
    (said,) = [line for line in logs if line["event"] == "mail_given_up"]
    assert said["log_level"] == "error"
    assert "550" in said["error"]
    assert "ada@" not in str(logs) + row["last_error"]


async def test_a_server_that_is_away_is_asked_again_but_not_for_ever(pool):
    """While nobody listens the message waits, ever longer, and is given up after the last attempt."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sender = Sender(
            pool, OUTBOX, SmtpTransport(f"smtp://127.0.0.1:{unused.getsockname()[1]}"), mail_from=SENDER
        )
        await OUTBOX.post(pool, MESSAGE)
        for _ in range(ATTEMPTS_MAX):
            assert (await state(pool))["given_up_at"] is None
            await make_due(pool)
            await sender.send_due()
    row = await state(pool)
    assert row["attempts"] == ATTEMPTS_MAX
    assert row["given_up_at"] is not None
    assert "SMTPConnectError" in row["last_error"]


async def test_a_worker_that_died_before_marking_is_made_up_for(pool, server):
    """Killed between sending and marking, a message is sent again after the lease, as the same message."""

    class Dying(SmtpTransport):
        async def deliver(self, message):
            await super().deliver(message)
            raise asyncio.CancelledError

    message_id = await OUTBOX.post(pool, MESSAGE)
    with suppress(asyncio.CancelledError):
        await Sender(pool, OUTBOX, Dying(server.url), mail_from=SENDER).send_due()
    healthy = Sender(pool, OUTBOX, SmtpTransport(server.url), mail_from=SENDER)
    assert await healthy.send_due() == 0, "the lease holds"
    assert (await state(pool))["pause"] <= LEASE
    await make_due(pool)
    assert await healthy.send_due() == 1
    assert [taken["Message-ID"] for taken in server.taken] == [f"<{message_id}@example.org>"] * 2


async def test_a_late_sender_marks_nothing(pool, server):
    """Who sends past the end of the lease cannot mark what another has taken since."""

    class Slow(SmtpTransport):
        async def deliver(self, message):
            await make_due(pool)
            await pool.execute("UPDATE outgoing_mail SET attempts = attempts + 1")
            await super().deliver(message)

    await OUTBOX.post(pool, MESSAGE)
    await Sender(pool, OUTBOX, Slow(server.url), mail_from=SENDER).send_due()
    row = await state(pool)
    assert row["sent_at"] is None
    assert row["sealed"] is not None


async def test_many_workers_send_each_message_once(pool, server):
    """Workers side by side take different messages."""
    for _ in range(40):
        await OUTBOX.post(pool, MESSAGE)
    senders = [Sender(pool, OUTBOX, SmtpTransport(server.url), mail_from=SENDER) for _ in range(3)]
    while sum(await asyncio.gather(*(sender.send_due() for sender in senders))):
        pass
    assert len(server.taken) == 40
    assert len({taken["Message-ID"] for taken in server.taken}) == 40


async def test_what_was_given_up_is_tried_again_when_somebody_says_so(pool, sender, server):
    """A message that was given up is counted and listed, leaves after a retry, and is then no longer there to see."""
    server.answers = ["550 no", "550 no", "250 OK"]
    first, second = [await OUTBOX.post(pool, MESSAGE) for _ in range(2)]
    await sender.send_due()
    counts = await counted(pool)
    assert (counts.waiting, counts.given_up) == (0, 2)
    assert "550" in counts.newest_error
    assert {(one.message_id, one.state) for one in await unsent(pool)} == {
        (first, "given up"),
        (second, "given up"),
    }
    assert await retry(pool, new_id()) == 0
    assert await retry(pool, first) == 1
    assert await retry(pool, first) == 0
    assert await sender.send_due() == 1
    assert [taken["Message-ID"] for taken in server.taken] == [f"<{first}@example.org>"]
    assert [(one.message_id, one.attempts) for one in await unsent(pool)] == [(second, 1)]
    assert await retry(pool) == 1
    assert await sender.send_due() == 1
    assert (await counted(pool)).given_up == 0


async def test_what_was_given_up_is_not_kept_for_ever(pool, sender, server):
    """A message that nobody tries again is removed with its words after a while."""
    server.answers = ["550 no"]
    await OUTBOX.post(pool, MESSAGE)
    await sender.send_due()
    await pool.execute("UPDATE outgoing_mail SET posted_at = posted_at - $1::interval", KEPT)
    await sender.send_due()
    assert await state(pool) is None


async def test_an_unreadable_message_is_given_up(pool, sender, server):
    """A message sealed under another key is given up visibly and stops nobody else."""
    await Outbox(b"another secret of the tests, long enough").post(pool, MESSAGE)
    await OUTBOX.post(pool, MESSAGE)
    with capture_logs() as logs:
        await sender.send_due()
    assert len(server.taken) == 1
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["mail_given_up"]


async def test_without_a_server_mail_is_kept_in_a_folder(pool, tmp_path):
    """With no mail server a message becomes a file of this account's own, and can be read there."""
    mailbox = Mailbox(tmp_path)
    message_id = await OUTBOX.post(pool, MESSAGE)
    await Sender(pool, OUTBOX, mailbox, mail_from=SENDER).send_due()
    (letter,) = await mailbox.letters()
    assert (letter.message_id, letter.to, letter.subject) == (message_id, "ada@example.org", "Hello")
    assert letter.text.strip() == "Planted words"
    assert await mailbox.letter(message_id) == letter
    assert await mailbox.letter(new_id()) is None
    file = tmp_path / "mail" / f"{message_id}.eml"
    assert file.stat().st_mode & 0o077 == 0
    (tmp_path / "mail" / "nonsense.eml").write_bytes(b"\xff\xfe")
    assert len(await mailbox.letters()) == 1


async def test_a_name_cannot_make_a_header(server):
    """A line end in a fact ends up in no header and no other message."""
    facts = {"link": "http://x/", "code": "12", "expires_at": datetime.now(UTC)}
    message = render("sign_in_link", to="ada@example.org", **facts)
    assert message.subject == "Sign in to Open Impact"
    assert "12" in message.text
    for to, subject in (("ada@example.org", "a\r\nBcc: eve@example.org"), ("ada@x\r\nBcc: e@x", "a")):
        evil = Message(to=to, subject=subject, text="x", html="x")
        with pytest.raises(ValueError, match=r"(?i)linefeed|newline|invalid|printable"):
            as_email(evil, message_id=new_id(), sender=SENDER)


async def test_html_in_a_fact_is_text_in_the_letter():
    """What comes from people is escaped in a letter's HTML."""
    facts = {"link": 'http://x/"><b>', "code": "<i>", "expires_at": datetime.now(UTC)}
    message = render("sign_in_link", to="ada@example.org", **facts)
    assert "<i>" not in message.html
    assert '"><b>' not in message.html
    assert "<i>" in message.text


@pytest.mark.parametrize(
    ("url", "port", "use_tls", "start_tls"),
    [
        ("smtp://mail.example.org", 587, False, None),
        ("smtp://u:p%40@mail.example.org:25", 25, False, True),
        ("smtp://u:p@127.0.0.1:1025", 1025, False, None),
        ("smtps://u:p@mail.example.org", 465, True, False),
    ],
)
async def test_a_password_travels_encrypted(url, port, use_tls, start_tls):
    """A URL says how to reach the server; with a password, encryption is not left to the server's mood."""
    server = server_of(url)
    assert (server.port, server.use_tls, server.start_tls) == (port, use_tls, start_tls)


async def test_the_test_server_speaks_smtp():
    """What the tests take for a mail server is one to the client of the standard library as well."""

    def talk(server: MailServer) -> None:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=5) as client:
            client.sendmail("a@example.org", ["b@example.org"], b"Subject: x\r\n\r\n.dot\r\n")
            server.answers = ["550 no"]
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("a@example.org", ["c@example.org"], b"x")

    async with mail_server() as server:
        await asyncio.to_thread(talk, server)
        assert [taken["Subject"] for taken in server.taken] == ["x"]
