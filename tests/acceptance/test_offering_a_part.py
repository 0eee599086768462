"""An offerer registers an organisation and offers a part that an idea lacks: in a real Chromium, with scripts and without."""

import pytest
from playwright.async_api import expect

from app.access.scopes import SCOPES
from tests.acceptance.browsing import in_either_theme, sign_in
from tests.acceptance.people import an_idea

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_an_offerer_registers_and_offers_a_part(chromium, site, web, newcomer, scripts):
    """From the need on an idea's page to an offer in the organisation's name, seen first, sent, and known to the API."""
    home = f"http://localhost:{site.port}"
    name = "Ferry Workshop" if scripts else "Harbour Workshop"
    author = await newcomer(f"lacking.{name.split(maxsplit=1)[0]}", *SCOPES)
    logged = await web.post("/api/v1/ideas", json=an_idea(f"A lift for {name}"), headers=author.headers)
    address = f"/ideas/{logged.json()['idea_id']}"
    need = {
        "kind": "software",
        "title": "A rota of drivers",
        "cost": {"amount_minor": 200_000, "currency": "GBP"},
    }
    added = await web.post(f"/api/v1{address}/needs", json=need, headers=author.headers)
    assert added.status_code == 201, added.text
    context = await chromium.new_context(
        viewport={"width": 375, "height": 760}, java_script_enabled=scripts, reduced_motion="reduce"
    )
    page = await context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    await sign_in(page, home, f"{name.replace(' ', '.').lower()}@example.org", f"Offerer of {name}")
    await page.goto(f"{home}/organisations/new")
    await page.get_by_label("What people call it").fill(name)
    await page.get_by_label("Make offers for it").check()
    await page.get_by_role("button", name="Register it").click()
    await expect(page.get_by_text("It is registered, and you administer it.")).to_be_visible()

    await page.goto(f"{home}{address}")
    await page.get_by_role("link", name="Offer a part", exact=True).click()
    await page.get_by_label("A rota of drivers").check()
    await page.get_by_label("For whom do you offer it?").select_option(name)
    await page.get_by_label("What is it, in a line?").fill("The rota of the ferry")
    await page.get_by_label("What is it today?").fill("Twelve people take turns with it.")
    await page.get_by_label("What does it cost to adapt?").fill("150")
    await page.get_by_label("How many weeks does it take?").fill("3")
    await page.get_by_role("button", name="See what it covers").click()
    await expect(page.get_by_text("Nothing is sent yet.")).to_be_visible()
    if scripts:
        await in_either_theme(page)
    await page.get_by_role("button", name="Offer it", exact=True).click()
    await expect(page.get_by_role("heading", name="The rota of the ferry")).to_be_visible()
    await expect(page.get_by_text(name).first).to_be_visible()
    if scripts:
        await in_either_theme(page)
    offers = await web.get(f"/api/v1{address}/offers")
    assert offers.status_code == 200
    assert [one["offer_id"] for one in offers.json()["items"]] == [
        page.url.partition("?")[0].rpartition("/")[2]
    ]
    assert complaints == []
    await context.close()
