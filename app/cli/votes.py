"""`open-impact votes`: count the votes once more from the log, and see and lift what was set aside."""

from datetime import UTC, datetime
from uuid import UUID

import click
from msgspec import Struct

from app.cli.database import opened, run, settings_option
from app.cli.errors import CommandError
from app.cli.output import echo_json, echo_table, json_option
from app.cli.progress import progress_bar
from app.command_handling import Cause, Handler
from app.settings import Settings
from domain.quarantine import QUARANTINE, LiftQuarantine
from events.streams import quarantine_stream
from projections.fair_votes.queries import FairTally, QuarantineRow, quarantines, tallies_as_of
from projections.fair_votes.recount import Recount
from projections.state import Positions

_PAGE_EVENTS = 10_000
_WAIT_SECONDS = 30.0
_LISTED_MAX = 200


class Recounted(Struct, frozen=True, kw_only=True):
    """An idea's votes as the log has them, and as the read model shows them."""

    idea_id: UUID
    votes: int
    verified_votes: int
    set_aside: int
    shown_votes: int
    shown_verified_votes: int
    shown_set_aside: int
    agrees: bool


@click.group()
def votes() -> None:
    """Recount votes, and see what was set aside."""


_RECOUNT_EXAMPLE = """\b
Example:
    open-impact votes recount
    open-impact votes recount --idea 0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a11 --at 41377
"""


@votes.command(epilog=_RECOUNT_EXAMPLE)
@click.option("--idea", "idea_id", type=click.UUID, help="Recount this idea alone.")
@click.option(
    "--at", type=click.IntRange(min=0), help="Recount as of this position of the log.  [default: its end]"
)
@json_option
@settings_option
def recount(idea_id: UUID | None, at: int | None, settings: Settings, *, as_json: bool) -> None:
    """Count all votes from the log's first event, and compare with what is shown; fails on any difference.

    Of votes: all of them, those that are verified, and those that are set aside. Of all ideas, those are listed
    whose votes are not all verified, or differ.
    """
    position, found = run(_recount(settings, idea_id, at))
    differing = [one for one in found if not one.agrees]
    if as_json:
        echo_json({"position": position, "ideas": found, "differing": len(differing)})
    else:
        _tell(position, found, all_of_them=idea_id is not None)
    if differing:
        raise CommandError(
            f"{len(differing):,} of {len(found):,} ideas show other numbers than the log says; "
            "mend it with `open-impact projections rebuild fair_votes`."
        )


def _tell(position: int, found: list[Recounted], *, all_of_them: bool) -> None:
    telling = [one for one in found if all_of_them or not one.agrees or one.votes != one.verified_votes]
    if telling:
        echo_table(
            ("idea", "votes", "verified", "set aside", "shown", "shown verified", "shown set aside"),
            [
                (
                    one.idea_id,
                    one.votes,
                    one.verified_votes,
                    one.set_aside,
                    one.shown_votes,
                    one.shown_verified_votes,
                    one.shown_set_aside,
                )
                for one in telling
            ],
        )
    click.echo(
        f"Recounted to position {position}: {len(found):,} ideas with {sum(one.votes for one in found):,} votes, "
        f"{sum(one.verified_votes for one in found):,} of them verified, "
        f"{sum(one.set_aside for one in found):,} set aside.",
        err=True,
    )


async def _recount(settings: Settings, idea_id: UUID | None, at: int | None) -> tuple[int, list[Recounted]]:
    async with opened(settings) as (pool, store):
        head = await store.head()
        until = head if at is None else min(at, head)
        counting = Recount(idea_id)
        reached = 0
        with progress_bar("Recounting", "events") as update:
            while reached < until:
                page = await store.read_tail(reached, limit=min(_PAGE_EVENTS, until - reached))
                counting.apply(page.events)
                reached = page.reached
                update(reached, until)
        if not await Positions(pool).wait("fair_votes", until, seconds=_WAIT_SECONDS):
            raise CommandError("The read model is behind the log; start a worker, and recount then.")
        shown = await tallies_as_of(pool, until, idea_id)
    return until, _compared(counting.tallies(), shown)


def _compared(counted: dict[UUID, FairTally], shown: dict[UUID, FairTally]) -> list[Recounted]:
    found = []
    for idea_id in sorted(counted.keys() | shown.keys()):
        one, other = counted.get(idea_id, FairTally()), shown.get(idea_id, FairTally())
        numbers = (one.votes, one.verified_votes, one.set_aside)
        found.append(
            Recounted(
                idea_id=idea_id,
                votes=one.votes,
                verified_votes=one.verified_votes,
                set_aside=one.set_aside,
                shown_votes=other.votes,
                shown_verified_votes=other.verified_votes,
                shown_set_aside=other.set_aside,
                agrees=numbers == (other.votes, other.verified_votes, other.set_aside),
            )
        )
    return found


_LIST_EXAMPLE = """\b
Example:
    open-impact votes quarantines --json
"""


@votes.command("quarantines", epilog=_LIST_EXAMPLE)
@click.option("--idea", "idea_id", type=click.UUID, help="Only what concerns this idea.")
@json_option
@settings_option
def quarantines_(idea_id: UUID | None, settings: Settings, *, as_json: bool) -> None:
    """List the newest votes that were set aside, why, and whether they count again."""
    found = run(_quarantines(settings, idea_id))
    if as_json:
        echo_json(found)
        return
    echo_table(
        ("quarantine", "raised_at", "people", "votes", "signal", "lifted_at", "reason"),
        [
            (one.quarantine_id, one.raised_at, one.people, one.votes, one.signal, one.lifted_at, one.reason)
            for one in found
        ],
    )


async def _quarantines(settings: Settings, idea_id: UUID | None) -> list[QuarantineRow]:
    async with opened(settings) as (pool, _):
        return (await quarantines(pool, idea_id=idea_id, limit=_LISTED_MAX)).items


_LIFT_EXAMPLE = """\b
Example:
    open-impact votes lift 0198f2c6-2b1e-7c55-8a3e-2f6f0b9d4e55 --reason "It was an open day at the college."
"""


@votes.command(epilog=_LIFT_EXAMPLE)
@click.argument("quarantine_id", type=click.UUID)
@click.option("--reason", required=True, help="Why; everybody can read it.")
@settings_option
def lift(quarantine_id: UUID, reason: str, settings: Settings) -> None:
    """Let votes that were set aside count again."""
    changed = run(_lift(settings, quarantine_id, reason))
    click.echo("The votes count again." if changed else "The votes count again already.", err=True)


async def _lift(settings: Settings, quarantine_id: UUID, reason: str) -> bool:
    async with opened(settings) as (_, store):
        command = LiftQuarantine(now=datetime.now(UTC), quarantine_id=quarantine_id, reason=reason.strip())
        handled = await Handler(store).handle(
            QUARANTINE, quarantine_stream(quarantine_id), command, cause=Cause()
        )
        return bool(handled.events)
