"""The public log: every event as anybody may read it.

Who voted for what must not be known, and neither that two votes are of one person. So wherever a
vote leaves the service, the voter is replaced by a pseudonym that is the same for one person and one
idea, and has nothing to do with the pseudonym of the same person on another idea; the vote's stream,
whose name anybody could work out from idea and person, is named after the pseudonym as well. The people
whose votes are set aside go by pseudonyms of their quarantine: how many they are is public, who is not. And because a vote
counts as verified from the moment on at which its voter was verified, who was verified then is not public either,
or the tally just before and just after would tell for what they voted.

Where programs are told of events, and under which conditions, concerns their owners alone and is left out; that they are
is public, for the log has no gaps.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from events.contracts import (
    EndpointRegistered,
    EndpointRevised,
    PersonJoined,
    PersonProfileRevised,
    PersonVerified,
    QuarantineExtended,
    VoteCast,
    VotesQuarantined,
    VoteWithdrawn,
)
from events.envelope import RecordedEvent
from events.sealing.secret_key import InstallationSecret

FRAMES_MAX = 4_096

VOTE_TYPES = frozenset({VoteCast.__name__, VoteWithdrawn.__name__})
"""The events whose actor stays unknown."""
VERIFICATIONS = UUID("6b1f4a52-5a0e-5d0b-9c57-0f6a3f1c2d77")
"""What pseudonyms of people who were verified are made for."""

_encode = msgspec.json.Encoder().encode


class PublicEvent(Struct, frozen=True, kw_only=True):
    """An event of the public log, in the envelope in which it is delivered to endpoints.

    `position` counts all events from 1 without a gap; `version` counts those of the stream from 1.
    `occurred_at` is when it happened, `recorded_at` when the log took it down; `timestamp` is the same, by the name that
    Standard Webhooks give it. `data` is the event itself, with the texts that a delivery leaves out; the person behind a vote is a pseudonym there, a different one for each idea.
    """

    type: str
    timestamp: datetime
    position: int
    id: UUID
    stream: str
    version: int
    occurred_at: datetime
    recorded_at: datetime
    data: Any


class PublicLog:
    """Makes events public under pseudonyms that only the holder of the secret could work out."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._frames: dict[int, bytes] = {}

    def pseudonym(self, context_id: UUID, person_id: UUID) -> UUID:
        """Give the name under which a person's vote for an idea, or part in a quarantine, is public.

        It is a UUIDv8 of a keyed digest.
        """
        message = b"voter|" + context_id.bytes + b"|" + person_id.bytes
        digest = bytearray(hmac.digest(self._secret, message, hashlib.sha256)[:16])
        digest[6] = digest[6] & 0x0F | 0x80  # The version and variant bits of RFC 9562.
        digest[8] = digest[8] & 0x3F | 0x80
        return UUID(bytes=bytes(digest))

    def published(self, event: RecordedEvent) -> PublicEvent:
        """Make an event public."""
        data, stream = event.data, event.stream
        if isinstance(data, VoteCast | VoteWithdrawn):
            voter = self.pseudonym(data.idea_id, data.person_id)
            data, stream = replace(data, person_id=voter), f"vote-{voter}"
        elif isinstance(data, PersonJoined | PersonProfileRevised):
            data = replace(data, name="")
        elif isinstance(data, EndpointRegistered | EndpointRevised):
            data = replace(data, url="", filter="")
        elif isinstance(data, PersonVerified):
            person = self.pseudonym(VERIFICATIONS, data.person_id)
            data, stream = replace(data, person_id=person), f"person-{person}"
        elif isinstance(data, VotesQuarantined | QuarantineExtended):
            quarantine_id = data.quarantine_id
            data = replace(
                data, people=tuple(self.pseudonym(quarantine_id, person) for person in data.people)
            )
        return PublicEvent(
            # An old shape, lifted to the present one, goes by the present name.
            type=type(data).__name__,
            timestamp=event.recorded_at,
            position=event.position,
            id=event.event_id,
            stream=stream,
            version=event.version,
            occurred_at=data.occurred_at,
            recorded_at=event.recorded_at,
            data=data,
        )

    def frame(self, event: RecordedEvent) -> bytes:
        """Write a public event as a server-sent event."""
        return b"id: %d\ndata: %b\n\n" % (event.position, _encode(self.published(event)))

    def shared_frame(self, event: RecordedEvent) -> bytes:
        """Write an event that just happened as a server-sent event, once for all who listen."""
        frame = self._frames.get(event.position)
        if frame is None:
            frame = self.frame(event)
            while len(self._frames) >= FRAMES_MAX:
                del self._frames[next(iter(self._frames))]
            self._frames[event.position] = frame
        return frame


def public_log_of(installation: InstallationSecret) -> PublicLog:
    """Give the public log of an installation: its pseudonyms are the same wherever it is shown or sent."""
    return PublicLog(installation.derived("pseudonyms of voters"))


def types_of(names: str | None) -> Sequence[str] | None:
    """Read a list of event types, separated by commas; nothing means all."""
    wanted = [name.strip() for name in (names or "").split(",") if name.strip()]
    return wanted or None
