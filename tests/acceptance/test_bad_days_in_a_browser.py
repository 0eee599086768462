"""Bad days as somebody at a browser sees them: a fault of ours, a form sent again, and a page that is out of date."""

import re
from contextlib import asynccontextmanager

import asyncpg
import pytest
from playwright.async_api import expect

from tests.acceptance.browsing import sign_in, without_violation
from tests.acceptance.people import an_idea

pytestmark = pytest.mark.asyncio

PHONE = {"width": 375, "height": 760}
INSIDES = ("sort_key", "column", "asyncpg", "Traceback", "SELECT", "organisations.")
"""What a fault is made of, and what nobody is to read of it."""
LIVE = re.compile(r"/live\?")
"""By which an open page hears what happens; without it, it stays as it was."""


@asynccontextmanager
async def without_a_column(site):
    """Take from a read model what a page reads: this is no rule and no outage, but a fault of ours."""
    connection = await asyncpg.connect(site.database_url())
    rename = "ALTER TABLE organisations.organisations RENAME COLUMN {} TO {}"
    await connection.execute(rename.format("sort_key", "sort_key_gone"))
    try:
        yield
    finally:
        await connection.execute(rename.format("sort_key_gone", "sort_key"))
        await connection.close()


@pytest.fixture
def logged(web, newcomer):
    """Log an idea of somebody's, and give them and its path."""

    async def make(by, title):
        author = await newcomer(by, "ideas:write")
        answer = await web.post("/api/v1/ideas", json=an_idea(title), headers=author.headers)
        return author, f"/ideas/{answer.json()['idea_id']}"

    return make


def logged_by(site):
    """Give the lines that the processes of the site have logged."""
    return [line for file in site.data.logs.iterdir() for line in file.read_text().splitlines()]


async def votes_for(web, path):
    """Tell how many support an idea."""
    return (await web.get(f"/api/v1{path}")).json()["votes"]


async def test_a_fault_of_ours_says_what_happened_and_what_to_quote(chromium, site):
    """The page says that it is our fault, names the request as its header and our log do, and shows nothing of the inside."""
    home = f"http://localhost:{site.port}"
    context = await chromium.new_context(viewport=PHONE)
    page = await context.new_page()
    async with without_a_column(site):
        answer = await page.goto(f"{home}/organisations")
        assert answer.status == 500
        await expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong on our side")
        quoted = await page.locator("main code").text_content()
        assert quoted == answer.headers["x-request-id"]
        assert answer.headers["cache-control"] == "no-store"
        assert [words for words in INSIDES if words in await page.content()] == []
        told = [line for line in logged_by(site) if quoted in line and "request_failed" in line]
        assert len(told) == 1
        await without_violation(page)
        welsh = await page.goto(f"{home}/cy/organisations")
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "Aeth rhywbeth o'i le ar ein hochr ni"
        )
        assert (welsh.status, await page.get_attribute("html", "lang")) == (500, "cy")
        await page.goto(f"{home}/en/about")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert (await page.goto(f"{home}/organisations")).status == 200
    await context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_form_that_is_sent_again_after_going_back_does_nothing_twice(
    chromium, site, web, logged, scripts
):
    """Going back shows the form once more, in whatever state; a vote that is sent by it again is the same vote."""
    name = "Petra" if scripts else "Quentin"
    home, (_, path) = f"http://localhost:{site.port}", await logged(f"Olga{name}", f"A bench for {name}")
    context = await chromium.new_context(viewport=PHONE, java_script_enabled=scripts)
    await context.route(LIVE, lambda route: route.abort())
    page = await context.new_page()
    await sign_in(page, home, f"{name.lower()}@example.org", f"{name} Example (sample)")
    await page.goto(home + path)
    stale = await context.new_page()
    await stale.goto(home + path)
    await page.get_by_role("button", name="Support this").click()
    await expect(page.get_by_text("You support this.")).to_be_visible()
    assert await votes_for(web, path) == 1

    await page.go_back()
    again = page.get_by_role("button", name="Support this")
    if await again.count():
        await again.click()
    await expect(page.get_by_text("You support this.")).to_be_visible()
    await stale.get_by_role("button", name="Support this").click()
    await expect(stale.get_by_text("You support this.")).to_be_visible()
    assert await votes_for(web, path) == 1
    await context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_page_whose_idea_was_withdrawn_meanwhile_says_so(chromium, site, web, logged, scripts):
    """Who supports it there is told why that is not possible any more; nothing is counted."""
    name = "Rita" if scripts else "Sven"
    home, (author, path) = f"http://localhost:{site.port}", await logged(f"Tom{name}", f"A swing for {name}")
    context = await chromium.new_context(viewport=PHONE, java_script_enabled=scripts)
    await context.route(LIVE, lambda route: route.abort())
    page = await context.new_page()
    await sign_in(page, home, f"{name.lower()}@example.org", f"{name} Example (sample)")
    await page.goto(home + path)
    withdrawn = await web.post(
        f"/api/v1{path}/withdraw", json={"reason": "The council builds one."}, headers=author.headers
    )
    assert withdrawn.status_code == 200, withdrawn.text
    await page.get_by_role("button", name="Support this").click()
    await expect(
        page.get_by_text("This idea was withdrawn or closed, so it takes no votes.").first
    ).to_be_visible()
    assert await votes_for(web, path) == 0
    await context.close()
