"""Old shapes of events, lifted to the present one when they are read.

Adding a field with a default needs nothing here. For any other change the new shape gets a new
type name (a class `IdeaLogged2`), and an upcaster says how to make it from the old one: a pure
function on the plain JSON object. Upcasters chain, so each knows only its successor.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

Json: TypeAlias = dict[str, Any]


class Upcaster(Struct, frozen=True):
    """One step: events stored as some older type become `to` by `change`."""

    to: str
    change: Callable[[Json], Json]


UPCASTERS: Mapping[str, Upcaster] = {}
"""By the type name as stored. Empty so far: every stored shape is a present one."""
