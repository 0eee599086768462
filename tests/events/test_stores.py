"""One contract, two stores: what holds in PostgreSQL holds in memory."""

import pytest

from events.memory import MemoryStore
from tests.events.store_contract import StoreContract


class TestPostgresStore(StoreContract):
    """The log in PostgreSQL, through group commit."""

    @pytest.fixture
    def stored(self, owner):
        """Give what the log holds."""

        async def read():
            return [row["data"] for row in await owner.fetch("SELECT data FROM events ORDER BY position")]

        return read

    @pytest.fixture
    def forget(self, store, owner):
        """Lose the key of a subject, without destroying it."""

        async def lose(subject):
            await owner.execute("DELETE FROM subject_keys WHERE subject = $1", subject)
            store.keyring.forget()

        return lose


class TestMemoryStore(StoreContract):
    """The log in a dictionary."""

    @pytest.fixture
    def store(self):
        """Make an empty log."""
        return MemoryStore()

    @pytest.fixture
    def stored(self, store):
        """Give what the log holds."""

        async def read():
            return [row[5] for row in store.rows]

        return read

    @pytest.fixture
    def forget(self, store):
        """Lose the key of a subject, without destroying it."""

        async def lose(subject):
            del store.keyring.keys[subject]

        return lose
