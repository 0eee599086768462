"""The support curve, the way of an idea, and the row of bulbs."""

import re
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.web.journey import journey
from app.web.pictures import HEIGHT, INSET, MOST_POINTS, WIDTH, support_curve
from app.web.stages import STAGE_MEANINGS, STAGE_NAMES, STEPS, stage_bulbs, stage_name
from tests.web.markup import read
from tests.web.test_pages import render

DAY = date(2026, 10, 21)
counts = st.dictionaries(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 10**7), min_size=2, max_size=200
)


def points(path):
    """Read the points of a path."""
    return [tuple(map(float, pair.split())) for pair in re.findall(r"[ML]([\d.]+ [\d.]+)", path)]


def test_one_day_is_no_curve():
    """Without two days there is nothing to draw."""
    assert support_curve(()) is None
    assert support_curve(((DAY, 12),)) is None


def test_a_curve_runs_from_the_first_day_to_the_last():
    """It begins at the left on the ground of its count and ends at the right, at the top."""
    curve = support_curve(((DAY, 0), (DAY + timedelta(days=1), 10)))
    assert points(curve.line) == [(INSET, HEIGHT - INSET), (WIDTH - INSET, INSET)]
    assert (float(curve.end_x), float(curve.end_y)) == (WIDTH - INSET, INSET)


def test_a_silent_week_is_flat():
    """A count holds until the day before it changes."""
    curve = support_curve(((DAY, 5), (DAY + timedelta(days=8), 10)))
    first, eve, last = points(curve.line)
    assert first[1] == eve[1] > last[1]
    assert eve[0] > (first[0] + last[0]) / 2


@given(counts)
def test_a_curve_stays_in_its_box_and_never_runs_backwards(told):
    """Whatever the counts, time runs to the right, nothing leaves the box, and the ends are kept."""
    days = tuple(sorted(told.items()))
    curve = support_curve(days)
    drawn = points(curve.line)
    assert [x for x, _ in drawn] == sorted(x for x, _ in drawn)
    assert all(INSET <= x <= WIDTH - INSET and INSET <= y <= HEIGHT - INSET for x, y in drawn)
    assert (curve.first, curve.last) == (days[0], days[-1])
    assert len(curve.days) == min(len(days), MOST_POINTS)
    assert len(drawn) <= 2 * MOST_POINTS


def after(days):
    """Give a day so many days on."""
    return DAY + timedelta(days=days)


def test_one_stage_or_one_day_is_no_way():
    """There is nothing to draw before something moved, nor of moves within a day."""
    assert journey([], until=after(9)) is None
    assert journey([("logged", DAY)], until=after(9)) is None
    assert journey([("logged", DAY), ("supported", DAY)], until=DAY) is None


def test_a_way_steps_up_at_the_day_of_a_move():
    """Days are to scale, a further stage is higher, and the line goes on until today."""
    drawn = journey([("logged", DAY), ("supported", after(2))], until=after(8))
    low, high = (
        next(level.y for level in drawn.levels if level.name == name) for name in ("Logged", "Supported")
    )
    assert high < low
    assert drawn.line == ((0, low, 25, low), (25, low, 25, high), (25, high, 100, high))
    assert [(mark.x, mark.y, mark.move) for mark in drawn.marks] == [(0, low, "on"), (25, high, "on")]
    assert drawn.here == (100, high)
    assert [level.name for level in drawn.levels if level.is_here] == ["Supported"]
    assert (drawn.first, drawn.since, drawn.last) == (DAY, after(2), after(8))


def test_a_step_back_is_marked_as_one():
    """What is lower than before is a step back."""
    drawn = journey([("shaping", DAY), ("logged", after(1)), ("supported", after(2))], until=after(2))
    assert [mark.move for mark in drawn.marks] == ["on", "back", "on"]
    assert drawn.went_back


def test_a_way_that_ended_stops_below_the_others():
    """An end is a level of its own under the way, and nothing goes on after it."""
    drawn = journey([("logged", DAY), ("funding", after(1)), ("withdrawn", after(4))], until=after(400))
    assert [level.name for level in drawn.levels] == [*map(stage_name, reversed(STEPS)), "Withdrawn"]
    assert drawn.here is None
    assert drawn.marks[-1].move == "end"
    assert drawn.line[-1][2:] == (drawn.marks[-1].x, drawn.marks[-1].y) == (100, drawn.levels[-1].y)
    assert drawn.last == after(4)


@given(
    st.lists(st.tuples(st.sampled_from(tuple(STAGE_NAMES)), st.integers(0, 4000)), min_size=2, max_size=20),
    st.integers(0, 4000),
)
def test_a_way_stays_in_its_box_and_is_one_line(told, until):
    """Whatever the moves, each piece begins where the last one ended, and time never runs backwards."""
    moves = [(stage, after(days)) for stage, days in sorted(told, key=lambda one: one[1])]
    drawn = journey(moves, until=after(until))
    if drawn is None:
        assert moves[0][1] == moves[-1][1]
        return
    assert all(piece[2:] == later[:2] for piece, later in pairwise(drawn.line))
    assert all(0 <= x1 <= x2 <= 100 and 0 < y1 < 100 and 0 < y2 < 100 for x1, y1, x2, y2 in drawn.line)
    ends = {end for piece in drawn.line for end in (piece[:2], piece[2:])}
    assert {(mark.x, mark.y) for mark in drawn.marks} <= ends
    assert (drawn.first, drawn.since) == (moves[0][1], moves[-1][1])


def test_the_way_of_an_idea_stands_above_its_list():
    """The picture says where it begins and ends, the list all the rest; with one stage there is the list alone."""
    figure = read(render("idea-lacking")).one("figure", class_="journey")
    assert (
        figure.one("svg", role="img")["aria-label"]
        == "Its stages by day: from “Logged” on 21 October 2026 to “Supported” on 10 November 2026"
    )
    assert [time.text for time in figure.all("time")] == ["21 October 2026", "26 November 2026"]
    assert figure.one("figcaption").text == "An empty dot is a step back."
    ended = read(render("idea-withdrawn")).one("figure", class_="journey")
    assert "The square is where it ended." in ended.one("figcaption").text
    assert len(ended.all("rect")) == 1
    alone = read(render("idea-one-stage"))
    assert not alone.all("figure", class_="journey")
    assert "Somebody wrote it down." in alone.one("main").text


def test_bulbs_light_up_on_the_way():
    """What is behind is lit, where the idea is now is half lit, the rest is not."""
    glows = {stage: [bulb.glow for bulb in stage_bulbs(stage)] for stage in STAGE_NAMES}
    assert glows["logged"] == ["half", *["unlit"] * 5]
    assert glows["shaping"] == ["lit", "lit", "half", *["unlit"] * 3]
    assert glows["live"] == ["lit"] * 6
    assert glows["withdrawn"] == glows["merged"] == glows["closed"] == ["unlit"] * 6


def test_every_step_has_a_name_and_a_meaning():
    """The words for stages are complete."""
    assert set(STEPS) == set(STAGE_MEANINGS) <= set(STAGE_NAMES)
