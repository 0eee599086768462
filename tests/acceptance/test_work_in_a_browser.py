"""Work before joining and voting, in a real Chromium: done in a worker within seconds, and explained without scripts."""

import tempfile
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from playwright.async_api import expect

from ops.faults.instance import running
from tests.acceptance.browsing import the_address_of_an_idea, the_newest_letter, without_violation

pytestmark = pytest.mark.asyncio

PATIENCE_MS = 60_000
"""Another test may have the machine to itself meanwhile."""
SOMEWHERE = "203.0.112.9"
TRUSTED = "127.0.0.0/8,::1/128"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site():
    """Run a demo which takes this machine's word for where people come from."""
    with tempfile.TemporaryDirectory(prefix="open impact ", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder), "--demo", settings={"trusted_proxies": TRUSTED}) as instance:
            yield instance


async def the_name_is_asked(chromium, site, page, email, next_path="/"):
    """Ask for a link, read its code in another window of this very machine, and type it."""
    home = f"http://localhost:{site.port}"
    await page.goto(f"{home}/sign-in?next={next_path}")
    await page.get_by_label("Your e-mail address").fill(email)
    await page.get_by_role("button", name="Send me a link").click()
    reading = await chromium.new_page()
    await the_newest_letter(reading, home, email)
    code = await reading.locator(".sheet strong").inner_text()
    await reading.close()
    await page.get_by_label("Or type the code from the mail").fill(code)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_label("Your name, as others see it").fill("Wanda Worker")


async def has_become_risky(site):
    """Have a wave of votes come from all networks that anybody joined from, and wait until every process knows."""
    connection = await asyncpg.connect(site.database_url())
    try:
        while not await connection.fetchval("SELECT count(*) FROM vote_origins"):
            await connection.execute("SELECT pg_sleep(0.1)")
        await connection.execute(
            "INSERT INTO risky_networks SELECT DISTINCT network, now() + interval '1 hour' FROM vote_origins"
        )
    finally:
        await connection.close()


async def test_a_browser_does_the_work_and_goes_on(chromium, site, web):
    """A throw-away address joins and, once there was a wave from the network, votes: each after a moment's work."""
    context = await chromium.new_context(
        viewport={"width": 375, "height": 800}, extra_http_headers={"x-forwarded-for": SOMEWHERE}
    )
    page = await context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    idea = await the_address_of_an_idea(web)
    await the_name_is_asked(chromium, site, page, "wanda@mailinator.com", idea)
    async with page.expect_request("**/static/dist/work-worker-*.js"):
        await page.get_by_role("button", name="Create my account").click()
    await expect(page).to_have_url(f"http://localhost:{site.port}{idea}", timeout=PATIENCE_MS)
    await has_become_risky(site)
    for _ in range(50):
        async with page.expect_navigation():
            await page.get_by_role("button", name="Support this").click()
        if await page.get_by_role("heading", name="One moment").count():
            break
        await expect(page.get_by_text("You support this.")).to_be_visible(timeout=PATIENCE_MS)
        await page.get_by_role("button", name="Take it back").click()
        await page.wait_for_timeout(200)
    else:
        pytest.fail("No work was asked for.")
    await expect(page.get_by_text("You support this.")).to_be_visible(timeout=PATIENCE_MS)
    assert errors == []
    await context.close()


async def test_without_scripts_the_page_says_how_to_wait(chromium, site):
    """With JavaScript off, the page says when to press its button, and says so again when it was pressed too early."""
    for width, theme in ((375, "dark"), (1280, "light")):
        page = await chromium.new_page(
            java_script_enabled=False, viewport={"width": width, "height": 800}, color_scheme=theme
        )
        await the_name_is_asked(chromium, site, page, f"patient{width}@mailinator.com")
        await page.get_by_role("button", name="Create my account").click()
        await expect(page.get_by_text("so please wait 3 minutes")).to_be_visible()
        await page.get_by_role("button", name="Go on").click()
        await expect(page.get_by_text("That was too early.")).to_be_visible()
        await page.close()


async def test_where_no_sum_can_be_done_the_page_can_be_read(chromium, site):
    """Where the browser has no means to compute, the page stays as it is without scripts, and axe finds nothing."""
    page = await chromium.new_page(viewport={"width": 375, "height": 800})
    await page.add_init_script("delete window.Worker")
    await the_name_is_asked(chromium, site, page, "old-phone@mailinator.com")
    await page.get_by_role("button", name="Create my account").click()
    await expect(page.get_by_text("so please wait 3 minutes")).to_be_visible()
    await expect(page.get_by_role("progressbar")).to_have_count(0)
    await without_violation(page)
    await page.close()
