"""The support curve and the row of bulbs."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.web.pictures import HEIGHT, INSET, MOST_POINTS, WIDTH, support_curve
from app.web.stages import STAGE_MEANINGS, STAGE_NAMES, STEPS, stage_bulbs

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
