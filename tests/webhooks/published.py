"""What was published about events, and whether readers of it can read what is published now.

`tests/fixtures/schemas/<Type>.v<version>.json` is the schema of each type as other programs know it. After a change
that breaks nothing, such as a new type or a field that need not be there, write the files anew:

    python -m tests.webhooks.published

It writes none where a change breaks what was published, and says what it breaks. Such a change gets a name of its
own, `IdeaLogged2` say, and an upcaster (see `events.upcasting`).
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from app.webhooks.catalogue import CATALOGUE, EventType
from app.webhooks.schemas import published_schema

FOLDER = Path(__file__).parents[1] / "fixtures" / "schemas"
COMMAND = "python -m tests.webhooks.published"
SAID_OTHERWISE = ("type", "format", "pattern", "minimum", "maximum", "const", "default")
_NOTHING = object()


def file_of(kind: EventType) -> Path:
    """Say where the golden file of a type is."""
    return FOLDER / f"{kind.name}.v{kind.version}.json"


def present(kind: EventType) -> dict[str, Any]:
    """Give the schema of a type as it would be published now, by no address of an installation."""
    return published_schema(kind, "")


def breaks(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Say what of a published schema a new one breaks, a sentence each; nothing when readers of it can stay."""
    found = [] if before.get("$id") == now.get("$id") else [f"It is no longer at {before.get('$id')}."]
    found += _broken("", before, now, before, now)
    parts = _anchored(now)
    for anchor, part in _anchored(before).items():
        if anchor not in parts:
            found.append(f"The part `{anchor}` is gone.")
        else:
            found += _broken(anchor, part, parts[anchor], before, now)
    return list(dict.fromkeys(found))


def _anchored(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    definitions = schema.get("$defs", {}).values()
    return {part["$anchor"]: part for part in definitions if "$anchor" in part}


def _broken(
    where: str, before: dict[str, Any], now: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
) -> Iterator[str]:
    """Compare two schemas of one place, each within its document."""
    before, now = _resolved(before, old), _resolved(now, new)
    name = f"`{where}`" if where else "The message"
    yield from _nothing_or_something(name, before, now, old, new)
    before_choice, now_choice = _choice(before, old), _choice(now, new)
    before, now = _plain(before, old), _plain(now, new)
    for word in SAID_OTHERWISE:
        if before.get(word, _NOTHING) != _as_far_as(before.get(word), now.get(word, _NOTHING)):
            yield f"{name} has another {word}: {_shown(now, word)} instead of {_shown(before, word)}."
    if (before_choice is None) != (now_choice is None):
        yield f"{name} {'is no choice any more' if now_choice is None else 'becomes a choice'}."
    for gone in sorted((before_choice or set()) - (now_choice or before_choice or set())):
        yield f'{name} cannot be "{gone}" any more.'
    if now.get("additionalProperties", True) is False:
        yield f"{name} is closed to fields that are added later."
    yield from _fields(where, before, now, old, new)
    if "items" in before and "items" in now:
        yield from _broken(f"{where}[]", before["items"], now["items"], old, new)
    elif "items" in before or "items" in now:
        yield f"{name} has other items."


def _fields(
    where: str, before: dict[str, Any], now: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
) -> Iterator[str]:
    had, has = before.get("properties", {}), now.get("properties", {})
    needed, needs = set(before.get("required", ())), set(now.get("required", ()))
    for field in had:
        path = f"{where}.{field}".lstrip(".")
        if field not in has:
            yield f"`{path}` is gone, or has another name."
            continue
        if field in needs - needed:
            yield f"`{path}` becomes required, and earlier messages may lack it."
        if field in needed - needs:
            yield f"`{path}` need not be there any more, and readers count on it."
        yield from _broken(path, had[field], has[field], old, new)
    for field in has:
        if field not in had and field in needs:
            yield f"`{f'{where}.{field}'.lstrip('.')}` is new and required, and earlier messages lack it."


def _nothing_or_something(
    name: str, before: dict[str, Any], now: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
) -> Iterator[str]:
    was, becomes = _may_be_null(before, old), _may_be_null(now, new)
    if becomes and not was:
        yield f"{name} may be null, which readers do not expect."
    if was and not becomes:
        yield f"{name} may not be null any more, and earlier messages may say so."


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference; what stands beside it holds as well."""
    if "$ref" not in schema:
        return schema
    target: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    beside = {word: said for word, said in schema.items() if word != "$ref"}
    return {**_resolved(target, document), **beside}


def _may_be_null(schema: dict[str, Any], document: dict[str, Any]) -> bool:
    schema = _resolved(schema, document)
    return schema.get("type") == "null" or any(
        _may_be_null(each, document) for each in schema.get("anyOf", ())
    )


def _choice(schema: dict[str, Any], document: dict[str, Any]) -> set[str] | None:
    """Give what can be chosen, or None where nothing is."""
    schema = _resolved(schema, document)
    if "enum" in schema:
        return set(schema["enum"])
    found = (_choice(each, document) for each in schema.get("anyOf", ()))
    return next((choice for choice in found if choice is not None), None)


def _plain(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Give what a schema says of a value that is something, and no choice."""
    said = {word: kept for word, kept in schema.items() if word != "anyOf"}
    for each in schema.get("anyOf", ()):
        inside = _plain(_resolved(each, document), document)
        if inside.get("type") != "null" and "enum" not in inside:
            said = {**inside, **said}
    return said


def _as_far_as(before: Any, now: Any) -> Any:
    """Give what a value says of the fields another one has: the default of a field that is added is no other default."""
    if isinstance(before, dict) and isinstance(now, dict):
        return {name: said for name, said in now.items() if name in before}
    return now


def _shown(schema: dict[str, Any], word: str) -> str:
    return msgspec.json.encode(schema[word]).decode() if word in schema else "none"


def main() -> int:
    """Write the golden files of what breaks nothing; say what breaks, and answer 1 if anything does."""
    FOLDER.mkdir(exist_ok=True)
    broken = 0
    for kind in CATALOGUE.values():
        file, schema = file_of(kind), present(kind)
        faults = breaks(msgspec.json.decode(file.read_bytes()), schema) if file.exists() else []
        for fault in faults:
            print(f"{kind.name}: {fault}", file=sys.stderr)  # noqa: T201  # It is a command.
        broken += len(faults)
        if not faults:
            file.write_bytes(msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
