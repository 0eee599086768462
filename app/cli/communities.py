"""`open-impact communities`: open communities and set how they vote."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import click
from msgspec import Struct
from msgspec.structs import replace

from app.cli.database import opened, run, settings_option
from app.cli.errors import CommandError
from app.cli.output import echo_json, echo_table, json_option
from app.command_handling import Cause, Handled, Handler
from app.importing.communities import SUPPORT_THRESHOLD, slug_of
from app.settings import Settings
from domain.community import (
    COMMUNITY,
    CommunityCommand,
    CommunityState,
    Open,
    OpenCommunity,
    PauseVoting,
    ResumeVoting,
    SetRules,
    voting_is_running,
)
from events.connections import Pool
from events.contracts import CommunityOpened, VotingRules
from events.store import EventStore
from events.streams import community_id, community_stream

_LISTED_MAX = 1_000


def moment(text: str) -> datetime:
    """Read a time such as 2026-03-01 or 2026-03-01T09:00:00Z; without an offset it is UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no time; write it like 2026-03-01T09:00:00Z.") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


class Listed(Struct, frozen=True, kw_only=True):
    """A community as the log has it."""

    community_id: UUID
    slug: str
    name: str
    rules: VotingRules
    paused: bool
    voting: bool


@click.group()
def communities() -> None:
    """Open communities, and set how they vote."""


_OPEN_EXAMPLE = """\b
Example:
    open-impact communities open leeds --name "Leeds together" --threshold 25
"""


@communities.command("open", epilog=_OPEN_EXAMPLE)
@click.argument("slug")
@click.option("--name", required=True, help="Its full name.")
@click.option(
    "--threshold",
    type=click.IntRange(min=1),
    default=SUPPORT_THRESHOLD,
    show_default=True,
    help="The votes that make an idea supported.",
)
@click.option("--opens-at", type=moment, help="When voting opens.  [default: at once]")
@click.option("--closes-at", type=moment, help="When voting closes.  [default: never]")
@settings_option
def open_(
    *,
    slug: str,
    name: str,
    threshold: int,
    opens_at: datetime | None,
    closes_at: datetime | None,
    settings: Settings,
) -> None:
    """Open a community, and print its identifier; SLUG is its short name in addresses."""
    if slug != slug_of(slug):
        raise click.UsageError(
            f"A short name has small letters, digits and hyphens; write {slug_of(slug) or 'one'!r}."
        )
    rules = VotingRules(support_threshold=threshold, opens_at=opens_at, closes_at=closes_at)
    identifier = community_id(slug)
    command = OpenCommunity(community_id=identifier, slug=slug, name=name, rules=rules, now=datetime.now(UTC))
    handled = run(_handled(settings, slug, command))
    if not handled.events:
        raise CommandError(f"The community {slug} is open already; see `open-impact communities list`.")
    click.echo(identifier)


_LIST_EXAMPLE = """\b
Example:
    open-impact communities list --json
"""


@communities.command("list", epilog=_LIST_EXAMPLE)
@json_option
@settings_option
def list_(settings: Settings, *, as_json: bool) -> None:
    """List all communities and how they vote."""
    found = run(_list(settings))
    if as_json:
        echo_json(found)
        return
    echo_table(
        ("slug", "name", "threshold", "opens_at", "closes_at", "voting"),
        [
            (
                community.slug,
                community.name,
                community.rules.support_threshold,
                community.rules.opens_at,
                community.rules.closes_at,
                "paused" if community.paused else "running" if community.voting else "closed",
            )
            for community in found
        ],
    )


async def _list(settings: Settings) -> list[Listed]:
    async with opened(settings) as (pool, store):
        return await _communities(pool, store)


