"""Pages on paper: a code that leads back to them."""

import re

import pytest

from app.web.embedding.qr import qr_code
from tests.web.markup import read
from tests.web.test_pages import render


@pytest.mark.parametrize("name", ["idea", "pool"])
def test_a_page_carries_its_address_as_a_code(name):
    """The code stands beside the address, for whoever has it on paper."""
    figure = read(render(name)).one("figure", class_="code-of-page")
    assert figure.one("span", class_="on-paper").text.startswith("http://open-impact.test/")
    assert figure.one("svg")["role"] == "img"


def test_a_code_has_its_marks_in_three_corners_and_an_empty_rim():
    """What readers look for first is where they look for it; another address makes another code of the same kind."""
    code = qr_code("http://open-impact.test/ideas/01980000-0000-7000-8000-000000000001")
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", code.path)}
    last = code.size - 5
    assert min(min(place) for place in dark) == 4
    assert max(max(place) for place in dark) == last
    for left, top in ((4, 4), (last - 6, 4), (4, last - 6)):
        assert {(left + step, top) for step in range(7)} | {(left, top + step) for step in range(7)} <= dark
        assert (left + 1, top + 1) not in dark
    assert qr_code("http://open-impact.test/ideas/01980000-0000-7000-8000-000000000002") != code
