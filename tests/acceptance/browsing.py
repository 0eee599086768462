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

FOCUSED = """() => {
    const one = document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    const ofTheBrowser = one === document.body || one.type === "date";
    return [(one.labels?.[0] ?? one).textContent.trim(), ofTheBrowser || (outlined && one.checkVisibility())];
}"""
"""What has the focus is called, and whether it has an outline of two pixels or more.

The window itself has none, and the parts of a date are marked by the browser.
"""


async def without_violation(page):
    """Hold that axe finds nothing on a page."""
    results = await AXE.run(page, options=AXE_OPTIONS)
    where = f"{page.url}, {page.viewport_size}"
    assert results.violations_count == 0, f"{where}: {results.generate_report()}"


async def in_either_theme(page):
    """Hold that axe finds nothing on a page in the dark theme and in the light one."""
    for theme in ("dark", "light"):
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await without_violation(page)


async def tab_to(page, label, key="Tab"):
    """Press Tab, or another key, until what is called so has the focus; wherever it stops, it can be seen."""
    for _ in range(80):
        await page.keyboard.press(key)
        said, seen = await page.evaluate(FOCUSED)
        assert seen, f"The focus on {said!r} cannot be seen."
        if said.startswith(label):
            return
    raise AssertionError(f"{label!r} cannot be reached by {key}.")


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


async def sign_in(page, home, email, name):
    """Sign somebody in by mail who had no account before."""
    await page.goto(f"{home}/sign-in")
    await page.get_by_label("Your e-mail address").fill(email)
    await page.get_by_role("button", name="Send me a link").click()
    await page.get_by_role("link", name="open the mailbox").click()
    await the_newest_letter(page, home, to=email, subject="Sign in to Open Impact")
    await page.get_by_role("link", name="Sign in to Open Impact").click()
    await page.get_by_role("button", name="Sign me in").click()
    await page.get_by_label("Your name, as others see it").fill(name)
    await page.get_by_role("button", name="Create my account").click()