async def _communities(pool: Pool, store: EventStore) -> list[Listed]:
    """Read every community from the log itself, so that this works before any read model does."""
    rows = await pool.fetch(
        "SELECT stream FROM streams WHERE stream > 'community-' AND stream < 'community.' LIMIT $1",
        _LISTED_MAX,
    )
    found = await store.read_streams([row["stream"] for row in rows])
    listed = []
    for events in found.values():
        first, state = events[0].data, COMMUNITY.fold([event.data for event in events])  # type: ignore[misc]  # Of this category.
        if isinstance(first, CommunityOpened) and isinstance(state, Open):
            listed.append(
                Listed(
                    community_id=first.community_id,
                    slug=state.slug,
                    name=first.name,
                    rules=state.rules,
                    paused=state.paused,
                    voting=voting_is_running(state, datetime.now(UTC)),
                )
            )
    return sorted(listed, key=lambda community: community.slug)


_RULES_EXAMPLE = """\b
Example:
    open-impact communities pause leeds --reason "The council changed the period."
    open-impact communities rules leeds --closes-at 2026-06-30T18:00:00Z --reason "The council changed the period."
    open-impact communities resume leeds
"""


@communities.command(epilog=_RULES_EXAMPLE)
@click.argument("slug")
@click.option("--threshold", type=click.IntRange(min=1), help="The votes that make an idea supported.")
@click.option("--opens-at", type=moment, help="When voting opens.")
@click.option("--closes-at", type=moment, help="When voting closes.")
@click.option("--reason", required=True, help="Why; everybody can read it.")
@settings_option
def rules(
    *,
    slug: str,
    threshold: int | None,
    opens_at: datetime | None,
    closes_at: datetime | None,
    reason: str,
    settings: Settings,
) -> None:
    """Change the voting rules of a community; what is not named stays. Voting must be paused or closed."""
    given = {"support_threshold": threshold, "opens_at": opens_at, "closes_at": closes_at}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise click.UsageError("Say what to change: --threshold, --opens-at or --closes-at.")
    handled = run(_set_rules(settings, slug, changes, reason))
    _echo_done(handled, "The rules are changed.", "The rules are like that already.")


async def _set_rules(
    settings: Settings, slug: str, changes: dict[str, Any], reason: str
) -> Handled[CommunityState]:
    async with opened(settings) as (_, store):
        events = await store.read_stream(community_stream(community_id(slug)))
        state = COMMUNITY.fold([event.data for event in events])  # type: ignore[misc]  # Of this category.
        present = state.rules if isinstance(state, Open) else VotingRules(support_threshold=SUPPORT_THRESHOLD)
        command = SetRules(
            community_id=community_id(slug),
            rules=replace(present, **changes),
            reason=reason,
            now=datetime.now(UTC),
        )
        return await Handler(store).handle(
            COMMUNITY,
            community_stream(command.community_id),
            command,
            cause=Cause(),
            expected=events[-1].version if events else None,
        )


_PAUSE_EXAMPLE = """\b
Example:
    open-impact communities pause leeds --reason "We look into a complaint."
"""


@communities.command(epilog=_PAUSE_EXAMPLE)
@click.argument("slug")
@click.option("--reason", required=True, help="Why; everybody can read it.")
@settings_option
def pause(slug: str, reason: str, settings: Settings) -> None:
    """Pause voting in a community."""
    command = PauseVoting(community_id=community_id(slug), reason=reason, now=datetime.now(UTC))
    _echo_done(run(_handled(settings, slug, command)), "Voting is paused.", "Voting is paused already.")


_RESUME_EXAMPLE = """\b
Example:
    open-impact communities resume leeds
"""


@communities.command(epilog=_RESUME_EXAMPLE)
@click.argument("slug")
@settings_option
def resume(slug: str, settings: Settings) -> None:
    """Let voting go on after a pause."""
    command = ResumeVoting(community_id=community_id(slug), now=datetime.now(UTC))
    _echo_done(run(_handled(settings, slug, command)), "Voting goes on.", "Voting was not paused.")


async def _handled(settings: Settings, slug: str, command: CommunityCommand) -> Handled[CommunityState]:
    async with opened(settings) as (_, store):
        stream = community_stream(community_id(slug))
        return await Handler(store).handle(COMMUNITY, stream, command, cause=Cause())


def _echo_done(handled: Handled[CommunityState], done: str, nothing: str) -> None:
    click.echo(done if handled.events else nothing, err=True)
