"""The project's own sources, found and parsed once."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("app", "domain", "events", "ops", "projections")


@cache
def files(*folders: str, ending: str = ".py") -> tuple[Path, ...]:
    """List the files of some folders by the end of their names."""
    found = (path for folder in folders for path in (ROOT / folder).rglob(f"*{ending}"))
    return tuple(sorted(path for path in found if "__pycache__" not in path.parts))


@cache
def tree(file: Path) -> ast.Module:
    """Parse a file."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def name(file: Path) -> str:
    """Name a file as people know it."""
    return file.relative_to(ROOT).as_posix()
