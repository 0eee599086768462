"""Somebody who has never seen it logs an idea on a phone, in a real Chromium: with scripts, without, and by keyboard."""

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import tab_to, the_newest_letter, without_violation

pytestmark = pytest.mark.asyncio

PHONE = {"width": 375, "height": 760}
PROBLEM = "Nobody is at the door when people come home from hospital in the evening."


async def fill_in(page, title):
    """Say what is wrong and what would help, and come to where and what about."""
    await page.get_by_label("Your idea, in one line").fill(title)
    await page.get_by_label("What is wrong today?").fill(PROBLEM)
    await page.get_by_label("Who does it help?").fill("Older people in Leeds who live alone")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("What would help?").fill("Volunteers who warm the flat and stay for an hour.")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", name="Where, and what about?")).to_be_visible()


async def sign_in_as_somebody_new(page, home, email, name):
    """Ask for a link where the page leads to, use it, and say a name."""
    await page.get_by_label("Your e-mail address").fill(email)
    await page.get_by_role("button", name="Send me a link").click()
    await the_newest_letter(page, home, to=email)
    await page.get_by_role("link", name="Sign in to Open Impact").click()
    await page.get_by_role("button", name="Sign me in").click()
    await page.get_by_label("Your name, as others see it").fill(name)
    await page.get_by_role("button", name="Create my account").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_newcomer_logs_an_idea_on_a_phone(chromium, site, web, scripts):
    """From the board, through four steps and signing in at the end, to an idea everybody sees; going back shows that it is logged."""
    home = f"http://localhost:{site.port}"
    name = "Winnie" if scripts else "Ned"
    title = f"Somebody at the door on the first evening home, says {name}"
    context = await chromium.new_context(viewport=PHONE, java_script_enabled=scripts)
    page = await context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(home)
    await page.get_by_role("link", name="Log an idea").locator("visible=true").first.click()
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("link", name="Say in one line what your idea is.")).to_be_visible()
    if scripts:
        await without_violation(page)
    await fill_in(page, title)
    await page.get_by_label("Leeds").check()
    await page.get_by_label("Find a theme").fill("lonel")
    if scripts:
        await expect(page.get_by_role("option", name="Loneliness")).to_be_visible()
        await without_violation(page)
        await page.get_by_role("option", name="Loneliness").click()
        await expect(page.get_by_text("Loneliness is chosen.")).to_be_visible()
    else:
        await page.get_by_role("button", name=re.compile("Find.*Themes")).click()
        await page.get_by_label("Loneliness").check()
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Sign in and log it").click()
    await sign_in_as_somebody_new(page, home, f"{name.lower()}@example.org", f"{name} Newcomer")

    await expect(page.get_by_role("heading", name="Look at it, and log it")).to_be_visible()
    for words in (title, PROBLEM, "Leeds", "Loneliness"):
        await expect(page.get_by_text(words).first).to_be_visible()
    await page.get_by_role("button", name="Log it", exact=True).click()
    await expect(page.get_by_role("heading", name="It is logged")).to_be_visible()
    address = await page.get_by_label("Address of your idea").input_value()
    if scripts:
        await without_violation(page)
        await page.go_back()
        await expect(page.get_by_role("heading", name="It was logged")).to_be_visible()
    await page.goto(address)
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    found = (await web.get("/api/v1/ideas", params={"q": f"says {name} door"})).json()["items"]
    assert [item["title"] for item in found] == [title]
    assert complaints == []
    await context.close()


async def test_what_is_typed_survives_a_reload_and_what_reads_alike_appears(chromium, site, web):
    """A moment after typing the draft is saved; the page loaded again shows it; an idea that reads alike is told of, and nothing moves for it."""
    home = f"http://localhost:{site.port}"
    board = await web.get("/api/v1/ideas", params={"sort": "votes", "limit": 1})
    known = board.json()["items"][0]
    context = await chromium.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(f"{home}/ideas/new")
    going_on = page.get_by_role("button", name="Continue")
    stands = await going_on.bounding_box()
    await page.get_by_label("Your idea, in one line").fill(known["title"])
    await page.get_by_label("What is wrong today?").fill(PROBLEM)
    await expect(page.locator("summary", has_text="like yours")).to_be_visible()
    assert await going_on.bounding_box() == stands, "a button that moves while it is pressed does nothing"
    await page.locator("summary", has_text="like yours").click()
    await expect(page.get_by_role("link", name=known["title"])).to_be_visible()
    await without_violation(page)
    await expect(page).to_have_url(re.compile("/ideas/new/[0-9a-f-]{36}/problem"))
    helped = page.get_by_label("Who does it help?")
    async with page.expect_response(
        lambda answer: answer.url.endswith("/keep") and "valley" in (answer.request.post_data or "")
    ):
        await helped.fill("People in the valley")
    draft = page.url
    await page.reload()
    await expect(helped).to_have_value("People in the valley")
    await expect(page.get_by_label("What is wrong today?")).to_have_value(PROBLEM)
    await page.goto(home)
    await page.goto(draft)
    await expect(helped).to_have_value("People in the valley")
    await context.close()


