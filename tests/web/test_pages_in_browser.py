"""Every page in a real Chromium: axe-core, narrow and zoomed windows, right to left, keyboard, and a strict policy.

Pages are answered inside the browser's own network layer, so any request for something else is noticed.
"""

import shutil
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.async_api import async_playwright

from app.http.envelope import PAGE_POLICY
from app.web.built_files import STATIC
from app.web.templating import environment
from app.web.views import Visitor
from tests.web.examples import PAGES

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: the pages are not seen in a browser."
    ),
]

ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SITE = "http://open-impact.test"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
ENVIRONMENT = environment()
AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@dataclass
class Seen:
    """A page in a browser, and what it complained of or asked for in vain."""

    page: object
    complaints: list = field(default_factory=list)

    async def turn_to(self, name, *, width, theme="light", direction="ltr"):
        """Show an example page in a window of this width and theme."""
        template, model = PAGES[name]
        self.html = ENVIRONMENT.get_template(template).render(page=model, direction=direction)
        await self.become(width=width, theme=theme)
        await self.page.goto(f"{SITE}/{name}")

    async def become(self, *, width, theme="light"):
        """Give the window this width and theme, with whatever it shows."""
        await self.page.set_viewport_size({"width": width, "height": 800})
        await self.page.emulate_media(color_scheme=theme)

    async def examined(self):
        """Give what axe finds on the page as it now is; it must have been loaded into it."""
        return AxeResults(await self.page.evaluate("(options) => axe.run(options)", AXE_OPTIONS))

    async def answer(self, route):
        """Answer for the site; anything beyond it is refused and remembered."""
        address = route.request.url.split("?")[0]
        file = STATIC / address.removeprefix(f"{SITE}/static/")
        if address.startswith(f"{SITE}/static/") and file.is_file():
            await route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif address.removeprefix(f"{SITE}/") in PAGES:
            headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": PAGE_POLICY}
            await route.fulfill(body=self.html, headers=headers)
        else:
            self.complaints.append(f"asked for {address}")
            await route.abort()

    async def overflow(self):
        """Give how many pixels the page is wider than its window."""
        return await self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


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


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_has_no_violation_and_asks_for_nothing_else(seen, name):
    """Axe finds nothing in either theme on a phone and on a desk, and the strict policy is never touched."""
    await seen.turn_to(name, width=375)
    await seen.page.evaluate(AXE_SCRIPT)
    for width, theme in ((375, "light"), (375, "dark"), (1280, "light"), (1280, "dark")):
        await seen.become(width=width, theme=theme)
        results = await seen.examined()
        assert results.violations_count == 0, f"{width} px, {theme}: {results.generate_report()}"
    assert seen.complaints == []


@pytest.mark.parametrize("name", PAGES)
async def test_a_page_never_scrolls_sideways(seen, name):
    """At 320 px, in either direction of writing, and with text twice as large, everything fits the width."""
    for direction in ("ltr", "rtl"):
        await seen.turn_to(name, width=320, direction=direction)
        assert await seen.overflow() <= 0, f"320 px, {direction}"
    await seen.turn_to(name, width=640)
    await seen.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert await seen.overflow() <= 0, "text at 200 %"


@pytest.mark.parametrize("name", PAGES)
async def test_whatever_can_be_tapped_is_large_enough(seen, name):
    """Controls and links outside of running text are at least 24 px high; buttons, fields and menus 44 px."""
    await seen.turn_to(name, width=375)
    await seen.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    small = """(elements, least) => elements
        .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < least)
        .map((one) => `${one.textContent.trim()}: ${one.getBoundingClientRect().height}`)"""
    links = "a:not(.skip, p a, dd a), .when a"
    assert await seen.page.eval_on_selector_all(links, small, 24) == []
    primary = "button, input:not([type=hidden]), select, summary, .button, nav a, .tag.on, .mark"
    assert await seen.page.eval_on_selector_all(primary, small, 44) == []


async def test_the_header_of_a_phone_is_one_row(seen):
    """At 320 px the sign and the navigation stand beside each other."""
    await seen.turn_to("board", width=320)
    header = await seen.page.locator("header.top").bounding_box()
    assert header["height"] <= 72


async def test_the_header_of_a_phone_is_one_row_for_who_is_signed_in(seen):
    """With a name and news to count there is still one row, because the sign alone stands for the mark."""
    template, model = PAGES["notices"]
    for width in (320, 375, 390):
        await seen.turn_to("notices", width=width)
        visitor = Visitor(name="Rosa Sample-Longname", unread=12)
        seen.html = ENVIRONMENT.get_template(template).render(page=model, visitor=visitor)
        await seen.page.reload()
        header = await seen.page.locator("header.top").bounding_box()
        assert header["height"] <= 72, width


async def test_the_keyboard_alone_is_enough(seen):
    """The first Tab shows the way past the header, Enter takes it, and the next Tab is inside the content."""
    await seen.turn_to("board", width=1280)
    await seen.page.keyboard.press("Tab")
    skip = seen.page.locator(".skip")
    assert (await skip.bounding_box())["y"] >= 0
    assert await skip.evaluate("(link) => getComputedStyle(link).outlineStyle") == "solid"
    await seen.page.keyboard.press("Enter")
    await seen.page.keyboard.press("Tab")
    assert await seen.page.evaluate("document.querySelector('main').contains(document.activeElement)")


async def test_the_choices_of_the_board_need_no_unfolding_on_a_desk(seen):
    """Theme, place and stage are in sight where there is room, and one tap away on a phone."""
    await seen.turn_to("board", width=1280)
    assert await seen.page.locator("#theme").is_visible()
    await seen.turn_to("board", width=375)
    assert not await seen.page.locator("#theme").is_visible()
    await seen.page.locator("summary").click()
    assert await seen.page.locator("#theme").is_visible()


async def test_the_vote_comes_before_the_texts_on_a_phone(seen):
    """Support stands between the head of an idea and its texts, and beside them on a desk."""
    await seen.turn_to("idea", width=375)
    support, texts = (seen.page.locator(part) for part in (".support", ".idea-body"))
    assert (await support.bounding_box())["y"] < (await texts.bounding_box())["y"]
    await seen.turn_to("idea", width=1280)
    assert (await support.bounding_box())["x"] > (await texts.bounding_box())["x"]
