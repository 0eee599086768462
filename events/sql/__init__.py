"""One statement a file, loaded once by name."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """Load the statement `name`.sql of this folder."""
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
