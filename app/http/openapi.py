"""What the OpenAPI 3.1 document says beside what the framework reads off the handlers."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    BaseSchemaObject,
    Components,
    Contact,
    Example,
    License,
    OpenAPI,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
    Tag,
)
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute

from app.access.policy import RULES, Rule
from app.http.cookies import SESSION
from app.http.idempotency import HEADER
from app.http.problems import MEDIA_TYPE, Problem
from app.webhooks.openapi import webhook_schemas, webhooks

VERSION = "0.1.0"
SECURITY_SCHEME = "token"
SESSION_SCHEME = "session"

_MEANING = {
    400: "The request cannot be understood as it is; `errors` names each field at fault.",
    401: "There is no token, or it is not valid.",
    403: "The token lacks a scope, only somebody else may do this, or a fresh proof is missing.",
    404: "There is no such thing.",
    409: "A rule forbids it; `type` names the rule, `detail` says it in a sentence.",
    410: "What this belongs to was erased, and nothing can be written to it any more.",
    412: "It was changed since it was read.",
    413: "The body is larger than 256 KiB.",
    415: "The body is of another media type than application/json.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too much in too short a time; try again after the seconds in `Retry-After`.",
    503: "Busy, or behind `min_position`; try again after the seconds in `Retry-After`.",
}
_WRITE = (400, 401, 403, 409, 410, 413, 415, 422, 429, 503)
_READ = (400, 429, 503)

TAGS = [
    Tag(name="ideas", description="Log, find, revise and withdraw ideas."),
    Tag(name="needs", description="What ideas still lack."),
    Tag(name="votes", description="Support an idea, and take that back."),
    Tag(name="mandates", description="What funders are open to, and what is left of their budgets."),
    Tag(name="history", description="What happened, in words."),
    Tag(
        name="events",
        description="The public log: every event, in order, for programs, and what each type is.",
    ),
    Tag(name="webhooks", description="Where programs are told of events, signed, and what was sent."),
    Tag(name="communities", description="The spaces ideas live in, and how they vote."),
    Tag(name="offers", description="Parts that somebody runs already, offered for what ideas need."),
    Tag(name="organisations", description="Legal bodies, and the people who act for them."),
    Tag(name="pools", description="Money for one idea from several funders, each on its own conditions."),
    Tag(name="people", description="Who a token acts for."),
    Tag(name="codes", description="Published codes of themes and places."),
    Tag(name="operation", description="Health and figures of this process."),
]

_DESCRIPTION = """\
JSON is snake_case, times are RFC 3339 in UTC, money is in integer minor units, identifiers are UUIDs. Errors are
RFC 9457 problem details. Lists take `limit` and an opaque `cursor`.

Every write answers the `position` at which it can be read; a read with `min_position` waits until it shows that
position. Writes take an `Idempotency-Key`: the same key with the same request does it once and answers the same.

Tokens are sent as `Authorization: Bearer oi_…`; reading what is public needs none. Who may do what stands in one table,
at `/about/permissions`.
"""


@dataclass
class Verbatim(BaseSchemaObject):
    """An example as it is, with its nulls, which the framework leaves out of everything else."""

    value: Any

    def to_schema(self) -> dict[str, Any]:
        """Give the example."""
        return self.value  # type: ignore[no-any-return]  # JSON of any kind.


@dataclass
class WithWebhooks(OpenAPI):
    """The document with what we send to others, whose schemas are those that are published of it."""

    def to_schema(self) -> dict[str, Any]:
        """Write the document as plain JSON."""
        document = super().to_schema()
        document["webhooks"] = webhooks()
        document["components"]["schemas"] |= webhook_schemas()
        return document


@dataclass
class Config(OpenAPIConfig):
    """What the document is made of, with what we send to others."""

    def to_openapi_schema(self) -> OpenAPI:
        """Begin the document."""
        return WithWebhooks(**vars(super().to_openapi_schema()))


def config() -> OpenAPIConfig:
    """Describe the API as a whole; the document is at `/api/openapi.json`."""
    return Config(
        title="Open Impact",
        version=VERSION,
        description=_DESCRIPTION,
        contact=Contact(name="The Open Impact engineers"),
        license=License(name="AGPL-3.0-or-later", identifier="AGPL-3.0-or-later"),
        tags=TAGS,
        components=Components(
            security_schemes={
                SECURITY_SCHEME: SecurityScheme(
                    type="http",
                    scheme="bearer",
                    bearer_format="oi_…",
                    description="A token with the scope named.",
                ),
                SESSION_SCHEME: SecurityScheme(
                    type="apiKey",
                    security_scheme_in="cookie",
                    name=SESSION.name(https=True),
                    description="Somebody who is signed in, in a browser on a page of ours; no program.",
                ),
            }
        ),
        use_handler_docstrings=True,
        path="/api",
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
    )


def security_of(rule: Rule) -> list[dict[str, list[str]]]:
    """Say what a rule asks for, in the document's words: nothing, a token if one likes, or a token with its scope."""
    match rule.who:
        case "everyone":
            return []
        case "anyone" | "machine":
            return [{}, {SECURITY_SCHEME: []}]
        case "person" | "operator" if rule.session:
            return [{SESSION_SCHEME: []}]
        case "person" | "operator":
            return [{SECURITY_SCHEME: [] if rule.scope is None else [rule.scope]}]


