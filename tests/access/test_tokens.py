"""Tokens: shown once, known by their digest, and of no use as soon as they are revoked or have expired."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from app.access import accounts, tokens
from app.access.tokens import Tokens
from events.connections import open_pool
from events.errors import LogUnavailableError

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def person_id(pool):
    """Give somebody with an account."""
    return await accounts.add(pool, email="ada@example.org", name="Ada")


async def test_a_token_tells_who_it_acts_for(pool, person_id):
    """A token that was made tells its person and its scopes."""
    token = await tokens.create(pool, person_id=person_id, scopes=["votes:write", "ideas:write"])
    bearer = await Tokens(pool).authenticate(token)
    assert bearer.person_id == person_id
    assert bearer.scopes == {"votes:write", "ideas:write"}


async def test_the_database_does_not_know_the_token(pool, person_id):
    """What is kept of a token is its digest, from which it cannot be told."""
    token = await tokens.create(pool, person_id=person_id, scopes=["read"], label="laptop")
    row = await pool.fetchrow("SELECT * FROM tokens")
    assert row["digest"] == tokens.digest_of(token)
    assert token not in repr(row)


async def test_tokens_differ_and_check_themselves(pool, person_id):
    """Each token is another, and one with a mistyped character is not taken for a token."""
    made = {await tokens.create(pool, person_id=person_id, scopes=["read"]) for _ in range(20)}
    assert len(made) == 20
    for token in made:
        assert token.startswith("oi_")
        assert tokens.is_well_formed(token)
        other = "1" if token[10] != "1" else "2"
        assert not tokens.is_well_formed(token[:10] + other + token[11:])
        assert not tokens.is_well_formed(token[:-1])
    assert await Tokens(pool).authenticate("oi_nonsense") is None


async def test_an_unknown_token_is_nobodys(pool):
    """A token of the right form that nobody made lets nobody in."""
    assert await Tokens(pool).authenticate(tokens._new_token()) is None


async def test_a_revoked_token_stops_working_within_a_second(pool, person_id):
    """What is known of a token is forgotten quickly enough for a revocation to count."""
    token = await tokens.create(pool, person_id=person_id, scopes=["read"])
    known = Tokens(pool)
    assert await known.authenticate(token) is not None
    assert await tokens.revoke(pool, token)
    await asyncio.sleep(1.0)
    assert await known.authenticate(token) is None
    assert not await tokens.revoke(pool, token)


async def test_an_expired_token_is_nobodys(pool, person_id):
    """A token works until it expires and not a moment longer, though it is still known."""
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    token = await tokens.create(pool, person_id=person_id, scopes=["read"], expires_at=soon)
    known = Tokens(pool)
    assert await known.authenticate(token) is not None
    await asyncio.sleep(0.35)
    assert await known.authenticate(token) is None


async def test_a_scope_that_does_not_exist_is_refused(pool, person_id):
    """No token is made for a scope that does not exist, and the error lists those that do."""
    with pytest.raises(tokens.UnknownScopeError, match="votes:write"):
        await tokens.create(pool, person_id=person_id, scopes=["everything"])


async def test_what_is_known_stays_bounded(pool, person_id, monkeypatch):
    """However many tokens are tried, known and unknown, only so many are remembered."""
    monkeypatch.setattr("app.access.known.KNOWN_MAX", 10)
    known = Tokens(pool)
    await asyncio.gather(*(known.authenticate(tokens._new_token()) for _ in range(50)))
    assert len(known._known._known) == 10
    token = await tokens.create(pool, person_id=person_id, scopes=["read"])
    assert await known.authenticate(token) is not None


async def test_without_the_database_nobody_can_tell(database_url, person_id, pool):
    """When the database is away, a token is not called invalid: nobody can tell."""
    token = await tokens.create(pool, person_id=person_id, scopes=["read"])
    async with open_pool(database_url, name="closing") as closing:
        known = Tokens(closing)
    with pytest.raises(LogUnavailableError):
        await known.authenticate(token)
