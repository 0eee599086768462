"""What decides about a vote besides the vote itself: the idea's author, whether it is open, whether voting runs.

Reading two streams for every vote would cost more than the vote. So the few facts needed are kept in
memory, bounded, and kept fresh by the live tail: an event of a stream drops what is known of it, and
the next vote folds the stream again. When the tail cannot vouch for what is kept, nothing kept is used.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from msgspec import Struct

from app.folding import folded
from app.http.live_tail import LiveTail
from domain.community import COMMUNITY, CommunityState, voting_is_running
from domain.idea import IDEA, Open, current
from domain.vote import Ballot
from events.envelope import RecordedEvent
from events.store import EventStore
from events.streams import community_stream, idea_stream

KEPT_MAX = 20_000
_CATEGORIES = frozenset({"idea", "community"})

F = TypeVar("F")


class _IdeaFacts(Struct, frozen=True):
    """What a ballot needs of an idea; its texts, which are long, are left out."""

    author_id: UUID
    community_id: UUID
    is_open: bool


class Ballots:
    """Gives the ballot of an idea as it stands."""

    def __init__(self, store: EventStore, tail: LiveTail) -> None:
        self._store = store
        self._tail = tail
        self._ideas: _Kept[_IdeaFacts] = _Kept()
        self._communities: _Kept[CommunityState] = _Kept()
        tail.listen(self._heard)

    async def ballot(self, idea_id: UUID, now: datetime) -> Ballot:
        """Tell what decides about a vote for an idea.

        Raises:
            IdeaUnknownError: there is no such idea.
            LogUnavailableError: the log cannot be reached.
        """
        if not self._tail.is_fresh():
            self._ideas.forget_all()
            self._communities.forget_all()
        idea = self._ideas.kept.get(idea_id)
        if idea is None:
            idea = await self._ideas.load(idea_id, self._read_idea)
        community = self._communities.kept.get(idea.community_id)
        if community is None:
            community = await self._communities.load(idea.community_id, self._read_community)
        return Ballot(
            author_id=idea.author_id,
            idea_is_open=idea.is_open,
            voting_is_running=voting_is_running(community, now),
        )

    def _heard(self, events: Sequence[RecordedEvent], _reached: int) -> None:
        for event in events:
            category, _, identifier = event.stream.partition("-")
            if category in _CATEGORIES:
                kept = self._ideas if category == "idea" else self._communities
                kept.forget(UUID(identifier))

    async def _read_idea(self, idea_id: UUID) -> _IdeaFacts:
        state = (await folded(self._store, IDEA, idea_stream(idea_id))).state
        idea = current(state)
        return _IdeaFacts(idea.author_id, idea.community_id, is_open=isinstance(state, Open))

    async def _read_community(self, community_id: UUID) -> CommunityState:
        return (await folded(self._store, COMMUNITY, community_stream(community_id))).state


class _Kept(Generic[F]):
    """Facts by identifier, loaded once for all who wait, and never older than the last event heard."""

    def __init__(self) -> None:
        self.kept: dict[UUID, F] = {}
        self._loading: dict[UUID, _Loading[F]] = {}

    def forget(self, identifier: UUID) -> None:
        """Drop what is known, and have what is just being read not kept: it may be from before."""
        self.kept.pop(identifier, None)
        if (loading := self._loading.pop(identifier, None)) is not None:
            loading.is_outdated = True

    def forget_all(self) -> None:
        """Drop everything."""
        for identifier in [*self.kept, *self._loading]:
            self.forget(identifier)

    async def load(self, identifier: UUID, read: Callable[[UUID], Awaitable[F]]) -> F:
        """Read the facts, together with all others who want them now."""
        loading = self._loading.get(identifier)
        if loading is None:
            loading = self._loading[identifier] = _Loading()
            loading.task = asyncio.ensure_future(self._load(identifier, loading, read))
        return await asyncio.shield(loading.task)

    async def _load(
        self, identifier: UUID, loading: "_Loading[F]", read: Callable[[UUID], Awaitable[F]]
    ) -> F:
        try:
            facts = await read(identifier)
        finally:
            if self._loading.get(identifier) is loading:
                del self._loading[identifier]
        if not loading.is_outdated:
            while len(self.kept) >= KEPT_MAX:
                del self.kept[next(iter(self.kept))]
            self.kept[identifier] = facts
        return facts


class _Loading(Generic[F]):
    """A reading under way."""

    task: "asyncio.Future[F]"
    is_outdated: bool = False
