"""The communities that imports put their ideas into, opened where they are missing."""

import re
from datetime import datetime
from unicodedata import combining, normalize
from uuid import UUID

from app.command_handling import Cause, Handler
from domain.community import COMMUNITY, Open, OpenCommunity
from events.contracts import VotingRules
from events.store import EventStore
from events.streams import community_id, community_stream

SUPPORT_THRESHOLD = 10
"""The votes that make an idea *supported* in a community nobody gave rules of its own."""

COMMONS = "commons"
_SLUG_MAX = 60

# Letters that are no plain letter with a mark, so that taking the marks off does not help.
_PLAIN_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})


def slug_of(name: str) -> str:
    """Make the short name of a community out of any name: `Łódź 2024` is `lodz-2024`; "" where nothing is left."""
    decomposed = normalize("NFKD", name.casefold().translate(_PLAIN_LETTERS))
    plain = "".join(letter for letter in decomposed if not combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_MAX].rstrip("-")


async def ensure_community(store: EventStore, slug: str, name: str, *, now: datetime) -> tuple[UUID, Open]:
    """Open a community unless it is open already, and give its identifier and present state."""
    identifier = community_id(slug)
    command = OpenCommunity(
        community_id=identifier,
        slug=slug,
        name=name,
        rules=VotingRules(support_threshold=SUPPORT_THRESHOLD),
        now=now,
    )
    handled = await Handler(store).handle(COMMUNITY, community_stream(identifier), command, cause=Cause())
    if not isinstance(handled.state, Open):
        raise TypeError(f"The community {slug} is not open after it was opened.")
    return identifier, handled.state


async def ensure_commons(store: EventStore, now: datetime) -> UUID:
    """Open the default community unless it is open already, and give its identifier."""
    identifier, _ = await ensure_community(store, COMMONS, "Commons", now=now)
    return identifier
