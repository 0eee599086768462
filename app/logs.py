"""Logging, set up once a process: JSON lines for machines, columns on a terminal.

The standard library's records (Granian, asyncio, asyncpg) and our own go through one pipeline to the
standard error stream. Names of events are constants in snake_case and the past tense. The context
bound at the edges (`request_id`, `correlation_id`) is on every line. Tracebacks never show local
variables, because those may hold tokens and texts of people.
"""

import logging
import sys
from typing import Any

import msgspec
import structlog
from structlog.typing import Processor

from app.settings import LogLevel

_encode = msgspec.json.Encoder(enc_hook=str).encode

# Libraries that tell every step at "info" or below what we tell once ourselves.
_QUIET = ("httpx", "httpcore", "asyncio", "alembic", "hpack")

_PROCESSORS: list[Processor] = []
"""One list for ever: a logger that was used before keeps the one it found."""


def configure_logging(level: LogLevel = "info", *, as_json: bool | None = None) -> None:
    """Set up logging for this process; without `as_json`, a terminal gets columns and all else JSON lines."""
    if as_json is None:
        as_json = not sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    _PROCESSORS[:] = [
        structlog.stdlib.filter_by_level,
        *shared,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ]
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *(_for_machines() if as_json else _for_people()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _for_machines() -> list[Processor]:
    without_locals = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [
        structlog.processors.ExceptionRenderer(without_locals),
        structlog.processors.JSONRenderer(serializer=_to_json),
    ]


def _for_people() -> list[Processor]:
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _to_json(line: Any, **_: Any) -> str:
    return _encode(line).decode()
