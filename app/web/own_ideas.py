"""Where one stands with ideas: those that one logged and those that one supports, the newest of each."""

from collections.abc import Iterable
from uuid import UUID

from app.http.resources import Resources
from app.web.addresses import idea_href
from app.web.formats import support
from app.web.stages import stage_name
from app.web.views import OwnIdea, OwnIdeas
from projections.audit_history.queries import HistoryFilter, history
from projections.fair_votes.queries import votes_of
from projections.idea_detail.queries import IdeaDetail, ideas_of

SHOWN = 10


async def own_ideas(resources: Resources, person_id: UUID) -> OwnIdeas:
    """Read which ideas are somebody's own, or have their vote.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    pool = resources.pool
    began = HistoryFilter(actor=person_id, types=("IdeaLogged",))
    logged = await history(pool, resources.store, began, limit=SHOWN)
    votes = await votes_of(pool, person_id, limit=SHOWN)
    voted = [row.idea_id for row in votes.items]
    ideas = await ideas_of(pool, [*voted, *(row.subject for row in logged.items)])
    found = {one.idea_id: one for one in ideas}
    return OwnIdeas(
        logged=_shown(one for one in ideas if one.author_id == person_id),
        supported=_shown(found[idea_id] for idea_id in voted if idea_id in found),
        are_more=logged.next_cursor is not None or votes.next_cursor is not None,
    )


def _shown(ideas: Iterable[IdeaDetail]) -> tuple[OwnIdea, ...]:
    return tuple(
        OwnIdea(
            title=one.title,
            href=idea_href(one.idea_id),
            stage_label=stage_name(one.stage),
            support=support(one.votes),
        )
        for one in ideas
    )
