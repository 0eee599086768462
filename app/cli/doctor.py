"""`open-impact doctor`: what is wrong with this installation, and how to mend it."""

from collections import Counter
from pathlib import Path

import click

from app.cli.checks import Check, all_checks
from app.cli.database import found_settings, run
from app.cli.errors import CommandError
from app.cli.output import echo_json, echo_table, json_option
from app.embedded.errors import EmbeddedError
from app.settings import Settings, SettingsError

_EXAMPLE = """\b
Example:
    open-impact doctor
    open-impact doctor --json --data ~/open-impact-data
"""


@click.command(epilog=_EXAMPLE)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder of `open-impact up`.  [default: OPEN_IMPACT_DATA, or .open-impact]",
)
@json_option
@click.pass_context
def doctor(ctx: click.Context, data: Path | None, *, as_json: bool) -> None:
    """Look at everything this installation needs, and say what to do where something is wrong.

    Lists all settings first, with their meaning and present value; secrets are masked. Fails when a
    check fails; warnings alone do not.
    """
    settings, checks = _looked_at(data or ctx.find_root().obj)
    counts = Counter(check.verdict for check in checks)
    if as_json:
        echo_json({"settings": settings.describe() if settings else [], "checks": checks})
    else:
        if settings is not None:
            _echo_settings(settings)
        _echo_checks(checks)
    if counts["fail"]:
        raise CommandError(f"{counts['fail']} of {len(checks)} checks failed; what to do stands beside each.")


def _looked_at(data: Path | None) -> tuple[Settings | None, list[Check]]:
    try:
        settings = found_settings(data)
    except (SettingsError, EmbeddedError) as error:
        return None, [Check(name="settings", verdict="fail", found="cannot be used", mend=str(error))]
    return settings, run(_all(settings))


async def _all(settings: Settings) -> list[Check]:
    return [check async for check in all_checks(settings)]


def _echo_settings(settings: Settings) -> None:
    echo_table(
        ("setting", "value", "meaning"),
        [(one.variable, one.value, one.meaning) for one in settings.describe()],
    )
    click.echo()


def _echo_checks(checks: list[Check]) -> None:
    colours = {"ok": "green", "warn": "yellow", "fail": "red"}
    for check in checks:
        verdict = click.style(f"{check.verdict:<4}", fg=colours[check.verdict])
        click.echo(f"{verdict}  {check.name}: {check.found}")
        if check.mend:
            click.echo(f"      {check.mend}")
