"""How the audit history follows the log."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, assert_never
from uuid import UUID

import msgspec
from msgspec import Struct

from events.connections import Connection
from events.contracts import (
    AnyEvent,
    CommunityOpened,
    CommunityRulesSet,
    IdeaLogged,
    IdeaReopened,
    IdeaRevised,
    IdeaWithdrawn,
    MemberAdded,
    MemberRemoved,
    MemberRoleChanged,
    OrganisationRegistered,
    OrganisationRevised,
    PersonJoined,
    PersonProfileRevised,
    PersonVerified,
    QuarantineExtended,
    QuarantineLifted,
    StewardAppointed,
    StewardRemoved,
    VoteCast,
    VotesQuarantined,
    VoteWithdrawn,
    VotingPaused,
    VotingResumed,
)
from events.envelope import RecordedEvent
from projections.statements import statement

_HERE = Path(__file__).parent
_COLUMNS = ("position", "subject", "actor", "type", "occurred_at")


class _Subject(Struct):
    label: str
    fields: dict[str, Any]


class AuditHistory:
    """The audit history as a projection."""

    name = "audit_history"
    version = 1
    tables = ("entries", "subjects", "changes")
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
                    subject_of(event.data),
                    event.metadata.actor,
                    event.type,
                    event.data.occurred_at,
                )
                for event in events
            ],
        )
        changing = [(event, changed) for event in events if (changed := _changed_fields(event.data))]
        if changing:
            await _note_changes(connection, changing)


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


def subject_of(event: AnyEvent) -> UUID:
    """Tell what an event is about: a vote is about its idea, all else about itself."""
    match event:
        case PersonJoined() | PersonProfileRevised() | PersonVerified():
            return event.person_id
        case (
            OrganisationRegistered()
            | OrganisationRevised()
            | MemberAdded()
            | MemberRoleChanged()
            | MemberRemoved()
        ):
            return event.organisation_id
        case (
            CommunityOpened()
            | CommunityRulesSet()
            | VotingPaused()
            | VotingResumed()
            | StewardAppointed()
            | StewardRemoved()
        ):
            return event.community_id
        case IdeaLogged() | IdeaRevised() | IdeaWithdrawn() | IdeaReopened() | VoteCast() | VoteWithdrawn():
            return event.idea_id
        case VotesQuarantined() | QuarantineExtended() | QuarantineLifted():
            return event.quarantine_id
        case _:
            assert_never(event)


def _changed_fields(event: AnyEvent) -> dict[str, Any]:
    """Give the fields of its subject that an event sets, as plain JSON values."""
    match event:
        case IdeaLogged() | IdeaRevised():
            fields = {
                "title": event.title,
                "problem": event.problem,
                "proposal": event.proposal,
                "beneficiaries": event.beneficiaries,
                "themes": event.themes,
                "places": event.places,
                "ask": event.ask,
            }
            return {"withdrawn": False, **_plain(fields)} if isinstance(event, IdeaLogged) else _plain(fields)
        case IdeaWithdrawn():
            return {"withdrawn": True}
        case IdeaReopened():
            return {"withdrawn": False}
        case OrganisationRegistered():
            return {"name": event.name, "org_id": event.org_id, "website": event.website}
        case OrganisationRevised():
            return {"name": event.name, "website": event.website}
        case CommunityOpened():
            return _plain({"name": event.name, "rules": event.rules, "voting_paused": False})
        case CommunityRulesSet():
            return _plain({"rules": event.rules})
        case VotingPaused():
            return {"voting_paused": True}
        case VotingResumed():
            return {"voting_paused": False}
        case VotesQuarantined():
            return {"lifted": False}
        case QuarantineLifted():
            return {"lifted": True}
        # A person's name is nobody's business in a history.
        case (
            PersonJoined()
            | PersonProfileRevised()
            | PersonVerified()
            | MemberAdded()
            | MemberRoleChanged()
            | MemberRemoved()
            | StewardAppointed()
            | StewardRemoved()
            | QuarantineExtended()
            | VoteCast()
            | VoteWithdrawn()
        ):
            return {}
        case _:
            assert_never(event)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(fields, builtin_types=())
    # A tuple and the list that comes back from JSON would never be equal.
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
