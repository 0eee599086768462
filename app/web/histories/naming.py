"""What the identifiers in an address stand for, and what is asked for with them."""

from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from app.http.resources import Resources
from app.web.histories.asked import NOTHING, HistoryQuery, filter_of
from projections.audit_history.queries import HistoryFilter, label_of
from projections.idea_detail.queries import idea
from projections.language import gettext as _
from projections.organisations.queries import names_of
from projections.pools.queries import pool_with_pledges


class Meant(Struct, frozen=True, kw_only=True):
    """What is asked for: as the read model has it, and what the thing and the organisation in it are called."""

    wanted: HistoryFilter
    about: str | None
    organisation: str | None


async def meant(resources: Resources, query: HistoryQuery) -> Meant:
    """Work out what an address means: an identifier may stand for a thing, a person or an organisation.

    What is about an organisation is all that it did, too.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    asked = [one for one in (query.about, query.by) if one]
    organisations = await names_of(resources.pool, asked) if asked else {}
    wanted = filter_of(query, by_organisation=query.by in organisations)
    if query.about in organisations:
        another = wanted.organisation not in {None, query.about}
        types = NOTHING if another else wanted.types
        wanted = replace(wanted, subject=None, organisation=query.about, types=types)
    about = None
    if query.about:
        about = organisations.get(query.about) or await _title(resources, query.about)
    return Meant(wanted=wanted, about=about, organisation=organisations.get(query.by) if query.by else None)


async def _title(resources: Resources, subject: UUID) -> str | None:
    if label := await label_of(resources.pool, subject):
        return label
    if (found := await pool_with_pledges(resources.pool, subject)) is None:
        return None
    of_idea = await idea(resources.pool, found.pool.idea_id)
    return _("the pool for “%(idea)s”", idea=of_idea.title) if of_idea else _("a pool")
