"""Every expected error as one sentence on the standard error stream, in one place."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import click


class CommandError(click.ClickException):
    """A command cannot do what was asked; the message says what to do."""


# By name rather than by class, so that nothing has to be loaded to be told apart.
_SPEAK_FOR_THEMSELVES = frozenset(
    {
        "app.access.accounts:AccountError",
        "app.access.tokens:UnknownScopeError",
        "app.embedded.errors:EmbeddedError",
        "app.http.resources:NoDatabaseError",
        "app.importing.rows:BadRow",
        "app.importing.writer:ImportRefusedError",
        "app.serve:CannotListenError",
        "app.settings:SettingsError",
        "app.web.built_files:AssetsNotBuiltError",
        "domain.decider:DomainError",
        "events.errors:KeyReusedError",
        "events.errors:OperationalError",
        "events.errors:UnreadableEventError",
        "events.sealing.errors:SecretKeyError",
        "events.sealing.errors:SubjectErasedError",
        "projections.building:PoisonedError",
        "projections.checkpoints:LeaseLostError",
        "projections.rebuild:NothingToVerifyError",
        "projections.rebuild:RebuildRunningError",
    }
)

_MIGRATE = "The database does not have this release's schema; run `open-impact migrate`, then try again."
_URL = "OPEN_IMPACT_DATABASE_URL"

_OF_THE_DATABASE: Mapping[str, str] = MappingProxyType(
    {
        "UndefinedTableError": _MIGRATE,
        "UndefinedColumnError": _MIGRATE,
        "UndefinedFunctionError": _MIGRATE,
        "InvalidSchemaNameError": _MIGRATE,
        "UndefinedObjectError": _MIGRATE,
        "InvalidParameterValueError": _MIGRATE,  # The service's role does not exist yet.
        "InvalidCatalogNameError": f"There is no such database on the server; create it, or correct {_URL}.",
        "InvalidCatalogName": f"There is no such database on the server; create it, or correct {_URL}.",
        "InvalidPasswordError": f"The database refuses the password; correct {_URL}.",
        "InvalidAuthorizationSpecificationError": f"The database refuses this user; correct {_URL}.",
        "InsufficientPrivilegeError": (
            f"The user in {_URL} may not do this; run `open-impact doctor` to see which rights are missing."
        ),
        "InsufficientPrivilege": (
            f"The user in {_URL} may not set up the schema; migrate as a user that may create roles and extensions."
        ),
        "ClientConfigurationError": f"{_URL} cannot be understood; write postgresql://USER:PASSWORD@HOST/DATABASE.",
        "LockNotAvailable": "Another process uses the tables that have to change; try again in a minute.",
        "DiskFullError": "The database's disk is full; free some space, then try again.",
        "DiskFull": "The database's disk is full; free some space, then try again.",
    }
)
"""By the names of asyncpg and psycopg, which name them alike but for the ending."""

_DRIVERS = ("asyncpg", "psycopg")
_LINE_IS_DOWN = frozenset(
    {"PostgresConnectionError", "CannotConnectNowError", "AdminShutdownError", "OperationalError"}
)
_UNREACHABLE = f"The database cannot be reached; check that PostgreSQL runs and that {_URL} is right."


@contextmanager
def explained() -> Iterator[None]:
    """Turn errors that are nobody's mistake in the program into a sentence; all others keep their traceback."""
    try:
        yield
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except Exception as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        raise CommandError(sentence) from error


def sentence_for(error: BaseException) -> str | None:
    """Say what an expected error means for the person at the command line; nothing for a mistake of ours."""
    # SQLAlchemy wraps what the driver says.
    original = getattr(error, "orig", None)
    if isinstance(original, BaseException):
        return sentence_for(original)
    names = [f"{kind.__module__}:{kind.__qualname__}" for kind in type(error).__mro__]
    if not _SPEAK_FOR_THEMSELVES.isdisjoint(names):
        return str(error)
    if isinstance(error, BrokenPipeError):
        return None
    if any(name.startswith(_DRIVERS) for name in names):
        return _sentence_of_the_database(error)
    if isinstance(error, ConnectionError | TimeoutError):
        return _UNREACHABLE
    return None


def _sentence_of_the_database(error: BaseException) -> str | None:
    for kind in type(error).__mro__:
        if kind.__name__ in _OF_THE_DATABASE:
            return _OF_THE_DATABASE[kind.__name__]
    if not _LINE_IS_DOWN.isdisjoint(kind.__name__ for kind in type(error).__mro__):
        return _UNREACHABLE
    # Leaving a transaction on a line that broke inside it fails once more, over the first failure.
    return None if error.__context__ is None else _sentence_of_the_database(error.__context__)
