"""What the build of `app/web/assets` made: the addresses of styles, scripts and faces by the names of their sources."""

from functools import cache
from pathlib import Path

import msgspec

STATIC = Path(__file__).parent / "static"
"""Served at `/static/`, and read once at start."""
_BUILT = STATIC / "dist"


class AssetsNotBuiltError(Exception):
    """The styles and scripts of the pages are not built."""

    def __init__(self) -> None:
        super().__init__("The pages' styles and scripts are not built: run `make setup`, then try again.")


class _Built(msgspec.Struct, frozen=True):
    """A line of Vite's manifest, as far as it is needed here."""

    file: str


@cache
def built_files(folder: Path = _BUILT) -> dict[str, str]:
    """Give the path of each built file from beside its folder, by its source's path in `app/web/assets`.

    :raises AssetsNotBuiltError: nothing was built yet.
    """
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=dict[str, _Built])
    except FileNotFoundError:
        raise AssetsNotBuiltError from None
    return {source: f"{folder.name}/{built.file}" for source, built in manifest.items()}
