"""The reactor that tells once when the verified votes of an idea pass a mark, within a second of it.

It reads the tail with a checkpoint of its own, and of each page asks for the counts of all ideas whose count may have
risen: two questions for thousands of votes. Counts are those of now, so what was behind by many marks is told in one
event, and a count that rose and fell between two looks is not told. The event goes to a stream of the idea under the
version that the read model knows; where the log knows more, as after a kill between the telling and the checkpoint,
nothing is told, and the page is looked at again when the read model has come along.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import structlog

from app.reactors.turns import take_turns, turn_of
from domain.support import SUPPORT, NoteSupport, Reached
from events.connections import Pool
from events.contracts import PersonJoined, PersonVerified, QuarantineLifted, VoteCast
from events.envelope import Append, Appended, Metadata, RecordedEvent
from events.errors import WrongVersionError
from events.store import EventStore
from events.streams import support_stream
from projections.fair_votes.queries import Support, supported_by, supports_beyond
from projections.state import Positions

NAME = "support"
PAGE_EVENTS = 5_000
_READ_MODEL = "fair_votes"
_APPENDS_AT_ONCE = 1_000
_WAIT_SECONDS = 60.0
_TYPES = tuple(kind.__name__ for kind in (VoteCast, PersonJoined, PersonVerified, QuarantineLifted))
"""By what a count of verified votes can rise."""

_log = structlog.get_logger(__name__)


async def tell_of_support(pool: Pool, store: EventStore) -> None:
    """Tell of marks until cancelled; losing the database is waited out."""
    positions = Positions(pool)
    await take_turns(NAME, store, lambda: react(pool, store, positions), wait_seconds=_WAIT_SECONDS)


async def react(pool: Pool, store: EventStore, positions: Positions) -> int | None:
    """Tell of every mark that was passed since the checkpoint, and move it on; tell the position reached.

    Nothing when somebody else is at it, or when the read model does not come along.

    Raises:
        LogUnavailableError: the database cannot be reached; what was not told will be.
    """
    while True:
        async with turn_of(pool, NAME) as turn:
            if turn is None:
                return None
            page = await store.read_tail(turn.position, limit=PAGE_EVENTS, types=_TYPES)
            if page.reached == turn.position:
                return turn.position
            if page.events:
                if not await positions.wait(_READ_MODEL, page.reached):
                    return None
                ideas = await _may_have_risen(pool, page.events)
                if not await _tell(store, await supports_beyond(pool, ideas)):
                    return None
            await turn.done(page.reached)


async def _may_have_risen(pool: Pool, events: Sequence[RecordedEvent]) -> set[UUID]:
    ideas: set[UUID] = set()
    people: set[UUID] = set()
    quarantines: set[UUID] = set()
    for event in events:
        match event.data:
            case VoteCast(idea_id=idea_id):
                ideas.add(idea_id)
            case PersonJoined(person_id=person_id) | PersonVerified(person_id=person_id):
                people.add(person_id)
            case QuarantineLifted(quarantine_id=quarantine_id):
                quarantines.add(quarantine_id)
            case _:
                pass
    return ideas | await supported_by(pool, people, quarantines)


async def _tell(store: EventStore, supports: Sequence[Support]) -> bool:
    """Tell of the marks that were passed, and whether the read model knew all that was told before."""
    now = datetime.now(UTC)
    requests = [request for support in supports if (request := _request(support, now)) is not None]
    knew_all = True
    for start in range(0, len(requests), _APPENDS_AT_ONCE):
        answers = await store.append_many(requests[start : start + _APPENDS_AT_ONCE])
        told = sum(isinstance(answer, Appended) for answer in answers)
        _log.info("support_told", ideas=told)
        for answer in answers:
            if isinstance(answer, WrongVersionError):
                knew_all = False
            elif isinstance(answer, Exception):
                raise answer
    return knew_all


def _request(support: Support, now: datetime) -> Append | None:
    command = NoteSupport(now=now, idea_id=support.idea_id, verified_votes=support.verified_votes)
    events = SUPPORT.decide(command, Reached(support.mark))
    if not events:
        return None
    return Append(
        stream=support_stream(support.idea_id),
        events=events,
        metadata=Metadata(command=type(command).__name__),
        expected=support.version,
    )
