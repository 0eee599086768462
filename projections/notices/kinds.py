"""What kinds of notices there are, and which of them are worth a letter."""

from typing import Literal, TypeAlias

NoticeKind: TypeAlias = Literal[
    "offer_made",
    "offer_revised",
    "offer_accepted",
    "offer_in_reserve",
    "offer_declined",
    "offer_withdrawn",
    "offer_delivered",
    "mandate_matched",
    "pledge_made",
    "standing_pledge_made",
    "pool_committed",
    "pool_lapsed",
    "pool_cancelled",
    "endpoint_gone",
    "endpoint_exhausted",
    "endpoint_stopped",
]

IMPORTANT: tuple[NoticeKind, ...] = (
    "offer_made",
    "offer_accepted",
    "offer_in_reserve",
    "offer_declined",
    "mandate_matched",
    "pledge_made",
    "standing_pledge_made",
    "pool_committed",
    "pool_lapsed",
    "pool_cancelled",
    "endpoint_gone",
    "endpoint_exhausted",
    "endpoint_stopped",
)
"""What somebody may have to act on: it is mailed too."""

FOR_ADMINISTRATORS: tuple[NoticeKind, ...] = ("endpoint_gone", "endpoint_exhausted", "endpoint_stopped")
"""What of an organisation concerns its administrators alone."""
