"""Events and requests to append, short to write in a test."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from events.contracts import AnyEvent, IdeaLogged, IdeaWithdrawn, VoteCast
from events.envelope import Append, IdempotencyKey, Metadata

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
AUTHOR = UUID("0190a000-0000-7000-8000-000000000001")
COMMONS = UUID("0190a000-0000-7000-8000-000000000002")
BY_AUTHOR = Metadata(command="LogIdea", actor=AUTHOR, request_id="request-1", correlation_id="day-1")


def numbered(number: int) -> UUID:
    """Make the identifier that belongs to a number."""
    return uuid5(COMMONS, str(number))


def vote(number: int = 1) -> VoteCast:
    """Make the vote of the person with this number."""
    return VoteCast(idea_id=COMMONS, person_id=numbered(number), occurred_at=NOON)


def votes(count: int) -> list[VoteCast]:
    """Make the votes of several people."""
    return [vote(number) for number in range(1, count + 1)]


def idea(title: str = "Repair café") -> IdeaLogged:
    """Make an idea with a title."""
    return IdeaLogged(
        idea_id=numbered(0),
        community_id=COMMONS,
        author_id=AUTHOR,
        title=title,
        problem=f"{title}: what is wrong",
        proposal="Mend things together.",
        beneficiaries="Everybody with a broken toaster.",
        themes=("EN103",),
        places=("GB-LDS",),
        occurred_at=NOON,
    )


def withdrawn(reason: str = "Merged elsewhere.") -> IdeaWithdrawn:
    """Make the withdrawal of the idea."""
    return IdeaWithdrawn(idea_id=numbered(0), reason=reason, occurred_at=NOON)


def key(number: int = 1, *, fingerprint: bytes = b"body", answer: str = '{"answer":1}') -> IdempotencyKey:
    """Make the idempotency key with this number."""
    return IdempotencyKey(key=numbered(-number), fingerprint=fingerprint, answer=answer)


def request(
    stream: str, *events: AnyEvent, expected: int | None = None, under: IdempotencyKey | None = None
) -> Append:
    """Make a request to append events to a stream; one vote unless told otherwise."""
    return Append(stream=stream, events=events or (vote(),), metadata=BY_AUTHOR, expected=expected, key=under)
