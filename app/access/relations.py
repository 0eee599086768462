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
from domain.endpoint import ENDPOINT, EndpointUnknownError
from domain.endpoint import Registered as RegisteredEndpoint
from domain.idea import IdeaUnknownError
from domain.mandate import MANDATE, MandateUnknownError, Unpublished
from domain.mandate import Open as OpenMandate
from domain.organisation import ORGANISATION, OrganisationUnknownError, Registered
from events.contracts import IdeaLogged, OrganisationRole
from events.store import EventStore
from events.streams import (
    community_id,
    community_stream,
    endpoint_stream,
    idea_stream,
    mandate_stream,
    organisation_stream,
)
from projections.language import N_

ROLE_NEEDED: Mapping[Relation, str] = MappingProxyType(
    {
        "member": N_("This is for members of the organisation alone."),
        "offers": N_("This is for members who may make offers for the organisation alone."),
        "funder": N_("This is for members who may commit the organisation's money alone."),
        "admin": N_("This is for administrators of the organisation alone."),
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
        DomainError: there is no such idea, community, organisation, mandate or endpoint.
        LogUnavailableError: the log cannot be reached.
    """
    match relation:
        case "author":
            return (await _idea(store, UUID(str(named["idea_id"])))).author_id == actor.person_id
        case "in_charge":
            return await _is_in_charge(store, actor, UUID(str(named["idea_id"])))
        case "steward":
            return actor.is_operator or await _is_steward(
                store, actor.person_id, community_id(str(named["slug"]))
            )
        case "owner":
            return await _owns(store, actor, UUID(str(named["endpoint_id"])))
        case "member" | "offers" | "funder" | "admin":
            return await _has_role(store, actor, await _organisation_in(store, named), relation)
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


async def may_commit_money(store: EventStore, actor: Actor, organisation_id: UUID) -> bool:
    """Tell whether an actor may commit an organisation's money; of one that is not there nobody may.

    Raises:
        LogUnavailableError: the log cannot be reached.
    """
    try:
        return await _has_role(store, actor, organisation_id, "funder")
    except OrganisationUnknownError:
        return False


async def _organisation_in(store: EventStore, named: Mapping[str, Any]) -> UUID:
    """Find the organisation that an address names, or whose mandate it names."""
    if "mandate_id" not in named:
        return UUID(str(named["organisation_id"]))
    state = (await folded(store, MANDATE, mandate_stream(UUID(str(named["mandate_id"]))))).state
    if isinstance(state, Unpublished):
        raise MandateUnknownError
    return (state if isinstance(state, OpenMandate) else state.mandate).organisation_id


async def _has_role(store: EventStore, actor: Actor, organisation_id: UUID, role: OrganisationRole) -> bool:
    state = (await folded(store, ORGANISATION, organisation_stream(organisation_id))).state
    if not isinstance(state, Registered):
        raise OrganisationUnknownError
    return role in state.roles_of(actor.person_id)


async def _owns(store: EventStore, actor: Actor, endpoint_id: UUID) -> bool:
    """Tell whether an endpoint is an actor's: their own, or one of an organisation they administer."""
    state = (await folded(store, ENDPOINT, endpoint_stream(endpoint_id))).state
    if not isinstance(state, RegisteredEndpoint):
        raise EndpointUnknownError
    if state.organisation_id is None:
        return actor.person_id == state.registered_by
    return await _has_role(store, actor, state.organisation_id, "admin")


async def is_steward_of(store: EventStore, actor: Actor, idea_id: UUID) -> bool:
    """Tell whether an actor is a steward of the community that an idea lives in, as every operator is.

    Raises:
        IdeaUnknownError: there is no such idea.
        LogUnavailableError: the log cannot be reached.
    """
    idea = await _idea(store, idea_id)
    return actor.is_operator or await _is_steward(store, actor.person_id, idea.community_id)


async def _is_in_charge(store: EventStore, actor: Actor, idea_id: UUID) -> bool:
    idea = await _idea(store, idea_id)
    if actor.is_operator or actor.person_id == idea.author_id:
        return True
    return await _is_steward(store, actor.person_id, idea.community_id)


async def _idea(store: EventStore, idea_id: UUID) -> IdeaLogged:
    """Read how an idea was logged, its first event: its author and its community stay what they are for ever."""
    first = await store.read_stream(idea_stream(idea_id), limit=1)
    if not first or not isinstance(first[0].data, IdeaLogged):
        raise IdeaUnknownError
    return first[0].data


async def _is_steward(store: EventStore, person_id: UUID, identifier: UUID) -> bool:
    state = (await folded(store, COMMUNITY, community_stream(identifier))).state
    if not isinstance(state, OpenCommunity):
        raise CommunityUnknownError
    return person_id in state.stewards
