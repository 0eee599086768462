"""Closed loops: callers that each do one thing after the other, for as long as a window lasts."""

import asyncio
import gc
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from msgspec import Struct

from ops.bench.machine import Others

T = TypeVar("T")

WARM_UP = 0.15
"""The part of a window's length that goes before it unmeasured: connections, plans and caches settle."""


class Window(Struct, frozen=True):
    """What the callers did: how long each call took, how long the whole, and what others took of the machine."""

    calls: list[float]
    seconds: float
    others: float

    @property
    def rate(self) -> float:
        """Give the calls per second."""
        return len(self.calls) / self.seconds


async def closed_loop(
    callers: Sequence[Callable[[T], Awaitable[object]]], supply: Sequence[T], seconds: float
) -> Window:
    """Let all callers take from one supply until the time is up or the supply is used up.

    A call that has begun is waited for and counted, and the window lasts until the last has ended.
    """
    rest = iter(supply)
    await _loop(callers, rest, seconds * WARM_UP)
    with _undisturbed_by_rubbish():
        others, begun = Others(), time.perf_counter()
        calls = await _loop(callers, rest, seconds)
        return Window(calls, time.perf_counter() - begun, others.share())


async def _loop(
    callers: Sequence[Callable[[T], Awaitable[object]]], rest: Iterator[T], seconds: float
) -> list[float]:
    clock = time.perf_counter
    until = clock() + seconds
    calls: list[float] = []

    async def call(act: Callable[[T], Awaitable[object]]) -> None:
        for item in rest:
            begun = clock()
            await act(item)
            ended = clock()
            calls.append(ended - begun)
            if ended >= until:
                return

    await asyncio.gather(*map(call, callers))
    return calls


def threaded_loop(act: Callable[[T], object], threads: int, supply: Sequence[T], seconds: float) -> Window:
    """Do the same with threads, for what cannot be awaited."""
    rest = iter(supply)
    _threads(act, threads, rest, seconds * WARM_UP)
    with _undisturbed_by_rubbish():
        others, begun = Others(), time.perf_counter()
        calls = _threads(act, threads, rest, seconds)
        return Window(calls, time.perf_counter() - begun, others.share())


def _threads(act: Callable[[T], object], threads: int, rest: Iterator[T], seconds: float) -> list[float]:
    clock = time.perf_counter
    until = clock() + seconds
    calls: list[float] = []
    failures: list[BaseException] = []

    def call() -> None:
        try:
            for item in rest:
                begun = clock()
                act(item)
                ended = clock()
                calls.append(ended - begun)
                if ended >= until:
                    return
        except BaseException as error:  # noqa: BLE001  # Raised again by whoever started the threads.
            failures.append(error)

    running = [threading.Thread(target=call) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if failures:
        raise failures[0]
    return calls


@contextmanager
def _undisturbed_by_rubbish() -> Iterator[None]:
    """Keep the garbage collector from walking through a supply that a real service would not hold."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
