"""`open-impact import`: real input, through the same deciders as everything else."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from app.cli.database import opened, run, settings_option
from app.cli.errors import CommandError
from app.cli.output import echo_json, json_option
from app.cli.progress import Update, progress_bar
from app.importing import READERS
from app.importing.communities import slug_of
from app.importing.grants_writer import GrantsReport, import_grants, read_grants
from app.importing.rows import Reader
from app.importing.sample_writer import SAMPLE_STEPS, add_sample_accounts, import_sample
from app.importing.writer import ImportReport, import_collection, slug_for
from app.settings import Settings
from events.errors import LogUnavailableError

_SAMPLE = "sample"
_GRANTS = "grants360"
_EXAMPLE = """\b
Example:
    open-impact import pabulib poland_lodz_2024_.pb --community lodz
    open-impact import polis affordable-housing/ --dry-run
    open-impact import grants360 grants.json --skip-bad-rows
    open-impact import sample -
"""


@click.command("import", epilog=_EXAMPLE)
@click.argument("format_", metavar="FORMAT", type=click.Choice([*READERS, _GRANTS, _SAMPLE]))
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--community", help="Where the ideas go; opened if it does not exist.  [default: one of their own]"
)
@click.option("--dry-run", is_flag=True, help="Check the whole file and say what it holds; write nothing.")
@click.option("--skip-bad-rows", is_flag=True, help="Name grants that are wrong, and bring in the others.")
@json_option
@settings_option
def import_file(
    *,
    format_: str,
    file: Path,
    community: str | None,
    settings: Settings,
    dry_run: bool,
    skip_bad_rows: bool,
    as_json: bool,
) -> None:
    """Bring a file of another system in: its ideas, and its votes at their original times.

    \b
    pabulib    a participatory budget, FILE.pb: projects are ideas, projects on a ballot are votes
    polis      an exported conversation, a folder: statements are ideas, agreeing is a vote
    grants360  past grants of funders, FILE.json as 360Giving has it; people are not named
    sample     the sample content of this project (FILE is -), into the community `commons`

    The whole file is checked before anything is written. Importing it again adds nothing, and an
    import that was interrupted goes on where it stopped.
    """
    if skip_bad_rows and format_ != _GRANTS:
        raise click.UsageError("Only grants can be skipped one by one; correct the file, or leave it out.")
    try:
        if format_ == _GRANTS:
            _import_grants(
                _existing(file), community, settings, dry_run=dry_run, skip=skip_bad_rows, as_json=as_json
            )
            return
        report = _report(format_, file, community, settings, dry_run=dry_run)
    except LogUnavailableError as error:
        raise CommandError(
            "The database was lost on the way; run the same import again, and it goes on where it stopped."
        ) from error
    if as_json:
        echo_json(msgspec.structs.asdict(report) | {"dry_run": dry_run})
    else:
        click.echo(_sentence(report, dry_run=dry_run))


def _report(
    format_: str, file: Path, community: str | None, settings: Settings, *, dry_run: bool
) -> ImportReport:
    if format_ == _SAMPLE:
        if community is not None or dry_run:
            raise click.UsageError("The sample content takes neither --community nor --dry-run.")
        return run(_sample(settings))
    reader = READERS[format_](_existing(file))
    slug = None if community is None else _slug(community)
    if dry_run:
        return _contents(reader, slug)
    return run(_collection(settings, reader, slug, community if community != slug else None))


def _import_grants(
    file: Path, community: str | None, settings: Settings, *, dry_run: bool, skip: bool, as_json: bool
) -> None:
    if community is not None:
        raise click.UsageError("Grants are of funders and not of a community; leave --community out.")
    report = read_grants(file, skip_bad_rows=skip)
    if not dry_run:
        report = run(_grants(settings, file, report, skip=skip))
    for sentence in report.skipped:
        click.echo(f"Skipped: {sentence}", err=True)
    if as_json:
        echo_json(msgspec.structs.asdict(report) | {"dry_run": dry_run})
    else:
        click.echo(_grants_sentence(report, dry_run=dry_run))


async def _grants(settings: Settings, file: Path, report: GrantsReport, *, skip: bool) -> GrantsReport:
    async with opened(settings) as (_, store):
        with progress_bar("Importing", "grants") as update:
            return await import_grants(
                store, file, skip_bad_rows=skip, advance=_counting(update, report.grants), read=report
            )


def _grants_sentence(report: GrantsReport, *, dry_run: bool) -> str:
    held = f"{report.grants:,} grants of {report.funders:,} {'funder' if report.funders == 1 else 'funders'}"
    if report.to_individuals:
        held += f", {report.to_individuals:,} of them to people, who are not named"
    wrong = "1 wrong row was" if report.skipped_rows == 1 else f"{report.skipped_rows:,} wrong rows were"
    left_out = f" {wrong} skipped." if report.skipped_rows else ""
    if dry_run:
        return f"{held} are in the file. Nothing was written.{left_out}"
    if report.appended == 0:
        return f"Nothing to add: {held} are here already.{left_out}"
    return f"{held} are here now; {_events(report.appended)} added.{left_out}"


def _existing(file: Path) -> Path:
    if not file.exists():
        raise CommandError(f"There is no {file}; name a file or folder that exists.")
    return file


def _slug(community: str) -> str:
    slug = slug_of(community)
    if not slug:
        raise click.UsageError(f"{community!r} has no letter or digit to make a community's short name of.")
    return slug


def _contents(reader: Reader, slug: str | None) -> ImportReport:
    """Check the whole input and count what is in it."""
    reader.check()
    collection = reader.collection
    votes = sum(vote.supports for vote in reader.votes())
    return ImportReport(
        community=slug or slug_for(collection),
        ideas=collection.ideas,
        voters=collection.ballots,
        votes=votes,
        withdrawals=collection.votes - votes,
    )


async def _collection(settings: Settings, reader: Reader, slug: str | None, name: str | None) -> ImportReport:
    reader.check()
    held = reader.collection
    async with opened(settings) as (_, store):
        with progress_bar("Importing", "rows") as update:
            return await import_collection(
                store,
                reader,
                community_slug=slug,
                community_name=name,
                now=datetime.now(UTC),
                advance=_counting(update, held.ideas + held.ballots + held.votes),
            )


async def _sample(settings: Settings) -> ImportReport:
    async with opened(settings) as (pool, store):
        await add_sample_accounts(pool)
        with progress_bar("Adding the sample content", "steps") as update:
            return await import_sample(store, now=datetime.now(UTC), advance=_counting(update, SAMPLE_STEPS))


def _counting(update: Update, total: int) -> Callable[[int], None]:
    """Add up rows as they are settled."""
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows
        update(done, max(done, total))

    return advance


def _sentence(report: ImportReport, *, dry_run: bool) -> str:
    held = f"{report.ideas:,} ideas and {report.votes:,} votes of {report.voters:,} people"
    if report.withdrawals:
        held += f", {report.withdrawals:,} of them withdrawn later"
    if dry_run:
        return f"The file is in order: {held}, for the community {report.community}. Nothing was written."
    if report.appended == 0:
        return f"Nothing to add: {held} are in the community {report.community} already."
    return f"{held} are in the community {report.community} now; {report.appended:,} events were added."


def _events(count: int) -> str:
    return "1 event was" if count == 1 else f"{count:,} events were"
