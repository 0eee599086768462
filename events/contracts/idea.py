"""Streams `idea-<id>`: a concept for improving provision."""

from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from events.contracts.base import Event, Money, TextOfIdea


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
    """A withdrawn idea was opened again."""

    idea_id: UUID
    reason: TextOfIdea


IdeaEvent: TypeAlias = IdeaLogged | IdeaRevised | IdeaWithdrawn | IdeaReopened
