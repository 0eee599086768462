"""The entry of `open-impact`.

Commands are loaded only when they are called, so that help is there at once; their one line in the
list stands here for that reason. Commands from outside the four rooms (the benchmarks, the fault
campaign) announce themselves under the entry point group `open_impact.commands`.
"""

import gc
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from app.cli.errors import CommandError, explained

ENTRY_POINTS = "open_impact.commands"

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "up": ("app.cli.up:up", "Start everything on this machine, and keep it running."),
        "serve": ("app.cli.serve:serve", "Run one web process."),
        "work": ("app.cli.work:work", "Run one worker."),
        "migrate": ("app.cli.migrate:migrate", "Bring the database's schema up to this release."),
        "import": (
            "app.cli.import_file:import_file",
            "Bring real input in: participatory budgets, Polis exports.",
        ),
        "people": ("app.cli.people:people", "Add and list people with an account."),
        "organisations": (
            "app.cli.organisations:organisations",
            "Register and list organisations, and put somebody in charge.",
        ),
        "tokens": ("app.cli.tokens:tokens", "Make, list and revoke the tokens of programs."),
        "keys": ("app.cli.keys:keys", "Change the secret key that seals what is personal."),
        "mail": ("app.cli.mail:mail", "See which messages have not left, and have them tried again."),
        "communities": ("app.cli.communities:communities", "Open communities and set how they vote."),
        "mandates": ("app.cli.mandates:mandates_", "See what funders are open to."),
        "votes": ("app.cli.votes:votes", "Recount votes, and see and lift what was set aside."),
        "pools": ("app.cli.pools:pools", "Work pools of conditional pledges out offline."),
        "permissions": ("app.cli.permissions:permissions", "Say who may do what."),
        "projections": ("app.cli.projections:projections", "See, rebuild and verify the read models."),
        "events": ("app.cli.events:events", "Read, verify and export the log."),
        "doctor": ("app.cli.doctor:doctor", "Say what is wrong with this installation and how to mend it."),
    }
)
"""Every command: where it is, and its line in the list."""

PLUGINS: Mapping[str, str] = MappingProxyType(
    {
        "bench": "Run a benchmark.",
        "faults": "Run a part of the fault campaign.",
    }
)
"""The commands from outside that we know of, with their line in the list."""

GARBAGE_AFTER = 20_000
"""How many more objects than before there must be for a search for garbage. With the usual 700, loading a web process
takes a quarter longer: what is loaded is no garbage, and is looked through again and again."""

_EXAMPLE = """\b
Example:
    open-impact up --demo
    open-impact doctor
"""


class Commands(click.Group):
    """A group that loads a command when it is asked for, and says every expected error in one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # The signature is click's.
        return [*COMMANDS, *_plugin_names()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in COMMANDS:
            module, _, name = COMMANDS[cmd_name][0].partition(":")
            return _command(getattr(import_module(module), name))
        if cmd_name in _plugin_names():
            return _plugin(cmd_name)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        lines = [(name, line) for name, (_, line) in COMMANDS.items()]
        lines += [(name, PLUGINS.get(name, "")) for name in _plugin_names()]
        with formatter.section("Commands"):
            formatter.write_dl(lines)

    def invoke(self, ctx: click.Context) -> Any:
        with explained():
            return super().invoke(ctx)


def _plugin_names() -> list[str]:
    found = {point.name for point in entry_points(group=ENTRY_POINTS)}
    return [*PLUGINS, *sorted(found - PLUGINS.keys())]


def _plugin(name: str) -> click.Command:
    try:
        (point, *_) = entry_points(group=ENTRY_POINTS, name=name)
        return _command(point.load())
    except (ValueError, ImportError, AttributeError) as error:
        raise CommandError(
            f"`open-impact {name}` is not part of this installation; run `make setup` in the project's folder and "
            f"use .venv/bin/open-impact."
        ) from error


def _command(found: Any) -> click.Command:
    if not isinstance(found, click.Command):
        raise TypeError(f"{found!r} is not a command.")
    return found


@click.group(cls=Commands, epilog=_EXAMPLE, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="open-impact", message="%(prog)s %(version)s")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder of `open-impact up`.  [default: OPEN_IMPACT_DATA, or .open-impact]",
)
@click.pass_context
def cli(ctx: click.Context, data: Path | None) -> None:
    """The open innovation pipeline of the social sector, from concept to service.

    Every command explains itself with --help.
    """
    ctx.obj = data
    ctx.default_map = {"up": {"data": data}}


def main() -> None:
    """Run the command line."""
    gc.set_threshold(GARBAGE_AFTER)
    cli(prog_name="open-impact")


if __name__ == "__main__":
    main()
