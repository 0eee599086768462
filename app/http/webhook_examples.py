"""Examples of what the API takes and answers about endpoints. All of it is invented."""

from typing import Any

ENDPOINT_ID = "0198f2d0-1b2c-7d3e-8f40-5a6b7c8d9e0f"
KEY_ID = "0198f2d0-1b2d-7a11-9c22-3b4c5d6e7f80"
_KEY = "whpk_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="

NEW_ENDPOINT: dict[str, Any] = {
    "url": "https://hooks.example.org/impact",
    "types": ["IdeaLogged", "Pool*"],
    "format": "standard",
    "ordered": False,
    "filter": {"all": [{"field": "amount.amount_minor", "how": "at_least", "value": 100000}], "any": []},
}
ENDPOINT_AT_THRESHOLDS: dict[str, Any] = {
    "url": "https://hooks.example.org/impact",
    "types": ["PoolReachedMinimum", "SupportReached"],
    "filter": {
        "any": [
            {"field": "type", "how": "is", "value": "PoolReachedMinimum"},
            {"field": "verified_votes", "how": "reaches", "value": 50},
        ]
    },
}
"""To hear once of each pool that reaches its minimum, and once of each idea that reaches 50 verified votes."""
ENDPOINT_CHANGES: dict[str, Any] = {"types": ["*"]}
ROTATION: dict[str, Any] = {"overlap_hours": 24}
RESUMPTION: dict[str, Any] = {"after": 41500}
STRETCH: dict[str, Any] = {"from_position": 41500, "to_position": 41999}
WRITTEN: dict[str, Any] = {"position": 41720, "endpoint_id": ENDPOINT_ID}
KEYED: dict[str, Any] = {
    **WRITTEN,
    "key_id": KEY_ID,
    "public_key": _KEY,
    "secret": "whsec_c2hvd24gb25jZSBhbmQga2VwdCBieSB5b3UgYWxvbmU=",
}
ENDPOINT: dict[str, Any] = {
    "endpoint_id": ENDPOINT_ID,
    "organisation_id": None,
    **NEW_ENDPOINT,
    "status": "active",
    "paused": None,
    "rate_per_minute": None,
    "keys": [{"key_id": KEY_ID, "public_key": _KEY, "until": None}],
    "answer": "It agreed.",
    "waiting": 2,
    "behind_at": None,
    "failures": 0,
    "rests_until": None,
    "delivered_at": "2026-11-02T14:05:01Z",
    "version": 2,
}
ENDPOINTS: dict[str, Any] = {"items": [ENDPOINT], "next_cursor": None}
DELIVERY: dict[str, Any] = {
    "delivery_id": 9120,
    "position": 41719,
    "repetition": 0,
    "status": "waiting",
    "attempts": 1,
    "due_at": "2026-11-02T14:05:06Z",
    "ended_at": None,
    "last_status": 503,
    "last_error": "The endpoint answered 503; any of 200 to 299 would have been right.",
}
DELIVERIES: dict[str, Any] = {"items": [DELIVERY], "next_cursor": None}
_SENT: dict[str, Any] = {
    "url": "https://hooks.example.org/impact",
    "headers": {"content-type": "application/json", "webhook-id": "0198f2d1-5e6f-7a70-8b81-9c92ada3beb4"},
    "body": '{"type":"IdeaLogged","timestamp":"2026-11-02T14:05:00Z"}',
}
ATTEMPTS: dict[str, Any] = {
    "delivery_id": 9120,
    "position": 41719,
    "request": _SENT,
    "attempts": [
        {
            "attempt": 1,
            "began_at": "2026-11-02T14:05:00Z",
            "milliseconds": 87,
            "status": 503,
            "answer": "Busy.",
            "error": "The endpoint answered 503; any of 200 to 299 would have been right.",
        }
    ],
}
PUBLIC_KEYS: dict[str, Any] = {
    "keys": [
        {
            "kid": "56fkWyrDxFCUMkPLKiIEXJrr-Q2C9HJ68aYKXSgO62k",
            "x": "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA",
            "kty": "OKP",
            "crv": "Ed25519",
            "alg": "EdDSA",
            "use": "sig",
        }
    ]
}
AGREED: dict[str, Any] = {**WRITTEN, "rate_per_minute": 120}
REPLAY: dict[str, Any] = {"position": 41720, "endpoint_id": ENDPOINT_ID, "repetition": 3, "up_to": 41999}
TESTED: dict[str, Any] = {"status": 204, "milliseconds": 41, "answer": "", "error": ""}
ASKED: dict[str, Any] = WRITTEN
