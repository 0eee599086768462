"""The catalogue of event types: what another program can be told of, and nothing beside it.

Everything published about events is made from it, and it is made from the contracts: the list and the schemas, the
AsyncAPI document, the webhooks in the OpenAPI document and the page for people. So none of them can leave a type out
or say something else than what is sent.
"""

import inspect
import re
from collections.abc import Mapping
from types import ModuleType

from msgspec import Struct

from app.http.public_log import PublicEvent
from app.webhooks.event_examples import example_of
from events.contracts import CONTRACTS
from events.contracts.base import Event

_NUMBERED = re.compile(r"(?P<words>.*?\D)(?P<number>\d*)")
_WORD = re.compile(r"[A-Z][a-z]*")


class EventType(Struct, frozen=True, kw_only=True):
    """A type of event: its name, and what it means in a sentence.

    A type keeps its name and its version for ever; a shape that readers of the old one could not read gets a name of
    its own, which ends in its version (`IdeaLogged2`). `subject` is what its streams are of, and `subject_title` that
    in a few words.
    """

    name: str
    version: int
    title: str
    description: str
    subject: str
    subject_title: str
    contract: type[Event]
    example: PublicEvent


def _event_type(contract: type[Event]) -> EventType:
    subject, subject_title = _subject(inspect.getmodule(contract))
    return EventType(
        name=contract.__name__,
        version=version_of(contract.__name__),
        title=title_of(contract.__name__),
        description=sentence_of(contract),
        subject=subject,
        subject_title=subject_title,
        contract=contract,
        example=example_of(contract),
    )


def version_of(name: str) -> int:
    """Read the version off the name of a type: the number at its end, or 1."""
    found = _NUMBERED.fullmatch(name)
    return int(found["number"]) if found and found["number"] else 1


def title_of(name: str) -> str:
    """Write the name of a type as words: `IdeaLogged` is "Idea logged"."""
    found = _NUMBERED.fullmatch(name)
    return " ".join(_WORD.findall(found["words"] if found else name)).capitalize()


def sentence_of(kind: type[Struct]) -> str:
    """Give the first sentence of what a type says about itself."""
    return " ".join((inspect.getdoc(kind) or "").split()).partition(". ")[0].removesuffix(".") + "."


def _subject(module: ModuleType | None) -> tuple[str, str]:
    """Read off a module of contracts what its streams are of."""
    doc = " ".join((inspect.getdoc(module) or "").split())
    said = doc.partition(": ")[2].partition(". ")[0].removesuffix(".")
    name = module.__name__.rpartition(".")[2] if module else ""
    return name, said[:1].upper() + said[1:]


CATALOGUE: Mapping[str, EventType] = {contract.__name__: _event_type(contract) for contract in CONTRACTS}
"""Every type by its name, in the order of the contracts."""
