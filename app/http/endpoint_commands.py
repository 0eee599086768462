"""What somebody in charge does with an endpoint: register, revise, rotate keys, pause, resume and remove it."""

from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from app.access.relations import require_role
from app.folding import folded
from app.http.endpoint_bodies import EndpointChanges, NewEndpoint, Resumption, Rotation
from app.http.endpoint_view import registered
from app.http.etags import require_match
from app.http.idempotency import Written, attempt
from app.http.problems import MalformedError
from app.http.resources import ApiRequest, Resources, actor_of, cause_of, now, resources_of
from app.http.revising import on_the_latest
from app.outbound.messages import ForbiddenAddressError
from app.webhooks.deliveries import told_up_to
from app.webhooks.keys import keep_keys
from app.webhooks.signing import EndpointKeys, new_keys, public_key_of, secret_of
from domain.endpoint import (
    ENDPOINT,
    EndpointCommand,
    PauseEndpoint,
    RegisterEndpoint,
    RemoveEndpoint,
    ResumeEndpoint,
    ReviseEndpoint,
    RotateSecret,
)
from events.streams import endpoint_stream, new_id


class EndpointWritten(Written, frozen=True, kw_only=True):
    """An endpoint was changed; `position` is where."""

    endpoint_id: UUID


class EndpointKeyed(Written, frozen=True, kw_only=True):
    """An endpoint has a new key. The secret is shown this once, and not again when the request is sent again."""

    endpoint_id: UUID
    key_id: UUID
    public_key: str
    secret: str | None


async def register(request: ApiRequest, body: NewEndpoint) -> EndpointKeyed:
    """Register an endpoint for oneself, or for an organisation that one administers.

    Raises:
        MalformedError: nothing may be sent to its address.
        RoleNeededError: the organisation has not put one in charge.
    """
    resources, actor = resources_of(request), actor_of(request)
    this = await attempt(request, EndpointKeyed)
    if (earlier := await this.earlier()) is not None:
        return earlier
    if body.organisation_id is not None:
        await require_role(resources.store, actor, body.organisation_id, "admin")
    require_sendable(resources, body.url.strip())
    endpoint_id, key_id, keys = new_id(), new_id(), new_keys()
    await keep_keys(resources.pool, resources.keyring, endpoint_id, key_id, keys)
    answer = _keyed(endpoint_id, key_id, keys)
    command = RegisterEndpoint(
        now=now(),
        endpoint_id=endpoint_id,
        by=actor.person_id,
        organisation_id=body.organisation_id,
        subscription=body.subscription(),
        key_id=key_id,
        public_key=answer.public_key,
    )
    handled = await resources.handler.handle(
        ENDPOINT,
        endpoint_stream(endpoint_id),
        command,
        cause=cause_of(request, actor.person_id),
        key=this.keeping(answer),
        presume_new=True,
    )
    return _shown_once(this.answered(answer, handled), keys)


