"""Without a connection, pages that were seen can be read and say that they may be old; others say that there is none."""

import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import sign_in, the_address_of_an_idea, without_violation

pytestmark = pytest.mark.asyncio

READY = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
KEPT = """async () => {
  const kept = await (await caches.open("pages-1")).keys();
  return kept.map(({ url }) => new URL(url).pathname).sort();
}"""

OFFLINE_IN_WELSH = """async () => {
  const page = await (await caches.open("pages-1")).match("/offline", { ignoreVary: true });
  return page.headers.get("content-language") === "cy";
}"""


@pytest.fixture
def home(site):
    """Give the address of the running site."""
    return f"http://localhost:{site.port}"


async def test_a_page_that_was_seen_is_there_without_a_connection(chromium, home, web):
    """An idea is read again offline, with a notice; a page never seen is the offline page, which lists the idea."""
    idea = await the_address_of_an_idea(web)
    context = await chromium.new_context(viewport={"width": 375, "height": 800})
    page = await context.new_page()
    await page.goto(f"{home}{idea}")
    title = await page.locator("h1").inner_text()
    await page.wait_for_function(READY)
    linked = page.locator('link[rel="manifest"]')
    await expect(linked).to_have_attribute("href", "/en/manifest.webmanifest")
    await page.goto(f"{home}/")
    await expect(page.get_by_text("You are offline.")).to_have_count(0)

    await context.set_offline(True)
    await page.goto(f"{home}{idea}")
    await expect(page.locator("h1")).to_have_text(title, use_inner_text=True)
    await expect(page.get_by_role("status").filter(has_text="You are offline.")).to_contain_text(
        "may have changed"
    )
    await without_violation(page)

    await page.goto(f"{home}/funders")
    await expect(page.locator("h1")).to_have_text("You are offline")
    await expect(page.locator("[data-kept-pages]").get_by_role("link", name=title)).to_be_visible()
    await without_violation(page)

    await context.set_offline(False)
    await page.goto(f"{home}{idea}")
    await expect(page.get_by_text("You are offline.")).to_have_count(0)
    await context.close()


async def test_whoever_reads_in_welsh_is_told_in_welsh(chromium, home, web):
    """A page is kept under its own address in the language it was read in; so is the page that there is no connection."""
    idea = await the_address_of_an_idea(web)
    context = await chromium.new_context(viewport={"width": 375, "height": 800})
    page = await context.new_page()
    await page.goto(f"{home}/about")
    await page.wait_for_function(READY)
    await page.goto(f"{home}/cy{idea}")
    await page.wait_for_function(f"async () => (await ({KEPT})()).includes('{idea}')")
    await page.wait_for_function(OFFLINE_IN_WELSH)

    await context.set_offline(True)
    for address in (idea, f"/cy{idea}"):
        await page.goto(home + address)
        await expect(page.get_by_role("status").filter(has_text="Rydych all-lein.")).to_contain_text(
            "efallai ei bod wedi newid"
        )
    await page.goto(f"{home}/cy/funders")
    await expect(page.locator("h1")).to_have_text("Rydych all-lein")
    await without_violation(page)
    await context.close()


async def test_what_one_person_alone_may_see_is_not_kept(chromium, home, web):
    """Pages seen while signed in are gone without a connection, and so is everything of the account."""
    idea = await the_address_of_an_idea(web)
    context = await chromium.new_context(viewport={"width": 375, "height": 800})
    page = await context.new_page()
    await sign_in(page, home, "traveller@example.org", "Traveller Example (sample)")
    await page.wait_for_function(READY)
    await page.goto(f"{home}/me")
    await page.goto(f"{home}{idea}")
    await expect(page.locator("header .visitor")).to_have_text("Traveller Example (sample)")

    assert await page.evaluate(KEPT) == ["/offline"]
    await context.set_offline(True)
    await page.goto(f"{home}{idea}")
    await expect(page.locator("h1")).to_have_text("You are offline")
    await context.close()
