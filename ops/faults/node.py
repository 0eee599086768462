"""Programs for Node.js that see our messages as others do; `make test-setup` installs it and their packages."""

import sys
from pathlib import Path

from app.cli.errors import CommandError

PROGRAMS = Path(__file__).parents[2] / "tests" / "node"
_NODE = Path(sys.prefix) / "bin" / "node"


def node() -> str:
    """Give the path of Node.js.

    Raises:
        CommandError: it or the packages for `PROGRAMS` are not installed.
    """
    if not (_NODE.exists() and (PROGRAMS / "node_modules").exists()):
        raise CommandError("This needs Node.js and packages for it: run `make test-setup`.")
    return str(_NODE)
