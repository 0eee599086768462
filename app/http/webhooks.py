"""Endpoints of other programs: where they want to be told of events, and how that goes."""

from time import monotonic
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Struct

from app.folding import folded
from app.http import webhook_examples as examples
from app.http.bodies import strictly
from app.http.endpoint_bodies import EndpointChanges, NewEndpoint, Resumption, Rotation, Stretch
from app.http.endpoint_commands import (
    EndpointKeyed,
    EndpointWritten,
    pause,
    register,
    remove,
    resume,
    revise,
    rotate,
)
from app.http.endpoint_view import EndpointDetail, EndpointRows, endpoint_shown, endpoints_shown, registered
from app.http.idempotency import Written, attempt
from app.http.openapi import read_answers, write_answers, writing
from app.http.parameters import LIMIT_USUAL, Cursor, IfMatch, Limit, MinPosition
from app.http.problems import MalformedError
from app.http.resources import ApiRequest, Resources, actor_of, now, resources_of
from app.http.waiting import caught_up
from app.outbound.messages import OutboundError
from app.webhooks.answers import is_success, not_taken, shown_answer
from app.webhooks.deliveries import (
    AttemptRow,
    DeliveryRows,
    DeliveryStatus,
    ask_again,
    ask_replay,
    attempts_at,
    deliveries_of,
    endpoints_of,
)
from app.webhooks.messages import Message, message_of
from app.webhooks.targets import Target, Targets
from domain.endpoint import ENDPOINT, EndpointRemovedError, NotAgreedError, Registered
from events.streams import endpoint_stream, new_id
from projections.cursors import decode_cursor, encode_cursor
from projections.organisations.queries import of_person

TEST_TYPE = "endpoint.test"


class RequestShown(Struct, frozen=True, kw_only=True):
    """What is sent, but for its signature, which is made anew for each attempt."""

    url: str
    headers: dict[str, str]
    body: str


class DeliveryDetail(Struct, frozen=True, kw_only=True):
    """A delivery: what is sent, and what came of each attempt."""

    delivery_id: int
    position: int
    request: RequestShown
    attempts: list[AttemptRow]


class ReplayAsked(Written, frozen=True, kw_only=True):
    """What was asked for will be sent once more, up to a position, as its `repetition`."""

    endpoint_id: UUID
    repetition: int
    up_to: int


class Tested(Struct, frozen=True, kw_only=True):
    """What an endpoint answered to a test; `error` says in words why it was no success."""

    status: int | None
    milliseconds: int
    answer: str
    error: str


