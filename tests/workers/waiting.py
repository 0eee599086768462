"""Waiting for what happens elsewhere."""

import asyncio
import time


def eventually(holds, within=20.0):
    """Wait until something holds, and fail when it does not within a while."""
    deadline = time.monotonic() + within
    while not (found := holds()):
        assert time.monotonic() < deadline, "this did not come to hold"
        time.sleep(0.02)
    return found


async def eventually_so(holds, within=20.0):
    """Wait until something holds, while other tasks go on."""
    async with asyncio.timeout(within):
        found = await holds()
        while not found:
            await asyncio.sleep(0.02)
            found = await holds()
    return found
