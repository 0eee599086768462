"""Which types of events an endpoint asks for: names, and beginnings of names followed by a star."""

from collections.abc import Iterable

from events.contracts import CONTRACTS

TYPES_MAX = 50
"""How many names and beginnings of names an endpoint can have."""

_STAR = "*"
NAMES: tuple[str, ...] = tuple(contract.__name__ for contract in CONTRACTS)


def meant(types: Iterable[str]) -> list[str]:
    """Name the types of events that names and beginnings mean, in the order of the catalogue."""
    wanted = set(types)
    beginnings = tuple(one[:-1] for one in wanted if one.endswith(_STAR))
    return [name for name in NAMES if name in wanted or name.startswith(beginnings)]


def meaningless(types: Iterable[str]) -> list[str]:
    """Name what means no type of event at all."""
    return [one for one in types if not meant([one])]
