"""The four orders of the board, and walking through it page by page."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.cursors import BadCursorError, encode_cursor
from tests.projections.examples import NOON, days, idea_id, logged, opened, pounds, vote, votes, withdrawn

pytestmark = pytest.mark.asyncio

SORTS = ("votes", "newest", "momentum", "funding_gap")


async def walk(spec, sort: str, limit: int, **wanted: str) -> list:
    """Read the board to its end, page by page."""
    items, cursor = [], None
    while True:
        page = await spec.board(sort=sort, limit=limit, cursor=cursor, **wanted)
        assert len(page.items) <= limit
        items += page.items
        assert len(items) <= 1_000
        if page.next_cursor is None:
            return items
        assert len(page.items) == limit
        cursor = page.next_cursor


async def test_each_order_puts_first_what_it_is_named_after(spec):
    """Most votes, the newest, the quickest support, and the largest ask come first, each in its order."""
    await spec.given(
        opened(),
        logged(1, at=NOON - days(90)),
        *votes(5, idea=1, at=NOON - days(80)),
        logged(2, at=NOON - days(3)),
        *votes(3, idea=2, at=NOON - days(1)),
        logged(3, at=NOON - days(1)),
        logged(4, at=NOON - days(30), ask=pounds(amount_minor=900_000)),
        vote(1, idea=4, at=NOON - days(7)),
    )
    first = {sort: (await spec.board(sort=sort)).items[0].idea_id for sort in SORTS}
    assert first == {
        "votes": idea_id(1),
        "momentum": idea_id(2),
        "newest": idea_id(3),
        "funding_gap": idea_id(4),
    }


async def test_the_board_is_in_the_order_of_momentum_unless_asked_otherwise(spec):
    """Without a wish, what gets support right now comes first."""
    await spec.given(
        opened(),
        logged(1),
        *votes(4, idea=1, at=NOON - days(60)),
        logged(2),
        *votes(2, idea=2, at=NOON - days(1)),
        logged(3),
    )
    assert [item.idea_id for item in (await spec.board()).items] == [idea_id(2), idea_id(1), idea_id(3)]


IDEAS = st.lists(
    st.tuples(
        st.integers(0, 2),  # Days before noon when it was logged: few, so that there are ties.
        st.sampled_from([None, 0, 100, 2**62]),  # The ask.
        st.lists(st.integers(0, 3), max_size=4),  # Days before noon of its votes.
        st.booleans(),  # Withdrawn.
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ideas=IDEAS, limit=st.integers(1, 6))
async def test_walking_pages_of_any_size_gives_the_whole_board_once(spec, ideas, limit):
    """In each order, pages of any size make up the full board: nothing twice, nothing missing, ties included."""
    await spec.begin()
    await spec.given(opened())
    for number, (age, ask, cast, gone) in enumerate(ideas):
        await spec.given(
            logged(number, at=NOON - days(age), ask=None if ask is None else pounds(amount_minor=ask)),
            *[vote(person, idea=number, at=NOON - days(before)) for person, before in enumerate(cast)],
            *[withdrawn(number)] * gone,
        )
    shown = {idea_id(number): idea for number, idea in enumerate(ideas) if not idea[3]}
    keys = {
        "votes": lambda item: len(shown[item.idea_id][2]),
        "newest": lambda item: -shown[item.idea_id][0],
        "funding_gap": lambda item: shown[item.idea_id][1] or 0,
        "momentum": lambda item: item.momentum,
    }
    for sort, key in keys.items():
        walked = await walk(spec, sort, limit)
        assert walked == (await spec.board(sort=sort)).items
        assert {item.idea_id for item in walked} == shown.keys()
        assert len(walked) == len(shown)
        if sort == "momentum":  # Rounded for people, so only the direction can be told from outside.
            assert [key(item) for item in walked] == sorted(map(key, walked), reverse=True)
        else:
            expected = sorted(walked, key=lambda item: (key(item), item.idea_id), reverse=True)
            assert walked == expected


async def test_a_page_is_not_disturbed_by_what_comes_before_it(spec):
    """Ideas that are logged while somebody reads on neither repeat nor hide an idea."""
    await spec.given(opened(), *[logged(number, at=NOON - days(number)) for number in range(1, 7)])
    first = await spec.board(sort="newest", limit=3)
    await spec.given(*[logged(number, at=NOON + days(number)) for number in range(7, 10)])
    second = await spec.board(sort="newest", limit=3, cursor=first.next_cursor)
    read = [item.idea_id for item in (*first.items, *second.items)]
    assert read == [idea_id(number) for number in range(1, 7)]
    assert second.next_cursor is None


async def test_pages_keep_to_their_filter(spec):
    """Walking a filtered board gives what the filter lets through, and nothing else."""
    await spec.given(
        opened(),
        *[logged(number, places=("GB-LDS",) if number % 2 else ("PL",)) for number in range(9)],
    )
    walked = await walk(spec, "votes", 2, place="GB")
    assert {item.idea_id for item in walked} == {idea_id(number) for number in range(1, 9, 2)}


@pytest.mark.parametrize("limit", [-5, 0, 1])
async def test_a_page_has_at_least_one_idea(spec, limit):
    """A limit below one is one."""
    await spec.given(opened(), logged(1), logged(2))
    page = await spec.board(limit=limit)
    assert len(page.items) == 1
    assert page.next_cursor is not None


async def test_a_page_has_at_most_two_hundred_ideas(spec):
    """A limit beyond 200 is 200."""
    await spec.given(opened(), *map(logged, range(201)))
    page = await spec.board(limit=1_000)
    assert len(page.items) == 200
    assert len((await spec.board(limit=1_000, cursor=page.next_cursor)).items) == 1


async def test_a_cursor_belongs_to_its_order(spec):
    """A cursor of one order is refused in each other."""
    await spec.given(opened(), logged(1), logged(2))
    cursors = {sort: (await spec.board(sort=sort, limit=1)).next_cursor for sort in SORTS}
    for sort in SORTS:
        for other in set(SORTS) - {sort}:
            with pytest.raises(BadCursorError):
                await spec.board(sort=sort, cursor=cursors[other])


IDEA = idea_id(1)


@pytest.mark.parametrize(
    ("sort", "cursor"),
    [
        ("votes", "nonsense"),
        ("votes", "!"),
        ("votes", "ł"),
        ("votes", "A" * 10_000),
        ("votes", encode_cursor(7)),
        ("votes", encode_cursor(("votes", 7))),
        ("votes", encode_cursor(("votes", "7", IDEA))),
        ("votes", encode_cursor(("votes", 2**31, IDEA))),
        ("votes", encode_cursor(("votes", 7, "not an id"))),
        ("funding_gap", encode_cursor(("funding_gap", 2**64 - 1, IDEA))),
        ("newest", encode_cursor(("newest", datetime(2026, 5, 4), IDEA))),  # noqa: DTZ001  # Without its offset.
        ("newest", encode_cursor(("newest", "yesterday", IDEA))),
        ("momentum", encode_cursor(("momentum", "much", IDEA))),
    ],
)
async def test_a_made_up_cursor_is_refused(spec, sort, cursor):
    """Whatever is no cursor of the board is refused in a sentence, however well it is made."""
    with pytest.raises(BadCursorError, match="begin again without it"):
        await spec.board(sort=sort, cursor=cursor)
