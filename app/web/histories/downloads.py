"""The history as files: CSV for spreadsheets and JSON Lines for programs, streamed, so that any length takes little memory."""

import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import ServiceUnavailableException

from app.http.histories import public_history
from app.http.resources import Resources, now, resources_of
from app.http.streaming import Streamed
from app.web.formats import machine_time
from app.web.histories.asked import query_from
from app.web.histories.naming import meant
from app.web.showing import PageRequest
from projections.audit_history.queries import LIMIT_MAX, HistoryFilter, HistoryItem
from projections.language import ENGLISH, Language, language, speaking

AT_ONCE_MAX = 8
"""So many downloads run at once in a process; each holds one page of history."""
COLUMNS = (
    *("record", "happened_at", "recorded_at", "what", "why", "type", "about_id", "by_id"),
    "changes",
)
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Spreadsheets take a file for UTF-8 only where it begins with this."""
_FORMULA = re.compile(r"^[=+\-@\t\r\n]")
_SLUG_MAX = 40
_FOR_PROGRAMS = "jsonl"

_encode = msgspec.json.Encoder().encode


@get("/history.csv", include_in_schema=False)
async def download_history_csv(request: PageRequest) -> Response[Any]:
    """Give the history that the address asks for as a CSV file (RFC 4180), the newest first."""
    return await _download(request, "csv", "text/csv; charset=utf-8", as_csv)


@get("/history.jsonl", include_in_schema=False)
async def download_history_lines(request: PageRequest) -> Response[Any]:
    """Give the history that the address asks for as JSON Lines, an item of the API's history each, in English as there."""
    return await _download(request, _FOR_PROGRAMS, "application/jsonl; charset=utf-8", as_lines)


DOWNLOADS = (download_history_csv, download_history_lines)


def as_csv(items: Sequence[HistoryItem], *, is_first: bool) -> bytes:
    """Write items as rows of a CSV file; the first rows come with the names of the columns."""
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    if is_first:
        written.write(BYTE_ORDER_MARK)
        rows.writerow(COLUMNS)
    rows.writerows([safe(cell) for cell in _cells(item)] for item in items)
    return written.getvalue().encode()


def as_lines(items: Sequence[HistoryItem], *, is_first: bool) -> bytes:  # noqa: ARG001  # Both are called alike.
    """Write items as lines of JSON."""
    return b"".join(_encode(item) + b"\n" for item in items)


def safe(cell: str) -> str:
    """Keep a spreadsheet from taking what somebody wrote for a formula: such a cell begins with an apostrophe."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def file_name(about: str | None, day: date, ending: str) -> str:
    """Name a file after what is in it: "open-impact-history-a-shared-minibus-2026-11-26.csv"."""
    words = re.sub(r"[^a-z0-9]+", "-", (about or "").lower()).strip("-")[:_SLUG_MAX].strip("-")
    return "-".join(filter(None, ("open-impact-history", words, day.isoformat()))) + f".{ending}"


def _cells(item: HistoryItem) -> Sequence[str]:
    return (
        str(item.position),
        machine_time(item.occurred_at),
        machine_time(item.recorded_at),
        item.sentence,
        item.why or "",
        item.type,
        str(item.subject),
        str(item.actor or ""),
        _encode(item.changes).decode() if item.changes else "",
    )


async def _download(
    request: PageRequest,
    ending: str,
    media_type: str,
    written: Callable[..., bytes],
) -> Response[Any]:
    resources = resources_of(request)
    query = query_from(request.query_params)
    asked = await meant(resources, query)
    running = request.app.state.setdefault("downloads", _Running())
    if running.count >= AT_ONCE_MAX:
        raise ServiceUnavailableException(
            detail="Many people download at this moment; try again in a minute.",
            headers={"retry-after": "60"},
        )
    name = file_name(asked.about, now().date(), ending)
    headers = {
        "content-type": media_type,
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
    }
    spoken = ENGLISH if ending == _FOR_PROGRAMS else language()
    return Streamed(_frames(resources, asked.wanted, written, running, spoken), headers)


class _Running:
    """How many downloads run in this process."""

    def __init__(self) -> None:
        self.count = 0


async def _frames(
    resources: Resources,
    wanted: HistoryFilter,
    written: Callable[..., bytes],
    running: _Running,
    spoken: Language,
) -> AsyncIterator[bytes]:
    running.count += 1
    try:
        cursor: str | None = None
        is_first = True
        while is_first or cursor:
            with speaking(spoken):
                rows = await public_history(resources, wanted, limit=LIMIT_MAX, cursor=cursor)
            yield written(rows.items, is_first=is_first)
            cursor, is_first = rows.next_cursor, False
    finally:
        running.count -= 1
