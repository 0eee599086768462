"""Bodies of requests: what they may hold, and every field at fault by its path.

A body is read twice: strictly here, by `strictly` before the handler, and once more by the framework,
which also describes it in the OpenAPI document. The framework alone would take "12" for 12, name no
path for unknown fields, and stop at the first fault.
"""

import json
import re
from collections.abc import Callable, Collection, Coroutine, Iterator, Sequence
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException
from msgspec import UNSET, Meta, Struct, UnsetType

from app.access.scopes import Scope
from app.http.envelope import read_body
from app.http.problems import FieldProblem, MalformedError
from events.codes.currencies import is_currency
from events.codes.places import is_place
from events.codes.themes import is_theme
from projections.language import N_
from projections.language import gettext as _

TITLE_MAX = 200
TEXT_MAX = 5_000
REASON_MAX = 1_000
THEMES_MAX = 10
PLACES_MAX = 20
AMOUNT_MAX = 10**13
SLUG_MAX = 100
VOTERS_MAX = 1_000
NAME_SHOWN_MAX = 100
LABEL_MAX = 100
TOKEN_DAYS_MAX = 3_650
TOKEN_DAYS_USUAL = 365

_JSON = "application/json"
_AT = re.compile(r"^(?P<message>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?$", re.DOTALL)
_UNKNOWN_FIELD = re.compile(r"^Object contains unknown field `(?P<name>.*)`$", re.DOTALL)
_MISSING_FIELD = re.compile(r"^Object missing required field `(?P<name>.*)`$", re.DOTALL)


def described(description: str, example: object, **bounds: int) -> Meta:
    """Describe a field for the OpenAPI document; its bounds are checked by `faults`, which names all at once."""
    return Meta(extra_json_schema={"description": description, "examples": [example], "extra": bounds})


Title: TypeAlias = Annotated[
    str, described("What it is, in a line.", "A shared minibus", min_length=1, max_length=TITLE_MAX)
]
ProblemText: TypeAlias = Annotated[
    str, described("What is wrong today.", "The last bus stopped.", min_length=1, max_length=TEXT_MAX)
]
ProposalText: TypeAlias = Annotated[
    str, described("What would help.", "One timetable.", min_length=1, max_length=TEXT_MAX)
]
BeneficiariesText: TypeAlias = Annotated[
    str, described("Who it helps.", "About 640 people.", min_length=1, max_length=TEXT_MAX)
]
ThemeCodes: TypeAlias = Annotated[
    list[str], described("Codes of /api/v1/themes, each once.", ["SW104"], max_items=THEMES_MAX)
]
PlaceCodes: TypeAlias = Annotated[
    list[str], described("Codes of /api/v1/places, each once.", ["GB-DUR"], max_items=PLACES_MAX)
]
ReasonText: TypeAlias = Annotated[
    str, described("Why; everybody can read it.", "The bus is back.", max_length=REASON_MAX)
]


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request may hold; `faults` finds what its types cannot say."""

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the fields."""
        yield from ()


class Ask(Body, frozen=True, kw_only=True):
    """The money an idea asks for, in integer minor units (pence, cents) of an ISO 4217 currency."""

    amount_minor: Annotated[
        int, described("In minor units, such as pence.", 1840000, minimum=1, maximum=AMOUNT_MAX)
    ]
    currency: Annotated[str, described("A code of ISO 4217.", "GBP", min_length=3, max_length=3)]

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the money."""
        if not 0 < self.amount_minor <= AMOUNT_MAX:
            yield fault(
                "ask.amount_minor",
                _("Give an amount from 1 to %(most)s in minor units.", most=str(AMOUNT_MAX)),
            )
        if not is_currency(self.currency):
            yield fault("ask.currency", _("Give the code of an ISO 4217 currency, such as GBP."))


class NewIdea(Body, frozen=True, kw_only=True):
    """An idea to log. `themes` are UKCAT codes or SDG1 to SDG17, `places` ISO 3166 codes or English regions."""

    title: Title
    problem: ProblemText
    proposal: ProposalText
    beneficiaries: BeneficiariesText
    themes: ThemeCodes = []
    places: PlaceCodes = []
    ask: Ask | None = None
    community: Annotated[
        str, described("A community's short name.", "commons", min_length=1, max_length=SLUG_MAX)
    ] = "commons"

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the idea."""
        yield from _idea_faults(self)
        if not 0 < len(self.community) <= SLUG_MAX or "\0" in self.community:
            yield fault(
                "community", _("Give a community's short name, at most %(most)s characters.", most=SLUG_MAX)
            )