async def revise(
    request: ApiRequest, endpoint_id: UUID, body: EndpointChanges, if_match: str | None
) -> EndpointWritten:
    """Change what an endpoint wants; the rule of the operation has asked who is in charge.

    Raises:
        MalformedError: nothing may be sent to its address.
        OutdatedError: `if_match` names another version than the present one.
        DomainError: a rule forbids it.
    """
    resources, person = resources_of(request), actor_of(request).person_id
    this = await attempt(request, EndpointWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier
    if isinstance(body.url, str):
        require_sendable(resources, body.url.strip())
    stream, answer = endpoint_stream(endpoint_id), EndpointWritten(position=0, endpoint_id=endpoint_id)

    async def change() -> EndpointWritten:
        found = await folded(resources.store, ENDPOINT, stream)
        present = registered(found.state)
        require_match(if_match, found.version)
        command = ReviseEndpoint(
            now=now(), endpoint_id=endpoint_id, by=person, subscription=body.revised(present.subscription)
        )
        handled = await resources.handler.handle(
            ENDPOINT,
            stream,
            command,
            cause=cause_of(request, person),
            key=this.keeping(answer),
            expected=found.version,
        )
        return this.answered(answer, handled)

    return await on_the_latest(change)


async def rotate(request: ApiRequest, endpoint_id: UUID, body: Rotation) -> EndpointKeyed:
    """Give an endpoint a new key.

    Raises:
        DomainError: a rule forbids it.
    """
    resources, person = resources_of(request), actor_of(request).person_id
    this = await attempt(request, EndpointKeyed)
    if (earlier := await this.earlier()) is not None:
        return earlier
    stream = endpoint_stream(endpoint_id)
    registered((await folded(resources.store, ENDPOINT, stream)).state)
    key_id, keys = new_id(), new_keys()
    await keep_keys(resources.pool, resources.keyring, endpoint_id, key_id, keys)
    answer = _keyed(endpoint_id, key_id, keys)
    command = RotateSecret(
        now=now(),
        endpoint_id=endpoint_id,
        by=person,
        key_id=key_id,
        public_key=answer.public_key,
        overlap=timedelta(hours=body.overlap_hours),
    )
    handled = await resources.handler.handle(
        ENDPOINT, stream, command, cause=cause_of(request, person), key=this.keeping(answer)
    )
    return _shown_once(this.answered(answer, handled), keys)


async def pause(request: ApiRequest, endpoint_id: UUID) -> EndpointWritten:
    """Send nothing more for now.

    Raises:
        DomainError: a rule forbids it.
    """
    resources = resources_of(request)
    command = PauseEndpoint(
        now=now(),
        endpoint_id=endpoint_id,
        cause="asked",
        after=await told_up_to(resources.pool, endpoint_id),
        by=actor_of(request).person_id,
    )
    return await _handled(request, endpoint_id, command)


async def resume(request: ApiRequest, endpoint_id: UUID, body: Resumption | None) -> EndpointWritten:
    """Send events again.

    Raises:
        DomainError: a rule forbids it.
    """
    command = ResumeEndpoint(
        now=now(),
        endpoint_id=endpoint_id,
        by=actor_of(request).person_id,
        after=body.after if body else None,
    )
    return await _handled(request, endpoint_id, command)


async def remove(request: ApiRequest, endpoint_id: UUID) -> EndpointWritten:
    """Send nothing more, for ever.

    Raises:
        DomainError: a rule forbids it.
    """
    command = RemoveEndpoint(now=now(), endpoint_id=endpoint_id, by=actor_of(request).person_id)
    return await _handled(request, endpoint_id, command)


def require_sendable(resources: Resources, url: str) -> None:
    """Refuse an address to which nothing may be sent, as far as it can be seen without asking anybody.

    Raises:
        MalformedError: nothing may be sent there.
    """
    try:
        resources.outbound.check(url)
    except ForbiddenAddressError as error:
        raise MalformedError.of("url", str(error)) from error


async def _handled(request: ApiRequest, endpoint_id: UUID, command: EndpointCommand) -> EndpointWritten:
    resources, person = resources_of(request), actor_of(request).person_id
    this = await attempt(request, EndpointWritten)
    if (earlier := await this.earlier()) is not None:
        return earlier
    answer = EndpointWritten(position=0, endpoint_id=endpoint_id)
    handled = await resources.handler.handle(
        ENDPOINT,
        endpoint_stream(endpoint_id),
        command,
        cause=cause_of(request, person),
        key=this.keeping(answer),
    )
    return this.answered(answer, handled)


def _keyed(endpoint_id: UUID, key_id: UUID, keys: EndpointKeys) -> EndpointKeyed:
    """Make the answer that is kept for repetitions, which has no secret in it."""
    return EndpointKeyed(
        position=0, endpoint_id=endpoint_id, key_id=key_id, public_key=public_key_of(keys), secret=None
    )


def _shown_once(answer: EndpointKeyed, keys: EndpointKeys) -> EndpointKeyed:
    # Where another attempt was faster, its keys hold, and these were drawn for nothing.
    mine = answer.public_key == public_key_of(keys)
    return replace(answer, secret=secret_of(keys)) if mine else answer