async def test_what_could_not_be_saved_survives_a_reload(chromium, site):
    """While nothing can be saved, a page that is loaded again shows the last words all the same, and saves them then."""
    context = await chromium.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(f"http://localhost:{site.port}/ideas/new")
    async with page.expect_response(re.compile("/keep$")):
        await page.get_by_label("Your idea, in one line").fill("A bench at the bus stop")
        await page.get_by_label("What is wrong today?").focus()
    await expect(page).to_have_url(re.compile("/ideas/new/[0-9a-f-]{36}/problem"))
    await page.route("**/keep", lambda route: route.abort())
    await page.get_by_label("What is wrong today?").fill(PROBLEM)
    await page.reload()
    await expect(page.get_by_label("What is wrong today?")).to_have_value(PROBLEM)
    async with page.expect_response(re.compile("/keep$")):
        await page.unroute("**/keep")
        await page.get_by_label("Who does it help?").fill("Whoever waits")
    await page.reload()
    await expect(page.get_by_label("What is wrong today?")).to_have_value(PROBLEM)
    await context.close()


async def test_the_keyboard_alone_is_enough_to_log_an_idea(chromium, site):
    """Tab, letters, arrows and Enter lead from the first field to the last button, through both pickers; every stop can be seen."""
    home = f"http://localhost:{site.port}"
    context = await chromium.new_context(viewport=PHONE)
    page = await context.new_page()
    keyboard = page.keyboard

    await page.goto(f"{home}/ideas/new")
    for label, text in (
        ("Your idea, in one line", "A lantern walk for the long nights"),
        ("What is wrong today?", "In winter nobody leaves the house after four."),
        ("Who does it help?", "People in the dale"),
    ):
        await tab_to(page, label)
        await keyboard.type(text)
    await keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="What would help?")).to_be_visible()
    await tab_to(page, "What would help?")
    await keyboard.type("A walk with lanterns every week.")
    await tab_to(page, "Continue")
    await keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Where, and what about?")).to_be_visible()
    await tab_to(page, "Find a place")
    await keyboard.type("county dur")
    await expect(page.get_by_role("option", name="County Durham")).to_be_visible()
    await keyboard.press("ArrowDown")
    combobox = page.get_by_role("combobox", name="Find a place")
    assert await combobox.get_attribute("aria-activedescendant") == "option-place-GB-DUR"
    await keyboard.press("Enter")
    await expect(page.get_by_label("County Durham")).to_be_checked()
    await tab_to(page, "Find a theme")
    await keyboard.press("ArrowDown")
    await expect(page.get_by_role("option").first).to_be_visible()
    await keyboard.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await keyboard.type("lonel")
    await keyboard.press("Enter")
    await expect(page.get_by_label("Loneliness")).to_be_checked()
    await tab_to(page, "Continue")
    await keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Look at it, and log it")).to_be_visible()
    await expect(page.get_by_text("County Durham")).to_be_visible()
    await tab_to(page, "Sign in and log it")
    await keyboard.press("Enter")
    await expect(page.get_by_label("Your e-mail address")).to_be_visible()
    await context.close()


async def test_who_begins_to_type_before_scripts_are_there_is_answered_too(chromium, site):
    """On a slow phone the script of the pickers comes last: it answers what stands in the field by then."""
    context = await chromium.new_context(viewport=PHONE, service_workers="block")
    page = await context.new_page()
    come = asyncio.Event()

    async def late(route):
        await come.wait()
        await route.continue_()

    await page.route(re.compile("/picker-"), late)
    await page.goto(f"http://localhost:{site.port}/ideas/new")
    await page.get_by_label("Your idea, in one line").fill("Lanterns in winter")
    await page.get_by_label("What is wrong today?").fill(PROBLEM)
    await page.get_by_label("Who does it help?").fill("Whoever walks home")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("What would help?").fill("A lantern at each corner.")
    await page.get_by_role("button", name="Continue").click(no_wait_after=True)
    await page.get_by_label("Find a theme").fill("lonel")
    come.set()
    await expect(page.get_by_role("option", name="Loneliness")).to_be_visible()
    await context.close()


async def test_the_form_and_its_scripts_speak_welsh(chromium, site):
    """From an address with a language in front every step is in it, and so is what scripts say of a choice."""
    context = await chromium.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(f"http://localhost:{site.port}/cy/ideas/new")
    await page.get_by_label("Eich syniad, mewn un llinell").fill("Taith llusernau yn y gaeaf")
    await page.get_by_label("Beth sydd o'i le heddiw?").fill("Does neb yn gadael y tŷ ar ôl pedwar.")
    await page.get_by_label("Pwy mae'n").fill("Pobl y cwm")
    await page.get_by_role("button", name="Parhau").click()
    await page.get_by_label("Beth fyddai'n helpu?").fill("Taith bob wythnos.")
    await page.get_by_role("button", name="Parhau").click()
    search = page.get_by_label("Dod o hyd i thema")
    await search.fill("qqqq")
    await expect(page.get_by_text("Does dim arall o'r enw hwnnw.")).to_be_visible()
    await search.fill("lonel")
    await expect(page.get_by_role("option").first).to_be_visible()
    await search.press("Enter")
    await expect(page.get_by_text("wedi'i ddewis.")).to_be_visible()
    await without_violation(page)
    await context.close()