class IdeaChanges(Body, frozen=True, kw_only=True):
    """What to change about an idea; what is left out stays as it is, and an `ask` of null takes it away."""

    title: Title | UnsetType = UNSET
    problem: ProblemText | UnsetType = UNSET
    proposal: ProposalText | UnsetType = UNSET
    beneficiaries: BeneficiariesText | UnsetType = UNSET
    themes: ThemeCodes | UnsetType = UNSET
    places: PlaceCodes | UnsetType = UNSET
    ask: Ask | UnsetType | None = UNSET
    reason: ReasonText = ""

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the changes."""
        yield from _idea_faults(self)
        yield from text_faults("reason", self.reason, REASON_MAX, may_be_blank=True)


class Reason(Body, frozen=True, kw_only=True):
    """Why something is done; everybody can read it."""

    reason: ReasonText

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the reason."""
        yield from text_faults("reason", self.reason, REASON_MAX)


class NewQuarantine(Body, frozen=True, kw_only=True):
    """Whose votes to set aside, by the names they have in an idea's tally, and why."""

    idea_id: Annotated[
        UUID, described("The idea whose tally names them.", "0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a11")
    ]
    voters: Annotated[
        list[UUID],
        described(
            "`voter` of votes in the idea's tally.",
            ["5b0c1f0e-9a1d-8e6b-b0a4-6d3f0c2e9f77"],
            min_items=1,
            max_items=VOTERS_MAX,
        ),
    ]
    reason: ReasonText

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the people and the reason."""
        if not 0 < len(self.voters) <= VOTERS_MAX:
            yield fault("voters", f"Name 1 to {VOTERS_MAX} voters.")
        yield from text_faults("reason", self.reason, REASON_MAX)


class NewToken(Body, frozen=True, kw_only=True):
    """A token to make: what it is for, what it may do, and when it ends; null is never."""

    label: Annotated[
        str,
        described("What it is for, to know it again.", "Nightly report", min_length=1, max_length=LABEL_MAX),
    ]
    scopes: Annotated[list[Scope], described("What it may do.", ["ideas:write"], min_items=1)]
    expires_in_days: Annotated[
        int | None, described("When it ends.", 90, minimum=1, maximum=TOKEN_DAYS_MAX)
    ] = TOKEN_DAYS_USUAL

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the label, the scopes and the days."""
        yield from text_faults("label", self.label, LABEL_MAX)
        if not self.scopes or len(set(self.scopes)) < len(self.scopes):
            yield fault("scopes", "Name at least one scope, each once.")
        if self.expires_in_days is not None and not 0 < self.expires_in_days <= TOKEN_DAYS_MAX:
            yield fault("expires_in_days", f"It must be 1 to {TOKEN_DAYS_MAX}.")


class OptionalReason(Body, frozen=True, kw_only=True):
    """Why something is done, if somebody wants to say; everybody can read it."""

    reason: ReasonText = ""

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the reason."""
        yield from text_faults("reason", self.reason, REASON_MAX, may_be_blank=True)


def strictly(
    kind: type[Body], *, may_be_empty: bool = False
) -> Callable[[Request[Any, Any, Any]], Coroutine[None, None, None]]:
    """Make the check that a handler's body passes before the handler is called."""
    decode = msgspec.json.Decoder(kind).decode

    async def check(request: Request[Any, Any, Any]) -> None:
        raw = await read_body(request)
        if not raw and may_be_empty:
            return
        kind = request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
        if raw and kind != _JSON:
            raise HTTPException(status_code=415, detail=f"Send the body as {_JSON}.")
        if not raw:
            raise MalformedError.of("", "Send a JSON object as the body.")
        try:
            body = decode(raw)
            json.loads(raw, object_pairs_hook=_each_once)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise MalformedError([_fault_in(str(error))]) from error
        if faults := list(body.faults()):
            raise MalformedError(faults)

    return check


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Take an object's fields; a reader who takes the first of two alike would read another thing than we do."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise MalformedError.of(_joined("", twice), "This field is there twice.")
    return fields


