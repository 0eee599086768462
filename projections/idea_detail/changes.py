"""How what happens to an idea itself is taken in: its texts, its ends, and its needs; all of it one by one, being rare."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args
from uuid import UUID

from events.connections import Connection
from events.contracts import (
    IdeaClosed,
    IdeaEvent,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    NeedAdded,
    NeedRemoved,
    NeedRevised,
    NeedsOrdered,
    ServiceLaunched,
)
from events.envelope import RecordedEvent
from projections.statements import statement

_HERE = Path(__file__).parent
_CHANGES = tuple(kind for kind in get_args(IdeaEvent) if kind is not IdeaLogged)


async def follow_ideas(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    """Take in what happened to ideas that are there."""
    versions: dict[UUID, int] = {}
    for event in events:
        if isinstance(event.data, _CHANGES):
            name, *arguments = _change(event)
            await connection.execute(statement(_HERE, str(name)), event.data.idea_id, *arguments)
            versions[event.data.idea_id] = event.version
    if versions:
        ordered = sorted(versions.items())
        await connection.execute(
            statement(_HERE, "save_versions"),
            [idea_id for idea_id, _ in ordered],
            [version for _, version in ordered],
        )


def _change(event: RecordedEvent) -> tuple[object, ...]:
    """Give the statement that takes an event in, with its arguments after the idea."""
    match event.data:
        case IdeaRevised() as revision:
            return ("revise_idea", *texts_of(revision), revision.occurred_at)
        case IdeaWithdrawn(reason=reason):
            return ("set_withdrawn", reason)
        case IdeaClosed(reason=reason):
            return ("set_closed", reason)
        case ServiceLaunched(link=link):
            return ("set_launched", link)
        case IdeaReopened():
            return ("reopen",)
        case NeedAdded() as need:
            return ("add_need", need.need_id, event.version, *_said(need), need.occurred_at)
        case NeedRevised() as need:
            return ("revise_need", need.need_id, *_said(need), need.occurred_at)
        case NeedRemoved(need_id=need_id):
            return ("remove_need", need_id)
        case NeedsOrdered(need_ids=need_ids):
            return ("order_needs", list(need_ids))
        case _:
            raise TypeError(f"{event.type} is no change of an idea.")


def texts_of(idea: IdeaLogged | IdeaRevised) -> tuple[object, ...]:
    """Give the columns that texts, codes and ask of an idea stand in."""
    return (
        idea.title,
        idea.problem,
        idea.proposal,
        idea.beneficiaries,
        list(idea.themes),
        list(idea.places),
        idea.ask and idea.ask.amount_minor,
        idea.ask and idea.ask.currency,
    )


def _said(need: NeedAdded | NeedRevised) -> tuple[object, ...]:
    return (
        need.kind,
        need.title,
        need.description,
        need.size,
        need.cost and need.cost.amount_minor,
        need.cost and need.cost.currency,
    )
