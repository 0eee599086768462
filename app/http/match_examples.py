"""One example of every answer about matches, for the documentation. All of it is invented."""

from typing import Any

from app.http.examples import IDEA_ID, ORGANISATION_ID

MANDATE_ID = "0198f2d1-2b3c-7d4e-8f50-112233445566"


def _reason(part: str, points: int, most: int, why: str, *, fits: bool = True) -> dict[str, Any]:
    return {"part": part, "points": points, "most": most, "fits": fits, "why": why}


_REST = [
    _reason("place", 20, 20, "The idea is for County Durham, which lies in North East."),
    _reason("ticket", 20, 20, "The idea asks for £18,400, which the funder can give whole."),
    _reason("stage", 6, 10, "The idea is supported by enough people."),
    _reason("window", 5, 5, "This offer of money is open until 31 March 2027."),
    _reason("pool", 10, 10, "The idea has an open pool, so money can be pledged now."),
    _reason("support", 0, 0, "148 people support it, 131 of them verified."),
]
_THEME = _reason("theme", 27, 35, "The idea is about Community transport, a part of Social welfare.")
_NO_THEME = _reason(
    "theme",
    0,
    35,
    "The idea is about Community transport and Older people, and the funder is open to Animals.",
    fits=False,
)

MATCH: dict[str, Any] = {
    "mandate_id": MANDATE_ID,
    "mandate_title": "Getting about in the North East",
    "organisation_id": ORGANISATION_ID,
    "organisation_name": "Dale Community Trust",
    "idea_id": IDEA_ID,
    "idea_title": "A shared minibus for three villages",
    "stage": "supported",
    "votes": 148,
    "verified_votes": 131,
    "score": 88,
    "is_match": True,
    "reasons": [_THEME, *_REST],
    "told_at": "2026-11-02T14:05:00Z",
}
MATCHES: dict[str, Any] = {"items": [MATCH], "next_cursor": None}
NO_MATCH: dict[str, Any] = {
    **MATCH,
    "mandate_title": "Animals first",
    "score": 61,
    "is_match": False,
    "reasons": [_NO_THEME, *_REST],
    "told_at": None,
}
