"""An endpoint is registered, agrees, is revised, gets new keys, and is paused, resumed and removed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.decider import Command, Decider, DomainError
from events.contracts import (
    EndpointEvent,
    EndpointFormat,
    EndpointPaused,
    EndpointProof,
    EndpointRegistered,
    EndpointRemoved,
    EndpointResumed,
    EndpointRevised,
    EndpointVerified,
    PauseCause,
    SecretRotated,
)

OVERLAP_MAX = timedelta(days=7)
"""How long keys that were replaced can still sign beside the new one."""
KEYS_MAX = 5
"""How many keys can sign at once: each makes every message longer."""


class Subscription(Struct, frozen=True, kw_only=True):
    """Where events are sent, which, and how they are written; see `EndpointRegistered`."""

    url: str
    types: tuple[str, ...]
    format: EndpointFormat = "standard"
    filter: str = ""
    ordered: bool = False


class RegisterEndpoint(Command, frozen=True, kw_only=True):
    """Want events sent to an address, signed with a key."""

    endpoint_id: UUID
    by: UUID
    subscription: Subscription
    key_id: UUID
    public_key: str
    organisation_id: UUID | None = None


class VerifyEndpoint(Command, frozen=True, kw_only=True):
    """Take note that whoever is at an address agreed to be sent events, so many a minute."""

    endpoint_id: UUID
    url: str
    proof: EndpointProof
    rate_per_minute: int | None = None


class ReviseEndpoint(Command, frozen=True, kw_only=True):
    """Change where events are sent, which, or how they are written."""

    endpoint_id: UUID
    by: UUID
    subscription: Subscription


class RotateSecret(Command, frozen=True, kw_only=True):
    """Sign with a new key from now on, and for a while with those before it as well."""

    endpoint_id: UUID
    by: UUID
    key_id: UUID
    public_key: str
    overlap: timedelta


class PauseEndpoint(Command, frozen=True, kw_only=True):
    """Send nothing more for now; what comes after a position of the log was not delivered yet."""

    endpoint_id: UUID
    cause: PauseCause
    after: int
    by: UUID | None = None


class ResumeEndpoint(Command, frozen=True, kw_only=True):
    """Send events again: those after a position, or where none is named all that were not delivered."""

    endpoint_id: UUID
    by: UUID
    after: int | None = None


class RemoveEndpoint(Command, frozen=True, kw_only=True):
    """Send nothing more, for ever."""

    endpoint_id: UUID
    by: UUID


EndpointCommand: TypeAlias = (
    RegisterEndpoint
    | VerifyEndpoint
    | ReviseEndpoint
    | RotateSecret
    | PauseEndpoint
    | ResumeEndpoint
    | RemoveEndpoint
)


class Unregistered(Struct, frozen=True):
    """No endpoint yet."""


class SigningKey(Struct, frozen=True, kw_only=True):
    """A key that signs, until a moment or, the newest, for as long as there is no newer one."""

    key_id: UUID
    public_key: str
    until: datetime | None = None


class Paused(Struct, frozen=True, kw_only=True):
    """Why nothing is sent, and after which position everything is still to come."""

    cause: PauseCause
    after: int


class Registered(Struct, frozen=True, kw_only=True):
    """An endpoint as it is; `keys` has the newest first. It is sent events once it agreed and while it is not paused.

    `moves` counts how often its address was changed: what was asked at an earlier one is about another.
    """

    endpoint_id: UUID
    registered_by: UUID
    subscription: Subscription
    keys: tuple[SigningKey, ...]
    organisation_id: UUID | None = None
    proof: EndpointProof | None = None
    rate_per_minute: int | None = None
    paused: Paused | None = None
    moves: int = 0

    def keys_at(self, moment: datetime) -> tuple[SigningKey, ...]:
        """Give the keys that sign at a moment, the newest first."""
        return tuple(key for key in self.keys if key.until is None or key.until > moment)


class Removed(Struct, frozen=True, kw_only=True):
    """An endpoint that is sent nothing more."""

    endpoint_id: UUID


EndpointState: TypeAlias = Unregistered | Registered | Removed


class EndpointUnknownError(DomainError):
    """There is no such endpoint."""


class EndpointRemovedError(DomainError):
    """This endpoint was removed; register it anew to be sent events again."""


class EndpointTakenError(DomainError):
    """There is another endpoint under this identifier; choose a new one."""


class NoTypesError(DomainError):
    """Name at least one type of events, or * for all."""


class AddressChangedError(DomainError):
    """The endpoint has another address by now, which has to agree itself."""


class NotAgreedError(DomainError):
    """This endpoint has not agreed yet to be sent anything; it is asked once a minute."""


class OverlapError(DomainError):
    """Old keys can sign beside the new one for no time at all up to 7 days."""


class TooManyKeysError(DomainError):
    """Five keys sign at once already; wait until the oldest ends, or let the old ones end at once."""


class NoSuchPositionError(DomainError):
    """The log has no position below 0; name a later one."""


def decide(command: EndpointCommand, state: EndpointState) -> Sequence[EndpointEvent]:
    """Decide what a command about an endpoint causes."""
    match state:
        case Unregistered():
            if not isinstance(command, RegisterEndpoint):
                raise EndpointUnknownError
            return _decide_registering(command)
        case Registered():
            return _decide_registered(command, state)
        case Removed():
            if isinstance(command, RemoveEndpoint):
                return []
            raise EndpointRemovedError
        case _:
            assert_never(state)


def _decide_registering(command: RegisterEndpoint) -> Sequence[EndpointEvent]:
    wanted = command.subscription
    if not wanted.types:
        raise NoTypesError
    return [
        EndpointRegistered(
            endpoint_id=command.endpoint_id,
            registered_by=command.by,
            organisation_id=command.organisation_id,
            url=wanted.url,
            types=wanted.types,
            format=wanted.format,
            filter=wanted.filter,
            ordered=wanted.ordered,
            key_id=command.key_id,
            public_key=command.public_key,
            occurred_at=command.now,
        )
    ]


def _decide_registered(command: EndpointCommand, state: Registered) -> Sequence[EndpointEvent]:
    # What is so already causes nothing.
    match command:
        case RegisterEndpoint():
            if (command.by, command.key_id) != (state.registered_by, state.keys[-1].key_id):
                raise EndpointTakenError
            return []
        case VerifyEndpoint():
            return _decide_verifying(command, state)
        case ReviseEndpoint():
            return _decide_revising(command, state)
        case RotateSecret():
            return _decide_rotating(command, state)
        case PauseEndpoint() | ResumeEndpoint():
            return _decide_sending(command, state)
        case RemoveEndpoint(by=by, now=now):
            return [EndpointRemoved(endpoint_id=state.endpoint_id, removed_by=by, occurred_at=now)]
        case _:
            assert_never(command)


def _decide_verifying(command: VerifyEndpoint, state: Registered) -> Sequence[EndpointEvent]:
    if command.url != state.subscription.url:
        raise AddressChangedError
    if (command.proof, command.rate_per_minute) == (state.proof, state.rate_per_minute):
        return []
    return [
        EndpointVerified(
            endpoint_id=state.endpoint_id,
            proof=command.proof,
            rate_per_minute=command.rate_per_minute,
            occurred_at=command.now,
        )
    ]


def _decide_revising(command: ReviseEndpoint, state: Registered) -> Sequence[EndpointEvent]:
    wanted = command.subscription
    if wanted == state.subscription:
        return []
    if not wanted.types:
        raise NoTypesError
    return [
        EndpointRevised(
            endpoint_id=state.endpoint_id,
            revised_by=command.by,
            url=wanted.url,
            types=wanted.types,
            format=wanted.format,
            filter=wanted.filter,
            ordered=wanted.ordered,
            occurred_at=command.now,
        )
    ]


def _decide_rotating(command: RotateSecret, state: Registered) -> Sequence[EndpointEvent]:
    if command.key_id in {key.key_id for key in state.keys}:
        return []
    if not timedelta() <= command.overlap <= OVERLAP_MAX:
        raise OverlapError
    if command.overlap and len(state.keys_at(command.now)) >= KEYS_MAX:
        raise TooManyKeysError
    return [
        SecretRotated(
            endpoint_id=state.endpoint_id,
            rotated_by=command.by,
            key_id=command.key_id,
            public_key=command.public_key,
            old_until=command.now + command.overlap,
            occurred_at=command.now,
        )
    ]


def _decide_sending(command: PauseEndpoint | ResumeEndpoint, state: Registered) -> Sequence[EndpointEvent]:
    match command:
        case PauseEndpoint(cause=cause, after=after, by=by, now=now):
            if state.paused is not None:
                return []
            if after < 0:
                raise NoSuchPositionError
            return [
                EndpointPaused(
                    endpoint_id=state.endpoint_id, cause=cause, after=after, paused_by=by, occurred_at=now
                )
            ]
        case ResumeEndpoint(by=by, now=now):
            if state.paused is None:
                return []
            after = state.paused.after if command.after is None else command.after
            if after < 0:
                raise NoSuchPositionError
            return [
                EndpointResumed(endpoint_id=state.endpoint_id, resumed_by=by, after=after, occurred_at=now)
            ]
        case _:
            assert_never(command)


def evolve(state: EndpointState, event: EndpointEvent) -> EndpointState:
    """Work out the endpoint after an event."""
    if isinstance(event, EndpointRegistered):
        return Registered(
            endpoint_id=event.endpoint_id,
            registered_by=event.registered_by,
            organisation_id=event.organisation_id,
            subscription=_subscription(event),
            keys=(SigningKey(key_id=event.key_id, public_key=event.public_key),),
        )
    if not isinstance(state, Registered):
        return state
    match event:
        case EndpointVerified(proof=proof, rate_per_minute=rate):
            return replace(state, proof=proof, rate_per_minute=rate)
        case EndpointRevised(url=url):
            revised = replace(state, subscription=_subscription(event))
            if url == state.subscription.url:
                return revised
            return replace(revised, proof=None, rate_per_minute=None, moves=state.moves + 1)
        case SecretRotated(key_id=key_id, public_key=public_key, old_until=old_until):
            ending = tuple(
                replace(key, until=min(key.until or old_until, old_until))
                for key in state.keys_at(event.occurred_at)
            )
            return replace(state, keys=(SigningKey(key_id=key_id, public_key=public_key), *ending))
        case EndpointPaused(cause=cause, after=after):
            return replace(state, paused=Paused(cause=cause, after=after))
        case EndpointResumed():
            return replace(state, paused=None)
        case EndpointRemoved(endpoint_id=endpoint_id):
            return Removed(endpoint_id=endpoint_id)
        case _:
            assert_never(event)


def _subscription(event: EndpointRegistered | EndpointRevised) -> Subscription:
    return Subscription(
        url=event.url, types=event.types, format=event.format, filter=event.filter, ordered=event.ordered
    )


ENDPOINT: Decider[EndpointCommand, EndpointState, EndpointEvent] = Decider(decide, evolve, Unregistered())
