"""One example of everything the API takes and answers, for its documentation. All of it is invented."""

from typing import Any

IDEA_ID = "0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a11"
PERSON_ID = "0198f2c4-0b1e-7c55-8a3e-2f6f0b9d4e21"
COMMUNITY_ID = "6c9b1f6e-0e0a-5b2f-9d60-3f0f5f2b7a10"
ORGANISATION_ID = "4c1f3b1e-6a55-5d0c-8f0e-9a1d2c3b4e5f"
INVITATION_ID = "0198f2c6-1a2b-7c3d-8e4f-5a6b7c8d9e0f"
VOTER_ID = "5b0c1f0e-9a1d-8e6b-b0a4-6d3f0c2e9f77"

NEW_IDEA: dict[str, Any] = {
    "title": "A shared minibus for three villages",
    "problem": "The last bus to the clinic stopped in 2019; forty people a month cancel an appointment.",
    "proposal": "One timetable for the three buses that stand still four days a week.",
    "beneficiaries": "About 640 people over 70 in Upper Teesdale.",
    "themes": ["BE108", "SW104"],
    "places": ["GB-DUR"],
    "ask": {"amount_minor": 1840000, "currency": "GBP"},
    "community": "commons",
}
IDEA_CHANGES: dict[str, Any] = {
    "title": "A shared minibus for four villages",
    "reason": "Cotherstone joined.",
}
REASON: dict[str, Any] = {"reason": "The county runs a bus again from May."}

SIMILAR: dict[str, Any] = {
    "idea_id": "0198f2c4-1111-7d10-9d2c-6f5b1f0c3a11",
    "title": "Minibus for the dales",
    "votes": 12,
    "similarity": 0.61,
}
LOGGED: dict[str, Any] = {"position": 41200, "idea_id": IDEA_ID, "similar": [SIMILAR]}
CHANGED: dict[str, Any] = {"position": 41377, "idea_id": IDEA_ID}
VOTED: dict[str, Any] = {"position": 41201, "votes": 149}

CHALLENGE: dict[str, Any] = {
    "parameters": {
        "algorithm": "PBKDF2/SHA-256",
        "cost": 2000,
        "keyLength": 32,
        "keyPrefix": "00",
        "nonce": "5b0c1f0e9a1d8e6bb0a46d3f0c2e9f77",
        "salt": "6c9b1f6e0e0a5b2f9d603f0f5f2b7a10",
        "expiresAt": 1792575720,
        "data": {"made_at": 1792575120},
    },
    "signature": "f0e4c2f76c58916ec258f246851bea091d14d4247a2fc3e18694461b1816e13b",
}
QUARANTINE_ID = "0198f2c6-2b1e-7c55-8a3e-2f6f0b9d4e55"
_SET_ASIDE: dict[str, Any] = {
    "quarantine_id": QUARANTINE_ID,
    "signal": "shared_network",
    "reason": "31 new accounts voted for this idea from one network within an hour.",
    "votes": 12,
    "raised_at": "2026-11-02T14:05:00Z",
    "position": 41350,
    "lifted_at": None,
    "lifted_position": None,
    "lifted_reason": None,
}
TALLY: dict[str, Any] = {
    "idea_id": IDEA_ID,
    "as_of": 41377,
    "votes": 148,
    "verified_votes": 131,
    "set_aside": 12,
    "quarantines": [_SET_ASIDE],
    "ballots": [
        {
            "position": 41201,
            "voter": VOTER_ID,
            "cast_at": "2026-10-21T10:12:00Z",
            "counts_as": "verified",
            "quarantine_ids": [],
        }
    ],
    "next_cursor": "kc4AAKDx",
}
RECEIPT: dict[str, Any] = {
    "idea_id": IDEA_ID,
    "position": 41201,
    "event_id": "0198f2c5-0aa0-7d10-9d2c-000000000001",
    "cast_at": "2026-10-21T10:12:00Z",
    "voter": VOTER_ID,
    "counts_as": "verified",
    "why": "It counts as verified.",
    "reasons": [],
}
OWN_VOTES: dict[str, Any] = {
    "items": [
        {
            "idea_id": IDEA_ID,
            "position": 41201,
            "cast_at": "2026-10-21T10:12:00Z",
            "voter": VOTER_ID,
            "counts_as": "verified",
        }
    ],
    "next_cursor": None,
}
QUARANTINE: dict[str, Any] = {
    **_SET_ASIDE,
    "idea_ids": [IDEA_ID],
    "since": "2026-11-02T13:05:00Z",
    "until": "2026-11-02T14:04:58Z",
    "people": 31,
}
QUARANTINES: dict[str, Any] = {"items": [QUARANTINE], "next_cursor": None}
NEW_QUARANTINE: dict[str, Any] = {
    "idea_id": IDEA_ID,
    "voters": [VOTER_ID],
    "reason": "One person told us that these accounts are theirs.",
}
QUARANTINED: dict[str, Any] = {"position": 41402, "quarantine_id": QUARANTINE_ID}

