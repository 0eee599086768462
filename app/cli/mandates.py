"""`open-impact mandates`: what funders are open to."""

from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from app.cli.database import opened, run, settings_option
from app.cli.output import echo_json, echo_table, json_option
from app.settings import Settings
from projections.amounts import money
from projections.mandates.queries import STATUSES, MandateDetail, MandateFilter, MandateStatus, mandates
from projections.organisations.queries import names_of

_LISTED_MAX = 1_000
_PAGE = 200


@click.group("mandates")
def mandates_() -> None:
    """See what funders are open to, and what is left of their budgets."""


_EXAMPLE = """\b
Example:
    open-impact mandates list
    open-impact mandates list --status paused --json
"""


@mandates_.command("list", epilog=_EXAMPLE)
@click.option("--status", type=click.Choice(STATUSES), help="Only those that stand like this now.")
@click.option("--all", "ended", is_flag=True, help="Those that have ended too.")
@json_option
@settings_option
def list_(settings: Settings, status: MandateStatus | None, *, ended: bool, as_json: bool) -> None:
    """List mandates, the newest first; at most 1,000."""
    found = run(_list(settings, MandateFilter(status=status, ended=ended)))
    if as_json:
        echo_json(found)
        return
    echo_table(
        ("mandate", "funder", "title", "status", "budget", "left", "closes"),
        [
            (
                one.mandate_id,
                one.organisation_name or one.organisation_id,
                one.title,
                one.status.replace("_", " "),
                money(one.budget),
                money(one.left),
                one.closes_at,
            )
            for one in found
        ],
    )


async def _list(settings: Settings, wanted: MandateFilter) -> list[MandateDetail]:
    found: list[MandateDetail] = []
    cursor: str | None = None
    async with opened(settings) as (pool, _):
        while len(found) < _LISTED_MAX:
            page = await mandates(pool, wanted, limit=_PAGE, cursor=cursor, now=datetime.now(UTC))
            names = await names_of(pool, {one.organisation_id for one in page.items})
            found += [_named(one, names) for one in page.items]
            if (cursor := page.next_cursor) is None:
                break
    return found


def _named(one: MandateDetail, names: dict[Any, str]) -> MandateDetail:
    return msgspec.structs.replace(one, organisation_name=names.get(one.organisation_id, ""))
