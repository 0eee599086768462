"""Who may do what with a pool: those in charge of it, and those who may commit a funder's money."""

from app.access.actor import Actor
from app.access.relations import RoleNeededError, is_steward_of, require_role
from app.folding import folded
from domain.decider import DomainError
from domain.idea import IDEA, current
from domain.pool_gathering import Open
from events.store import EventStore
from events.streams import idea_stream


class NotInChargeOfPoolError(DomainError):
    """This is for the idea's author, a steward of its community, or the funder that opened the pool."""


async def require_in_charge(store: EventStore, actor: Actor, pool: Open) -> None:
    """Refuse whoever is not in charge of a pool: its idea's author or steward, or who opened it, for a funder.

    Raises:
        NotInChargeOfPoolError: the actor is none of these.
        LogUnavailableError: the log cannot be reached.
    """
    idea = current((await folded(store, IDEA, idea_stream(pool.idea_id))).state)
    if actor.person_id == idea.author_id or await is_steward_of(store, actor, pool.idea_id):
        return
    if pool.organisation_id is None:
        raise NotInChargeOfPoolError
    try:
        await require_role(store, actor, pool.organisation_id, "funder")
    except RoleNeededError as error:
        raise NotInChargeOfPoolError from error
