"""What the page of a community shows."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from app.web.month import Month

FormName: TypeAlias = Literal["pause", "rules", "stewards"]


class StewardRow(Struct, frozen=True, kw_only=True):
    """Somebody who looks after a community."""

    person_id: UUID
    name: str
    since: datetime


class CommunityPage(Struct, frozen=True, kw_only=True):
    """A community: its rules in sentences, its stewards, and forms for whoever is one.

    `ideas` is how many there are, and `month` what happened in the last days, if anything did. Rules can be set while nobody can vote. What was typed wrongly stands in its field
    again, with its `error` at the form `wrong`.
    """

    slug: str
    name: str
    ideas: int
    ideas_href: str
    fairness_href: str
    json_href: str
    state: str
    rules: tuple[str, ...]
    stewards: tuple[StewardRow, ...]
    month: Month | None = None
    is_steward: bool = False
    paused: bool = False
    can_set_rules: bool = False
    threshold: str = ""
    opens_at: str = ""
    closes_at: str = ""
    reason: str = ""
    person_id: str = ""
    wrong: FormName | None = None
    error: str | None = None
