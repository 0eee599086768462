"""What the mandates of the benchmarks say: most are narrow, some take in a whole field or country, a few take anything.

The mix is after what funders publish: six in ten name single themes and a region or town, three in ten a field of
themes in England, one in ten any theme in the whole country. Tickets go from a few hundred pounds to fifty thousand.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal, TypeAlias
from uuid import UUID

from events.codes.places import ENGLISH_REGIONS, places
from events.codes.themes import THEMES
from events.contracts import FundableStage, IdeaRevised, MandatePublished, MandateRevised, Money
from events.envelope import Append, Metadata
from events.streams import derived_id, idea_stream, mandate_stream
from ops.bench.content import idea_id, place_codes, theme_codes

Breadth: TypeAlias = Literal["narrow", "field", "wide"]

BREADTHS: tuple[Breadth, ...] = ("narrow", "field", "wide")
_MIX = (6, 3, 1)
_STAGES: tuple[tuple[FundableStage, ...], ...] = (
    (),
    ("logged", "supported"),
    ("supported", "shaping", "funding"),
)


def mandate_id(number: int) -> UUID:
    """Give the identifier of the mandate of a number."""
    return derived_id("bench", "mandate", str(number))


def breadth_of(number: int) -> Breadth:
    """Tell how wide the mandate of a number is."""
    return random.Random(number).choices(BREADTHS, _MIX)[0]


def publish_requests(mandates: int) -> Iterator[Append]:
    """Prepare appends that publish so many mandates."""
    for number in range(mandates):
        draw = random.Random(number + mandates)
        said = MandatePublished(published_by=derived_id("bench", "author"), **_says(number, draw))  # type: ignore[arg-type]  # Fields by name.
        yield _append(mandate_stream(said.mandate_id), said)


def revise_requests(numbers: list[int], draw: random.Random) -> Iterator[Append]:
    """Prepare appends that revise mandates, each to other themes and places of the same breadth."""
    for number in numbers:
        said = MandateRevised(revision=2, **_says(number, draw))  # type: ignore[arg-type]  # Fields by name.
        yield _append(mandate_stream(said.mandate_id), said)


def idea_requests(ideas: int, many: int, draw: random.Random) -> Iterator[Append]:
    """Prepare appends that revise ideas: other themes, another place, another ask."""
    for _ in range(many):
        number = draw.randrange(ideas)
        said = IdeaRevised(
            idea_id=idea_id(number),
            title="Revised",
            problem="As before.",
            proposal="As before.",
            beneficiaries="As before.",
            themes=tuple(draw.sample(theme_codes(), 2)),
            places=(draw.choice(place_codes()),),
            ask=Money(amount_minor=draw.randrange(1_000, 50_000) * 100, currency="GBP"),
            occurred_at=datetime.now(UTC),
        )
        yield _append(idea_stream(said.idea_id), said)


def _append(stream: str, said: MandatePublished | MandateRevised | IdeaRevised) -> Append:
    return Append(stream=stream, events=[said], metadata=Metadata(command="Bench"))


def _says(number: int, draw: random.Random) -> dict[str, object]:
    now = datetime.now(UTC)
    least = draw.randrange(2, 100) * 10_000
    most = least * draw.randrange(2, 10)
    return {
        "mandate_id": mandate_id(number),
        "organisation_id": derived_id("bench", "funder", str(number // 4)),
        "title": f"Mandate {number}",
        "ticket_min": Money(amount_minor=least, currency="GBP"),
        "ticket_max": Money(amount_minor=most, currency="GBP"),
        "budget": Money(amount_minor=most * 20, currency="GBP"),
        "opens_at": now - timedelta(days=30),
        "closes_at": now + timedelta(days=300),
        "stages": draw.choice(_STAGES),
        "occurred_at": now,
        **_open_to(breadth_of(number), draw),
    }


def _open_to(breadth: Breadth, draw: random.Random) -> dict[str, object]:
    match breadth:
        case "narrow":
            place = draw.choice([*ENGLISH_REGIONS, *_towns()])
            return {"themes": tuple(draw.sample(theme_codes(), draw.randint(1, 3))), "places": (place,)}
        case "field":
            return {"themes": tuple(draw.sample(_fields(), draw.randint(1, 3))), "places": ("GB-ENG",)}
        case "wide":
            return {"themes": (), "places": draw.choice([(), ("GB",)])}


@cache
def _fields() -> list[str]:
    return sorted(code for code, theme in THEMES.items() if theme.parent is None and code.isalpha())


@cache
def _towns() -> list[str]:
    return sorted(code for code, place in places().items() if place.parent in ENGLISH_REGIONS)
