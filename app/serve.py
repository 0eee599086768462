"""One web process: granian's server in our own event loop.

In one process, so that one signal stops it and nothing is left behind, and because the peer that
spawns a worker was a quarter slower here. Stopping lets answers under way end, and cuts off those who
follow the event stream: they come back by themselves.
"""

import asyncio
import signal
import socket
from contextlib import suppress

import structlog
import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from app.asgi import create_app
from app.http.resources import Resources
from app.logs import configure_logging
from app.settings import Settings

CONNECTIONS_MAX = 4_096
STOP_SECONDS = 10.0

# Granian's records go where all others go; its own handlers would write them a second time.
_LOGGING = {"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}}

_log = structlog.get_logger(__name__)


class CannotListenError(Exception):
    """The address cannot be listened on; the message says why."""


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        CannotListenError: the address is taken or not ours.
        NoDatabaseError: the settings name no database.
        OSError, asyncpg.PostgresError: the database is away.
    """
    configure_logging(settings.log_level)
    _require_free(host, port)
    try:
        uvloop.run(_serve(settings, host, port))
    except ExceptionGroup as group:
        # The framework starts in a task group; what went wrong in there is what there is to tell.
        raise group.exceptions[0] from group


async def _serve(settings: Settings, host: str, port: int) -> None:
    app = create_app(settings)
    async with app.lifespan():
        resources: Resources = app.state["resources"]
        server = Server(
            app,
            address=host,
            port=port,
            interface=Interfaces.ASGINL,  # The lifespan is ours, so that what fails in it is told.
            http=HTTPModes.auto,
            websockets=False,
            backlog=CONNECTIONS_MAX,
            backpressure=CONNECTIONS_MAX,
            log_level=LogLevels.error,
            log_dictconfig=_LOGGING,
        )
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, stopping.set)
        serving = asyncio.create_task(server.serve(), name="server")
        stop = asyncio.create_task(stopping.wait(), name="stop")
        _log.info("web_started", host=host, port=port)
        await asyncio.wait({serving, stop}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            stop.cancel()
            serving.result()
            raise RuntimeError("The HTTP server ended by itself.")
        resources.tail.end_subscriptions()
        resources.watches.end()
        server.stop()  # type: ignore[no-untyped-call]  # Granian has no types here.
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await serving
    _log.info("web_stopped")


def _require_free(host: str, port: int) -> None:
    """Find out before anything is opened whether the address can be had; granian would only log it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotListenError(f"Cannot listen on {host} port {port}: {error.strerror or error}.") from error
