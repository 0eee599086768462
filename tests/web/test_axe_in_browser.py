"""Every page in a real Chromium is examined by axe-core in both themes, under the strict policy of all pages."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.web.browsing import ALL, IN_CHROMIUM, OF_COLOURS
from tests.web.examples import PAGES

pytestmark = IN_CHROMIUM


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_has_no_violation_and_asks_for_nothing_else(seen, name):
    """Axe finds nothing in either theme on a phone and on a desk, and the strict policy is never touched.

    In the dark it looks at colours alone: they are all that the theme changes, see `test_colours`.
    """
    await seen.turn_to(name, width=375)
    await seen.page.evaluate(AXE_SCRIPT)
    for width, theme, rules in ((375, "light", ALL), (1280, "light", ALL), (1280, "dark", OF_COLOURS)):
        await seen.become(width=width, theme=theme)
        results = await seen.examined(rules)
        assert results.violations_count == 0, f"{width} px, {theme}: {results.generate_report()}"
    assert seen.complaints == []
