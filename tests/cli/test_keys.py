"""`open-impact keys rotate`: everything reads as before under the new secret key, and nothing under the old one."""

import asyncio

import pytest

from app.cli.keys import NEW_KEY
from app.embedded.data_folder import DataFolder
from app.embedded.settled_key import settled_secret_key
from app.mail.messages import Message
from app.mail.outbox import Outbox
from events.connections import open_pool
from events.sealing.postgres import PostgresKeyring
from events.sealing.secret_key import SecretKey
from tests.conftest import SECRET

NEXT = "another secret key of the tests, long enough"


@pytest.fixture
def joined(done):
    """Somebody whose name is sealed is in the log."""
    done("people", "add", "--email", "ada@example.org", "--name", "Ada")


def test_a_key_from_outside_is_replaced_by_the_one_given(open_impact, done, joined, monkeypatch):
    """With both keys in the environment, the log is then opened with the new one and refused under the old one."""
    monkeypatch.setenv(NEW_KEY, NEXT)
    told = done("keys", "rotate")
    assert "1 keys were wrapped anew" in told
    assert NEXT not in told

    refused = open_impact("people", "add", "--email", "ben@example.org", "--name", "Ben")
    assert (refused.exit_code, "sealed with another secret key" in refused.stderr) == (1, True)
    monkeypatch.setenv("OPEN_IMPACT_SECRET_KEY", NEXT)
    done("people", "add", "--email", "cleo@example.org", "--name", "Cleo")


def test_rotating_again_says_that_it_is_done(done, joined, monkeypatch):
    """A second call with the same keys, as after an interruption, changes nothing and says so."""
    monkeypatch.setenv(NEW_KEY, NEXT)
    done("keys", "rotate")
    assert "holds already" in done("keys", "rotate")


def test_mail_from_before_a_rotation_can_be_sent_after_it(done, joined, monkeypatch, database_url):
    """A message that waits is sealed under the installation's own secret, which a rotation wraps anew and does not change."""
    message = Message(to="ada@example.org", subject="Hello", text="Hello", html="<p>Hello</p>")

    async def outbox(pool, secret):
        return Outbox((await PostgresKeyring(pool, SecretKey(secret)).begin()).derived("mail"))

    async def post():
        async with open_pool(database_url, name="tests", size_max=1) as pool:
            await (await outbox(pool, SECRET)).post(pool, message)

    async def opened():
        async with open_pool(database_url, name="tests", size_max=1) as pool:
            row = await pool.fetchrow("SELECT message_id, sealed FROM outgoing_mail WHERE sealed IS NOT NULL")
            return (await outbox(pool, NEXT)).opened(*row)

    asyncio.run(post())
    monkeypatch.setenv(NEW_KEY, NEXT)
    done("keys", "rotate")
    assert asyncio.run(opened()) == message


@pytest.mark.parametrize("given", ["", "short"])
def test_a_new_key_must_be_long_enough(open_impact, joined, monkeypatch, given):
    """Without a new key, or with a short one, one sentence says what to set, and nothing changes."""
    monkeypatch.setenv(NEW_KEY, given)
    refused = open_impact("keys", "rotate")
    assert (refused.exit_code, NEW_KEY in refused.stderr) == (1, True)


def test_the_key_of_a_data_folder_is_drawn_and_put_in_place(
    done, joined, monkeypatch, tmp_path, database_url
):
    """A data folder's own key is replaced in its file; interrupted before that, the next start does it."""
    folder = DataFolder.at(tmp_path / "data")
    folder.create()
    folder.secret_key.write_text(SECRET)
    monkeypatch.delenv("OPEN_IMPACT_SECRET_KEY")
    before = folder.kept_secret_key()

    done("keys", "rotate", "--data", folder.path)
    after = folder.kept_secret_key()
    assert after != before
    assert not folder.next_secret_key.exists()

    # As if it had ended between the commit and the change of the file.
    folder.next_secret_key.write_text(after)
    folder.secret_key.write_text(before)
    assert settled_secret_key(folder, database_url) == after
    assert folder.kept_secret_key() == after
    # And as if it had ended before the commit: the next key means nothing yet.
    folder.next_secret_key.write_text(NEXT)
    assert settled_secret_key(folder, database_url) == after
