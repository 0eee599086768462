"""Bodies of requests about endpoints of other programs."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Annotated, TypeAlias
from uuid import UUID

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from app.http.bodies import Body, described, fault
from app.http.parameters import POSITION_MAX
from app.http.problems import FieldProblem
from app.webhooks.conditions import Condition, written
from app.webhooks.conditions import faults as condition_faults
from app.webhooks.subscriptions import TYPES_MAX, meaningless
from domain.endpoint import OVERLAP_MAX, Subscription
from events.contracts import EndpointFormat
from projections.language import gettext as _

URL_MAX = 2_000
HOURS_MAX = int(OVERLAP_MAX / timedelta(hours=1))

Address: TypeAlias = Annotated[
    str,
    described(
        "Where events are sent: https, on the public internet.",
        "https://hooks.example.org/impact",
        min_length=1,
        max_length=URL_MAX,
    ),
]
TypeNames: TypeAlias = Annotated[
    list[str],
    described(
        "Types of events, or beginnings of their names with a star; see /api/v1/event-types.",
        ["IdeaLogged", "Pool*"],
        min_items=1,
        max_items=TYPES_MAX,
    ),
]
Format: TypeAlias = Annotated[EndpointFormat, described("How events are written.", "standard")]
Ordered: TypeAlias = Annotated[
    bool, described("Whether an event waits for those of its stream before it.", example=False)
]


class NewEndpoint(Body, frozen=True, kw_only=True):
    """Where a program wants to be told of events; for an organisation that you administer, or for yourself."""

    url: Address
    types: TypeNames
    format: Format = "standard"
    ordered: Ordered = False
    filter: Condition | None = None
    organisation_id: UUID | None = None

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the endpoint."""
        yield from _url_faults(self.url)
        yield from _type_faults(self.types)
        yield from _filter_faults(self.filter)

    def subscription(self) -> Subscription:
        """Give what is wanted as the domain has it."""
        return Subscription(
            url=self.url.strip(),
            types=tuple(self.types),
            format=self.format,
            filter=written(self.filter),
            ordered=self.ordered,
        )


class EndpointChanges(Body, frozen=True, kw_only=True):
    """What to change about an endpoint; what is left out stays. At another address it is asked anew."""

    url: Address | UnsetType = UNSET
    types: TypeNames | UnsetType = UNSET
    format: Format | UnsetType = UNSET
    ordered: Ordered | UnsetType = UNSET
    filter: Condition | UnsetType | None = UNSET

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the changes."""
        if not isinstance(self.url, UnsetType):
            yield from _url_faults(self.url)
        if not isinstance(self.types, UnsetType):
            yield from _type_faults(self.types)
        if not isinstance(self.filter, UnsetType):
            yield from _filter_faults(self.filter)

    def revised(self, present: Subscription) -> Subscription:
        """Give what is wanted from now on."""
        return replace(
            present,
            url=present.url if isinstance(self.url, UnsetType) else self.url.strip(),
            types=present.types if isinstance(self.types, UnsetType) else tuple(self.types),
            format=present.format if isinstance(self.format, UnsetType) else self.format,
            ordered=present.ordered if isinstance(self.ordered, UnsetType) else self.ordered,
            filter=present.filter if isinstance(self.filter, UnsetType) else written(self.filter),
        )


class Rotation(Body, frozen=True, kw_only=True):
    """For how long the keys so far sign beside the new one, so that receivers can change over."""

    overlap_hours: Annotated[
        int, described("0 ends the old keys at once.", 24, minimum=0, maximum=HOURS_MAX)
    ] = 24

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the hours."""
        if not 0 <= self.overlap_hours <= HOURS_MAX:
            yield fault("overlap_hours", _("Give 0 to %(most)s hours.", most=HOURS_MAX))


class Resumption(Body, frozen=True, kw_only=True):
    """Where to go on: after a position of the log, or where it stood if none is named."""

    after: Annotated[
        int | None,
        described("What comes after this position is sent.", 41500, minimum=0, maximum=POSITION_MAX),
    ] = None

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the position."""
        if self.after is not None:
            yield from _position_faults("after", self.after, 0)


class Stretch(Body, frozen=True, kw_only=True):
    """A stretch of the log to be sent once more, both ends included; without an end, up to now."""

    from_position: Annotated[int, described("The first position.", 41500, minimum=1, maximum=POSITION_MAX)]
    to_position: Annotated[
        int | None, described("The last position.", 41999, minimum=1, maximum=POSITION_MAX)
    ] = None

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the positions."""
        yield from _position_faults("from_position", self.from_position, 1)
        if self.to_position is not None:
            yield from _position_faults("to_position", self.to_position, 1)
            if self.to_position < self.from_position:
                yield fault("to_position", _("It must not lie before from_position."))


def _url_faults(url: str) -> Iterator[FieldProblem]:
    if not 0 < len(url.strip()) <= URL_MAX:
        yield fault("url", _("Give an address of at most %(most)s characters.", most=URL_MAX))


def _type_faults(types: Sequence[str]) -> Iterator[FieldProblem]:
    if not 0 < len(types) <= TYPES_MAX:
        yield fault("types", _("Name 1 to %(most)s types of events, or * for all.", most=TYPES_MAX))
        return
    unknown = set(meaningless(types))
    for number, name in enumerate(types):
        if name in unknown:
            yield fault(f"types[{number}]", _("There is no such type of event; see /api/v1/event-types."))
        elif name in types[:number]:
            yield fault(f"types[{number}]", _("It is there twice."))


def _filter_faults(condition: Condition | None) -> Iterator[FieldProblem]:
    if condition is not None:
        for where, sentence in condition_faults(condition):
            yield fault(f"filter.{where}" if where else "filter", sentence)


def _position_faults(path: str, position: int, least: int) -> Iterator[FieldProblem]:
    if not least <= position <= POSITION_MAX:
        yield fault(path, _("Give a position from %(least)s to %(most)s.", least=least, most=POSITION_MAX))
