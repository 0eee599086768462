"""How a person is related to what an address names: read from the log itself, so that a role that was taken away a
moment ago is gone.
"""

from collections.abc import Mapping
from typing import Any, assert_never
from uuid import UUID

from app.access.actor import Actor
from app.access.policy import Relation
from app.folding import folded
from domain.community import COMMUNITY, CommunityUnknownError
from domain.community import Open as OpenCommunity
from domain.idea import IDEA, IdeaUnknownError, NotLogged, Open, Withdrawn
from events.store import EventStore
from events.streams import community_id, community_stream, idea_stream


async def is_related(store: EventStore, actor: Actor, relation: Relation, named: Mapping[str, Any]) -> bool:
    """Tell whether an actor stands in a relation to what the parameters of an address name.

    Raises:
        DomainError: there is no such idea, community or organisation.
        LogUnavailableError: the log cannot be reached.
    """
    match relation:
        case "author":
            return await _author_of(store, UUID(str(named["idea_id"]))) == actor.person_id
        case "steward":
            return actor.is_operator or await _is_steward(store, actor.person_id, str(named["slug"]))
        case "member" | "offers" | "funder" | "admin":
            return False  # Organisations come next; until then nobody has a role in one.
        case _:
            assert_never(relation)


async def _author_of(store: EventStore, idea_id: UUID) -> UUID:
    match (await folded(store, IDEA, idea_stream(idea_id))).state:
        case NotLogged():
            raise IdeaUnknownError
        case Open(author_id=author_id) | Withdrawn(idea=Open(author_id=author_id)):
            return author_id


async def _is_steward(store: EventStore, person_id: UUID, slug: str) -> bool:
    state = (await folded(store, COMMUNITY, community_stream(community_id(slug)))).state
    if not isinstance(state, OpenCommunity):
        raise CommunityUnknownError
    return person_id in state.stewards