def _fault_in(message: str) -> FieldProblem:
    """Turn the decoder's words into a path and a sentence."""
    match = _AT.match(message)
    said, path = (match["message"], match["path"] or "") if match else (message, "")
    if unknown := _UNKNOWN_FIELD.match(said):
        return fault(_joined(path, unknown["name"]), "There is no such field.")
    if missing := _MISSING_FIELD.match(said):
        return fault(_joined(path, missing["name"]), "This field is required.")
    return fault(path.replace("[...]", "[]"), f"{said}.")


def _joined(path: str, name: str) -> str:
    shown = name if len(name) <= NAME_SHOWN_MAX else f"{name[:NAME_SHOWN_MAX]}…"
    return f"{path}.{shown}" if path else shown


def fault(path: str, message: str) -> FieldProblem:
    """Say what is wrong with a field, and what to do about it."""
    return FieldProblem(path=path, message=message)


def _idea_faults(body: NewIdea | IdeaChanges) -> Iterator[FieldProblem]:
    yield from text_faults("title", body.title, TITLE_MAX)
    yield from text_faults("problem", body.problem, TEXT_MAX)
    yield from text_faults("proposal", body.proposal, TEXT_MAX)
    yield from text_faults("beneficiaries", body.beneficiaries, TEXT_MAX)
    yield from theme_faults(body.themes)
    yield from place_faults(body.places)
    if isinstance(body.ask, Ask):
        yield from body.ask.faults()


def text_faults(
    path: str, value: str | UnsetType, longest: int, *, may_be_blank: bool = False
) -> Iterator[FieldProblem]:
    """List what is wrong with a text; one that was not sent is as it should be."""
    if isinstance(value, UnsetType):
        return
    if "\0" in value:
        yield fault(path, _("It must not contain NUL characters."))
    elif not value.strip() and not may_be_blank:
        yield fault(path, _("It must not be blank."))
    elif len(value.strip()) > longest:
        yield fault(path, too_long(len(value.strip()), longest))


def too_long(length: int, most: int) -> str:
    """Say that a text is too long."""
    return _("It has %(length)s characters; %(most)s are allowed.", length=str(length), most=str(most))


def theme_faults(themes: Sequence[str] | UnsetType) -> Iterator[FieldProblem]:
    """List which themes are unknown or there twice."""
    yield from _codes(
        "themes", themes, THEMES_MAX, is_theme, N_("There is no such theme; see /api/v1/themes.")
    )


def place_faults(places: Sequence[str] | UnsetType) -> Iterator[FieldProblem]:
    """List which places are unknown or there twice."""
    yield from _codes(
        "places", places, PLACES_MAX, is_place, N_("There is no such place; see /api/v1/places.")
    )


def _codes(
    path: str, values: Sequence[str] | UnsetType, most: int, is_known: Callable[[str], bool], unknown: str
) -> Iterator[FieldProblem]:
    if isinstance(values, UnsetType):
        return
    if len(values) > most:
        yield fault(
            path, _("At most %(most)s are allowed; there are %(count)s.", most=most, count=len(values))
        )
        return
    for number, value in enumerate(values):
        if not is_known(value):
            yield fault(f"{path}[{number}]", _(unknown))
        elif value in _before(values, number):
            yield fault(f"{path}[{number}]", _("It is there twice."))


def _before(values: Sequence[str], number: int) -> Collection[str]:
    return values[:number]
