"""Pages that are open in a real browser move with what others do, and have missed nothing after they were cut off."""

import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import sign_in
from tests.acceptance.people import an_idea

pytestmark = pytest.mark.asyncio


@pytest.fixture
def logged(web, newcomer):
    """Log an idea of somebody's, and give its address for programs and how others act on it."""

    async def make(by, title):
        author = await newcomer(by, "ideas:write")
        answer = await web.post("/api/v1/ideas", json=an_idea(title), headers=author.headers)
        return author, f"/api/v1/ideas/{answer.json()['idea_id']}", f"/ideas/{answer.json()['idea_id']}"

    return make


async def test_an_open_page_moves_and_misses_nothing(chromium, site, web, newcomer, logged):
    """Votes move on the page by themselves; what happened while it was cut off is there when it comes back."""
    author, address, path = await logged("Lena", "An evening minibus for the estate")
    voters = [await newcomer(name, "votes:write") for name in ("Vera", "Walter", "Xenia")]
    context = await chromium.new_context(viewport={"width": 375, "height": 800})
    page = await context.new_page()
    await page.goto(f"http://localhost:{site.port}{path}")
    tally = page.locator(".tally")
    await expect(tally).to_have_text("Nobody has supported this yet", use_inner_text=True)

    await web.put(f"{address}/vote", headers=voters[0].headers)
    await expect(tally).to_have_text("1 person supports this", use_inner_text=True)

    await context.set_offline(True)
    for voter in voters[1:]:
        await web.put(f"{address}/vote", headers=voter.headers)
    await web.post(f"{address}/withdraw", json={"reason": "The bus runs again."}, headers=author.headers)
    await context.set_offline(False)
    await expect(tally).to_have_text("3 people support this", use_inner_text=True, timeout=20_000)
    await expect(page.locator("#head")).to_contain_text("The bus runs again.", timeout=20_000)
    await context.close()


async def test_the_board_moves_too(chromium, site, web, newcomer, logged):
    """A card on the board counts a vote that somebody else casts."""
    _, address, path = await logged("Mona", "A repair afternoon in the library")
    voter = await newcomer("Yusuf", "votes:write")
    page = await chromium.new_page()
    await page.goto(f"http://localhost:{site.port}/?sort=newest")
    card = page.locator(".card", has=page.locator(f"a[href='{path}']"))
    await web.put(f"{address}/vote", headers=voter.headers)
    await expect(card.locator(".votes .number")).to_have_text("1")
    await expect(card.locator("[data-words]")).to_have_text("person supports this")
    await page.close()


async def test_one_tap_on_a_card_is_a_vote(chromium, site, web, logged):
    """Somebody who is signed in supports an idea from the board and takes it back, and never leaves the board."""
    _, _, path = await logged("Nora", "A shelf of tools to lend")
    home = f"http://localhost:{site.port}"
    page = await chromium.new_page()
    await sign_in(page, home, "tapper@example.org", "Tapper Example (sample)")
    await page.goto(f"{home}/?sort=newest")
    card = page.locator(".card", has=page.locator(f"a[href='{path}']"))
    button = card.locator("button.vote")
    await expect(button).to_have_attribute("aria-pressed", "false")
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", "true")
    await expect(card.locator(".votes")).to_contain_text("person supports this")
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", "false")
    await expect(card.locator(".votes")).to_contain_text("Nobody has supported this yet")
    assert page.url == f"{home}/?sort=newest"
    await page.close()
