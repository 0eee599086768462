"""Connections to PostgreSQL: one pool a process, and single ones for the writer and the listener."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from events.errors import LogUnavailableError

if TYPE_CHECKING:
    # The stubs make these generic, the classes themselves are not.
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
else:
    Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy
    Pool: TypeAlias = asyncpg.Pool

SERVICE_ROLE = "open_impact_service"
CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 30.0

LOST = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # What the driver says of a connection between its death notice and its death.
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
"""The connection is gone or cannot be had: whatever was sent may or may not have happened."""

REFUSED = (
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.CheckViolationError,  # The log has no partition for the next position yet.
)
"""The server is there and did not do it, for reasons that pass."""


def _settings(name: str, role: str) -> dict[str, str]:
    return {
        "application_name": f"open-impact-{name}",
        "timezone": "UTC",
        "role": role,
        "idle_in_transaction_session_timeout": "30s",
        "jit": "off",
        # What we ask takes a few milliseconds; to start processes that help with it takes as long.
        "max_parallel_workers_per_gather": "0",
    }


async def connect(
    url: str,
    *,
    name: str,
    role: str = SERVICE_ROLE,
    command_seconds: float | None = COMMAND_SECONDS,
    **settings: str,
) -> "asyncpg.Connection[asyncpg.Record]":
    """Open one connection that acts with the service's rights.

    Without `command_seconds` the caller sees to it that no command is waited for without end.

    Raises:
        OSError, asyncpg.PostgresError: the server is away, or does not know us.
    """
    return await asyncpg.connect(
        url,
        timeout=CONNECT_SECONDS,
        command_timeout=command_seconds,
        server_settings={**_settings(name, role), **settings},
    )


@asynccontextmanager
async def open_pool(
    url: str, *, name: str, size_max: int = 10, role: str = SERVICE_ROLE
) -> AsyncIterator[Pool]:
    """Open a pool of connections that act with the service's rights, and close it again."""
    async with asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size_max,
        timeout=CONNECT_SECONDS,
        command_timeout=COMMAND_SECONDS,
        server_settings=_settings(name, role),
    ) as pool:
        yield pool


async def until_reachable(url: str, *, seconds: float) -> None:
    """Wait until the database takes connections: one that starts or recovers does not at first.

    Raises:
        LogUnavailableError: it did not in time.
    """
    pause = 0.1
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    await (await asyncpg.connect(url, timeout=CONNECT_SECONDS)).close()
                except LOST:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 2.0)
                else:
                    return
    except TimeoutError as error:
        raise LogUnavailableError(
            f"The database could not be reached within {seconds:.0f} seconds."
        ) from error


@asynccontextmanager
async def unavailable_when_lost() -> AsyncIterator[None]:
    """Turn a lost or refusing server into the one error callers know.

    Raises:
        LogUnavailableError: PostgreSQL cannot be reached or refuses for a passing reason.
    """
    try:
        yield
    except (*LOST, *REFUSED) as error:
        raise LogUnavailableError(
            "The database cannot be reached just now; try again in a few seconds."
        ) from error
