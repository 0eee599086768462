"""What the environment says: every variable that Open Impact reads, with its meaning."""

from collections.abc import Mapping
from ipaddress import ip_network
from math import inf
from pathlib import Path
from typing import Annotated, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

PREFIX = "OPEN_IMPACT_"
SHORTEST_SECRET_KEY = 32
LogLevel = Literal["debug", "info", "warning", "error"]
StepUp = Literal["passkey", "link"]
_MASK = "***"
_PORT_MAX = 65535


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
            description="seals what is personal and signs cookies, at least 32 characters; unset: generated in the data folder",
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
    mail_from: Annotated[
        str,
        Meta(description="the address that messages to people come from"),
    ] = "Open Impact <no-reply@localhost>"
    oidc_issuer: Annotated[
        str | None,
        Meta(
            description="the identity provider people may sign in with (OpenID Connect), by its issuer; unset: none",
            extra={"schemes": ("https", "http")},
        ),
    ] = None
    oidc_client_id: Annotated[
        str | None, Meta(description="as whom the identity provider knows this installation")
    ] = None
    oidc_client_secret: Annotated[
        str | None,
        Meta(description="what the identity provider gave with the client id", extra={"secret": True}),
    ] = None
    oidc_name: Annotated[str, Meta(description="how the sign-in page names the identity provider")] = (
        "your organisation"
    )
    step_up: Annotated[
        StepUp | None,
        Meta(
            description="what administration and money ask for, not older than 5 minutes: passkey, or link (also an"
            " e-mail link will do); unset: passkey, except where the public address is this very machine"
        ),
    ] = None
    trusted_proxies: Annotated[
        str,
        Meta(
            description="networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8, separated by"
            " commas; unset: nobody's"
        ),
    ] = ""
    outbound_ports: Annotated[
        str,
        Meta(
            description="ports of other machines that messages may be sent to, separated by commas; unset: 80,443"
        ),
    ] = "80,443"
    outbound_allow: Annotated[
        str,
        Meta(
            description="networks that messages may be sent to although they are private, such as 10.1.2.0/28,"
            " separated by commas; whoever may have messages sent reaches every machine in them; unset: none"
        ),
    ] = ""
    limits_factor: Annotated[
        float,
        Meta(
            description="by how much every limit of requests is raised; load tests raise it, services do not"
        ),
    ] = 1.0
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
        return msgspec.convert(given, cls, strict=False, dec_hook=lambda _, value: Path(value).expanduser())

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
    if name == "public_url" and not value.isascii():
        # It names us to other programs (CloudEvents' `source`, schemas), which must be a URI.
        raise SettingsError(f"{variable} must be ASCII: write a host as xn--…, and other letters as %….")
    if name == "secret_key" and len(value) < SHORTEST_SECRET_KEY:
        raise SettingsError(
            f"{variable} must have at least {SHORTEST_SECRET_KEY} characters; it has {len(value)}."
        )
    if name == "step_up" and value not in get_args(StepUp):
        raise SettingsError(f"{variable} must be one of {', '.join(get_args(StepUp))}; it is {value!r}.")
    if name in {"trusted_proxies", "outbound_allow"}:
        _check_networks(variable, value)
    if name == "outbound_ports":
        _check_ports(variable, value)
    if name == "limits_factor":
        _check_factor(variable, value)
    if name == "log_level" and value not in get_args(LogLevel):
        raise SettingsError(f"{variable} must be one of {', '.join(get_args(LogLevel))}; it is {value!r}.")


def _check_networks(variable: str, value: str) -> None:
    for network in value.split(","):
        try:
            ip_network(network.strip())
        except ValueError as error:
            raise SettingsError(
                f"{variable} must be networks such as 10.0.0.0/8, separated by commas; {network.strip()!r} is none."
            ) from error


def _check_ports(variable: str, value: str) -> None:
    for port in value.split(","):
        word = port.strip()
        # More digits than that are no number that has to be read.
        short = word.isascii() and word.isdecimal() and len(word) <= len(str(_PORT_MAX))
        if not (short and 0 < int(word) <= _PORT_MAX):
            raise SettingsError(
                f"{variable} must be ports such as 80,443, separated by commas; {word!r} is none."
            )


def _check_factor(variable: str, value: str) -> None:
    try:
        factor = float(value)
    except ValueError:
        factor = 0.0
    if not 0.0 < factor < inf:
        raise SettingsError(f"{variable} must be a number above 0; it is {value!r}.")


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
