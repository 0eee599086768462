"""How the audit history follows the log."""

from collections.abc import Sequence
from datetime import UTC, date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from events.connections import Connection
from events.contracts import MandateMatched, VoteCast, VoteWithdrawn
from events.envelope import RecordedEvent
from projections.audit_history.subjects import changed_fields, subject_of
from projections.statements import statement

_HERE = Path(__file__).parent
_COLUMNS = ("position", "subject", "within", "organisation", "actor", "type", "occurred_at")


class _Subject(Struct):
    label: str
    fields: dict[str, Any]


class AuditHistory:
    """The audit history as a projection."""

    name = "audit_history"
    version = 5
    tables = ("entries", "subjects", "changes", "vote_days", "match_days")
    types = None  # A history that left out what it does not understand would be none.
    schema = statement(_HERE, "schema")

    async def apply(self, connection: Connection, events: Sequence[RecordedEvent]) -> None:
        """Note every event, and for those that change something what it was before."""
        await connection.copy_records_to_table(
            "entries",
            columns=_COLUMNS,
            records=[
                (
                    event.position,
                    subject := subject_of(event.data),
                    idea_id if (idea_id := getattr(event.data, "idea_id", None)) != subject else None,
                    getattr(event.data, "organisation_id", None),
                    event.metadata.actor,
                    event.type,
                    event.data.occurred_at,
                )
                for event in events
            ],
        )
        await _count_votes(connection, events)
        await _count_matches(connection, events)
        changing = [(event, changed) for event in events if (changed := changed_fields(event.data))]
        if changing:
            await _note_changes(connection, changing)


async def _count_votes(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    days: dict[tuple[UUID, date], list[int]] = {}
    for event in events:
        if isinstance(event.data, VoteCast | VoteWithdrawn):
            day = event.data.occurred_at.astimezone(UTC).date()
            counted = days.setdefault((event.data.idea_id, day), [0, 0, 0])
            counted[isinstance(event.data, VoteWithdrawn)] += 1
            counted[2] = event.position
    if days:
        keys, counts = sorted(days), [days[key] for key in sorted(days)]
        columns = [[key[0] for key in keys], [key[1] for key in keys], *map(list, zip(*counts, strict=True))]
        await connection.execute(statement(_HERE, "save_vote_days"), *columns)


async def _count_matches(connection: Connection, events: Sequence[RecordedEvent]) -> None:
    days: dict[tuple[UUID, date], tuple[UUID, int, int]] = {}
    for event in events:
        if isinstance(event.data, MandateMatched):
            key = event.data.mandate_id, event.data.occurred_at.astimezone(UTC).date()
            before = days[key][1] if key in days else 0
            days[key] = event.data.organisation_id, before + 1, event.position
    if days:
        rows = [(*key, *days[key]) for key in sorted(days)]
        columns = [list(column) for column in zip(*rows, strict=True)]
        await connection.execute(statement(_HERE, "save_match_days"), *columns)


async def _note_changes(
    connection: Connection, changing: Sequence[tuple[RecordedEvent, dict[str, Any]]]
) -> None:
    wanted = {subject_of(event.data) for event, _ in changing}
    rows = await connection.fetch(statement(_HERE, "load_subjects"), list(wanted))
    subjects = {row["subject"]: _Subject(row["label"], msgspec.json.decode(row["fields"])) for row in rows}
    changes: list[tuple[int, str]] = []
    for event, changed in changing:
        identifier = subject_of(event.data)
        subject = subjects.setdefault(identifier, _Subject("", {}))
        differing = [
            {"field": name, "before": subject.fields.get(name), "after": after}
            for name, after in changed.items()
            if subject.fields.get(name) != after
        ]
        subject.fields.update(changed)
        subject.label = str(subject.fields.get("title") or subject.fields.get("name") or "")
        if differing:
            changes.append((event.position, _json(differing)))
    await connection.executemany(statement(_HERE, "save_changes"), changes)
    await connection.executemany(
        statement(_HERE, "save_subjects"),
        [
            (identifier, subject.label, _json(subject.fields))
            for identifier, subject in sorted(subjects.items())
        ],
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
