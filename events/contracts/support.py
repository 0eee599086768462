"""Streams `support-<idea id>`: the marks that the verified votes of an idea passed."""

from typing import TypeAlias
from uuid import UUID

from events.contracts.base import Event


class SupportReached(Event, frozen=True, kw_only=True):
    """An idea has as many verified votes as never before: the highest mark they passed, and the one told before it."""

    idea_id: UUID
    before: int
    verified_votes: int


SupportEvent: TypeAlias = SupportReached
