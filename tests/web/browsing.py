"""Example pages in a real Chromium: answered inside the browser's own network layer, so any request beyond is noticed."""

import shutil
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.base import AxeResults

from app.http.envelope import PAGE_POLICY
from app.web.built_files import STATIC
from app.web.templating import environment
from projections.language import ENGLISH, speaking
from tests.web.examples import PAGES

CHROMIUM = shutil.which("chromium")
IN_CHROMIUM = [
    pytest.mark.asyncio,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: the pages are not seen in a browser."
    ),
]

ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
LINKS = "a:not(.skip, p a, dd a), .when a"
PRIMARY = "button, input:not([type=hidden]), select, summary, .button, nav a, .tag.on, .mark"
SMALL = """(elements, least) => elements
    .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < least)
    .map((one) => `${one.textContent.trim()}: ${one.getBoundingClientRect().height}`)"""
SITE = "http://open-impact.test"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
ENVIRONMENT = environment()
ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""The rules of axe-core, and those that depend on colours."""


@dataclass
class Seen:
    """A page in a browser, and what it complained of or asked for in vain."""

    page: object
    complaints: list = field(default_factory=list)

    async def turn_to(self, name, *, width, theme="light", spoken=ENGLISH):
        """Show an example page in a window of this width and theme."""
        template, model = PAGES[name]
        with speaking(spoken):
            self.html = ENVIRONMENT.get_template(template).render(page=model)
        await self.become(width=width, theme=theme)
        await self.page.goto(f"{SITE}/{name}")

    async def become(self, *, width, theme="light"):
        """Give the window this width and theme, with whatever it shows."""
        await self.page.set_viewport_size({"width": width, "height": 800})
        await self.page.emulate_media(color_scheme=theme)

    async def examined(self, rules):
        """Give what axe finds by these rules on the page as it now is; it must have been loaded into it."""
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        return AxeResults(await self.page.evaluate("(options) => axe.run(options)", options))

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

    async def fits(self):
        """Make sure that the page never scrolls sideways at 320 px or with text twice as large, and fits fingers.

        Controls and links outside of running text are at least 24 px high; buttons, fields and menus 44 px. The text stays large.
        """
        await self.become(width=320)
        assert await self.overflow() <= 0, "320 px"
        await self.become(width=375)
        await self.page.evaluate(
            "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
        )
        assert await self.page.eval_on_selector_all(LINKS, SMALL, 24) == []
        assert await self.page.eval_on_selector_all(PRIMARY, SMALL, 44) == []
        await self.page.evaluate(
            "document.querySelectorAll('details').forEach((one) => { one.open = false; })"
        )
        await self.become(width=640)
        await self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert await self.overflow() <= 0, "text at 200 %"
