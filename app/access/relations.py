"""How a person is related to what an address names: read from the log itself, so that a role that was taken away a
moment ago is gone.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, assert_never
from uuid import UUID

from app.access.actor import Actor
from app.access.policy import Relation
from app.folding import folded
from domain.community import COMMUNITY, CommunityUnknownError
from domain.community import Open as OpenCommunity
from domain.idea import IDEA, IdeaUnknownError, NotLogged, Open, Withdrawn
from domain.organisation import ORGANISATION, OrganisationUnknownError, Registered
from events.contracts import OrganisationRole
from events.store import EventStore
from events.streams import community_id, community_stream, idea_stream, organisation_stream

ROLE_NEEDED: Mapping[Relation, str] = MappingProxyType(
    {
        "member": "This is for members of the organisation alone.",
        "offers": "This is for members who may make offers for the organisation alone.",
        "funder": "This is for members who may commit the organisation's money alone.",
        "admin": "This is for administrators of the organisation alone.",
    }
)
"""What somebody is told who lacks a role."""


class RoleNeededError(Exception):
    """The organisation has not given you the role that this needs."""

    def __init__(self, role: OrganisationRole) -> None:
        super().__init__(ROLE_NEEDED[role])


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
            return await _has_role(store, actor, UUID(str(named["organisation_id"])), relation)
        case _:
            assert_never(relation)


async def require_role(
    store: EventStore, actor: Actor, organisation_id: UUID, role: OrganisationRole
) -> None:
    """Refuse whoever may not act for an organisation that a body names, or that stands behind another identifier.

    An operator has no role but those an organisation gave them.

    Raises:
        RoleNeededError: the actor does not have the role, or has it no longer.
        OrganisationUnknownError: there is no such organisation.
        LogUnavailableError: the log cannot be reached.
    """
    if not await _has_role(store, actor, organisation_id, role):
        raise RoleNeededError(role)


async def _has_role(store: EventStore, actor: Actor, organisation_id: UUID, role: OrganisationRole) -> bool:
    state = (await folded(store, ORGANISATION, organisation_stream(organisation_id))).state
    if not isinstance(state, Registered):
        raise OrganisationUnknownError
    return role in state.roles_of(actor.person_id)


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
