"""Under which words the logs and the events know a request."""

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from uuid_utils import uuid7

_WELL_FORMED = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,128}")


class Trace(Struct, frozen=True):
    """A request's own identifier, and that of the larger errand it belongs to, if the caller named one."""

    request_id: str
    correlation_id: str


def trace_from(headers: Iterable[tuple[bytes, bytes]]) -> Trace:
    """Take the identifiers a caller gave, where they are well formed, or make a fresh one."""
    request_id = correlation_id = ""
    for name, value in headers:
        if name == b"x-request-id":
            request_id = _taken(value)
        elif name == b"x-correlation-id":
            correlation_id = _taken(value)
    return Trace(request_id or str(uuid7()), correlation_id)


def trace_of(scope: Any) -> Trace:
    """Give the trace of a request that passed the envelope."""
    trace: Trace = scope["state"]["trace"]
    return trace


def _taken(value: bytes) -> str:
    return value.decode() if _WELL_FORMED.fullmatch(value) else ""
