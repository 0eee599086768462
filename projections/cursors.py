"""Opaque cursors: where a page of a list ended, so that the next one begins there."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

T = TypeVar("T")

Integer: TypeAlias = Annotated[int, Meta(ge=-(2**31), lt=2**31)]
BigInteger: TypeAlias = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
"""Kinds of sort keys, as wide as the database can compare them: a cursor may have been made up."""


class BadCursorError(ValueError):
    """The cursor is not one this list gave out; begin again without it."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def encode_cursor(key: object) -> str:
    """Write a sort key as a word that is safe in an address."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(key)).decode().rstrip("=")


def decode_cursor(cursor: str, kind: type[T]) -> T:
    """Read a sort key back.

    Raises:
        BadCursorError: the cursor is not one of ours, or belongs to another order.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.msgpack.decode(raw, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise BadCursorError from error
