"""From the bytes of a file to numbered records: UTF-8, CSV quoting, and bounds on what is held at once."""

import csv
import os
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeAlias

from app.importing.rows import BadRow

LINE_LIMIT = 1 << 20
"""The longest line that is read, in bytes."""

ID_LIMIT = 200
"""The longest identifier that a file may use, in characters."""

Record: TypeAlias = tuple[int, list[str]]
"""A row's fields, with the number of the line on which it begins."""

_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class InputFile:
    """A text file that is read several times and must stay as it is in between."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, ...] | None = None

    def bad(self, line: int | None, sentence: str) -> BadRow:
        """Make the error that names a line of this file."""
        return BadRow(self.path, line, sentence)

    def records(self, delimiter: str) -> Iterator[Record]:
        """Read the file from its start, row by row, without the blank ones.

        Fields may be quoted as in CSV, and then hold delimiters and line ends.

        Raises:
            BadRow: the file cannot be read, has changed, or a row is not well-formed UTF-8 or CSV.
        """
        try:
            file = self.path.open("rb")
        except OSError as error:
            raise self.bad(None, f"the file cannot be read ({error.strerror}).") from error
        with file:
            self._refuse_if_changed(file)
            rows = csv.reader(self._lines(file), delimiter=delimiter, strict=True, skipinitialspace=True)
            begins = 1
            try:
                for row in rows:
                    if any(row):
                        yield begins, row
                    begins = rows.line_num + 1
            except csv.Error as error:
                raise self.bad(begins, _csv_complaint(str(error))) from error

    def _refuse_if_changed(self, file: BinaryIO) -> None:
        state = os.fstat(file.fileno())
        seen = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
        if self._seen not in (None, seen):
            raise self.bad(None, "the file was changed while it was being read; import it again.")
        self._seen = seen

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        for number, raw in enumerate(iter(partial(file.readline, LINE_LIMIT + 1), b""), start=1):
            line = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
            if len(line) > LINE_LIMIT:
                raise self.bad(number, f"the line is longer than {LINE_LIMIT:,} bytes; is this a text file?")
            try:
                text = line.decode()
            except UnicodeDecodeError as error:
                byte = f"byte {error.start + 1} of the line (0x{line[error.start]:02X})"
                raise self.bad(number, f"{byte} is not UTF-8; save the file as UTF-8.") from error
            if "\0" in text:
                raise self.bad(number, "the line holds a NUL byte; save the file as plain UTF-8 text.")
            yield text


def columns(
    file: InputFile, header: Record, place: str, required: Sequence[str], *, others: Sequence[str] = ()
) -> dict[str, int]:
    """Find where the named columns stand; those of `others` that are absent are left out.

    Raises:
        BadRow: a required column is missing, or one that we read stands there twice.
    """
    line, row = header
    names = [name.strip() for name in row]
    for name in (*required, *others):
        if names.count(name) > 1:
            raise file.bad(line, f"{place} has the column {name} {names.count(name)} times.")
        if name in required and name not in names:
            raise file.bad(line, f"{place} has no column {name}.")
    return {name: names.index(name) for name in (*required, *others) if name in names}


def whole_number(file: InputFile, line: int, name: str, text: str) -> int:
    """Read a field that counts something; `name` says which one where it is no whole number (`BadRow`)."""
    if not _WHOLE_NUMBER.fullmatch(text):
        raise file.bad(line, f"{name} is {quoted(text)} where a whole number is expected.")
    return int(text)


def width_complaint(row: Sequence[str], header: Sequence[str]) -> str:
    """Say that a row does not have the header's number of fields."""
    return f"the row has {len(row)} fields where the header names {len(header)}."


def quoted(value: str) -> str:
    """Show a value of the file in a message: in quotes, on one line, at most 60 characters of it."""
    return repr(value if len(value) <= 60 else value[:59] + "…")  # noqa: PLR2004  # The size of the mark itself.


def _csv_complaint(reason: str) -> str:
    if "field limit" in reason:
        return f"a field is longer than {csv.field_size_limit():,} characters; is a quotation mark left open?"
    if "unexpected end" in reason:
        return "a quotation mark opens in this row and never closes."
    if "new-line" in reason:
        return "a bare carriage return stands inside the row; save the file with ordinary line ends."
    return "a quoted field of this row goes on after its closing quotation mark; double the marks inside it."
