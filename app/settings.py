"""What the environment says: every variable that Open Impact reads, with its meaning."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

PREFIX = "OPEN_IMPACT_"
SHORTEST_SECRET_KEY = 32
LogLevel = Literal["debug", "info", "warning", "error"]
_MASK = "***"


class SettingsError(Exception):
    """A variable of the environment says something that cannot be meant."""


class DescribedSetting(msgspec.Struct, frozen=True, kw_only=True):
    """One variable as `open-impact doctor` shows it; `value` is None where nothing is set, and masked if secret."""

    variable: str
    meaning: str
    value: str | None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be set from outside. A URL of None means: the embedded server of the data folder."""

    database_url: Annotated[
        str | None,
        Meta(
            description="PostgreSQL 15 or newer, postgresql://USER:PASSWORD@HOST/DATABASE; unset: the embedded one",
            extra={"schemes": ("postgresql", "postgres")},
        ),
    ] = None
    redis_url: Annotated[
        str | None,
        Meta(
            description="Redis or Valkey 7 or newer, redis://:PASSWORD@HOST:PORT/0; unset: the embedded one",
            extra={"schemes": ("redis", "rediss", "unix")},
        ),
    ] = None
    data: Annotated[
        Path,
        Meta(
            description="the folder in which `open-impact up` keeps its servers' data, logs and generated keys"
        ),
    ] = Path(".open-impact")
    public_url: Annotated[
        str,
        Meta(
            description="the address under which people reach this installation, for links in messages and feeds",
            extra={"schemes": ("http", "https")},
        ),
    ] = "http://localhost:8000"
    secret_key: Annotated[
        str | None,
        Meta(
            description="signs cookies and cursors, at least 32 characters; unset: generated in the data folder",
            extra={"secret": True},
        ),
    ] = None
    smtp_url: Annotated[
        str | None,
        Meta(
            description="the mail server, smtp://USER:PASSWORD@HOST:PORT or smtps://…; unset: no mail is sent",
            extra={"schemes": ("smtp", "smtps")},
        ),
    ] = None
    log_level: Annotated[
        LogLevel,
        Meta(description="how much is logged: debug, info, warning or error"),
    ] = "info"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from OPEN_IMPACT_* variables; an empty variable counts as unset.

        Raises SettingsError, one sentence that names the variable and what it should be.
        """
        given = {
            name: environ[variable_of(name)].strip()
            for name in cls.__struct_fields__
            if environ.get(variable_of(name), "").strip()
        }
        if "log_level" in given:
            given["log_level"] = given["log_level"].lower()
        for name, value in given.items():
            _check(name, value)
        return msgspec.convert(given, cls, dec_hook=lambda _, value: Path(value).expanduser())

    def describe(self) -> list[DescribedSetting]:
        """List every variable with its meaning and present value, secrets masked, for `open-impact doctor`."""
        return [
            DescribedSetting(
                variable=variable_of(name), meaning=meta.description or "", value=self._shown(name)
            )
            for name, meta in _METAS.items()
        ]

    def _shown(self, name: str) -> str | None:
        value = getattr(self, name)
        if value is None:
            return None
        extra = _METAS[name].extra or {}
        if extra.get("secret"):
            return _MASK
        return masked_url(str(value)) if "schemes" in extra else str(value)

    def __repr__(self) -> str:
        # Settings end up in logs and tracebacks; their secrets must not.
        return f"Settings({', '.join(f'{name}={self._shown(name)!r}' for name in self.__struct_fields__)})"


def variable_of(field: str) -> str:
    """Name the environment variable of a field: `database_url` is OPEN_IMPACT_DATABASE_URL."""
    return PREFIX + field.upper()


def masked_url(url: str) -> str:
    """Show a URL without its password; a query may carry one too, so it is masked as a whole."""
    parts = urlsplit(url)
    address = parts.netloc
    if "@" in address:
        credentials, _, host = address.rpartition("@")
        user, colon, _ = credentials.partition(":")
        address = f"{user}{colon and ':' + _MASK}@{host}"
    return parts._replace(netloc=address, query=_MASK if parts.query else "").geturl()


def _metas() -> dict[str, Meta]:
    hints = get_type_hints(Settings, include_extras=True)
    return {name: next(a for a in get_args(hints[name]) if isinstance(a, Meta)) for name in hints}


_METAS = _metas()


def _check(name: str, value: str) -> None:
    """Refuse a value that cannot be meant; raises SettingsError without repeating a value that may be secret."""
    variable = variable_of(name)
    schemes = (_METAS[name].extra or {}).get("schemes")
    if schemes is not None:
        _check_url(variable, value, schemes)
    if name == "secret_key" and len(value) < SHORTEST_SECRET_KEY:
        raise SettingsError(
            f"{variable} must have at least {SHORTEST_SECRET_KEY} characters; it has {len(value)}."
        )
    if name == "log_level" and value not in get_args(LogLevel):
        raise SettingsError(f"{variable} must be one of {', '.join(get_args(LogLevel))}; it is {value!r}.")


def _check_url(variable: str, value: str, schemes: tuple[str, ...]) -> None:
    if value.startswith("valkey"):
        raise SettingsError(f"{variable} starts with valkey://; write the same address with redis://.")
    if not value.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        raise SettingsError(
            f"{variable} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}."
        )
    try:
        # PostgreSQL takes several hosts with a comma between them, which only its own drivers can read.
        _ = "," in value or urlsplit(value).port
    except ValueError as error:
        raise SettingsError(
            f"{variable} is not a URL that can be read: its host or port is malformed."
        ) from error
