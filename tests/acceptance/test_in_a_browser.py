"""The running site in a real Chromium: axe-core finds nothing, and nothing is missing without JavaScript."""

import pytest

from tests.acceptance.browsing import the_address_of_an_idea, without_violation

pytestmark = pytest.mark.asyncio


async def test_board_and_idea_have_no_violation_and_no_complaint(chromium, site, web):
    """On a phone and on a desk, in both themes, axe finds nothing; the browser loads all and reports no error."""
    complaints = []
    for width, theme in ((375, "dark"), (1280, "light")):
        page = await chromium.new_page(
            viewport={"width": width, "height": 800}, color_scheme=theme, reduced_motion="reduce"
        )
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        # A page that is left follows no longer what happens: that request is meant to end.
        page.on("requestfailed", lambda request: "/live?" in request.url or complaints.append(request.url))
        for path in ("/", await the_address_of_an_idea(web)):
            answer = await page.goto(f"http://localhost:{site.port}{path}")
            assert answer.status == 200
            await without_violation(page)
        await page.close()
    assert complaints == []


async def test_everything_works_without_javascript(chromium, site):
    """With JavaScript off: search on the board, open what was found, and read it."""
    page = await chromium.new_page(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    await page.goto(f"http://localhost:{site.port}/")
    first = page.locator(".cards a[href^='/ideas/']").first
    title = (await first.text_content()).strip()
    await page.fill("#q", title)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/?*q=*")
    await page.locator(".cards a", has_text=title).first.click()
    await page.wait_for_url("**/ideas/*")
    assert (await page.locator("h1").text_content()).strip() == title
    assert await page.locator(".prose").first.is_visible()
    await page.close()
