"""The promises of `events/store.py`, held by every store alike.

A store is put to the test by a class that inherits `StoreContract` and has the fixtures `store`, `stored` (what
it holds, as text) and `forget` (loses a key).
"""

import pytest

from tests.events.append_promises import AppendPromises
from tests.events.key_promises import KeyPromises
from tests.events.read_promises import ReadPromises
from tests.events.seal_promises import SealPromises


class StoreContract(AppendPromises, KeyPromises, ReadPromises, SealPromises):
    """Everything that a store promises."""

    pytestmark = pytest.mark.asyncio
