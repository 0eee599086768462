"""A voter finds an idea, supports it, shares it and takes the support back: in a real Chromium, with scripts and without."""

import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import in_either_theme, sign_in
from tests.acceptance.people import an_idea

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_voter_finds_an_idea_supports_it_and_takes_it_back(chromium, site, web, newcomer, scripts):
    """Found by its words, supported with one tap, counted in the API, seen with how to share it, and taken back."""
    home = f"http://localhost:{site.port}"
    name, word = ("Sunniva", "skiff") if scripts else ("Torvald", "yawl")
    author = await newcomer(f"Author of {name}".replace(" ", "."), "ideas:write")
    title = f"Lend the {word} to whoever rows to the island"
    logged = await web.post("/api/v1/ideas", json=an_idea(title), headers=author.headers)
    address = f"/api/v1/ideas/{logged.json()['idea_id']}"
    context = await chromium.new_context(
        viewport={"width": 375, "height": 760}, java_script_enabled=scripts, reduced_motion="reduce"
    )
    page = await context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    await sign_in(page, home, f"{name.lower()}@example.org", f"{name} Voter")
    await page.goto(home)
    await page.get_by_role("searchbox").first.fill(word)
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name=title, exact=True).click()
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    await page.get_by_role("button", name="Support this").click()
    await expect(page.get_by_text("You support this.")).to_be_visible()
    assert (await web.get(address)).json()["votes"] == 1
    await expect(page.locator("#share")).to_contain_text("Share")
    if scripts:
        await in_either_theme(page)
    await page.reload()
    await page.get_by_role("button", name="Take it back").click()
    await expect(page.get_by_role("button", name="Support this")).to_be_visible()
    assert (await web.get(address)).json()["votes"] == 0
    assert complaints == []
    await context.close()
