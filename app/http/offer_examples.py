"""One example of everything about offers that the API takes and answers. All of it is invented."""

from typing import Any

from app.http.examples import IDEA, IDEA_ID, ORGANISATION_ID, PERSON_ID
from app.http.match_examples import MATCH
from app.http.pool_examples import POOL

OFFER_ID = "0198f2c9-2b1e-7c55-8a3e-2f6f0b9d4e41"
NEED_ID = "0198f2c4-5b1e-7c55-8a3e-2f6f0b9d4e31"

_COST: dict[str, Any] = {"amount_minor": 80000, "currency": "GBP"}
_PART: dict[str, Any] = {
    "kind": "software",
    "title": "A rota for volunteer drivers",
    "description": "A page on which drivers sign up for a day and people book a seat.",
    "runs_at": "Swaledale",
    "users": "40 drivers and about 300 passengers a month",
    "running_since": "2021-03-01",
    "cost_to_adapt": _COST,
    "weeks_to_adapt": 6,
    "licence": "AGPL-3.0",
    "links": ["https://rota.example.org/"],
    "service": {
        "name": "Swaledale lifts",
        "description": "Lifts to the clinic and the shops.",
        "url": "https://rota.example.org/lifts",
        "languages": "English",
        "eligibility": "Everybody over 70",
        "fees": "Free",
        "schedule": "Monday to Friday, 9:00 to 16:00",
    },
}
NEW_OFFER: dict[str, Any] = {**_PART, "needs": [NEED_ID]}
OFFER_CHANGES: dict[str, Any] = {"weeks_to_adapt": 4, "reason": "We found help."}
ACCEPTANCE: dict[str, Any] = {"standing": "chosen"}
DECLINE: dict[str, Any] = {"reason": "The county has a rota that we can use."}
DELIVERY: dict[str, Any] = {"link": "https://minibus.example.org/rota", "note": "In use since May."}
OFFER_MADE: dict[str, Any] = {"position": 41512, "offer_id": OFFER_ID, "idea_id": IDEA_ID}
OFFER: dict[str, Any] = {
    "offer_id": OFFER_ID,
    "idea_id": IDEA_ID,
    "made_by": PERSON_ID,
    "organisation_id": ORGANISATION_ID,
    "organisation_name": "Dale Transport Trust",
    "needs": [NEED_ID],
    "part": _PART,
    "status": "chosen",
    "reason": "",
    "link": None,
    "made_at": "2026-11-03T09:30:00Z",
    "changed_at": "2026-11-04T11:00:00Z",
    "version": 2,
    "position": 41530,
}
OFFERS: dict[str, Any] = {"items": [OFFER], "next_cursor": None}
OPENINGS: dict[str, Any] = {
    "items": [
        {
            "idea_id": IDEA_ID,
            "idea_title": "A shared minibus for three villages",
            "need_id": NEED_ID,
            "kind": "software",
            "title": "A booking page that works on an old phone",
            "cost": _COST,
            "same_kind": True,
            "codes": ["SW104"],
            "words": ["booking"],
            "score": 6,
        }
    ],
    "next_cursor": None,
}
HYPOTHETICAL_OFFER: dict[str, Any] = {"needs": [NEED_ID], "cost_to_adapt": _COST}
COVERAGE_PREVIEW: dict[str, Any] = {
    "idea_id": IDEA_ID,
    "offer_id": OFFER_ID,
    "needs": [
        {
            "need_id": NEED_ID,
            "title": "A rota for drivers",
            "now": {"status": "uncovered", "chosen": [], "reserves": [], "offered": []},
            "then": {"status": "covered", "chosen": [OFFER_ID], "reserves": [], "offered": []},
        }
    ],
    "now": {
        "needs": 1,
        "uncovered": 1,
        "offered": 0,
        "covered": 0,
        "delivered": 0,
        "covered_percent": 0,
        "cost_open": [{"amount_minor": 400000, "currency": "GBP"}],
        "costs_unknown": 0,
        "note": "",
    },
    "then": {
        "needs": 1,
        "uncovered": 0,
        "offered": 0,
        "covered": 1,
        "delivered": 0,
        "covered_percent": 100,
        "cost_open": [_COST],
        "costs_unknown": 0,
        "note": "",
    },
}
WHOLE_IDEA: dict[str, Any] = {
    **IDEA,
    "needs": [
        {
            "need_id": NEED_ID,
            "kind": "software",
            "title": "A rota for drivers",
            "description": "Who drives on which day, on paper or on a phone.",
            "size": "40 drivers",
            "cost": {"amount_minor": 400000, "currency": "GBP"},
            "covering": {"status": "covered", "chosen": [OFFER_ID], "reserves": [], "offered": []},
        }
    ],
    "coverage": {
        "needs": 1,
        "uncovered": 0,
        "offered": 0,
        "covered": 1,
        "delivered": 0,
        "covered_percent": 100,
        "cost_open": [_COST],
        "costs_unknown": 0,
        "note": "",
    },
    "offers": [OFFER],
    "matches": [MATCH],
    "pool": POOL,
}
