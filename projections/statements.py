"""SQL beside the code that uses it: one statement a file, read once."""

from functools import cache
from pathlib import Path


@cache
def statement(folder: Path, name: str) -> str:
    """Read `name`.sql of a projection's folder."""
    return (folder / f"{name}.sql").read_text(encoding="utf-8")
