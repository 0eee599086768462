"""Our faces come after the words are there, and nothing moves when they do: in a real Chromium that holds them back."""

import asyncio

import pytest
from playwright.async_api import async_playwright

from app.web.built_files import STATIC, built_files
from app.web.templating import FACES
from tests.web.browsing import ARGUMENTS, CHROMIUM, ENVIRONMENT, IN_CHROMIUM, SITE, TYPES
from tests.web.examples import PAGES

pytestmark = IN_CHROMIUM

WATCH = """
    window.moved = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.moved += entry.value; })
        .observe({ type: "layout-shift", buffered: true });
"""
PAINTED = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
)
COME = "[...document.fonts].filter((one) => one.status === 'loaded' && !one.family.includes('until')).length"
"""How many of our faces have come."""


@pytest.mark.parametrize("width", [375, 1280])
async def test_nothing_moves_when_the_faces_come(width):
    """What stands in has their measure: the first view of a board hardly shifts; without it, it does by twenty times as much."""
    template, board = PAGES["board"]
    html = ENVIRONMENT.get_template(template).render(page=board)
    come, asked = asyncio.Event(), set()

    async def answer(route):
        address = route.request.url.split("?")[0]
        if not address.startswith(f"{SITE}/static/"):
            await route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        file = STATIC / address.removeprefix(f"{SITE}/static/")
        if file.suffix == ".woff2":
            asked.add(f"dist/{file.name}")
            await come.wait()
        await route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": width, "height": 800})
        await page.add_init_script(WATCH)
        await page.route("**/*", answer)
        await page.goto(SITE, wait_until="domcontentloaded")
        await page.evaluate(PAINTED)
        assert await page.evaluate("document.fonts.status") == "loading"
        come.set()
        await page.evaluate("async () => { await document.fonts.ready; }")
        await page.evaluate(PAINTED)
        assert await page.evaluate(COME) == 2
        assert await page.evaluate("window.moved") < 0.002
        assert asked == {built_files()[face] for face in FACES}, "the whole faces are for other letters"
        await browser.close()
