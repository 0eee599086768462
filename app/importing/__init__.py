"""Real input: readers that turn files of other systems into rows, and what writes those rows as commands."""

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from app.importing.pabulib import PabulibFile
from app.importing.polis import PolisFolder
from app.importing.rows import Reader

READERS: MappingProxyType[str, Callable[[Path], Reader]] = MappingProxyType(
    {"pabulib": PabulibFile, "polis": PolisFolder}
)
"""The formats of `open-impact import`, each with the reader of a path."""
