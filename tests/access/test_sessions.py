"""Sessions: begun after a proof, known by a digest, ended one by one or all at once."""

import pytest
import pytest_asyncio

from app.access import accounts, sessions
from app.access.sessions import Sessions
from app.access.tokens import Tokens

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def person_id(pool):
    """Somebody with an account."""
    return await accounts.add(pool, email="ada@example.org", name="Ada Sample")


async def test_a_session_says_who_is_there(pool, person_id):
    """Whoever shows the word from the cookie is the person, with every scope and the proof they gave."""
    secret = await sessions.begin(pool, person_id=person_id, proved_by="link", device="Firefox")
    actor = await Sessions(pool).authenticate(secret)
    assert (actor.person_id, actor.via, actor.proved_by) == (person_id, "session", "link")
    assert "admin" in actor.scopes
    assert not actor.is_operator


async def test_the_word_itself_is_not_kept(pool, person_id):
    """The database holds a digest of the cookie, from which the cookie cannot be made."""
    secret = await sessions.begin(pool, person_id=person_id, proved_by="link")
    row = await pool.fetchrow("SELECT * FROM sessions")
    assert row["digest"] == sessions.digest_of(secret)
    assert secret not in str(dict(row))


async def test_an_ended_session_is_nobodys(pool, person_id):
    """One session of a person can be ended, and all of them; others' go on."""
    other = await accounts.add(pool, email="ben@example.org", name="Ben Sample")
    kept, gone, third = [
        await sessions.begin(pool, person_id=whose, proved_by="link")
        for whose in (other, person_id, person_id)
    ]
    known = Sessions(pool)
    ended = (await known.authenticate(gone)).credential_id
    assert await sessions.revoke(pool, person_id=other, session_id=ended) == 0
    assert await sessions.revoke(pool, person_id=person_id, session_id=ended) == 1
    known.forget()
    assert await known.authenticate(gone) is None
    assert (await known.authenticate(third)).person_id == person_id
    assert await sessions.revoke(pool, person_id=person_id) == 1
    known.forget()
    assert await known.authenticate(third) is None
    assert (await known.authenticate(kept)).person_id == other
    assert await sessions.of_person(pool, person_id) == []


@pytest.mark.parametrize("column", ["last_seen_at", "created_at"])
async def test_a_session_does_not_last_for_ever(pool, person_id, column):
    """Idle for a month or half a year old, a session is over."""
    secret = await sessions.begin(pool, person_id=person_id, proved_by="link")
    await pool.execute(f"UPDATE sessions SET {column} = now() - interval '200 days'")  # noqa: S608  # One of two names of ours.
    assert await Sessions(pool).authenticate(secret) is None
    assert await sessions.of_person(pool, person_id) == []


async def test_a_use_is_noted_once_an_hour(pool, person_id):
    """Using a session keeps it alive."""
    secret = await sessions.begin(pool, person_id=person_id, proved_by="link")
    await pool.execute("UPDATE sessions SET last_seen_at = now() - interval '29 days'")
    assert await Sessions(pool).authenticate(secret)
    assert await pool.fetchval("SELECT last_seen_at > now() - interval '1 minute' FROM sessions")


async def test_a_new_proof_is_noted(pool, person_id):
    """A person who shows a passkey in a session has shown it in that session alone."""
    first, second = [await sessions.begin(pool, person_id=person_id, proved_by="link") for _ in range(2)]
    before = await Sessions(pool).authenticate(first)
    await sessions.prove(pool, before.credential_id, "passkey")
    after = await Sessions(pool).authenticate(first)
    assert (after.proved_by, after.proved_at > before.proved_at) == ("passkey", True)
    assert (await Sessions(pool).authenticate(second)).proved_by == "link"


@pytest.mark.parametrize("secret", ["", "x", "oi_" + "A" * 49, "\0", "é" * 500])
async def test_a_word_nobody_gave_is_nobodys(pool, person_id, secret):
    """Whatever is sent as a cookie, only a session's own word opens it."""
    await sessions.begin(pool, person_id=person_id, proved_by="link")
    assert await Sessions(pool).authenticate(secret) is None
    assert await Tokens(pool).authenticate(secret) is None
