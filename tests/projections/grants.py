"""Past grants short to write in a test, and what the history says of each."""

from datetime import datetime
from typing import Any

from events.contracts import AnyEvent, PastGrantRecorded
from events.streams import grant_id, organisation_id
from tests.projections.examples import NOON, pounds

FUNDER = organisation_id("GB-CHC-1000001")


def granted(number: int = 1, *, at: datetime = NOON, **said: Any) -> PastGrantRecorded:
    """Record a grant of the funder GB-CHC-1000001; whatever is not said is plain."""
    fields = {
        "funder_id": FUNDER,
        "funder_org_id": "GB-CHC-1000001",
        "funder_name": "Dale Trust",
        "amount": pounds(amount_minor=500_000),
        "title": "Transport",
        "description": "For the minibus of three villages.",
        "recipient_id": "GB-CHC-1000002",
        "recipient_name": "Bus Society",
        **said,
    }
    identifier = f"360G-dale-{number}"
    return PastGrantRecorded(grant_id=grant_id(identifier), identifier=identifier, occurred_at=at, **fields)


NOBODY: dict[str, Any] = {"title": "", "description": "", "recipient_id": None, "recipient_name": None}
TOLD: list[tuple[AnyEvent, str, str | None]] = [
    (granted(), "Dale Trust gave £5,000 to Bus Society in 2026.", None),
    (granted(2, **NOBODY, to_individual=True), "Dale Trust gave £5,000 to a person in 2026.", None),
]
