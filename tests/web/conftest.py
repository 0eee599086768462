"""A window of a real browser for the example pages."""

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from tests.web.browsing import ARGUMENTS, CHROMIUM, Seen


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window():
    """Open one window in one Chromium for all tests here; it notices what goes wrong in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(reduced_motion="reduce")
        seen = Seen(page)
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        await page.route("**/*", seen.answer)
        yield seen
        await browser.close()


@pytest.fixture
def seen(window):
    """Begin without earlier complaints."""
    window.complaints.clear()
    return window
