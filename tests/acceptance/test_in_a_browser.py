"""The running site in a real Chromium: axe-core finds nothing, and nothing is missing without JavaScript."""

import shutil

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: the site is not seen in a browser."
    ),
]

ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
AXE = Axe()
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser():
    """Start one Chromium for all tests here."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


async def the_address_of_an_idea(web):
    """Give the path of the idea with the most votes."""
    board = await web.get("/api/v1/ideas", params={"sort": "votes", "limit": 1})
    return f"/ideas/{board.json()['items'][0]['idea_id']}"


async def test_board_and_idea_have_no_violation_and_no_complaint(browser, site, web):
    """On a phone and on a desk, in both themes, axe finds nothing; the browser loads all and reports no error."""
    complaints = []
    for width, theme in ((375, "dark"), (1280, "light")):
        page = await browser.new_page(
            viewport={"width": width, "height": 800}, color_scheme=theme, reduced_motion="reduce"
        )
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        for path in ("/", await the_address_of_an_idea(web)):
            answer = await page.goto(f"http://localhost:{site.port}{path}")
            assert answer.status == 200
            results = await AXE.run(page, options=AXE_OPTIONS)
            assert results.violations_count == 0, f"{path}, {width} px, {theme}: {results.generate_report()}"
        await page.close()
    assert complaints == []


async def test_everything_works_without_javascript(browser, site):
    """With JavaScript off: search on the board, open what was found, and read it."""
    page = await browser.new_page(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    await page.goto(f"http://localhost:{site.port}/")
    first = page.locator(".cards a[href^='/ideas/']").first
    title = (await first.text_content()).strip()
    await page.fill("#q", title)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/?*q=*")
    await page.locator(".cards a", has_text=title).first.click()
    await page.wait_for_url("**/ideas/*")
    assert (await page.locator("h1").text_content()).strip() == title
    assert await page.locator(".prose").first.is_visible()
    await page.close()
