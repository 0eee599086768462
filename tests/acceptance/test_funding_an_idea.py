"""A funder says what it is open to, sees what fits and why, and pledges on conditions: in a real Chromium."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import expect

from app.access.scopes import SCOPES
from tests.acceptance.browsing import in_either_theme, sign_in, tab_to
from tests.acceptance.people import an_idea

pytestmark = pytest.mark.asyncio

PHONE = {"width": 375, "height": 760}
IN_A_MONTH = datetime.now(UTC) + timedelta(days=30)
PATIENCE = 60


def pounds(amount):
    """Give whole pounds."""
    return {"amount_minor": amount * 100, "currency": "GBP"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pool_of(web, newcomer):
    """Give a way to have somebody log an idea in Orkney and open a pool for it; gives the addresses of both."""
    author = await newcomer("Olive", *SCOPES)

    async def send(path, body):
        answer = await web.post(f"/api/v1{path}", json=body, headers=author.headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def make(title):
        idea_id = (await send("/ideas", {**an_idea(title), "themes": ["SDG3"], "places": ["GB-ORK"]}))[
            "idea_id"
        ]
        asked = {"minimum": pounds(8_000), "target": pounds(20_000), "deadline": IN_A_MONTH.isoformat()}
        pool_id = (await send(f"/ideas/{idea_id}/pool", asked))["pool_id"]
        return f"/ideas/{idea_id}", f"/pools/{pool_id}"

    return make


async def register(page, home, name):
    """Register an organisation whose money one may commit."""
    await page.goto(f"{home}/organisations/new")
    await page.get_by_label("What people call it").fill(name)
    await page.get_by_label("Commit its money").check()
    await page.get_by_role("button", name="Register it").click()
    await expect(page.get_by_text("It is registered, and you administer it.")).to_be_visible()


async def publish(page, home, name, *, scripts):
    """Say what the organisation is open to, in Orkney alone."""
    await page.goto(f"{home}/mandates/new")
    # Whoever has just registered an organisation may be there before those who list it.
    for _ in range(PATIENCE):
        if await page.get_by_label("Whose money is it?").count():
            break
        await page.wait_for_timeout(500)
        await page.reload()
    await page.get_by_label("Whose money is it?").select_option(name)
    await page.get_by_label("What do you call it?").fill(f"Getting about in Orkney, says {name}")
    await page.get_by_label("Find a place").fill("orkney")
    if scripts:
        await page.get_by_role("option", name="Orkney").first.click()
    else:
        await page.get_by_role("button", name=re.compile("Find.*Places")).click()
        await page.get_by_label("Orkney").first.check()
    for label, amount in (("At least for one idea", "500"), ("At most for one idea", "5,000")):
        await page.get_by_label(label).fill(amount)
    await page.get_by_label("For all ideas together").fill("20,000")
    await page.get_by_label("Last day").fill(f"{IN_A_MONTH:%Y-%m-%d}")
    await page.get_by_label("How many funders there have to be").fill("2")
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_role("heading", name=f"says {name}")).to_be_visible()


async def the_match(page, title):
    """Load the page of the mandate until the idea stands there as a match."""
    card = page.locator(".match", has_text=title)
    for _ in range(PATIENCE):
        if await card.count():
            return card
        await page.wait_for_timeout(500)
        await page.reload()
    raise AssertionError("The idea is no match.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_funder_finds_what_fits_and_pledges_on_conditions(chromium, site, pool_of, scripts):
    """From an account to a mandate, a match with its reasons, a preview, and a pledge that waits for others."""
    home = f"http://localhost:{site.port}"
    name = "Skerry Trust" if scripts else "Holm Trust"
    title = f"A bus to the ferry, hopes {name}"
    await pool_of(title)
    context = await chromium.new_context(viewport=PHONE, java_script_enabled=scripts, reduced_motion="reduce")
    page = await context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    await sign_in(page, home, f"{name.replace(' ', '.').lower()}@example.org", f"Funder of {name}")
    await register(page, home, name)
    await publish(page, home, name, scripts=scripts)

    match = await the_match(page, title)
    await match.get_by_text("Why it fits").click()
    await expect(match.get_by_text("Orkney").first).to_be_visible()
    if scripts:
        await in_either_theme(page)
    await match.get_by_role("link", name="Change it first").click()
    await page.get_by_label("How much", exact=True).fill("4,000")
    await page.locator("#if-min_total").check()
    await page.get_by_label("What the pool comes to").fill("9,000")
    await page.get_by_role("button", name="See what it would do").click()
    await expect(page.get_by_role("heading", name="What your pledge would do")).to_be_visible()
    await expect(page.get_by_text("Nothing is promised yet.")).to_be_visible()
    if scripts:
        await in_either_theme(page)
    await page.get_by_role("button", name="Pledge it", exact=True).click()

    await expect(page).to_have_url(re.compile(r"/pools/[0-9a-f-]{36}"))
    pledge = page.locator("li.pledge", has_text=name)
    await expect(pledge).to_contain_text("of £4,000")
    await expect(pledge.locator(".condition").filter(has_text="£9,000")).to_be_visible()
    await expect(pledge.get_by_role("button", name="Withdraw")).to_be_visible()
    if scripts:
        await in_either_theme(page)
    assert complaints == []
    await context.close()


async def test_the_keyboard_alone_is_enough_to_pledge_on_conditions(chromium, site, pool_of):
    """Tab, letters, arrows, Space and Enter lead from the pool's page to a pledge; every stop can be seen."""
    home = f"http://localhost:{site.port}"
    _, pool = await pool_of("A bench at every second stop")
    page = await chromium.new_page(viewport=PHONE, reduced_motion="reduce")
    await sign_in(page, home, "kelda@example.org", "Kelda Funder")
    await register(page, home, "Kelda Trust")
    await page.goto(f"{home}{pool}")
    keyboard = page.keyboard
    await tab_to(page, "How much")
    await keyboard.type("4000")
    await tab_to(page, "at least")
    await keyboard.press("Space")
    await tab_to(page, "How many other funders")
    await keyboard.type("2")
    await tab_to(page, "the pool comes to")
    await keyboard.press("Space")
    await tab_to(page, "What the pool comes to")
    await keyboard.type("9000")
    await tab_to(page, "How much", key="Shift+Tab")
    await keyboard.type("3000")
    await tab_to(page, "Money, or something else")
    await keyboard.press("ArrowDown")
    await expect(page.locator("#kind")).to_have_value("in_kind")
    await keyboard.press("ArrowUp")
    await tab_to(page, "See what it would do")
    await keyboard.press("Space")
    await expect(page.get_by_role("heading", name="What your pledge would do")).to_be_visible()
    await tab_to(page, "Pledge it")
    await keyboard.press("Enter")
    pledge = page.locator("li.pledge", has_text="Kelda Trust")
    await expect(pledge).to_contain_text("of £3,000")
    await expect(pledge.locator(".condition").filter(has_text="£9,000")).to_be_visible()
    await page.close()
