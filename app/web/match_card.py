"""A match as pages show it: on a mandate, on a desk, and on an idea."""

from msgspec import Struct

from events.contracts import Money
from projections.funder_matches.words import ToldReason


class ProposedPledge(Struct, frozen=True, kw_only=True):
    """What a mandate would pledge to an idea's pool, with its conditions as sentences.

    Sending `fields` to `action` shows what the pledge would do before anything is promised; `href` leads to the pool's
    form with the same filled in.
    """

    action: str
    href: str
    amount: Money
    conditions: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]


class MatchCard(Struct, frozen=True, kw_only=True):
    """An idea that fits a mandate, or a mandate that is open to an idea: what leads there, how well, and why.

    `about` stands under the title: where the idea stands, or whose the mandate is. `summary` gives the main reasons in
    one line. `pledge` is there where one can pledge.
    """

    title: str
    href: str
    about: str
    score: int
    summary: str
    reasons: tuple[ToldReason, ...]
    is_new: bool = False
    pledge: ProposedPledge | None = None


class OpenFunders(Struct, frozen=True, kw_only=True):
    """The funders that are open to an idea: how many as a sentence, and the best of what they are open to."""

    sentence: str
    cards: tuple[MatchCard, ...]
    json_href: str
