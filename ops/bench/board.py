"""How long the board's queries take at the database, with 1,000 and with 100,000 ideas.

Method. One caller asks `board_page` through the pool for pages of 50, with values drawn anew for each
call, for as long as a window lasts; what is measured is a call as the web process makes it, rows
turned into items included.

Limits. The board fits into memory; nobody writes meanwhile.
"""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from events.codes import themes
from events.connections import Pool
from ops.bench.content import COMMON_RANK, RARE_WORD, place_codes, theme_codes, words
from ops.bench.loops import WARM_UP, closed_loop
from ops.bench.session import Case, Measured, Session, percentiles
from projections.idea_board.queries import BoardFilter, board_page

PAGE = 50
_PAGES_DEEP = 15
_CALLS_A_SECOND_MAX = 3_000
_CALLS_MIN = 20
_SEED = 7

Query = tuple[BoardFilter, str | None]


async def cases(session: Session, pool: Pool, size: str) -> list[Case]:
    """Give the cases of one board."""
    draw = random.Random(_SEED)
    cursor = await _deep_cursor(pool)
    queries: dict[str, Callable[[], Query]] = {
        "default": lambda: (BoardFilter(), None),
        "filtered": lambda: (_filtered(draw), None),
        "common_word": lambda: (BoardFilter(q=_common_word(draw)), None),
        "rare_word": lambda: (BoardFilter(q=RARE_WORD), None),
        "typo": lambda: (BoardFilter(q=_misspelt(_common_word(draw), draw)), None),
        "deep_page": lambda: (BoardFilter(), cursor),
    }
    return [
        Case(f"board_{size}_{name}", partial(_measure, session, pool, f"board_{size}_{name}", make))
        for name, make in queries.items()
    ]


async def _measure(session: Session, pool: Pool, name: str, make: Callable[[], Query]) -> Measured:
    calls = max(_CALLS_MIN, round(_CALLS_A_SECOND_MAX * session.seconds * (1 + WARM_UP)))
    supply: Sequence[Query] = [make() for _ in range(calls)]

    async def ask(query: Query) -> None:
        wanted, cursor = query
        await board_page(pool, wanted, limit=PAGE, cursor=cursor, now=datetime.now(UTC))

    window = await closed_loop([ask], supply, session.seconds)
    return Measured(percentiles(name, window.calls), window.others)


async def _deep_cursor(pool: Pool) -> str | None:
    """Turn pages until deep in the board."""
    cursor: str | None = None
    for _ in range(_PAGES_DEEP):
        page = await board_page(pool, BoardFilter(), limit=PAGE, cursor=cursor, now=datetime.now(UTC))
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    return cursor


def _filtered(draw: random.Random) -> BoardFilter:
    """Ask for a theme, narrow or wide, in a region."""
    narrow = draw.choice(theme_codes())
    return BoardFilter(theme=draw.choice(themes.with_ancestors(narrow)), place=draw.choice(place_codes()))


def _common_word(draw: random.Random) -> str:
    """Draw a word that about an eighth of all ideas have."""
    return draw.choice(words()[COMMON_RANK - 10 : COMMON_RANK + 10])


def _misspelt(word: str, draw: random.Random) -> str:
    """Leave out a letter inside a word."""
    place = draw.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1 :]
