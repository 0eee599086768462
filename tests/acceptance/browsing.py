"""People who use the running site in a real Chromium, and what holds for every page they see."""

import shutil

from axe_playwright_python.async_playwright import Axe

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
AXE = Axe()
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


async def without_violation(page):
    """Hold that axe finds nothing on a page."""
    results = await AXE.run(page, options=AXE_OPTIONS)
    where = f"{page.url}, {page.viewport_size}"
    assert results.violations_count == 0, f"{where}: {results.generate_report()}"


async def the_address_of_an_idea(web):
    """Give the path of the idea with the most votes."""
    board = await web.get("/api/v1/ideas", params={"sort": "votes", "limit": 1})
    return f"/ideas/{board.json()['items'][0]['idea_id']}"


async def the_newest_letter(page, home, to="", subject=""):
    """Open the newest message, to an address and on a subject if they are given; it arrives within a second or two."""
    for _ in range(50):
        await page.goto(f"{home}/dev/mailbox")
        letters = page.locator("ul.rows li", has_text=to).locator("a", has_text=subject)
        if await letters.count():
            await letters.first.click()
            return
        await page.wait_for_timeout(200)
    raise AssertionError("No letter came.")