class WebhookController(Controller):
    """The routes of endpoints."""

    path = "/api/v1/webhooks"
    tags = ("webhooks",)

    @post(
        operation_id="registerEndpoint",
        summary="Be told of events",
        before_request=strictly(NewEndpoint),
        operation_class=writing(examples.NEW_ENDPOINT, at_thresholds=examples.ENDPOINT_AT_THRESHOLDS),
        responses=write_answers(EndpointKeyed, examples.KEYED, 404, status=201),
    )
    async def register_endpoint(self, request: ApiRequest, data: JSONBody[NewEndpoint]) -> EndpointKeyed:
        """Register where a program of yours wants to be told of events. It is asked at once whether it wants that.

        The secret, with which it can check what it is sent, is shown this once. Of what its types name, it is told
        where its condition holds; `verified_votes` `reaches` 50 holds once for each idea.
        """
        return await register(request, data)

    @get(
        operation_id="listEndpoints",
        summary="My endpoints",
        responses=read_answers(EndpointRows, examples.ENDPOINTS, 401, 403),
    )
    async def list_endpoints(
        self,
        request: ApiRequest,
        *,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
        min_position: MinPosition = None,
    ) -> EndpointRows:
        """List the endpoints you registered, and those of organisations you administer, the newest first."""
        resources, person_id = resources_of(request), actor_of(request).person_id
        await caught_up(resources, "organisations", min_position)
        await caught_up(resources, "reactor:webhooks", min_position)
        return await listed_endpoints(resources, person_id, limit=limit, cursor=cursor)

    @get(
        "/{endpoint_id:uuid}",
        operation_id="getEndpoint",
        summary="One endpoint",
        responses=read_answers(EndpointDetail, examples.ENDPOINT, 401, 403, 404, 409),
    )
    async def get_endpoint(
        self, request: ApiRequest, endpoint_id: FromPath[UUID]
    ) -> Response[EndpointDetail]:
        """Read an endpoint of yours: what it wants, and how it stands. `If-Match` of a revision takes its ETag."""
        shown = await endpoint_shown(resources_of(request), endpoint_id)
        return Response(shown, headers={"etag": f'"{shown.version}"'})

    @patch(
        "/{endpoint_id:uuid}",
        operation_id="reviseEndpoint",
        summary="Change an endpoint",
        before_request=strictly(EndpointChanges),
        operation_class=writing(examples.ENDPOINT_CHANGES),
        responses=write_answers(EndpointWritten, examples.WRITTEN, 404, 412),
    )
    async def revise_endpoint(
        self,
        request: ApiRequest,
        endpoint_id: FromPath[UUID],
        data: JSONBody[EndpointChanges],
        if_match: IfMatch = None,
    ) -> EndpointWritten:
        """Change where events are sent, which, or how they are written. Another address is asked before it is sent any."""
        return await revise(request, endpoint_id, data, if_match)

    @delete(
        "/{endpoint_id:uuid}",
        status_code=200,
        operation_id="removeEndpoint",
        summary="Remove an endpoint",
        operation_class=writing(),
        responses=write_answers(EndpointWritten, examples.WRITTEN, 404, without=(413, 415)),
    )
    async def remove_endpoint(self, request: ApiRequest, endpoint_id: FromPath[UUID]) -> EndpointWritten:
        """Send nothing more there, for ever."""
        return await remove(request, endpoint_id)

    @post(
        "/{endpoint_id:uuid}/pause",
        status_code=200,
        operation_id="pauseEndpoint",
        summary="Pause an endpoint",
        operation_class=writing(),
        responses=write_answers(EndpointWritten, examples.WRITTEN, 404, without=(413, 415)),
    )
    async def pause_endpoint(self, request: ApiRequest, endpoint_id: FromPath[UUID]) -> EndpointWritten:
        """Send nothing for now; what it misses comes when it is resumed."""
        return await pause(request, endpoint_id)

    @post(
        "/{endpoint_id:uuid}/resume",
        status_code=200,
        operation_id="resumeEndpoint",
        summary="Resume an endpoint",
        before_request=strictly(Resumption, may_be_empty=True),
        operation_class=writing(examples.RESUMPTION),
        responses=write_answers(EndpointWritten, examples.WRITTEN, 404),
    )
    async def resume_endpoint(
        self, request: ApiRequest, endpoint_id: FromPath[UUID], data: JSONBody[Resumption | None] = None
    ) -> EndpointWritten:
        """Go on where it stood, or after a position of the log; what it took already is not sent again."""
        return await resume(request, endpoint_id, data)

    @post(
        "/{endpoint_id:uuid}/secret/rotate",
        status_code=200,
        operation_id="rotateSecret",
        summary="Give an endpoint a new key",
        before_request=strictly(Rotation, may_be_empty=True),
        operation_class=writing(examples.ROTATION),
        responses=write_answers(EndpointKeyed, examples.KEYED, 404),
    )
    async def rotate_secret(
        self, request: ApiRequest, endpoint_id: FromPath[UUID], data: JSONBody[Rotation | None] = None
    ) -> EndpointKeyed:
        """Sign with a new key, and for up to seven days with the old ones as well. The secret is shown this once."""
        return await rotate(request, endpoint_id, data or Rotation())

    @post(
        "/{endpoint_id:uuid}/verify",
        status_code=200,
        operation_id="verifyEndpoint",
        summary="Ask an endpoint again",
        responses=write_answers(EndpointDetail, examples.ENDPOINT, 404, without=(413, 415, 422)),
    )
    async def verify_endpoint(self, request: ApiRequest, endpoint_id: FromPath[UUID]) -> EndpointDetail:
        """Ask an endpoint that did not agree again whether it wants to be told, though no more than once a minute."""
        resources = resources_of(request)
        await ask_again(resources.pool, endpoint_id)
        return await endpoint_shown(resources, endpoint_id)

    @get(
        "/{endpoint_id:uuid}/deliveries",
        operation_id="listDeliveries",
        summary="What was sent",
        responses=read_answers(DeliveryRows, examples.DELIVERIES, 401, 403, 404, 409),
    )
    async def list_deliveries(
        self,
        request: ApiRequest,
        *,
        endpoint_id: FromPath[UUID],
        status: FromQuery[DeliveryStatus | None] = None,
        limit: Limit = LIMIT_USUAL,
        cursor: Cursor = None,
    ) -> DeliveryRows:
        """List what was and is to be sent, the newest first; what was delivered is remembered for 30 days."""
        return await deliveries_of(
            resources_of(request).pool, endpoint_id, status=status, limit=limit, cursor=cursor or None
        )

    @get(
        "/{endpoint_id:uuid}/deliveries/{delivery_id:int}",
        operation_id="getDelivery",
        summary="One delivery",
        responses=read_answers(DeliveryDetail, examples.ATTEMPTS, 401, 403, 404, 409),
    )
    async def get_delivery(
        self, request: ApiRequest, endpoint_id: FromPath[UUID], delivery_id: FromPath[int]
    ) -> DeliveryDetail:
        """Read what is sent for an event, and what came of each attempt."""
        resources = resources_of(request)
        found = await attempts_at(resources.pool, endpoint_id, delivery_id)
        if found is None:
            raise NotFoundException(detail="There is no such delivery, or it was long ago.")
        position, attempts = found
        state = await _registered(resources, endpoint_id)
        message = await _message(resources, state, position)
        return DeliveryDetail(
            delivery_id=delivery_id,
            position=position,
            request=RequestShown(
                url=state.subscription.url,
                headers={**message.headers, "webhook-id": message.id},
                body=message.body.decode(),
            ),
            attempts=attempts,
        )

    @post(
        "/{endpoint_id:uuid}/replay",
        status_code=200,
        operation_id="replayEvents",
        summary="Send a stretch of the log once more",
        before_request=strictly(Stretch),
        operation_class=writing(examples.STRETCH),
        responses=write_answers(ReplayAsked, examples.REPLAY, 404),
    )
    async def replay_events(
        self, request: ApiRequest, endpoint_id: FromPath[UUID], data: JSONBody[Stretch]
    ) -> ReplayAsked:
        """Send the events of a stretch that the endpoint wants once more, with their identifiers; one, or all up to now."""
        return await replayed(request, endpoint_id, data)

    @post(
        "/{endpoint_id:uuid}/test",
        status_code=200,
        operation_id="testEndpoint",
        summary="Send a test",
        responses=write_answers(Tested, examples.TESTED, 404, without=(413, 415, 422)),
    )
    async def test_endpoint(self, request: ApiRequest, endpoint_id: FromPath[UUID]) -> Tested:
        """Send a signed message of the type `endpoint.test` now, and tell what came back; the endpoint must have agreed."""
        return await tested(resources_of(request), endpoint_id)


