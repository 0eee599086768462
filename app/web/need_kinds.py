"""What the kinds of parts are called, of those an idea lacks and of those somebody offers."""

from collections.abc import Mapping
from types import MappingProxyType

from events.contracts import NeedKind

KIND_NAMES: Mapping[NeedKind, str] = MappingProxyType(
    {
        "software": "Software",
        "service": "A service",
        "know-how": "Know-how",
        "data": "Data",
        "people": "People",
        "space": "Space",
        "evidence": "Evidence",
        "other": "Something else",
    }
)
