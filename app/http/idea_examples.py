"""Examples of what an idea needs, of its stages, and of the versions of its texts. All of it is invented."""

from typing import Any

from app.http.examples import IDEA_ID, PERSON_ID, TEXTS

NEED_ID = "0198f2c7-0c1e-7c55-8a3e-2f6f0b9d4e77"
NEW_NEED: dict[str, Any] = {
    "kind": "people",
    "title": "Two drivers",
    "description": "With a licence for a minibus, on weekdays.",
    "size": "Six hours a week",
    "cost": {"amount_minor": 420000, "currency": "GBP"},
}
NEED_CHANGES: dict[str, Any] = {"title": "Three drivers", "cost": None}
NEED_CHANGED: dict[str, Any] = {"position": 41380, "idea_id": IDEA_ID, "need_id": NEED_ID}
NEED_ORDER: dict[str, Any] = {"need_ids": [NEED_ID]}
REMOVAL: dict[str, Any] = {"reason": "The county pays for a driver."}
NEEDS: dict[str, Any] = {
    "items": [
        {
            "need_id": NEED_ID,
            **NEW_NEED,
            "added_at": "2026-10-22T08:00:00Z",
            "revised_at": None,
        }
    ],
    "next_cursor": None,
}
LAUNCH: dict[str, Any] = {"link": "https://minibus.example.org/", "note": "It runs on weekdays."}
STAGES: dict[str, Any] = {
    "items": [
        {
            "stage": "supported",
            "since": "2026-10-29T16:02:11Z",
            "until": None,
            "reason": "25 people support it; 25 are enough in this community.",
            "said": None,
            "cause": "VoteCast",
            "position": 41301,
        }
    ],
    "next_cursor": "zgAAoVU",
}
_REVISED: dict[str, Any] = {
    "number": 2,
    "at": "2026-11-01T11:20:00Z",
    "by": PERSON_ID,
    "reason": "Cotherstone joined.",
    "changed": ["title"],
    "position": 41377,
}
REVISIONS: dict[str, Any] = {"items": [_REVISED], "next_cursor": "zgAAoVU"}
REVISION: dict[str, Any] = {
    **_REVISED,
    **{name: value for name, value in TEXTS.items() if name != "community"},
    "title": "A shared minibus for four villages",
}
REVISION_DIFFERENCE: dict[str, Any] = {
    "idea_id": IDEA_ID,
    "from": {
        "number": 1,
        "at": "2026-10-21T09:30:00Z",
        "by": PERSON_ID,
        "reason": None,
        "changed": [],
        "position": 41199,
    },
    "to": _REVISED,
    "texts": [
        {
            "field": "title",
            "pieces": [
                {"kind": "same", "text": "A shared minibus for "},
                {"kind": "removed", "text": "three "},
                {"kind": "added", "text": "four "},
                {"kind": "same", "text": "villages"},
            ],
        }
    ],
    "codes": [],
    "ask": [],
}
