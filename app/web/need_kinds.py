"""What the kinds of parts are called, of those an idea lacks and of those somebody offers.

The names are said in a language where they are shown: `kind_name` and `kind_choices`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from events.contracts import NeedKind
from projections.language import N_
from projections.language import gettext as _

KIND_NAMES: Mapping[NeedKind, str] = MappingProxyType(
    {
        "software": N_("Software"),
        "service": N_("A service"),
        "know-how": N_("Know-how"),
        "data": N_("Data"),
        "people": N_("People"),
        "space": N_("Space"),
        "evidence": N_("Evidence"),
        "other": N_("Something else"),
    }
)


def kind_name(kind: NeedKind) -> str:
    """Name a kind of part."""
    return _(KIND_NAMES[kind])


def kind_choices() -> tuple[tuple[NeedKind, str], ...]:
    """Offer every kind of part with its name."""
    return tuple((kind, kind_name(kind)) for kind in KIND_NAMES)
