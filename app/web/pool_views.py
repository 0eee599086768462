"""What the page of a pool shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.web.pool_bar import PoolBar
from app.web.sharing_views import Sharing
from app.web.then_views import Then
from events.contracts import Money
from projections.pools.queries import MilestoneRow


class PledgeLine(Struct, frozen=True, kw_only=True):
    """A pledge: whose, how much of it holds, on which conditions and what they need."""

    pledge_id: UUID
    organisation: str
    organisation_href: str
    amount: Money
    holds: Money
    is_whole: bool
    is_in_kind: bool
    description: str
    conditions: Sequence[str]
    needs: Sequence[str]
    money: str
    released: Money
    document: str | None
    is_ours: bool
    is_new: bool = False
    by_mandate: bool = False
    vetoable_until: datetime | None = None
    can_confirm: bool = False


class FunderChoice(Struct, frozen=True, kw_only=True):
    """An organisation whose money the reader may commit."""

    organisation_id: UUID
    name: str
    selected: bool


class WithChoice(Struct, frozen=True, kw_only=True):
    """Another funder that a pledge can wait for."""

    organisation_id: UUID
    name: str
    chosen: bool


class PreviewView(Struct, frozen=True, kw_only=True):
    """What a pledge would do, before it is made; `promise` says it back, and `fields` is the form as it would be sent."""

    promise: Sequence[str]
    sentence: str
    gains: Sequence[str]
    fields: Sequence[tuple[str, str]]


class PoolCare(Struct, frozen=True, kw_only=True):
    """What those in charge of a pool can do with it now; what was typed and what is wrong go by the fields' ids.

    `unplanned` is the part of the commitments for which no milestone is planned, and `unconfirmed` names the funders
    whose money nobody has confirmed yet.
    """

    version: int
    can_revise: bool = False
    can_cancel: bool = False
    unplanned: Money | None = None
    unconfirmed: Sequence[str] = ()
    typed: Mapping[str, str] = {}
    errors: Mapping[str, str] = {}


class PoolPage(Struct, frozen=True, kw_only=True):
    """A pool with its bar, its pledges and what can be done; `sign` is that of its currency, as amounts have it."""

    pool_id: UUID
    href: str
    json_href: str
    idea_href: str
    idea_title: str
    status: str
    status_sentence: str
    minimum: Money
    target: Money
    ceiling: Money | None
    total: Money
    deadline: datetime
    counts_in_kind: bool
    reason: str
    bar: PoolBar
    pledges: Sequence[PledgeLine]
    milestones: Sequence[MilestoneRow]
    funders: Sequence[FunderChoice] = ()
    waits: Sequence[WithChoice] = ()
    sign: str = ""
    typed: Mapping[str, str] = {}
    ticked: Sequence[str] = ()
    errors: Mapping[str, str] = {}
    error: str | None = None
    said: str | None = None
    preview: PreviewView | None = None
    care: PoolCare | None = None
    sharing: Sharing | None = None
    is_sample: bool = False
    then: Then | None = None


class NewPoolPage(Struct, frozen=True, kw_only=True):
    """The form by which a pool is opened."""

    href: str
    idea_href: str
    idea_title: str
    funders: Sequence[FunderChoice]
    currency: str
    typed: Mapping[str, str] = {}
    errors: Mapping[str, str] = {}
    error: str | None = None
