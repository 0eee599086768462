"""Every page in a real Chromium fits a narrow window in a language that is written from the right.

That it fits narrow and zoomed windows in English, and fingers, is seen where it is examined: `test_axe_in_browser`.
"""

import pytest

from tests.pseudo import PSEUDO
from tests.web.browsing import IN_CHROMIUM
from tests.web.examples import PAGES

pytestmark = IN_CHROMIUM


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_fits_its_window_from_the_right(seen, name):
    """It never scrolls sideways at 320 px."""
    await seen.turn_to(name, width=320, spoken=PSEUDO)
    assert await seen.overflow() <= 0
