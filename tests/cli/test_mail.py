"""`open-impact mail`: what has not left is listed without saying to whom, and what was given up is tried again."""

import asyncio

import psycopg
import pytest

from app.mail.messages import Message
from app.mail.outbox import Outbox
from events.connections import open_pool
from events.streams import new_id

WORDS = Message(to="ada@example.org", subject="Hello", text="Planted words", html="<p>Planted words</p>")


@pytest.fixture
def given_up(database_url):
    """Two messages were given up and one waits; gives the first one's identifier."""

    async def posted():
        outbox = Outbox(b"a secret of the tests, long enough to be one")
        async with open_pool(database_url, name="tests", size_max=1) as pool:
            return [await outbox.post(pool, WORDS) for _ in range(3)]

    first, second, _ = asyncio.run(posted())
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE outgoing_mail SET given_up_at = now(), attempts = 10, last_error = 'The server said 550.'"
            " WHERE message_id = ANY(%s)",
            ([first, second],),
        )
    return first


def test_what_has_not_left_is_listed(done, told, given_up):
    """Each message has its state, attempts and last error, and nothing says who it is for or what it says."""
    found = told("mail", "list")
    assert [one["state"] for one in found] == ["given up", "given up", "waits"]
    assert found[0]["error"] == "The server said 550."
    assert found[0]["attempts"] == 10
    table = done("mail", "list")
    assert str(given_up) in table
    assert "ada@" not in table
    assert "Planted" not in table


def test_one_message_is_tried_again_and_then_all(done, told, given_up):
    """A retry makes one wait again, or all that were given up."""
    assert "1 message is tried again" in done("mail", "retry", given_up)
    assert [one["state"] for one in told("mail", "list")] == ["given up", "waits", "waits"]
    assert "1 message is tried again" in done("mail", "retry", "--all")
    assert {one["state"] for one in told("mail", "list")} == {"waits"}
    assert "0 messages are tried again" in done("mail", "retry", "--all")


@pytest.mark.parametrize(
    ("words", "sentence"), [((), "Name one message"), ((new_id(), "--all"), "Name one message")]
)
def test_a_retry_says_what_it_needs(open_impact, words, sentence):
    """Neither or both of a message and --all is refused in a sentence."""
    refused = open_impact("mail", "retry", *words)
    assert (refused.exit_code, sentence in refused.stderr) == (2, True)


def test_a_message_that_was_not_given_up_is_named(open_impact, done):
    """Whoever names a message that is not there hears where to look; where nothing waits, that is said."""
    refused = open_impact("mail", "retry", new_id())
    assert (refused.exit_code, "open-impact mail list" in refused.stderr) == (1, True)
    assert done("mail", "list") == "Every message has left.\n"
