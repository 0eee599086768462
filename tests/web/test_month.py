"""A community's month as bars, and the same numbers as a table."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.web.month import DAYS, INSET, WIDTH, month
from projections.idea_detail.queries import CommunityDay
from tests.web.markup import read
from tests.web.test_pages import render

TODAY = date(2026, 11, 3)
_BAR = re.compile(r"M([\d.]+) (\d+)v-([\d.]+)h(\d+)V\2z")


def happened(before: int, *, ideas: int = 0, votes: int = 0) -> CommunityDay:
    """Give a day some days ago."""
    return CommunityDay(day=TODAY - timedelta(days=before), ideas=ideas, votes=votes)


def bars(row):
    """Read a row of bars as (left, right, height)."""
    return [
        (float(left), float(left) + float(wide), float(high))
        for left, _, high, wide in _BAR.findall(row.outline)
    ]


def test_a_month_without_anything_is_no_picture():
    """When nothing happened, or all of it long ago, there is nothing to draw."""
    assert month([], until=TODAY) is None
    assert month([happened(DAYS, ideas=3, votes=9)], until=TODAY) is None
    assert month([happened(0)], until=TODAY) is None


def test_every_day_is_told_the_silent_ones_too():
    """The table has each of the days, the first first, and both rows add up to what they show."""
    shown = month([happened(0, votes=4), happened(DAYS - 1, ideas=2, votes=1)], until=TODAY)
    assert (len(shown.days), shown.first, shown.last) == (DAYS, TODAY - timedelta(days=DAYS - 1), TODAY)
    assert (shown.days[0][1:], shown.days[1][1:], shown.days[-1][1:]) == ((2, 1), (0, 0), (0, 4))
    assert (shown.votes.total, shown.votes.most, shown.votes.most_on) == (5, 4, TODAY)
    assert (shown.ideas.total, shown.ideas.most, shown.ideas.most_on) == (2, 2, shown.first)


@given(st.dictionaries(st.integers(0, DAYS - 1), st.integers(1, 10**6), min_size=1))
def test_bars_stay_in_their_box_in_the_order_of_days(told):
    """Whatever the numbers, each day that has one has a bar to be seen, apart from the next one and in the box."""
    shown = month([happened(before, votes=votes) for before, votes in told.items()], until=TODAY)
    drawn = bars(shown.votes)
    assert len(drawn) == len(told)
    edges = [edge for left, right, _ in drawn for edge in (left, right)]
    assert edges == sorted(edges)
    assert edges[0] >= INSET
    assert edges[-1] <= WIDTH - INSET
    assert all(3 <= high <= shown.votes.height - 2 * INSET for *_, high in drawn)
    highest = max(high for *_, high in drawn)
    assert highest == shown.votes.height - 2 * INSET
    assert not bars(shown.ideas)


def test_the_bars_have_the_same_numbers_as_a_table():
    """Whoever does not see the bars reads their highest day, and every day in the table."""
    figure = read(render("community")).one("figure", class_="month")
    votes, ideas = figure.all("svg")
    assert votes["aria-label"] == "Votes cast by day: most of them, 19,683, on 24 September 2026"
    assert ideas["aria-label"] == "Ideas logged by day: most of them, 4, on 27 September 2026"
    rows = [[cell.text for cell in row.all("td")] for row in figure.one("tbody").all("tr")]
    assert len(rows) == DAYS
    assert rows[2] == ["19,683", "2"]


def test_a_silent_month_says_so():
    """Without anything to show there is a sentence in its place."""
    page = read(render("community-bare"))
    assert not page.all("figure", class_="month")
    assert "Nobody logged an idea here in the last 30 days, and nobody voted." in page.text
