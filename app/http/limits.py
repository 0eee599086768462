"""Limits that hold across processes: counted in Valkey by the library `limits`, and in memory while that is away.

A limit of many is not asked of Valkey each time: the first twentieth in a window is counted in the process
alone, so that ordinary people never wait for it; whoever goes beyond it is settled at once and counted there
from then on. A limit of few is exact. See ops/decisions/0024.
"""

import asyncio
import hashlib
import hmac
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from limits import RateLimitItemPerSecond, WindowStats
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter as SharedLimiter
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter as LonelyLimiter
from litestar.exceptions import TooManyRequestsException
from msgspec import Struct
from valkey.asyncio import BlockingConnectionPool
from valkey.exceptions import ValkeyError

from app.access.limits import ALLOWANCES, Limit, allowance_of
from app.http.client_address import bucket_of
from app.settings import Settings
from projections.language import ngettext

ANSWER_SECONDS = 0.5
"""How long a request waits for Valkey."""
REST_SECONDS = 5.0
"""How long Valkey is left alone after it did not answer."""
ENDLESS = 1_000_000
"""A limit of more than this, as load tests set it, is none."""

_EXACT_BELOW = 100
_FREE_SHARE = 20
_KNOWN_MAX = 50_000
_ALONE_MAX = 5_000
_CONNECTIONS_MAX = 16
_PREFIX = "open-impact:limits"

_log = structlog.get_logger(__name__)


class TooManyRequestsError(TooManyRequestsException):
    """That was too much in too short a time; wait, then try again."""

    def __init__(self, limit: RateLimitItemPerSecond, seconds: float) -> None:
        wait = max(1, math.ceil(seconds))
        super().__init__(
            detail=ngettext(
                "That was too much in too short a time; try again in %(count)s second.",
                "That was too much in too short a time; try again in %(count)s seconds.",
                wait,
            ),
            headers={
                "retry-after": str(wait),
                # draft-ietf-httpapi-ratelimit-headers-10
                "ratelimit-policy": f'"{limit.namespace}";q={limit.amount};w={limit.get_expiry()}',
                "ratelimit": f'"{limit.namespace}";r=0;t={wait}',
            },
        )


class _Known(Struct):
    """What this process knows of one that is counted: how many in its window, and until when more are refused."""

    until: float
    count: int = 0
    refused_until: float = 0.0


class _Stated(Struct, frozen=True):
    """A limit of the table as it holds in this installation; the first `free` are not asked about."""

    item: RateLimitItemPerSecond
    per: str
    free: int


