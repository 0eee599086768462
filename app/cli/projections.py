"""`open-impact projections`: the state of the read models, their rebuilding, and their verification."""

import os
import socket

import click

from app.cli.database import opened, run, settings_option
from app.cli.errors import CommandError
from app.cli.output import echo_json, echo_table, json_option
from app.cli.progress import progress_bar
from app.settings import Settings
from projections.projection import Projection
from projections.rebuild import Difference, rebuild, verify
from projections.registry import REGISTRY, projection_named
from projections.state import ProjectionState, states

_EXAMPLE = """\b
Example:
    open-impact projections
    open-impact projections verify idea_board
"""


@click.group(invoke_without_command=True, epilog=_EXAMPLE)
@json_option
@settings_option
@click.pass_context
def projections(ctx: click.Context, settings: Settings, *, as_json: bool) -> None:
    """See how far the read models are; rebuild and verify them."""
    if ctx.invoked_subcommand is None:
        _tell(settings, as_json=as_json)


_LIST_EXAMPLE = """\b
Example:
    open-impact projections list --json
"""


@projections.command("list", epilog=_LIST_EXAMPLE)
@json_option
@settings_option
def list_(settings: Settings, *, as_json: bool) -> None:
    """List the read models: position, lag, who holds them, and what stopped one if something did."""
    _tell(settings, as_json=as_json)


def _tell(settings: Settings, *, as_json: bool) -> None:
    found = run(_states(settings))
    if as_json:
        echo_json(found)
        return
    headings = ("name", "generation", "version", "position", "head", "lag", "lag_seconds", "holder")
    echo_table(headings, [[getattr(state, heading) for heading in headings] for state in found])
    if not found:
        click.echo("No read model was ever built here; start a worker with `open-impact work`.", err=True)
    for state in found:
        if state.poisoned_at is not None:
            click.echo(
                f"{state.name} stopped before position {state.poisoned_at}: {state.poisoned_by}", err=True
            )


async def _states(settings: Settings) -> list[ProjectionState]:
    async with opened(settings) as (pool, _):
        return await states(pool)


_REBUILD_EXAMPLE = """\b
Example:
    open-impact projections rebuild idea_board
"""


@projections.command("rebuild", epilog=_REBUILD_EXAMPLE)
@click.argument("name")
@settings_option
def rebuild_(name: str, settings: Settings) -> None:
    """Build a read model anew from the log, beside the live one, and switch to it."""
    projection = _named(name)
    run(_rebuild(settings, projection))
    click.echo(f"{name} was rebuilt, and the new build is live.", err=True)


async def _rebuild(settings: Settings, projection: Projection) -> None:
    async with opened(settings) as (pool, store):
        with progress_bar(f"Rebuilding {projection.name}", "events") as update:
            holder = f"rebuild-{socket.gethostname()}-{os.getpid()}"
            await rebuild(pool, store, projection, holder=holder, progress=update)


_VERIFY_EXAMPLE = """\b
Example:
    open-impact projections verify idea_board && echo clean
"""


@projections.command("verify", epilog=_VERIFY_EXAMPLE)
@click.argument("name")
@json_option
@settings_option
def verify_(name: str, settings: Settings, *, as_json: bool) -> None:
    """Build a read model aside and compare it with the live one; fails on any difference."""
    projection = _named(name)
    differences = run(_verify(settings, projection))
    if as_json:
        echo_json({"projection": name, "clean": not differences, "differences": differences})
    if differences:
        raise CommandError(
            f"{name} differs from what the log says: {'; '.join(map(_sentence, differences))}; "
            f"mend it with `open-impact projections rebuild {name}`."
        )
    if not as_json:
        click.echo(f"{name} is what the log says: no difference.")


async def _verify(settings: Settings, projection: Projection) -> list[Difference]:
    async with opened(settings) as (pool, store):
        with progress_bar(f"Verifying {projection.name}", "events") as update:
            return await verify(pool, store, projection, progress=update)


def _sentence(difference: Difference) -> str:
    return (
        f"table {difference.table} has {difference.only_live:,} rows that it should not have "
        f"and lacks {difference.only_rebuilt:,}"
    )


def _named(name: str) -> Projection:
    projection = projection_named(name)
    if projection is None:
        raise CommandError(
            f"There is no projection {name!r}; there are {', '.join(one.name for one in REGISTRY)}."
        )
    return projection
