"""Waiting until something is so, and a moment for examples."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

PATIENCE = 10.0  # Seconds after which a test gives up: far more than anything takes.
NOW = datetime(2026, 11, 2, 14, 5, tzinfo=UTC)


async def until(is_so: Callable[[], object]) -> None:
    """Look until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110  # What is looked at sets no event.
            await asyncio.sleep(0.002)
