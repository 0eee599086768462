"""What the examples of all pages share."""

from datetime import UTC, datetime
from uuid import UUID

START = datetime(2026, 10, 21, 9, 30, tzinfo=UTC)
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 3
SCRIPT = "<script>alert('owned')</script>"


def uuid(number: int) -> UUID:
    """Give an identifier that looks like one of ours."""
    return UUID(int=(0x0198_0000_0000_7000_8000 << 48) + number)
