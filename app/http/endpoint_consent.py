"""Where an endpoint agrees later: the callback of the CloudEvents handshake, by GET or POST."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath, HeaderParameter, QueryParameter

from app.folding import folded
from app.http import webhook_examples as examples
from app.http.heads import is_head
from app.http.idempotency import Written
from app.http.openapi import read_answers
from app.http.problems import MalformedError
from app.http.resources import ApiRequest, cause_of, now, resources_of
from app.http.revising import on_the_latest
from app.webhooks.asking import RATE_MAX
from app.webhooks.callbacks import Callbacks
from domain.endpoint import ENDPOINT, Registered, VerifyEndpoint
from events.streams import endpoint_stream

RATE = "WebHook-Allowed-Rate"
_DIGITS_MAX = 18

Token = Annotated[
    str, QueryParameter(max_length=200, description="As it stands in the address that the endpoint was sent.")
]
AllowedRate = Annotated[
    str | None,
    HeaderParameter(
        name=RATE,
        description="How many messages a minute may come, or * for any number; none means the same.",
    ),
]
AllowedRateInAddress = Annotated[
    str | None,
    QueryParameter(name=RATE, description="The same in the address, for whoever opens it in a browser."),
]


class Agreed(Written, frozen=True, kw_only=True):
    """An endpoint has agreed to be sent events, at most so many a minute if it named a number."""

    endpoint_id: UUID
    rate_per_minute: int | None


class EndpointConsentController(Controller):
    """The routes of later consent."""

    path = "/api/v1/webhooks/{endpoint_id:uuid}/consent"
    tags = ("webhooks",)

    @post(
        status_code=200,
        operation_id="agreeToEvents",
        summary="Agree to be sent events",
        responses=read_answers(Agreed, examples.AGREED, 404),
    )
    async def agree_to_events(
        self,
        request: ApiRequest,
        endpoint_id: FromPath[UUID],
        token: Token,
        rate: AllowedRate = None,
        rate_in_address: AllowedRateInAddress = None,
    ) -> Response[Agreed]:
        """Agree for an endpoint, at the address that it was sent in `WebHook-Request-Callback` when it was asked.

        The address is good for a day, until the endpoint moves or is removed, and once: an endpoint that has agreed stays as
        it is, and the answer says how. A body is not read.
        """
        return await _agreed(request, endpoint_id, token, _rate_in(rate or rate_in_address))

    @get(
        operation_id="agreeToEventsInBrowser",
        summary="Agree to be sent events, in a browser",
        responses=read_answers(Agreed, examples.AGREED, 404),
    )
    async def agree_to_events_in_browser(
        self,
        request: ApiRequest,
        endpoint_id: FromPath[UUID],
        token: Token,
        rate: AllowedRate = None,
        rate_in_address: AllowedRateInAddress = None,
    ) -> Response[Agreed]:
        """Do the same by opening the address, as the handshake of CloudEvents has it. HEAD looks and changes nothing."""
        return await _agreed(request, endpoint_id, token, _rate_in(rate or rate_in_address))


async def _agreed(request: ApiRequest, endpoint_id: UUID, token: str, rate: int | None) -> Response[Agreed]:
    resources, stream = resources_of(request), endpoint_stream(endpoint_id)
    callbacks = Callbacks(resources.installation, resources.settings.public_url)

    async def agree() -> Agreed:
        found = await folded(resources.store, ENDPOINT, stream)
        asked = callbacks.asked(found.state, token, now=now())
        if asked.proof is not None or is_head(request.scope):
            return _shown(asked, found.events[-1].position)
        command = VerifyEndpoint(
            now=now(),
            endpoint_id=endpoint_id,
            url=asked.subscription.url,
            proof="callback",
            rate_per_minute=rate,
        )
        handled = await resources.handler.handle(
            ENDPOINT, stream, command, cause=cause_of(request, None), expected=found.version
        )
        assert isinstance(handled.state, Registered)  # noqa: S101  # It was, and nobody was faster.
        return _shown(handled.state, handled.position)

    return Response(await on_the_latest(agree), headers={"cache-control": "no-store"})


def _shown(state: Registered, position: int) -> Agreed:
    return Agreed(position=position, endpoint_id=state.endpoint_id, rate_per_minute=state.rate_per_minute)


def _rate_in(said: str | None) -> int | None:
    """Read how many messages a minute are allowed; nothing where any number is.

    Raises:
        MalformedError: it is no number that could be meant.
    """
    word = (said or "*").strip()
    if word == "*":
        return None
    if not (word.isascii() and word.isdigit() and len(word) <= _DIGITS_MAX and int(word) > 0):
        raise MalformedError.of(
            RATE, "Give a whole number of messages a minute, from 1 on, or * for any number."
        )
    return min(int(word), RATE_MAX)
