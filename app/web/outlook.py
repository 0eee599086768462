"""What an idea has in prospect, as its card says it: how far its parts are covered, and who has money for it."""

import asyncio
from collections.abc import Collection, Mapping
from uuid import UUID

from msgspec import Struct

from app.http.resources import Resources, now
from app.web.match_views import funders_sentence
from projections.amounts import money
from projections.coverage.queries import PartCounts, counts_of
from projections.funder_matches.queries import funders_open_to
from projections.language import gettext as _
from projections.pools.queries import PoolRow, of_ideas

_WITH_MONEY = {"open", "committed"}


class Outlook(Struct, frozen=True, kw_only=True):
    """The parts of an idea, its pool if it has one with money in it or to come, and how many funders are open to it."""

    parts: PartCounts | None = None
    pool: PoolRow | None = None
    funders: int = 0

    @property
    def funding(self) -> str:
        """Say who has money for it; empty where nobody has said so."""
        if self.pool is None:
            return funders_sentence(self.funders) if self.funders else ""
        if self.pool.status == "committed":
            return _("%(amount)s is committed", amount=money(self.pool.committed_total or self.pool.target))
        return _(
            "%(pledged)s of %(target)s pledged",
            pledged=money(self.pool.promised),
            target=money(self.pool.target),
        )


async def outlooks(resources: Resources, idea_ids: Collection[UUID]) -> Mapping[UUID, Outlook]:
    """Read what ideas have in prospect, all of them at once.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    parts, pools, funders = await asyncio.gather(
        counts_of(resources.pool, idea_ids),
        of_ideas(resources.pool, idea_ids),
        funders_open_to(resources.pool, idea_ids, now()),
    )
    with_money = {idea_id: pool for idea_id, pool in pools.items() if pool.status in _WITH_MONEY}
    return {
        idea_id: Outlook(
            parts=parts.get(idea_id), pool=with_money.get(idea_id), funders=funders.get(idea_id, 0)
        )
        for idea_id in idea_ids
    }
