"""One contract, two stores: what holds in PostgreSQL holds in memory."""

import pytest

from events.memory import MemoryStore
from tests.events.store_contract import StoreContract


class TestPostgresStore(StoreContract):
    """The log in PostgreSQL, through group commit."""


class TestMemoryStore(StoreContract):
    """The log in a dictionary."""

    @pytest.fixture
    def store(self):
        """Make an empty log."""
        return MemoryStore()