TEXTS: dict[str, Any] = {
    "idea_id": IDEA_ID,
    **{name: value for name, value in NEW_IDEA.items() if name != "community"},
    "community": "commons",
}
_STANDING: dict[str, Any] = {
    "author_id": PERSON_ID,
    "stage": "supported",
    "stage_reason": "148 people support it; 25 are enough in this community.",
    "votes": 148,
    "verified_votes": 131,
    "source": None,
    "logged_at": "2026-10-21T09:30:00Z",
}
BOARD: dict[str, Any] = {
    "items": [{**TEXTS, **_STANDING, "momentum": 6.25, "open_needs": 2, "position": 41199}],
    "next_cursor": "k6VuZXdlc3TE",
    "meant": None,
}
IDEA: dict[str, Any] = {
    **TEXTS,
    **_STANDING,
    "community_name": "The commons",
    "since": "2026-10-29T16:02:11Z",
    "support_threshold": 25,
    "revised_at": None,
    "withdrawn_reason": None,
    "closed_reason": None,
    "service_link": None,
    "version": 1,
    "position": 41199,
}
HISTORY: dict[str, Any] = {
    "items": [
        {
            "position": 41377,
            "type": "IdeaRevised",
            "subject": IDEA_ID,
            "actor": PERSON_ID,
            "occurred_at": "2026-11-02T14:05:00Z",
            "recorded_at": "2026-11-02T14:05:00.012Z",
            "sentence": "The idea “A shared minibus for four villages” was revised.",
            "why": "Cotherstone joined.",
            "changes": [
                {
                    "field": "title",
                    "before": "A shared minibus for three villages",
                    "after": "A shared minibus for four villages",
                }
            ],
        }
    ],
    "next_cursor": None,
}
EVENT: dict[str, Any] = {
    "type": "VoteCast",
    "timestamp": "2026-10-21T10:12:00.004Z",
    "position": 41201,
    "id": "0198f2c5-0aa0-7d10-9d2c-000000000001",
    "stream": f"vote-{VOTER_ID}",
    "version": 1,
    "occurred_at": "2026-10-21T10:12:00Z",
    "recorded_at": "2026-10-21T10:12:00.004Z",
    "data": {"occurred_at": "2026-10-21T10:12:00Z", "idea_id": IDEA_ID, "person_id": VOTER_ID},
}
EVENTS: dict[str, Any] = {"items": [EVENT], "reached": 41201, "next_cursor": None}
COMMUNITY: dict[str, Any] = {
    "community_id": COMMUNITY_ID,
    "slug": "commons",
    "name": "The commons",
    "rules": {"support_threshold": 25, "opens_at": None, "closes_at": None},
    "paused": False,
    "ideas": 1284,
}
NEW_COMMUNITY: dict[str, Any] = {
    "slug": "leeds",
    "name": "Leeds together",
    "support_threshold": 25,
    "opens_at": "2026-03-01T09:00:00Z",
    "closes_at": "2026-06-30T18:00:00Z",
}
NEW_RULES: dict[str, Any] = {
    "support_threshold": 40,
    "opens_at": None,
    "closes_at": "2026-07-31T18:00:00Z",
    "reason": "The council gave us another month.",
}
COMMUNITY_CHANGED: dict[str, Any] = {"position": 41420, "community_id": COMMUNITY_ID, "slug": "commons"}
STEWARDS: dict[str, Any] = {
    "items": [{"person_id": PERSON_ID, "name": "Moira Sample", "since": "2026-10-21T09:30:00Z"}],
    "next_cursor": None,
}
COMMUNITIES: dict[str, Any] = {"items": [COMMUNITY], "next_cursor": None}
NEW_ORGANISATION: dict[str, Any] = {
    "name": "Dale Transport Trust",
    "org_id": "GB-CHC-1164883",
    "website": "https://dale.example.org/",
    "roles": ["offers"],
}
ORGANISATION_CHANGES: dict[str, Any] = {"name": "Dale and Fell Transport Trust"}
ORGANISATION_CHANGED: dict[str, Any] = {"position": 41210, "organisation_id": ORGANISATION_ID}
ORGANISATION: dict[str, Any] = {
    "organisation_id": ORGANISATION_ID,
    "name": "Dale Transport Trust",
    "org_id": "GB-CHC-1164883",
    "website": "https://dale.example.org/",
    "registered_at": "2026-10-21T09:30:00Z",
    "members": 4,
    "offers": 2,
    "funders": 1,
    "admins": 1,
    "version": 5,
    "position": 41210,
}
ORGANISATIONS: dict[str, Any] = {"items": [ORGANISATION], "next_cursor": None}
MEMBERS: dict[str, Any] = {
    "items": [
        {
            "person_id": PERSON_ID,
            "name": "Moira Teasdale (sample)",
            "roles": ["member", "offers"],
            "since": "2026-10-21T09:30:00Z",
        }
    ],
    "next_cursor": None,
}
MEMBER_ROLES: dict[str, Any] = {"roles": ["offers", "funder"]}
INVITATION_TO_SEND: dict[str, Any] = {"email": "ben@example.org", "roles": ["funder"]}
INVITATION_TO_ACCEPT: dict[str, Any] = {"token": "nVQx1Jm0c0M0t8m1b8l9h0Y3p2r7s6u5w4x3y2z1a0Q"}
INVITATION_CHANGED: dict[str, Any] = {"position": 41210, "invitation_id": INVITATION_ID}
INVITATIONS: dict[str, Any] = {
    "items": [
        {
            "invitation_id": INVITATION_ID,
            "sent_to": "b…@example.org",
            "roles": ["funder"],
            "invited_by": PERSON_ID,
            "created_at": "2026-11-02T14:05:00Z",
            "expires_at": "2026-11-16T14:05:00Z",
        }
    ],
    "next_cursor": None,
}
ME: dict[str, Any] = {
    "person_id": PERSON_ID,
    "name": "Moira Teasdale (sample)",
    "scopes": ["ideas:write", "votes:write"],
    "via": "token",
    "proved_by": None,
    "proved_at": None,
}
MY_SESSIONS: dict[str, Any] = {
    "items": [
        {
            "session_id": PERSON_ID,
            "device": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "created_at": "2026-11-23T09:00:00Z",
            "last_seen_at": "2026-11-23T09:30:00Z",
            "proved_by": "link",
            "here": True,
        }
    ]
}
PASSKEY_ID = "0198f2c7-3c2f-7c55-8a3e-2f6f0b9d4e77"
PASSKEY: dict[str, Any] = {
    "passkey_id": PASSKEY_ID,
    "name": "My phone",
    "transports": ["internal", "hybrid"],
    "backed_up": True,
    "created_at": "2026-10-21T09:30:00Z",
    "last_used_at": "2026-11-02T14:05:00Z",
    "set_aside_at": None,
}
PASSKEYS: dict[str, Any] = {"items": [PASSKEY], "next_cursor": None}
_CHALLENGE = "mP9yVv3cE1oXc2m0s1J7wq5kq6b3o4n5p6q7r8s9t0A"
PASSKEY_OPTIONS: dict[str, Any] = {
    "options": {
        "rp": {"id": "example.org", "name": "Open Impact"},
        "user": {
            "id": "AZjyxAsefFWKPi9vC51OIQ",
            "name": "moira@example.org",
            "displayName": "Moira Teasdale (sample)",
        },
        "challenge": _CHALLENGE,
        "pubKeyCredParams": [{"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -7}],
        "timeout": 300000,
        "excludeCredentials": [],
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "required"},
        "attestation": "none",
    }
}
SHOW_OPTIONS: dict[str, Any] = {
    "options": {
        "challenge": _CHALLENGE,
        "timeout": 300000,
        "rpId": "example.org",
        "allowCredentials": [],
        "userVerification": "required",
    }
}
_CREDENTIAL: dict[str, Any] = {"id": "q83vEjRWeJA", "rawId": "q83vEjRWeJA", "type": "public-key"}
NEW_PASSKEY: dict[str, Any] = {
    "name": "My phone",
    "credential": {
        **_CREDENTIAL,
        "response": {
            "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0",
            "attestationObject": "o2NmbXRkbm9uZQ",
            "transports": ["internal", "hybrid"],
        },
    },
}
SHOWN_PASSKEY: dict[str, Any] = {
    "credential": {
        **_CREDENTIAL,
        "response": {
            "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
            "authenticatorData": "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ",
            "signature": "MEUCIQDx",
            "userHandle": "AZjyxAsefFWKPi9vC51OIQ",
        },
    }
}
SIGNED_IN: dict[str, Any] = {"person_id": PERSON_ID}
PROVED: dict[str, Any] = {"proved_by": "passkey", "fresh_until": "2026-11-02T14:10:00Z"}
NEW_TOKEN: dict[str, Any] = {"label": "Nightly report", "scopes": ["ideas:write"], "expires_in_days": 90}
TOKEN_MADE: dict[str, Any] = {
    "token_id": "0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a12",
    "token": "oi_…",  # Shortened, so that nobody takes it for one that leaked.
    "label": "Nightly report",
    "scopes": ["ideas:write"],
    "expires_at": "2027-01-19T09:30:00Z",
}
TOKENS: dict[str, Any] = {
    "items": [
        {
            "token_id": "0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a12",
            "label": "Nightly report",
            "scopes": ["ideas:write"],
            "created_at": "2026-10-21T09:30:00Z",
            "expires_at": "2027-01-19T09:30:00Z",
            "last_used_at": "2026-10-22T02:00:00Z",
        }
    ]
}
CODES: dict[str, Any] = {
    "items": [{"code": "SW104", "name": "Community transport", "parent": "SW"}],
    "next_cursor": None,
}
HEALTHY: dict[str, Any] = {"status": "ok", "checks": {}}
READY: dict[str, Any] = {"status": "ok", "checks": {"database": "ok", "schema": "ok", "live_tail": "ok"}}
METRICS = '# TYPE http_requests_total counter\nhttp_requests_total{method="GET",status="200"} 148.0\n'