async def listed_endpoints(
    resources: Resources, person_id: UUID, *, limit: int, cursor: str | None
) -> EndpointRows:
    """List the endpoints of a person, and those of organisations they administer.

    Raises:
        BadCursorError: the cursor is not one of this list.
        LogUnavailableError: the database cannot be reached.
    """
    after = decode_cursor(cursor, tuple[UUID])[0] if cursor else None
    organisations = [
        one.organisation_id for one in await of_person(resources.pool, person_id) if "admin" in one.roles
    ]
    found = await endpoints_of(resources.pool, person_id, organisations, after=after, limit=limit + 1)
    more = len(found) > limit
    return EndpointRows(
        items=await endpoints_shown(resources, found[:limit]),
        next_cursor=encode_cursor((found[limit - 1],)) if more else None,
    )


async def replayed(request: ApiRequest, endpoint_id: UUID, stretch: Stretch) -> ReplayAsked:
    """Want a stretch of the log once more.

    Raises:
        MalformedError: it begins behind the end of the log.
    """
    resources = resources_of(request)
    this = await attempt(request, ReplayAsked)
    head = await resources.store.head()
    until = min(stretch.to_position or head, head)
    if stretch.from_position > until:
        raise MalformedError.of("from_position", f"The log ends at {head}; begin there or before.")
    asked = await ask_replay(
        resources.pool, endpoint_id, after=stretch.from_position - 1, until=until, asked_under=this.key
    )
    return ReplayAsked(position=head, endpoint_id=endpoint_id, repetition=asked.repetition, up_to=asked.until)


async def tested(resources: Resources, endpoint_id: UUID) -> Tested:
    """Send a test to an endpoint that has agreed, and tell what came back.

    Raises:
        NotAgreedError, EndpointRemovedError, EndpointUnknownError: there is nobody to send it to.
    """
    if (await _registered(resources, endpoint_id)).proof is None:
        raise NotAgreedError
    target = await Targets(resources.pool, resources.store, resources.keyring).target(endpoint_id, 0)
    if target is None:
        raise EndpointRemovedError
    return await _tested(resources, target)


async def _registered(resources: Resources, endpoint_id: UUID) -> Registered:
    return registered((await folded(resources.store, ENDPOINT, endpoint_stream(endpoint_id))).state)


async def _message(resources: Resources, endpoint: Registered, position: int) -> Message:
    (event,) = await resources.store.read_positions([position])
    return message_of(
        resources.public_log.published(event),
        written_as=endpoint.subscription.format,
        source=resources.settings.public_url.rstrip("/"),
    )


async def _tested(resources: Resources, target: Target) -> Tested:
    at, began = now(), monotonic()
    body = msgspec.json.encode({"type": TEST_TYPE, "timestamp": at, "data": {}})
    status, answer, error = None, "", ""
    try:
        got = await resources.outbound.send(
            target.signed_request(
                message_id=str(new_id()), at=at, body=body, headers={"content-type": "application/json"}
            )
        )
    except OutboundError as problem:
        error = str(problem)
    else:
        status, answer = got.status, shown_answer(got.body)
        error = "" if is_success(got.status) else not_taken(got.status)
    return Tested(status=status, milliseconds=round(1000 * (monotonic() - began)), answer=answer, error=error)
