"""Examples of what the API answers about past grants. All of it is invented."""

from typing import Any

from app.http.mandate_examples import ORGANISATION_ID


def _pounds(amount_minor: int) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": "GBP"}


PAST_GRANTS: dict[str, Any] = {
    "funder": {
        "funder_id": ORGANISATION_ID,
        "org_id": "GB-CHC-1000001",
        "name": "Dale and Fell Trust",
        "grants": 53,
        "to_individuals": 0,
        "first_awarded_at": "2014-03-17T00:00:00Z",
        "last_awarded_at": "2015-09-14T00:00:00Z",
        "position": 41600,
    },
    "years": [{"year": 2015, "grants": 22, "total": _pounds(90000000)}],
    "items": [
        {
            "grant_id": "8cd48202-80b2-56c6-91c4-2c2ddc63d50c",
            "identifier": "360G-dale-1",
            "title": "Transport",
            "description": "For the minibus of three villages.",
            "amount": _pounds(500000),
            "awarded_at": "2015-09-14T00:00:00Z",
            "recipient_id": "GB-CHC-1000002",
            "recipient_name": "Bus Society",
            "to_individual": False,
            "themes": ["SW104"],
            "places": ["GB-DUR"],
        }
    ],
    "next_cursor": "ks8AAQ",
}
RECIPIENTS: dict[str, Any] = {
    "items": [
        {
            "recipient_id": "GB-CHC-1000002",
            "name": "Bus Society",
            "grants": 2,
            "total": _pounds(1000000),
            "last_awarded_at": "2015-09-14T00:00:00Z",
        }
    ],
    "next_cursor": None,
}
SUGGESTION: dict[str, Any] = {
    "themes": ["SW104"],
    "places": ["GB-DUR"],
    "ticket_min": _pounds(500000),
    "ticket_max": _pounds(3000000),
    "budget": _pounds(100000000),
    "reasons": [
        {"field": "themes", "reason": "12 of 53 past grants speak of “Community transport”."},
        {"field": "ticket_min", "reason": "Half of the 53 past grants were of £5,000 to £30,000."},
    ],
}
