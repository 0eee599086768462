"""History in a real Chromium: walking through an idea's life with the slider, by keyboard, and without JavaScript."""

import re

import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import the_address_of_an_idea, without_violation

pytestmark = pytest.mark.asyncio


async def test_the_slider_walks_through_an_ideas_life_by_keyboard(chromium, site, web):
    """Keys move it, the picture and the address follow, its value is a date in words, and now is one link away."""
    idea = await the_address_of_an_idea(web)
    page = await chromium.new_page(viewport={"width": 375, "height": 800})
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"http://localhost:{site.port}{idea}")
    votes = await page.locator(".tally").inner_text()
    await page.get_by_role("link", name="See it as it was at any moment").click()
    await page.wait_for_url("**as_of=*")
    slider = page.get_by_role("slider", name="Go to another moment")
    await expect(page.get_by_role("button", name="Go there")).to_be_hidden()
    assert await page.locator(".tally").inner_text() == votes
    await slider.focus()
    async with page.expect_response("**part=picture*"):
        await page.keyboard.press("Home")
    await expect(page.locator(".tally")).to_contain_text("Nobody has supported this yet")
    await expect(slider).to_be_focused()
    first = await slider.get_attribute("aria-valuetext")
    assert re.fullmatch(r"\d{1,2} \w+ \d{4}, \d\d:\d\d UTC", first)
    await expect(page.get_by_text(f"This is how the idea was on {first}")).to_be_visible()
    address = page.url
    async with page.expect_response("**part=picture*"):
        await page.keyboard.press("ArrowRight")
    await expect(page).not_to_have_url(address)
    assert (await page.locator("[data-picture]").count(), complaints) == (1, [])
    await without_violation(page)
    await page.get_by_role("link", name="Back to now").click()
    await expect(page.locator(".then")).to_have_count(0)
    assert await page.locator(".tally").inner_text() == votes
    await page.close()


async def test_without_scripts_the_slider_is_a_form(chromium, site, web):
    """With JavaScript off a button goes where the slider stands, and links lead a step back and on."""
    idea = await the_address_of_an_idea(web)
    page = await chromium.new_page(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    await page.goto(f"http://localhost:{site.port}{idea}?step=last")
    await page.get_by_role("slider").focus()
    await page.keyboard.press("Home")
    await page.get_by_role("button", name="Go there").click()
    await expect(page.locator(".tally")).to_contain_text("Nobody has supported this yet")
    here = page.url
    assert "as_of=" in here
    await page.get_by_role("link", name="Step on").click()
    assert page.url != here
    await page.get_by_role("link", name="Step back").click()
    assert page.url == here
    await page.close()


async def test_history_is_narrowed_without_scripts(chromium, site):
    """With JavaScript off the form of the history leaves what was chosen in an address that can be shared."""
    page = await chromium.new_page(java_script_enabled=False, viewport={"width": 375, "height": 800})
    await page.goto(f"http://localhost:{site.port}/")
    await page.get_by_role("link", name="All that happened").click()
    await page.get_by_text("Choose what to see").click()
    await page.get_by_label("What sort of step").select_option("Support, and votes set aside")
    await page.get_by_role("button", name="Show it").click()
    assert "kind=support" in page.url
    await expect(page.locator(".timeline .happened").first).to_be_visible()
    await expect(page.locator(".timeline .happened", has_text="was logged")).to_have_count(0)
    await page.goto(page.url)
    await expect(page.get_by_role("link", name="Remove filter: Support, and votes set aside")).to_be_visible()
    await page.close()