@dataclass
class Ruled(Operation):
    """An operation that says of itself what its rule asks for, so that document and guard cannot differ."""

    def __post_init__(self) -> None:
        rule = RULES.get(str(self.operation_id))
        if rule is None:
            return  # Nobody's; a test finds it.
        self.security = security_of(rule)
        refusals = {"everyone": (), "machine": (404,)}.get(rule.who, (401, 403))
        self.responses = {**{str(status): _refusal(status) for status in refusals}, **(self.responses or {})}


class RuledOperations(ReceiveRoutePlugin):
    """Has every operation of the document describe itself as `Ruled`, without a word beside its route."""

    def receive_route(self, route: BaseRoute) -> None:
        """Take a route as it is registered."""
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and handler.operation_class is Operation:
                handler.operation_class = Ruled


def _refusal(status: int) -> OpenAPIResponse:
    media = OpenAPIMediaType(
        schema=Reference(ref="#/components/schemas/Problem"),
        examples={"example": Example(value=_problem_example(status))},
    )
    return OpenAPIResponse(description=_MEANING[status], content={MEDIA_TYPE: media})


def write_answers(
    kind: Any, example: dict[str, Any], *more: int, status: int = 200, without: tuple[int, ...] = ()
) -> dict[int, ResponseSpec]:
    """Describe what a write answers."""
    return _answers(kind, example, status, sorted({*_WRITE, *more} - set(without)))


def read_answers(
    kind: Any,
    example: dict[str, Any] | str,
    *more: int,
    media_type: str = "application/json",
    without: tuple[int, ...] = (),
) -> dict[int, ResponseSpec]:
    """Describe what a read answers."""
    return _answers(kind, example, 200, sorted({*_READ, *more} - set(without)), media_type)


def _answers(
    kind: Any,
    example: dict[str, Any] | str,
    status: int,
    problems: list[int],
    media_type: str = "application/json",
) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(
            data_container=kind,
            description=HTTPStatus(status).phrase,
            media_type=media_type,
            generate_examples=False,
            examples=[Example(value=Verbatim(example))],
        ),
        **{problem: _problem(problem) for problem in problems},
    }


def _problem(status: int) -> ResponseSpec:
    return ResponseSpec(
        data_container=Problem,
        description=_MEANING[status],
        media_type=MEDIA_TYPE,
        generate_examples=False,
        examples=[Example(value=_problem_example(status))],
    )


def _problem_example(status: int) -> dict[str, Any]:
    return {
        "type": f"urn:open-impact:{HTTPStatus(status).phrase.lower().replace(' ', '-')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _MEANING[status].split(";", maxsplit=1)[0],
        "instance": "/api/v1/ideas",
        "request_id": "0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a11",
    }


_KEY = Parameter(
    name=HEADER,
    param_in="header",
    required=False,
    schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=255),
    description="1 to 255 visible ASCII characters of your own making; sending them again with the same request does it once.",
    example="2f1c7a52-minibus",
)


def documented(example: dict[str, Any]) -> type[Operation]:
    """Describe an operation that takes a body like the example, and no Idempotency-Key: what it takes works once."""

    @dataclass
    class Documented(Ruled):
        def __post_init__(self) -> None:
            super().__post_init__()
            if isinstance(self.request_body, RequestBody):
                for media in self.request_body.content.values():
                    media.examples = {"example": Example(value=Verbatim(example))}

    return Documented


def writing(example: dict[str, Any] | None = None, **others: dict[str, Any]) -> type[Operation]:
    """Describe an operation that takes an Idempotency-Key, and a body like the example if there is one.

    Others are more examples of such a body, each under its name in words.
    """

    @dataclass
    class Writing(Ruled):
        def __post_init__(self) -> None:
            super().__post_init__()
            self.parameters = [*(self.parameters or []), _KEY]
            if isinstance(self.request_body, RequestBody):
                for media in self.request_body.content.values():
                    media.examples = {
                        name: Example(summary=name.replace("_", " ").capitalize(), value=Verbatim(value))
                        if others
                        else Example(value=Verbatim(value))
                        for name, value in {"example": example, **others}.items()
                    }

    return Writing
