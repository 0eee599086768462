"""Streams `idea-<id>`: a concept for improving provision."""

from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from events.contracts.base import Event, Money, TextOfIdea

NeedKind: TypeAlias = Literal[
    "software", "service", "know-how", "data", "people", "space", "evidence", "other"
]
"""What sort of part an idea lacks, and an offer brings."""


class Source(Struct, frozen=True, kw_only=True):
    """Where an imported idea comes from: a system, a collection there, its id there."""

    system: str
    collection: str
    id: str


class IdeaLogged(Event, frozen=True, kw_only=True):
    """An author logged an idea in a community."""

    idea_id: UUID
    community_id: UUID
    author_id: UUID
    title: TextOfIdea
    problem: TextOfIdea
    proposal: TextOfIdea
    beneficiaries: TextOfIdea
    themes: tuple[str, ...]
    places: tuple[str, ...]
    ask: Money | None = None
    source: Source | None = None


class IdeaRevised(Event, frozen=True, kw_only=True):
    """The author replaced the idea's texts; the event carries all of them as they are now."""

    idea_id: UUID
    title: TextOfIdea
    problem: TextOfIdea
    proposal: TextOfIdea
    beneficiaries: TextOfIdea
    themes: tuple[str, ...]
    places: tuple[str, ...]
    ask: Money | None = None
    reason: TextOfIdea = ""


class IdeaWithdrawn(Event, frozen=True, kw_only=True):
    """The author took the idea back; its votes stay as they are."""

    idea_id: UUID
    reason: TextOfIdea


class IdeaReopened(Event, frozen=True, kw_only=True):
    """An idea that was withdrawn, closed or launched is open again; nothing of its end is left."""

    idea_id: UUID
    reason: TextOfIdea


class IdeaClosed(Event, frozen=True, kw_only=True):
    """The idea was brought to an end that is no success: somebody else does it, or it proved a mistake."""

    idea_id: UUID
    closed_by: UUID
    reason: TextOfIdea


class ServiceLaunched(Event, frozen=True, kw_only=True):
    """People can use what the idea has become; the link leads there."""

    idea_id: UUID
    launched_by: UUID
    link: str
    note: TextOfIdea = ""


class NeedAdded(Event, frozen=True, kw_only=True):
    """A part that the idea still lacks was named; it stands after all needs named before."""

    idea_id: UUID
    need_id: UUID
    kind: NeedKind
    title: TextOfIdea
    description: TextOfIdea = ""
    size: TextOfIdea = ""
    cost: Money | None = None


class NeedRevised(Event, frozen=True, kw_only=True):
    """A need was described anew; the event carries all of it as it is now."""

    idea_id: UUID
    need_id: UUID
    kind: NeedKind
    title: TextOfIdea
    description: TextOfIdea = ""
    size: TextOfIdea = ""
    cost: Money | None = None


class NeedRemoved(Event, frozen=True, kw_only=True):
    """The idea does not lack this part any more, or never did."""

    idea_id: UUID
    need_id: UUID
    reason: TextOfIdea


class NeedsOrdered(Event, frozen=True, kw_only=True):
    """The needs stand in this order from now on; all of them are named."""

    idea_id: UUID
    need_ids: tuple[UUID, ...]


IdeaEvent: TypeAlias = (
    IdeaLogged
    | IdeaRevised
    | IdeaWithdrawn
    | IdeaReopened
    | IdeaClosed
    | ServiceLaunched
    | NeedAdded
    | NeedRevised
    | NeedRemoved
    | NeedsOrdered
)
