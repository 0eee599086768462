"""What the pages of endpoints show: where programs of one's own are told of events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.http.endpoint_view import EndpointDetail


class Option(Struct, frozen=True, kw_only=True):
    """One thing that can be chosen in a form."""

    value: str
    label: str
    selected: bool


class EndpointLine(Struct, frozen=True, kw_only=True):
    """An endpoint in a list."""

    href: str
    url: str
    status: str
    is_lit: bool


class EndpointsPage(Struct, frozen=True, kw_only=True):
    """One's endpoints, and the form for another; `typed` is what was sent, `errors` what is wrong with it."""

    endpoints: Sequence[EndpointLine]
    families: Sequence[Option]
    formats: Sequence[Option]
    organisations: Sequence[Option]
    next_href: str | None = None
    typed: Mapping[str, str] = {}
    errors: Mapping[str, str] = {}


class DeliveryLine(Struct, frozen=True, kw_only=True):
    """An event at an endpoint, in words; `when` is the moment of what `status` says."""

    position: int
    status: str
    is_lit: bool
    when: datetime | None
    attempts: int
    error: str


class EndpointPage(Struct, frozen=True, kw_only=True):
    """One endpoint. `secret` is one that was just made, `told` what became of what one did.

    `answer` is what came of the last question whether it wants to be told; empty before it was asked.
    """

    endpoint_id: UUID
    endpoint: EndpointDetail
    status: str
    is_lit: bool
    answer: str
    types: Sequence[str]
    format: str
    deliveries: Sequence[DeliveryLine]
    secret: str | None = None
    told: str | None = None
    is_problem: bool = False
