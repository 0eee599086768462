"""Forms of other sites: what another origin's page sends in somebody's name is refused, and changes nothing.

On a process of its own over real HTTP, and with a real browser that has the cookie.
"""

import asyncio
import shutil
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from app.access import accounts, sessions
from app.command_handling import Cause, Handler
from domain.person import PERSON, JoinPerson
from events.streams import person_stream
from tests.http.conftest import prepared, read_models_running
from tests.http.processes import free_port, process, ready

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
OWN_NAME = "Ada Sample"
OTHER_NAME = "Mallory Sample"
PUBLIC = "https://impact.example"

pytestmark = pytest.mark.asyncio


class Site:
    """A service on its own port, and somebody who is signed in there."""

    def __init__(self, pool, port, cookie, person_id):
        self.pool, self.port, self.cookie, self.person_id = pool, port, cookie, person_id
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"

    async def rename(self, **headers):
        """Send the form for another name, with the cookie and these headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(base_url=self.url, timeout=10) as client:
            return await client.post(
                "/me/name", data={"name": OTHER_NAME}, headers={"cookie": self.cookie, **named}
            )

    async def standing(self):
        """Give what could have changed: the name, and where the log ends."""
        head = await self.pool.fetchval("SELECT coalesce(max(position), 0) FROM events")
        return await accounts.name_of(self.pool, self.person_id), head


@asynccontextmanager
async def site_of(database_url, store, pool, **variables):
    """Run the service, with somebody signed in."""
    port = free_port()
    variables["OPEN_IMPACT_LIMITS_FACTOR"] = "1000"
    async with read_models_running(prepared(database_url)), process(database_url, port, **variables):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            await ready(client)
        person_id = await accounts.add(pool, email="ada@example.org", name=OWN_NAME)
        join = JoinPerson(now=datetime.now(UTC), person_id=person_id, origin="account", name=OWN_NAME)
        await Handler(store).handle(PERSON, person_stream(person_id), join, cause=Cause())
        secret = await sessions.begin(pool, person_id=person_id, proved_by="link")
        https = variables.get("OPEN_IMPACT_PUBLIC_URL", "").startswith("https")
        yield Site(pool, port, f"{'__Host-' if https else ''}session={secret}", person_id)


@pytest_asyncio.fixture
async def site(database_url, store, pool):
    """Give a service whose public address is not the one it is reached at."""
    async with site_of(database_url, store, pool, OPEN_IMPACT_PUBLIC_URL="http://Impact.Example:80/") as made:
        yield made


async def test_what_does_not_come_from_our_own_page_changes_nothing(site):
    """Every way in which a browser says that it comes from elsewhere, or says nothing, is refused with 403."""
    before = await site.standing()
    for headers in (
        {},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://"},
        {"origin": "http://["},
        {"origin": "nonsense"},
        {"origin": site.host},
        {"origin": f"http://127.0.0.1:{site.port + 1}"},
        {"origin": "http://127.0.0.1"},
        {"origin": f"https://{site.host}"},
        {"origin": f"ftp://{site.host}"},
        {"origin": f"http://sub.{site.host}"},
        {"origin": f"http://{site.host}.elsewhere.example"},
        {"origin": f"http://elsewhere.example/{site.host}"},
        {"origin": f"http://{site.host}@elsewhere.example"},
        {"origin": f"http://{site.host}, http://elsewhere.example"},
        {"origin": f"http://{site.host}/"},
        {"origin": "https://impact.example"},
        {"origin": "http://sub.impact.example"},
        {"origin": "http://impact.example:8080"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": ""},
        {"sec_fetch_site": "Same-Origin"},
        {"sec_fetch_site": "cross-site", "origin": site.url},
        {"sec_fetch_site": "same-site", "origin": site.url},
        {"referer": f"{site.url}/me"},
        {"referer": f"{site.url}/me", "origin": "null"},
        {"referer": "http://elsewhere.example/"},
        {"origin": "http://elsewhere.example", "host": "elsewhere.example:80"},
    ):
        answer = await site.rename(**headers)
        assert answer.status_code == 403, headers
        assert answer.json()["detail"] == "This was sent from another site's page; open ours and do it there."
    assert await site.standing() == before


async def test_what_comes_from_our_own_page_is_done(site):
    """Our own page is let through however its browser says so, at the address it is reached at and at the public one."""
    for headers in (
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin", "origin": site.url},
        {"sec_fetch_site": "same-origin", "origin": "null"},
        {"origin": site.url},
        {"origin": "http://impact.example"},
        {"origin": site.url, "referer": "http://elsewhere.example/"},
    ):
        await accounts.rename(site.pool, site.person_id, OWN_NAME)
        answer = await site.rename(**headers)
        assert answer.status_code == 303, (headers, answer.text)
        assert (await site.standing())[0] == OTHER_NAME


async def test_over_https_the_same_host_without_it_is_another_origin(database_url, store, pool):
    """Where people reach us over https, a page of the same host over http is another site's."""
    async with site_of(database_url, store, pool, OPEN_IMPACT_PUBLIC_URL=PUBLIC) as site:
        before = await site.standing()
        for origin in ("http://impact.example", site.url, "https://impact.example:8443"):
            assert (await site.rename(origin=origin, host="impact.example")).status_code == 403, origin
        assert await site.standing() == before
        assert (await site.rename(origin=PUBLIC, host="impact.example")).status_code == 303


@asynccontextmanager
async def another_origin(form):
    """Serve a page with a form at another port of this machine: another origin, and the same site."""

    async def answered(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        page = f"<!doctype html><title>Elsewhere</title>{form}".encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(page)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + page)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answered, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: no form is sent by a browser.")
async def test_a_form_of_another_origin_changes_nothing_in_a_browser(site):
    """A browser sends the cookie along with another origin's form, and still nothing changes; with ours it does."""
    form = (
        f'<form method="post" action="{site.url}/me/name">'
        f'<input name="name" value="{OTHER_NAME}"><button>Win a prize</button></form>'
    )
    before = await site.standing()
    name, _, value = site.cookie.partition("=")
    async with async_playwright() as playwright, another_origin(form) as elsewhere:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context()
        await context.add_cookies(
            [{"name": name, "value": value, "url": site.url, "httpOnly": True, "sameSite": "Lax"}]
        )
        page = await context.new_page()
        await page.goto(elsewhere)
        async with page.expect_response(lambda answer: urlsplit(answer.url).path == "/me/name") as waiting:
            await page.get_by_role("button", name="Win a prize").click()
        answer = await waiting.value
        sent = await answer.request.all_headers()
        assert (sent["cookie"], sent["sec-fetch-site"]) == (site.cookie, "same-site")
        assert answer.status == 403
        assert await site.standing() == before
        await page.goto(f"{site.url}/me")
        await page.get_by_label("Your name").fill(OTHER_NAME)
        await page.get_by_role("button", name="Save").click()
        await page.wait_for_url("**/me?saved")
        await browser.close()
    assert (await site.standing())[0] == OTHER_NAME
