"""One example of everything the API takes and answers about pools. All of it is invented."""

from typing import Any

from app.http.examples import IDEA_ID, ORGANISATION_ID

POOL_ID = "0198f2c8-3c4d-7e5f-8a6b-7c8d9e0f1a2b"
PLEDGE_ID = "0198f2c8-5555-7e5f-8a6b-7c8d9e0f1a2b"
MILESTONE_ID = "0198f2c8-7777-7e5f-8a6b-7c8d9e0f1a2b"


def _pounds(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "GBP"}


_CONDITIONS: dict[str, Any] = {"min_total": _pounds(1500000), "max_share": "0.5"}
NEW_POOL: dict[str, Any] = {
    "currency": "GBP",
    "minimum": _pounds(1200000),
    "target": _pounds(1840000),
    "ceiling": _pounds(2000000),
    "deadline": "2027-03-31T17:00:00Z",
}
POOL_CHANGES: dict[str, Any] = {"target": _pounds(1900000), "reason": "Fuel costs more now."}
NEW_PLEDGE: dict[str, Any] = {
    "organisation_id": ORGANISATION_ID,
    "amount": _pounds(900000),
    "conditions": _CONDITIONS,
}
PLEDGE_CHANGES: dict[str, Any] = {"amount": _pounds(800000)}
CONFIRMATION: dict[str, Any] = {"document": "https://example.org/letter-of-commitment.pdf"}
NEW_MILESTONE: dict[str, Any] = {"title": "The bus is bought", "amount": _pounds(1000000)}
REACHED: dict[str, Any] = {"note": "It stands in Cotherstone.", "link": "https://example.org/bus"}
NEW_TRANCHE: dict[str, Any] = {"milestone_id": MILESTONE_ID}
CANCEL: dict[str, Any] = {"reason": "The county runs a bus again from May."}

POOL_WRITTEN: dict[str, Any] = {"position": 41500, "pool_id": POOL_ID}
PLEDGED: dict[str, Any] = {**POOL_WRITTEN, "pledge_id": PLEDGE_ID}
PLANNED: dict[str, Any] = {**POOL_WRITTEN, "milestone_id": MILESTONE_ID}

_PLEDGE: dict[str, Any] = {
    "pledge_id": PLEDGE_ID,
    "organisation_id": ORGANISATION_ID,
    "organisation": "The Dale Trust",
    "amount": _pounds(900000),
    "conditions": {
        "min_total": _pounds(1500000),
        "min_funders": None,
        "with_funders": [],
        "max_share": "0.5",
        "match_ratio": None,
        "match_cap": None,
        "expires_at": None,
    },
    "kind": "money",
    "description": "",
    "mandate_id": None,
    "is_standing": False,
    "vetoable_until": None,
    "made_at": "2026-11-02T14:05:00Z",
    "resolved": _pounds(0),
    "committed": _pounds(0),
    "released": _pounds(0),
    "counts": True,
    "binding": [
        {
            "condition": "min_total",
            "needs": "Needs £6,000 more from others.",
            "more": _pounds(600000),
            "funders": None,
            "waits_for": [],
        }
    ],
    "money": "promised",
    "confirmed_at": None,
    "document": None,
}
POOL: dict[str, Any] = {
    "pool_id": POOL_ID,
    "idea_id": IDEA_ID,
    "organisation_id": None,
    "status": "open",
    "minimum": _pounds(1200000),
    "target": _pounds(1840000),
    "ceiling": _pounds(2000000),
    "deadline": "2027-03-31T17:00:00Z",
    "counts_in_kind": False,
    "opened_at": "2026-11-01T09:00:00Z",
    "ended_at": None,
    "at_deadline": False,
    "reason": "",
    "resolved_total": _pounds(0),
    "committed_total": _pounds(0),
    "missing": _pounds(1840000),
    "pledges": [_PLEDGE],
    "milestones": [],
    "version": 2,
    "position": 41500,
}
PREVIEW: dict[str, Any] = {
    **POOL,
    "resolved_total": _pounds(1800000),
    "missing": _pounds(40000),
    "pledge_id": "0198f2c8-6666-7e5f-8a6b-7c8d9e0f1a2b",
    "unlocks": _pounds(900000),
    "gains": [{"pledge_id": PLEDGE_ID, "organisation_id": ORGANISATION_ID, "amount": _pounds(900000)}],
}
_ROW_FIELDS = (
    *("pool_id", "idea_id", "organisation_id", "status", "minimum", "target", "ceiling", "deadline"),
    *("counts_in_kind", "opened_at", "ended_at", "at_deadline", "reason", "version", "position"),
)
POOLS: dict[str, Any] = {
    "items": [
        {
            **{name: POOL[name] for name in _ROW_FIELDS},
            "promised": _pounds(900000),
            "resolved_total": None,
            "committed_total": None,
        }
    ],
    "next_cursor": None,
}
