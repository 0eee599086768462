"""Waking other workers over Valkey when there is something to send, so that they need not wait for their next look.

A wake-up says that there may be something to do, never what: losing one costs a second, since every sender looks by itself
that often. So nothing is queued: a word goes to whoever listens at the moment, at most some times a second. Valkey may be
away or wiped at any time; it is looked for again, and nothing else in the worker notices.
"""

import asyncio
import secrets
from collections.abc import Callable

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

CHANNEL = "open-impact:webhooks"
_BETWEEN_SECONDS = 0.05
_RECONNECT_SECONDS = 2.0
_TIMEOUT_SECONDS = 2.0
_LISTEN_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class WakeUps:
    """Tells other workers that there is something to send, and does `wake` when one of them says so."""

    def __init__(self, redis_url: str, wake: Callable[[], None]) -> None:
        self._url = redis_url
        self._wake = wake
        self._something = asyncio.Event()
        self._me = secrets.token_bytes(8)

    def tell(self) -> None:
        """Tell the others as soon as it can be; however often this is said before, they hear it once."""
        self._something.set()

    async def run(self) -> None:
        """Tell and listen until cancelled."""
        is_away = False
        while True:
            try:
                async with asyncio.TaskGroup() as tasks, self._client() as client:
                    await client.ping()
                    is_away = False
                    tasks.create_task(self._speak(client))
                    await self._listen(client)
            except* (RedisError, OSError) as errors:
                if not is_away:
                    _log.warning(
                        "wake_ups_away",
                        error=repr(errors.exceptions[0]),
                        consequence="senders look by themselves",
                    )
                is_away = True
            await asyncio.sleep(_RECONNECT_SECONDS)

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(  # type: ignore[no-any-return]  # The library does not say.
            self._url,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            socket_timeout=_TIMEOUT_SECONDS,
            health_check_interval=_LISTEN_SECONDS,  # A connection that was cut without a word would be quiet for ever.
        )

    async def _speak(self, client: redis.Redis) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            await client.publish(CHANNEL, self._me)
            await asyncio.sleep(_BETWEEN_SECONDS)

    async def _listen(self, client: redis.Redis) -> None:
        async with client.pubsub(ignore_subscribe_messages=True) as heard:
            await heard.subscribe(CHANNEL)
            while True:
                message = await heard.get_message(timeout=_LISTEN_SECONDS)
                if message is not None and message["type"] == "message" and message["data"] != self._me:
                    self._wake()
