"""The promises of `events/store.py`, held by every store alike.

A store is put to the test by a class that inherits `StoreContract` and has a fixture `store`.
"""

import pytest

from tests.events.append_promises import AppendPromises
from tests.events.key_promises import KeyPromises
from tests.events.read_promises import ReadPromises


class StoreContract(AppendPromises, KeyPromises, ReadPromises):
    """Everything that a store promises."""

    pytestmark = pytest.mark.asyncio
