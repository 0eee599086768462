"""Every page in a real Chromium is examined by axe-core in both themes, under the strict policy of all pages."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.web.browsing import ALL, IN_CHROMIUM, OF_COLOURS
from tests.web.examples import PAGES

pytestmark = IN_CHROMIUM
VARIANTS = (
    (375, "light", ALL),
    (375, "dark", OF_COLOURS),
    (1280, "light", ALL),
    (1280, "dark", OF_COLOURS),
)


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_has_no_violation_and_asks_for_nothing_else(seen, name):
    """Axe finds nothing in either theme on a phone and on a desk, the strict policy is never touched, and all of it fits.

    In the dark it looks at colours alone: they are all that the theme changes, see `test_colours`.
    """
    await seen.turn_to(name, width=375)
    await seen.page.evaluate(AXE_SCRIPT)
    for width, theme, rules in VARIANTS:
        await seen.become(width=width, theme=theme)
        results = await seen.examined(rules)
        assert results.violations_count == 0, f"{width} px, {theme}: {results.generate_report()}"
    assert seen.complaints == []
    await seen.fits()


@pytest.mark.parametrize(("theme", "rules"), [("light", ALL), ("dark", OF_COLOURS)], ids=["light", "dark"])
async def test_words_that_cannot_be_read_are_found_in_either_theme(seen, theme, rules):
    """With the ink of a theme made as pale as its paper, what is asked of axe in that theme tells of it."""
    await seen.turn_to("about", width=375)
    await seen.page.evaluate(AXE_SCRIPT)
    await seen.become(width=375, theme=theme)
    await seen.page.evaluate("document.documentElement.style.setProperty('--ink', 'var(--paper)')")
    found = await seen.examined(rules)
    assert "color-contrast" in {one["id"] for one in found.response["violations"]}
