"""What those in charge of a pool find on its page: the steps that they can take now, with what they typed before."""

from collections.abc import Mapping

from msgspec import Struct

from app.funding.permission import NotInChargeOfPoolError, require_in_charge
from app.funding.pool_view import PoolDetail
from app.http.pool_reads import last_open, pool_of
from app.http.resources import now, resources_of, visitor_of
from app.web.pool_views import PoolCare
from app.web.showing import PageRequest
from app.web.typed_money import as_typed
from events.contracts import Money

_TYPED_MAX = 5_000


class Sent(Struct, frozen=True, kw_only=True):
    """A step that was not taken: what its form is called on the page, what was typed, and what is wrong by field."""

    of: str
    form: Mapping[str, str]
    errors: Mapping[str, str] = {}


async def care_of(request: PageRequest, pool: PoolDetail, sent: Sent | None) -> PoolCare | None:
    """Say which steps the reader can take with a pool; nothing for whoever is not in charge of it.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    actor = visitor_of(request)
    if actor is None or pool.status not in {"open", "committed"}:
        return None
    store = resources_of(request).store
    try:
        await require_in_charge(store, actor, last_open((await pool_of(store, pool.pool_id)).state))
    except NotInChargeOfPoolError:
        return None
    is_gathering = pool.status == "open" and now() < pool.deadline
    typed = _terms(pool)
    errors: dict[str, str] = {}
    if sent is not None:
        typed |= {
            f"{sent.of}-{name}": text.replace("\0", "")[:_TYPED_MAX] for name, text in sent.form.items()
        }
        errors |= {f"{sent.of}-{name}": error for name, error in sent.errors.items()}
    if sent is not None and sent.of == "revise" and "counts_in_kind" not in sent.form:
        del typed["revise-counts_in_kind"]
    return PoolCare(
        version=pool.version,
        can_revise=is_gathering and not pool.pledges,
        can_cancel=is_gathering,
        unplanned=_unplanned(pool),
        unconfirmed=[
            one.organisation
            for one in pool.pledges
            if pool.status == "committed" and one.committed.amount_minor and one.confirmed_at is None
        ],
        typed=typed,
        errors=errors,
    )


def _terms(pool: PoolDetail) -> dict[str, str]:
    """Give what a pool asks for as its form has it."""
    return {
        "revise-minimum": as_typed(pool.minimum),
        "revise-target": as_typed(pool.target),
        "revise-ceiling": as_typed(pool.ceiling),
        "revise-deadline": f"{pool.deadline:%Y-%m-%d}",
        "revise-counts_in_kind": "on" if pool.counts_in_kind else "",
    }


def _unplanned(pool: PoolDetail) -> Money | None:
    if pool.status != "committed":
        return None
    planned = sum(one.amount.amount_minor for one in pool.milestones)
    left = pool.committed_total.amount_minor - planned
    return Money(amount_minor=left, currency=pool.committed_total.currency)
