"""Which fields of an event are sealed, and for whom: read off the annotations of its contract."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from events.contracts import AnyEvent
from events.contracts.base import SEALED_FOR


class Marks(Struct, frozen=True, kw_only=True):
    """The sealed fields of a contract, and the field that names their subject."""

    subject: str
    fields: tuple[str, ...]

    def subject_of(self, event: AnyEvent) -> UUID:
        """Give the subject of an event's texts."""
        return getattr(event, self.subject)  # type: ignore[no-any-return]  # Looked at in `marks_of`.

    def texts_of(self, event: AnyEvent) -> dict[str, str]:
        """Give what is to be sealed of an event; nothing when all of it is empty."""
        texts: dict[str, str] = {name: getattr(event, name) for name in self.fields}
        return texts if any(texts.values()) else {}


def marks_of(contract: type[Any]) -> Marks | None:
    """Read the marks of a contract; None when nothing in it is sealed.

    Raises:
        TypeError: the marks cannot be kept: not on a text, or of several subjects, or of an unknown one.
    """
    kinds = {field.name: field.type for field in msgspec.structs.fields(contract)}
    marked = {name: subject for name, kind in kinds.items() if (subject := _subject(kind)) is not None}
    if not marked:
        return None
    subject, *others = sorted(set(marked.values()))
    if others or kinds.get(subject) is not UUID or not _are_texts(marked, kinds):
        raise TypeError(f"{contract.__name__} can seal texts alone, for one subject that is a UUID field.")
    return Marks(subject=subject, fields=tuple(marked))


def _subject(kind: object) -> str | None:
    if get_origin(kind) is not Annotated:
        return None
    metas = [extra for extra in get_args(kind)[1:] if isinstance(extra, Meta) and extra.extra]
    return next((meta.extra[SEALED_FOR] for meta in metas if meta.extra and SEALED_FOR in meta.extra), None)


def _are_texts(marked: Mapping[str, str], kinds: Mapping[str, object]) -> bool:
    return all(get_args(kinds[name])[0] is str for name in marked)
