"""Every page in a real Chromium fits narrow and zoomed windows in both directions of writing, and fingers."""

import pytest

from tests.pseudo import PSEUDO
from tests.web.browsing import IN_CHROMIUM
from tests.web.examples import PAGES

pytestmark = IN_CHROMIUM

LINKS = "a:not(.skip, p a, dd a), .when a"
PRIMARY = "button, input:not([type=hidden]), select, summary, .button, nav a, .tag.on, .mark"
SMALL = """(elements, least) => elements
    .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < least)
    .map((one) => `${one.textContent.trim()}: ${one.getBoundingClientRect().height}`)"""


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_fits_its_window_and_fingers(seen, name):
    """It never scrolls sideways at 320 px or with text twice as large, and whatever can be tapped is large enough.

    Controls and links outside of running text are at least 24 px high; buttons, fields and menus 44 px.
    """
    await seen.turn_to(name, width=320, spoken=PSEUDO)
    assert await seen.overflow() <= 0, "320 px, right to left"
    await seen.turn_to(name, width=320)
    assert await seen.overflow() <= 0, "320 px"
    await seen.become(width=375)
    await seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert await seen.page.eval_on_selector_all(LINKS, SMALL, 24) == []
    assert await seen.page.eval_on_selector_all(PRIMARY, SMALL, 44) == []
    await seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = false; })")
    await seen.become(width=640)
    await seen.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert await seen.overflow() <= 0, "text at 200 %"
