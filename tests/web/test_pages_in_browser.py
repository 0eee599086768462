"""Pages in a real Chromium: header, keyboard, and what stands before what."""

import asyncio

from app.web.views import Visitor
from projections.language import ENGLISH, LANGUAGES, speaking
from tests.web.browsing import ENVIRONMENT, IN_CHROMIUM
from tests.web.examples import PAGES

pytestmark = IN_CHROMIUM
PATIENCE_SECONDS = 10
PAINTED_AND_ASKED = """() => [
    performance.getEntriesByName("first-contentful-paint")[0].startTime,
    performance.getEntriesByType("resource").find(({ name }) => name.includes("/copy-")).startTime,
]"""
"""When the page was painted first, and when the script that copies was asked for."""


async def test_the_header_of_a_phone_is_one_row(seen):
    """At 320 px the sign and the navigation stand beside each other."""
    await seen.turn_to("board", width=320)
    header = await seen.page.locator("header.top").bounding_box()
    assert header["height"] <= 72


async def test_the_header_of_a_phone_is_one_row_for_who_is_signed_in(seen):
    """With a name and news to count there is still one row, because the sign alone stands for the mark."""
    template, model = PAGES["notices"]
    for width in (320, 375, 390):
        await seen.turn_to("notices", width=width)
        visitor = Visitor(name="Rosa Sample-Longname", unread=12)
        seen.html = ENVIRONMENT.get_template(template).render(page=model, visitor=visitor)
        await seen.page.reload()
        header = await seen.page.locator("header.top").bounding_box()
        assert header["height"] <= 72, width


async def test_the_header_is_one_row_in_the_language_of_the_longest_words(seen):
    """In Welsh, too, at any width, for a visitor and with a hundred news, where the bold name of the place is."""
    template, model = PAGES["funders"]
    for spoken in (ENGLISH, LANGUAGES[1]):
        for visitor in (None, Visitor(name="Rosa Sample-Longname", unread=120)):
            await seen.turn_to("funders", width=320)
            with speaking(spoken):
                seen.html = ENVIRONMENT.get_template(template).render(page=model, visitor=visitor)
            await seen.page.reload()
            for width in (320, 340, 375, 420, 460, 480, 600, 760, 900, 1020, 1160):
                await seen.become(width=width)
                header = await seen.page.locator("header.top").bounding_box()
                assert header["height"] <= 72, (spoken.tag, visitor, width)


async def test_the_keyboard_alone_is_enough(seen):
    """The first Tab shows the way past the header, Enter takes it, and the next Tab is inside the content."""
    await seen.turn_to("board", width=1280)
    await seen.page.keyboard.press("Tab")
    skip = seen.page.locator(".skip")
    assert (await skip.bounding_box())["y"] >= 0
    assert await skip.evaluate("(link) => getComputedStyle(link).outlineStyle") == "solid"
    await seen.page.keyboard.press("Enter")
    await seen.page.keyboard.press("Tab")
    assert await seen.page.evaluate("document.querySelector('main').contains(document.activeElement)")


async def test_the_choices_of_the_board_need_no_unfolding_on_a_desk(seen):
    """Theme, place and stage are in sight where there is room, and one tap away on a phone."""
    await seen.turn_to("board", width=1280)
    assert await seen.page.locator("#theme").is_visible()
    await seen.turn_to("board", width=375)
    assert not await seen.page.locator("#theme").is_visible()
    await seen.page.locator("summary").click()
    assert await seen.page.locator("#theme").is_visible()


async def test_nothing_is_asked_for_beside_the_first_paint(seen):
    """Scripts of a page's parts come once it is painted: they would share a slow network with its styles and faces."""
    await seen.turn_to("logged", width=375)
    await seen.page.locator("[data-copy]").wait_for(state="visible")
    painted, part = await seen.page.evaluate(PAINTED_AND_ASKED)
    assert 0 < painted <= part


async def test_the_vote_comes_before_the_texts_on_a_phone(seen):
    """Support stands between the head of an idea and its texts, and beside them on a desk."""
    await seen.turn_to("idea", width=375)
    support, texts = (seen.page.locator(part) for part in (".support", ".idea-body"))
    assert (await support.bounding_box())["y"] < (await texts.bounding_box())["y"]
    await seen.turn_to("idea", width=1280)
    assert (await support.bounding_box())["x"] > (await texts.bounding_box())["x"]


async def test_a_button_beside_a_field_stays_on_a_desk(seen):
    """Only the search of the board does without its button where there is room."""
    await seen.turn_to("logged", width=1280)
    await seen.page.locator("[data-copy]").wait_for(state="visible")
    assert seen.complaints == []


async def test_who_fills_in_a_blank_of_a_pledge_means_its_part(seen):
    """Filling in a blank ticks its part of the sentence alone; unticking takes it away, and leaves what was typed."""
    await seen.turn_to("pool-form", width=375)
    part, others = seen.page.locator("#if-other_funders"), seen.page.locator("#if-min_total")
    blank = seen.page.locator("[name=other_funders]")
    await part.uncheck()
    await others.uncheck()
    # Scripts begin once the page is painted.
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await part.is_checked():
            await blank.fill("2")
    assert (await part.is_checked(), await others.is_checked()) == (True, False)
    await part.uncheck()
    assert (await part.is_checked(), await blank.input_value()) == (False, "2")
