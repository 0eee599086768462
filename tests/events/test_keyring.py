"""The keys in PostgreSQL: made once whoever races, wrapped at rest, and of one secret key."""

import asyncio

import asyncpg
import pytest

from events.postgres import open_store
from events.sealing import postgres, rotation
from events.sealing.errors import NoSecretKeyError, SecretKeyRotatedError, WrongSecretKeyError
from events.sealing.postgres import PostgresKeyring
from events.sealing.rotation import rotate
from events.sealing.secret_key import SecretKey
from tests.conftest import SECRET
from tests.events.examples import idea, numbered, request, vote

pytestmark = pytest.mark.asyncio
NEW_SECRET = "a new secret of the tests, as long as the old one"
SUBJECTS = [numbered(number) for number in range(200)]


@pytest.fixture
def keyring(store):
    """Give the keys of a fresh log."""
    return store.keyring


def another(pool, secret=SECRET):
    """Give the keys as another process has them."""
    return PostgresKeyring(pool, SecretKey(secret))


async def test_racing_for_the_first_key_makes_one(keyring, pool):
    """Many who make the keys of the same subjects at once, in any order, all get the same ones."""
    rings = [another(pool) for _ in range(8)]
    made = await asyncio.gather(
        *(ring.made(SUBJECTS if number % 2 else SUBJECTS[::-1]) for number, ring in enumerate(rings))
    )
    assert all(keys == made[0] for keys in made)
    assert len(set(made[0].values())) == len(SUBJECTS)
    assert await another(pool).found(SUBJECTS) == made[0]


async def test_keys_are_wrapped_at_rest(keyring, pool):
    """No key stands in its table as it is used."""
    keys = await keyring.made(SUBJECTS)
    rows = await pool.fetch("SELECT subject, wrapped FROM subject_keys")
    assert len(rows) == len(SUBJECTS)
    assert not [row for row in rows if keys[row["subject"]] in row["wrapped"]]


async def test_keys_at_hand_are_not_looked_up_again(keyring, pool, monkeypatch):
    """Found once, a key is there without the database; at most so many, and for at most so long."""
    keys = await keyring.made(SUBJECTS)
    await pool.execute("UPDATE subject_keys SET wrapped = NULL, destroyed_at = now()")
    assert await keyring.found(SUBJECTS) == keys

    monkeypatch.setattr(postgres, "monotonic", lambda: float("inf"))
    assert await keyring.found(SUBJECTS) == dict.fromkeys(SUBJECTS)


async def test_keys_at_hand_are_bounded(keyring, monkeypatch):
    """However many are asked for at once, all are given, and only so many are kept."""
    monkeypatch.setattr(postgres, "KEPT_MAX", 10)
    assert len(await keyring.made(SUBJECTS)) == len(SUBJECTS)
    assert len(await keyring.found(SUBJECTS)) == len(SUBJECTS)
    assert len(keyring._kept) <= 10  # The bound is of something that nobody else sees.


async def test_a_page_is_opened_with_one_look_up(database_url, pool, store, monkeypatch):
    """Whatever the number of subjects on a page, their keys come in one query."""
    await store.append_many([request(f"idea-{n}", _idea(n)) for n in range(50)])
    queries = []
    fetch = asyncpg.Pool.fetch

    async def counted(self, query, *arguments, **more):
        queries.append(query)
        return await fetch(self, query, *arguments, **more)

    async with open_store(database_url, secret=SECRET) as fresh:
        monkeypatch.setattr(asyncpg.Pool, "fetch", counted)
        assert len((await fresh.read_tail(0, limit=50)).events) == 50
        assert len([query for query in queries if "subject_keys" in query]) == 1


async def test_votes_ask_for_no_keys(database_url, owner, store):
    """Votes are appended and read although the table of keys is out of reach."""
    await owner.execute("REVOKE ALL ON subject_keys FROM open_impact_service")
    await store.append(request("vote-a", vote()))
    await store.append_many([request("vote-b", vote(2)), request("vote-c", vote(3))])
    assert len((await store.read_tail(0, limit=10)).events) == 3


