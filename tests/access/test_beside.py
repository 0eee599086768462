"""Work beside the requests goes on whatever happens to it, and ends with what it serves."""

import asyncio

import pytest
from structlog.testing import capture_logs

from app.access.beside import repeating

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("error", [ConnectionResetError("cut"), ZeroDivisionError("ours")])
async def test_what_fails_is_told_and_tried_again(error):
    """A time that fails, for the world's reasons or for ours, ends neither the work nor the block around it."""
    times, thrice = 0, asyncio.Event()

    async def work():
        nonlocal times
        times += 1
        if times == 3:
            thrice.set()
        raise error

    with capture_logs() as logs:
        async with repeating(work, name="a test", every_seconds=0.001):
            await asyncio.wait_for(thrice.wait(), 10)
    ended = times
    await asyncio.sleep(0.01)
    assert times == ended
    assert {(line["event"], line["work"]) for line in logs} == {("put_off", "a test")}
