"""The command line as a whole: it explains itself, starts lightly, and says errors in one sentence."""

import subprocess
import sys

import asyncpg
import click
import psycopg
import pytest
import sqlalchemy.exc

from app.cli.errors import explained, sentence_for
from app.cli.main import COMMANDS, PLUGINS, cli
from app.importing.rows import BadRow
from app.settings import SettingsError
from domain.vote import OwnIdeaError
from events.errors import LogUnavailableError
from tests.cli.conftest import ROOT


def commands(group=cli, path=()):
    """List every command that is ours, by its path."""
    context = click.Context(group)
    for name in group.list_commands(context):
        if path == () and name in PLUGINS:
            continue
        command = group.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = dict(commands())


def test_the_promised_commands_are_there():
    """The names of the interface are commands."""
    promised = {
        *((name,) for name in ("up", "serve", "work", "migrate", "import", "doctor", "projections")),
        *(("people", name) for name in ("add", "list")),
        *(("tokens", name) for name in ("create", "list", "revoke")),
        *(("communities", name) for name in ("open", "list", "rules", "pause", "resume")),
        *(("projections", name) for name in ("list", "rebuild", "verify")),
        *(("events", name) for name in ("tail", "show", "verify", "export")),
    }
    assert promised <= set(ALL)
    assert {"bench", "faults"} <= set(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_explains_itself(alone, path):
    """`--help` succeeds, says what the command does, and shows an example unless it is a group of others."""
    result = alone(*path, "--help")

    assert result.exit_code == 0
    assert ALL[path].help
    if not isinstance(ALL[path], click.Group):
        assert "Example:" in result.stdout
        assert f"open-impact {' '.join(path)}" in result.stdout


def test_help_lists_every_command_with_a_line(alone):
    """The list is there without any of the commands being loaded."""
    result = alone("--help")

    assert result.exit_code == 0
    for name, (_, line) in COMMANDS.items():
        assert name in result.stdout
        assert line[:30] in result.stdout


def test_help_loads_nothing_heavy():
    """For its help the command line needs no driver, no web and no migrations."""
    heavy = "asyncpg", "litestar", "alembic", "rich", "sqlalchemy", "structlog", "uvloop", "arq"
    line = (
        "import sys; sys.argv = ['open-impact', '--help']\n"
        "from app.cli.main import main\n"
        "try: main()\n"
        f"except SystemExit: print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", line], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stderr.strip() == "[]"


def test_a_plugin_that_is_not_installed_says_so(alone, monkeypatch):
    """A command from outside that cannot be had is one sentence, with what to do."""
    monkeypatch.setattr("app.cli.main.entry_points", lambda **_: [])
    result = alone("bench", "append")

    assert result.exit_code == 1
    assert "`open-impact bench` is not part of this installation" in result.stderr


def test_an_unknown_command_is_refused(alone):
    """A word that is no command ends with a usage error."""
    result = alone("frobnicate")

    assert result.exit_code == 2
    assert "frobnicate" in result.stderr


class _Point:
    def __init__(self, found):
        self.name = "bench"
        self._found = found

    def load(self):
        return self._found


def test_a_plugin_is_loaded_when_it_is_called(alone, monkeypatch):
    """A command that announces itself under the entry point group runs like one of ours."""

    @click.command()
    def bench():
        """Measure."""
        click.echo("measured")

    monkeypatch.setattr("app.cli.main.entry_points", lambda **_: [_Point(bench)])
    assert alone("bench").stdout == "measured\n"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OwnIdeaError(), "You logged this idea"),
        (LogUnavailableError("The database cannot be reached just now."), "The database cannot be reached"),
        (SettingsError("OPEN_IMPACT_LOG_LEVEL must be one of …"), "OPEN_IMPACT_LOG_LEVEL"),
        (BadRow(ROOT / "x.pb", 3, "this is wrong."), "x.pb, line 3: this is wrong."),
        (asyncpg.UndefinedTableError("no events"), "run `open-impact migrate`"),
        (asyncpg.InvalidPasswordError("no"), "refuses the password"),
        (asyncpg.CannotConnectNowError("starting"), "cannot be reached"),
        (ConnectionRefusedError("no"), "cannot be reached"),
        (sqlalchemy.exc.OperationalError("x", {}, psycopg.OperationalError("no")), "cannot be reached"),
        (
            sqlalchemy.exc.ProgrammingError("x", {}, psycopg.errors.InsufficientPrivilege("no")),
            "create roles",
        ),
    ],
)
def test_expected_errors_are_sentences(error, sentence):
    """Each kind of expected error has one sentence that says what to do."""
    with pytest.raises(click.ClickException, match=r"^.+[.…]$") as caught, explained():
        raise error

    assert sentence in caught.value.message
    assert caught.value.exit_code == 1


def test_a_mistake_of_ours_keeps_its_traceback():
    """What nobody expected is not made up into a sentence."""
    assert sentence_for(KeyError("x")) is None
    with pytest.raises(KeyError), explained():
        raise KeyError("x")