class Limits:
    """Counts, and refuses what is too much."""

    def __init__(self, settings: Settings, shared: SharedLimiter | None) -> None:
        self._secret = (settings.secret_key or "").encode()
        self._factor = settings.limits_factor
        self._shared = shared
        self._alone = LonelyLimiter(MemoryStorage())
        self._stated: dict[tuple[str, bool], tuple[_Stated, ...]] = {}
        self._known: dict[tuple[str, str, str], _Known] = {}
        self._rests_until = 0.0
        self._is_away = False

    async def require(
        self,
        operation: str,
        *,
        address: str | None = None,
        account: object = None,
        token: object = None,
        key: str | None = None,
        writes: bool = True,
    ) -> None:
        """Count an operation for whatever is named here, by the table in `app.access.limits`.

        `key` is what the operation itself is limited by, as an e-mail address; it is kept as a digest only.
        Valkey that is away, or slow, refuses nobody.

        Raises:
            TooManyRequestsError: one of its limits is reached.
            LookupError: a key is given, and the table has no limit for it.
        """
        named = {"address": address, "account": account, "token": token, "key": key}
        stated = self._stated_of(operation, writes=writes)
        if key is not None and not any(each.per == "key" for each in stated):
            raise LookupError(f"No limit by key is stated for {operation!r}.")
        for each in stated:
            who = named[each.per]
            if who is not None:
                # The text of an address has many writings, and one of IPv6 is one of very many.
                await self._count(each, bucket_of(str(who)) if each.per == "address" else str(who))

    def _stated_of(self, operation: str, *, writes: bool) -> tuple[_Stated, ...]:
        kind = (operation if operation in ALLOWANCES else "", writes)
        stated = self._stated.get(kind)
        if stated is None:
            allowance = allowance_of(operation, writes=writes)
            stated = tuple(self._state(allowance.name, limit) for limit in allowance.limits)
            self._stated[kind] = stated
        return stated

    def _state(self, name: str, limit: Limit) -> _Stated:
        amount = max(1, math.floor(min(limit.amount * self._factor, ENDLESS + 1)))
        item = RateLimitItemPerSecond(amount, limit.seconds, namespace=f"{name}-{limit.per}")
        return _Stated(item, limit.per, amount // _FREE_SHARE if amount >= _EXACT_BELOW else 0)

    async def _count(self, stated: _Stated, who: str) -> None:
        if stated.item.amount > ENDLESS:
            return
        moment = time.monotonic()
        known = self._known_of(stated, who, moment)
        if known.refused_until > moment:
            raise TooManyRequestsError(stated.item, known.refused_until - moment)
        known.count += 1
        if known.count <= stated.free:
            return
        # The first that goes beyond what is free settles what was free before it.
        cost = known.count if known.count == stated.free + 1 else 1
        if not await self._hit(stated.item, who, cost):
            seconds = await self._wait_for(stated.item, who)
            if cost == 1:
                # In a moving window nobody gets in before the oldest has left, so until then nobody need ask.
                known.refused_until = moment + seconds
            else:
                known.count -= 1
            raise TooManyRequestsError(stated.item, seconds)

    def _known_of(self, stated: _Stated, who: str, moment: float) -> _Known:
        named = (stated.item.namespace, stated.per, who)
        known = self._known.get(named)
        if known is None or (known.until <= moment and known.refused_until <= moment):
            self._known.pop(named, None)
            while len(self._known) >= _KNOWN_MAX:
                del self._known[next(iter(self._known))]
            known = self._known[named] = _Known(moment + stated.item.get_expiry())
        return known

    async def _hit(self, item: RateLimitItemPerSecond, who: str, cost: int) -> bool:
        name = self._digest(who)
        if self._shared is not None and self._may_ask():
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    passed = await self._shared.hit(item, name, cost=cost)
            except (ValkeyError, OSError, TimeoutError) as error:
                self._leave_alone(error)
            else:
                self._answers_again()
                return passed
        self._bound_memory()
        return self._alone.hit(item, name, cost=cost)

    async def _wait_for(self, item: RateLimitItemPerSecond, who: str) -> float:
        """Tell after how many seconds the next may pass."""
        name = self._digest(who)
        stats: WindowStats | None = None
        if self._shared is not None and self._may_ask():
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    stats = await self._shared.get_window_stats(item, name)
            except (ValkeyError, OSError, TimeoutError) as error:
                self._leave_alone(error)
        if stats is None:
            stats = self._alone.get_window_stats(item, name)
        return min(max(stats.reset_time - time.time(), 0.0), item.get_expiry())

    def _digest(self, who: str) -> str:
        """Give the name under which somebody is counted: addresses of people do not stand in Valkey."""
        return hmac.digest(self._secret, who.encode(), hashlib.sha256)[:16].hex()

    def _may_ask(self) -> bool:
        """Tell whether Valkey may be asked; while it rests, one request in some seconds finds out for all."""
        moment = time.monotonic()
        if self._rests_until > moment:
            return False
        if self._is_away:
            self._rests_until = moment + REST_SECONDS
        return True

    def _leave_alone(self, error: Exception) -> None:
        self._rests_until = time.monotonic() + REST_SECONDS
        if not self._is_away:
            self._is_away = True
            _log.warning("limits_alone", error=repr(error), consequence="each process counts by itself")

    def _answers_again(self) -> None:
        if self._is_away:
            self._is_away, self._rests_until = False, 0.0
            _log.info("limits_shared")

    def _bound_memory(self) -> None:
        """Forget all when there is too much: the library keeps a name for ever, and looks through all of them."""
        storage = self._alone.storage
        if isinstance(storage, MemoryStorage) and len(storage.events) > _ALONE_MAX:
            storage.reset()


@asynccontextmanager
async def open_limits(settings: Settings) -> AsyncIterator[Limits]:
    """Open the limits on the settings' Valkey; without one, each process counts by itself."""
    if settings.redis_url is None:
        yield Limits(settings, None)
        return
    # Its own default pool opens a connection for every caller at once.
    pool = BlockingConnectionPool.from_url(settings.redis_url, max_connections=_CONNECTIONS_MAX)
    storage = RedisStorage(
        "async+redis://",
        implementation="valkey",
        key_prefix=_PREFIX,
        connection_pool=pool,  # type: ignore[arg-type]  # Documented so; the types know of plain options only.
    )
    try:
        yield Limits(settings, SharedLimiter(storage))
    finally:
        await pool.aclose()
