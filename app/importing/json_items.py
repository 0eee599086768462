"""The objects of one array in a JSON file, one at a time: never more than one of them is held, however long the file.

The file is an object, and the array is one of its members, as 360Giving and others publish. Other members are passed
over. Numbers stay decimal.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from msgspec import Struct

from app.importing.rows import BadRow

ITEM_LIMIT = 1 << 20
"""The longest object that is read, in characters."""

_CHUNK = 1 << 16
_BLANK = re.compile(r"[ \t\r\n]*")


class Item(Struct, frozen=True):
    """One object of the array: its number from 0, the line on which it begins, and its members."""

    number: int
    line: int
    members: dict[str, Any]


def items_of(path: Path, member: str) -> Iterator[Item]:
    """Read the objects of the array `member`, in the file's order.

    Raises:
        BadRow: the file cannot be read, is no JSON in UTF-8, has no such array, or something in it is no object.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _Reader(path, file).items(member)
    except OSError as error:
        raise BadRow(path, None, f"the file cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise BadRow(path, None, "this is not UTF-8; save the file as UTF-8.") from error


def _refuse(name: str) -> Any:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)


class _Reader:
    """A window on a file that moves on as values are read."""

    def __init__(self, path: Path, file: TextIO) -> None:
        self._path, self._file = path, file
        self._held = ""
        self._at = 0
        self._line = 1
        self._has_ended = False

    def items(self, member: str) -> Iterator[Item]:
        self._expect("{")
        found = False
        while not self._take("}"):
            name, _ = self._value()
            self._expect(":")
            if name == member and not found:
                found = True
                yield from self._array(member)
            else:
                self._value()
            if not self._take(","):
                self._expect("}")
                break
        if not found:
            raise self._bad(f"there is no list of {member} in this file.", whole=True)
        if self._next():
            raise self._bad("the JSON goes on after its end.")

    def _array(self, member: str) -> Iterator[Item]:
        self._expect("[")
        number = 0
        while not self._take("]"):
            members, line = self._value()
            if not isinstance(members, dict):
                raise BadRow(self._path, line, f"{member}[{number}] is no object.")
            yield Item(number, line, members)
            number += 1
            if not self._take(","):
                self._expect("]")
                return

    def _value(self) -> tuple[Any, int]:
        """Read a whole value, and tell on which line it begins."""
        self._next()
        line = self._line
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._at)
            except (ValueError, RecursionError) as error:
                if not self._more():
                    raise self._bad(f"this is no JSON ({_complaint(error)}).") from error
                continue
            # A number that ends where the window does may go on behind it.
            if end == len(self._held) and self._more():
                continue
            self._move(end)
            return value, line

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self._bad(f"this is no JSON: a {sign} is expected.")

    def _take(self, sign: str) -> bool:
        if self._next() != sign:
            return False
        self._move(self._at + 1)
        return True

    def _next(self) -> str:
        """Pass over blanks, and give the next sign; nothing at the end of the file."""
        while True:
            blank = _BLANK.match(self._held, self._at)
            self._move(blank.end() if blank else self._at)
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def _move(self, to: int) -> None:
        self._line += self._held.count("\n", self._at, to)
        self._at = to

    def _more(self) -> bool:
        """Read on; False at the end of the file."""
        if self._has_ended:
            return False
        if len(self._held) - self._at > ITEM_LIMIT:
            raise self._bad(f"one value is longer than {ITEM_LIMIT:,} characters.")
        chunk = self._file.read(_CHUNK)
        self._has_ended = not chunk
        self._held, self._at = self._held[self._at :] + chunk, 0
        return bool(chunk)

    def _bad(self, sentence: str, *, whole: bool = False) -> BadRow:
        return BadRow(self._path, None if whole else self._line, sentence)


def _complaint(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "a value nobody can read"
