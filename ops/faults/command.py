"""`open-impact faults`: the campaigns by name."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import click

from app.cli.progress import Update, progress_bar
from ops.faults.report import Report, save, show

_EXAMPLE = """\b
Example:
    open-impact faults tail --seconds 60
    open-impact faults kill --kills 200 --json kills.json
    open-impact faults fuzz --cases 5000
    open-impact faults timing --tries 200
    open-impact faults pledges --histories 200
    open-impact faults webhooks --kills 200
    open-impact faults hostile --seconds 60
    open-impact faults signatures --deliveries 10000
"""


def _tail(*, seconds: float | None, kills: int | None, seed: int, planted: bool, advance: Update) -> Report:
    from ops.faults.tail import run_tail  # noqa: PLC0415  # Each campaign loads much; --help need not.

    if kills is not None:
        raise click.UsageError("This campaign kills as often as its time allows; give it --seconds.")
    return run_tail(seconds=seconds or 60.0, seed=seed, planted=planted, advance=advance)


def _kill(*, seconds: float | None, kills: int | None, seed: int, planted: bool, advance: Update) -> Report:
    from ops.faults.kill import run_kill  # noqa: PLC0415  # As above.

    if seconds is not None:
        raise click.UsageError("This campaign lasts as long as its kills take; give it --kills.")
    return run_kill(kills=kills or 20, seed=seed, planted=planted, advance=advance)


def _import(*, seconds: float | None, kills: int | None, seed: int, planted: bool, advance: Update) -> Report:
    from ops.faults.interrupted_import import run_import  # noqa: PLC0415  # As above.

    if seconds is not None:
        raise click.UsageError("This campaign lasts as long as its kills take; give it --kills.")
    return run_import(kills=kills or 5, seed=seed, planted=planted, advance=advance)


def _webhooks(
    *, seconds: float | None, kills: int | None, seed: int, planted: bool, advance: Update
) -> Report:
    from ops.faults.webhooks import run_webhooks  # noqa: PLC0415  # As above.

    if seconds is not None or planted:
        raise click.UsageError("This campaign takes --kills and --seed alone.")
    return run_webhooks(kills=kills or 20, seed=seed, advance=advance)


def _hostile(
    *, seconds: float | None, kills: int | None, seed: int, planted: bool, advance: Update
) -> Report:
    from ops.faults.hostile import run_hostile  # noqa: PLC0415  # As above.

    if kills is not None or planted:
        raise click.UsageError("This campaign takes --seconds and --seed alone.")
    return run_hostile(seconds=seconds or 60.0, seed=seed, advance=advance)


def _signatures(*, deliveries: int, seed: int, planted: bool, advance: Update) -> Report:
    try:
        from ops.faults.signatures import run_signatures  # noqa: PLC0415  # As above.
    except ModuleNotFoundError as error:
        raise click.ClickException(
            "This campaign needs what testing needs: run `make test-setup`."
        ) from error
    return run_signatures(deliveries=deliveries, seed=seed, planted=planted, advance=advance)


_RUN: Mapping[str, Callable[..., Report]] = MappingProxyType(
    {"tail": _tail, "kill": _kill, "import": _import, "webhooks": _webhooks, "hostile": _hostile}
)
FUZZ, TIMING, PLEDGES, SIGNATURES = "fuzz", "timing", "pledges", "signatures"
_CASES = 5_000
_DELIVERIES = 1_000
_HISTORIES = 20
_TRIES = 200


@click.command(epilog=_EXAMPLE)
@click.argument("name", type=click.Choice([*_RUN, FUZZ, TIMING, PLEDGES, SIGNATURES]))
@click.option(
    "--seconds", type=click.FloatRange(1, 3600), help="How long `tail` and `hostile` disturb.  [default: 60]"
)
@click.option("--kills", type=click.IntRange(1, 10_000), help="How many kills.  [default: 20, import 5]")
@click.option(
    "--cases", type=click.IntRange(1, 1_000_000), help="How many requests `fuzz` makes.  [default: 5000]"
)
@click.option(
    "--tries", type=click.IntRange(10, 100_000), help="How often `timing` asks for each kind.  [default: 200]"
)
@click.option(
    "--histories", type=click.IntRange(1, 100_000), help="How many histories `pledges` has.  [default: 20]"
)
@click.option(
    "--deliveries",
    type=click.IntRange(1, 100_000),
    help="How many deliveries `signatures` checks.  [default: 1000]",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Where chance begins.")
@click.option(
    "--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write the report there, too."
)
@click.option("--planted", is_flag=True, hidden=True, help="Break the thing first, which must be noticed.")
def faults(
    *,
    name: str,
    seconds: float | None,
    kills: int | None,
    cases: int | None,
    tries: int | None,
    histories: int | None,
    deliveries: int | None,
    seed: int,
    file: Path | None,
    planted: bool,
) -> None:
    """Kill real processes under load, or send them what nobody should, then check that nothing promised was lost.

    \b
    tail    a reader follows the log while writers die, connections break and foreign transactions stay open
    kill    people vote while web, worker, PostgreSQL, Valkey or all of them are killed
    import  an import is killed half-way, again and again, and PostgreSQL with it
    fuzz    requests made from the OpenAPI document, right and wrong, as nobody, a person and an operator
    timing  requests to sign in, for addresses with an account and without one: does the time they take tell?
    webhooks  other programs are told of events while the workers that tell them are killed
    hostile a worker tells receivers that answer without end, too slowly, too much or not at all, and good ones
    signatures  what other programs are told is checked with their libraries from PyPI and npm, and so are forgeries
    pledges many pledge, revise and withdraw at once, on one pool and on ten under one budget, and are killed

    Each starts servers of its own in a temporary folder and leaves nothing behind. The exit code is 0
    only when every invariant holds.
    """
    if cases is not None and name != FUZZ:
        raise click.UsageError("Only `fuzz` takes --cases.")
    if tries is not None and name != TIMING:
        raise click.UsageError("Only `timing` takes --tries.")
    if histories is not None and name != PLEDGES:
        raise click.UsageError("Only `pledges` takes --histories.")
    if deliveries is not None and name != SIGNATURES:
        raise click.UsageError("Only `signatures` takes --deliveries.")
    if name == SIGNATURES and (seconds is not None or kills is not None):
        raise click.UsageError("This campaign lasts as long as its deliveries take; give it --deliveries.")
    unit = {
        "tail": "seconds",
        "hostile": "seconds",
        FUZZ: "cases",
        TIMING: "tries",
        PLEDGES: "histories",
        SIGNATURES: "deliveries",
    }.get(name, "kills")
    with progress_bar(f"Disturbing ({name})", unit) as advance:
        if name == FUZZ:
            from ops.faults.fuzz import run_fuzz  # noqa: PLC0415  # As above.

            report = run_fuzz(cases=cases or _CASES, seed=seed, advance=advance)
        elif name == TIMING:
            from ops.faults.timing import run_timing  # noqa: PLC0415  # As above.

            report = run_timing(tries=tries or _TRIES, seed=seed, planted=planted, advance=advance)
        elif name == PLEDGES:
            from ops.faults.pledges import run_pledges  # noqa: PLC0415  # As above.

            report = run_pledges(histories=histories or _HISTORIES, seed=seed, advance=advance)
        elif name == SIGNATURES:
            report = _signatures(
                deliveries=deliveries or _DELIVERIES, seed=seed, planted=planted, advance=advance
            )
        else:
            report = _RUN[name](seconds=seconds, kills=kills, seed=seed, planted=planted, advance=advance)
    show(report)
    if file is not None:
        save(report, file)
    if not report.holds:
        raise click.ClickException("The campaign found a broken promise; the table above says which.")