async def test_a_wrong_secret_key_is_noticed_at_once(store, database_url):
    """Opened with another secret key than it began with, the log says so in a sentence and shows nothing."""
    await store.append(request("idea-a", idea()))
    with pytest.raises(WrongSecretKeyError, match="sealed with another secret key"):
        async with open_store(database_url, secret="another secret of the tests, as long as it has to be"):
            pass


async def test_without_a_secret_key_the_rest_can_be_read(store, database_url):
    """Votes are read and appended; texts are refused, when they are read and when they are written."""
    await store.append(request("vote-a", vote()))
    await store.append(request("idea-a", idea()))
    async with open_store(database_url) as blind:
        assert len((await blind.read_tail(0, limit=1)).events) == 1
        await blind.append(request("vote-b", vote(2)))
        with pytest.raises(NoSecretKeyError):
            await blind.read_tail(0, limit=2)
        with pytest.raises(NoSecretKeyError):
            await blind.append(request("idea-b", idea()))


async def test_no_key_is_made_under_a_secret_key_that_is_gone(store, owner):
    """A process that has not heard of a rotation is refused by the database itself."""
    await store.keyring.made(SUBJECTS[:1])
    await owner.execute("BEGIN; SET CONSTRAINTS ALL DEFERRED; UPDATE secret_key SET key_id = 'new'")
    await owner.execute("UPDATE subject_keys SET key_id = 'new'; COMMIT")
    with pytest.raises(SecretKeyRotatedError):
        await store.keyring.made(SUBJECTS[1:2])
    store.keyring.forget()
    with pytest.raises(SecretKeyRotatedError):
        await store.keyring.found(SUBJECTS[:1])


async def test_a_rotation_wraps_every_key_anew(store, database_url, pool):
    """Under the new secret key everything reads as before, the old one is told so, and derived secrets stay."""
    await store.append_many([request(f"idea-{n}", _idea(n)) for n in range(20)])
    await store.keyring.destroy([numbered(3)])
    before = (await store.read_tail(0, limit=50)).events
    derived = (await store.keyring.begin()).derived("pseudonyms")
    old, new, told = SecretKey(SECRET), SecretKey(NEW_SECRET), []

    async with pool.acquire() as connection:
        assert await rotate(connection, old, new, progress=lambda *so_far: told.append(so_far)) == 20
        assert await rotate(connection, old, new, progress=lambda *_: None) is None
        with pytest.raises(WrongSecretKeyError):
            await rotate(connection, old, SecretKey("x" * 40), progress=lambda *_: None)

    assert told == [(20, 20)]
    async with open_store(database_url, secret=NEW_SECRET) as fresh:
        assert (await fresh.read_tail(0, limit=50)).events == before
        assert (await fresh.keyring.begin()).derived("pseudonyms") == derived
    with pytest.raises(SecretKeyRotatedError):
        await store.append(request("idea-x", _idea(99)))


async def test_a_rotation_is_done_whole_or_not_at_all(store, pool, database_url, monkeypatch):
    """Interrupted in the middle, every key is as it was."""
    await store.append_many([request(f"idea-{n}", _idea(n)) for n in range(20)])
    monkeypatch.setattr(rotation, "PAGE_KEYS", 5)

    def interrupted(done, _total):
        if done == 10:
            raise KeyboardInterrupt

    async with pool.acquire() as connection:
        with pytest.raises(KeyboardInterrupt):
            await rotate(connection, SecretKey(SECRET), SecretKey(NEW_SECRET), progress=interrupted)
    async with open_store(database_url, secret=SECRET) as fresh:
        assert len((await fresh.read_tail(0, limit=50)).events) == 20


def _idea(number):
    from msgspec.structs import replace

    return replace(idea(f"Idea {number}"), idea_id=numbered(number))
