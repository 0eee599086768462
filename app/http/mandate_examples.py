"""Examples of what the API takes and answers about mandates. All of it is invented."""

from typing import Any

MANDATE_ID = "0198f2c9-3a1e-7c55-8a3e-2f6f0b9d4e77"
ORGANISATION_ID = "5d0c6a1e-58a2-5f0e-9d61-2f6b1c7c0f31"


def _pounds(amount_minor: int) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": "GBP"}


_WINDOW = {"opens_at": "2026-11-01T00:00:00Z", "closes_at": "2027-10-31T23:59:59Z"}
NEW_MANDATE: dict[str, Any] = {
    "organisation_id": ORGANISATION_ID,
    "title": "Getting about in rural places",
    "themes": ["SW104"],
    "places": ["GB-ENG"],
    "stages": ["supported", "shaping", "funding"],
    "ticket_min": _pounds(500000),
    "ticket_max": _pounds(2500000),
    "budget": _pounds(12000000),
    "terms": "For two years at most; we read one page a year.",
    "opens_at": "2026-11-01T00:00:00Z",
    "closes_at": "2099-10-31T23:59:59Z",
    "mode": "pledge",
    "thresholds": {"verified_votes": 25, "covered_percent": 50, "live_pool": True},
    "conditions": {"min_funders": 2, "max_share": "0.5"},
    "veto_hours": 24,
}
MANDATE_CHANGES: dict[str, Any] = {
    "budget": _pounds(15000000),
    "reason": "Our trustees added to it.",
}
PAUSE: dict[str, Any] = {"reason": "Our trustees meet in March."}
PUBLISHED: dict[str, Any] = {"position": 41500, "mandate_id": MANDATE_ID, "revision": 1}
REVISED: dict[str, Any] = {**PUBLISHED, "position": 41511, "revision": 2}

_SAYS: dict[str, Any] = {
    **{name: value for name, value in NEW_MANDATE.items() if name != "organisation_id"},
    **_WINDOW,
    "conditions": {
        "min_total": None,
        "min_funders": 2,
        "with_funders": [],
        "max_share": "0.5",
        "match_ratio": None,
        "match_cap": None,
        "expires_at": None,
    },
}
MANDATE: dict[str, Any] = {
    **_SAYS,
    "mandate_id": MANDATE_ID,
    "organisation_id": ORGANISATION_ID,
    "organisation_name": "Dale and Fell Trust",
    "status": "open",
    "reserved": _pounds(2000000),
    "committed": _pounds(3500000),
    "left": _pounds(6500000),
    "revision": 1,
    "published_at": "2026-10-30T10:00:00Z",
    "closed_at": None,
    "closed_reason": None,
    "position": 41500,
}
MANDATES: dict[str, Any] = {"items": [MANDATE], "next_cursor": None}
REVISIONS: dict[str, Any] = {
    "items": [
        {
            "revision": 1,
            "says": _SAYS,
            "reason": "",
            "revised_at": "2026-10-30T10:00:00Z",
            "position": 41500,
        }
    ],
    "next_cursor": None,
}
