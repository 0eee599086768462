"""The bar of a pool begins where the language does."""

from projections.language import ENGLISH, speaking
from tests.pseudo import PSEUDO
from tests.web.browsing import ENVIRONMENT
from tests.web.markup import read
from tests.web.pool_examples import BAR


def drawn(language):
    """Give where the parts and the marks of a bar begin and end, in per cent of its width."""
    with speaking(language):
        svg = read(str(ENVIRONMENT.get_template("parts/pool-bar.html").module.pool_bar(BAR, "A bar")))
    parts = [
        (float(one["x"][:-1]), float(one["width"][:-1]))
        for one in svg.all("rect")
        if "ground" not in one["class"]
    ]
    return parts, [float(one["x1"][:-1]) for one in svg.all("line")]


def test_a_bar_grows_from_where_one_begins_to_read():
    """In a language written from the right it is the other way round, to the same scale."""
    parts, marks = drawn(ENGLISH)
    turned, marks_turned = drawn(PSEUDO)
    assert parts[0] == (0, 25)
    assert turned[0] == (75, 25)
    assert [(round(100 - x - width, 2), width) for x, width in turned] == parts
    assert [round(100 - x, 2) for x in marks_turned] == marks
