"""Signing in with an identity provider of another maker, in a real Chromium: there and back, let in and refused."""

import tempfile
import warnings
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from ops.faults.instance import running
from tests.acceptance.browsing import without_violation

pytestmark = [
    pytest.mark.asyncio,
    # The provider's own, on a thread of its own: it calls what its library will not have for ever.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
]

CLAIMS = {
    "ada": {"email": "ada@example.org", "email_verified": True, "name": "Ada Sample"},
    "wim": {"email": "wim@mailinator.com", "email_verified": True, "name": "Wim Sample"},
}


@pytest.fixture(scope="module")
def provider():
    """Run the provider, and give its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # As above, while it is loaded.
        from oidc_provider_mock import User, run_server_in_thread

        people = [User(sub=name, claims=claims) for name, claims in CLAIMS.items()]
        with run_server_in_thread(user_claims=people) as server:
            yield f"http://localhost:{server.server_port}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(provider):
    """Run an installation that knows the provider."""
    settings = {
        "oidc_issuer": provider,
        "oidc_client_id": "open-impact-tests",
        "oidc_client_secret": "the-client-secret-of-the-tests",
        "oidc_name": "Sample Trust",
    }
    with tempfile.TemporaryDirectory(prefix="open impact ", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder), settings=settings) as instance:
            yield instance


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium):
    """Open a browser of its own on a phone."""
    context = await chromium.new_context(viewport={"width": 375, "height": 800})
    opened = await context.new_page()
    yield opened
    await context.close()


async def go_to_the_provider(page, site, provider, back="/about"):
    """Begin on the page of signing in, and arrive at the provider's form."""
    await page.goto(f"http://localhost:{site.port}/sign-in?next={back}")
    await page.get_by_role("link", name="Sign in with Sample Trust").click()
    await expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()
    assert page.url.startswith(provider)


async def test_whom_the_provider_lets_in_is_signed_in_here(page, site, provider):
    """From our page to the provider's consent and back: signed in, where one wanted to go, with the name from there."""
    await go_to_the_provider(page, site, provider)
    await page.get_by_role("button", name="ada", exact=True).click()
    await expect(page).to_have_url(f"http://localhost:{site.port}/about")
    await page.get_by_role("link", name="Ada Sample").click()
    await expect(page.get_by_text("signed in by an organisation")).to_be_visible()
    await page.get_by_role("link", name="Ways to sign in").click()
    await expect(page.get_by_text("Sample Trust").first).to_be_visible()
    await without_violation(page)


async def test_whom_the_provider_refuses_is_told_what_to_do(page, site, provider):
    """Refused there, one comes back signed in as nobody, to a page with the other ways; trying again works."""
    await go_to_the_provider(page, site, provider)
    await page.get_by_role("button", name="Deny").click()
    await expect(page.get_by_text("The identity provider did not let you in")).to_be_visible()
    await without_violation(page)
    await expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    await page.get_by_role("link", name="Try again with Sample Trust").click()
    await page.get_by_role("button", name="ada", exact=True).click()
    await expect(page.get_by_role("link", name="Ada Sample")).to_be_visible()


async def test_a_newcomer_who_must_show_work_goes_there_and_back_again(page, site, provider):
    """With a throw-away address there one is sent back to do a sum, and then arrives without another click here."""
    await go_to_the_provider(page, site, provider)
    await page.get_by_role("button", name="wim", exact=True).click()
    await expect(page.get_by_role("heading", name="One moment more")).to_be_visible()
    await without_violation(page)
    await page.get_by_role("link", name="Begin again with Sample Trust").click()
    await expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible(timeout=60_000)
    await page.get_by_role("button", name="wim", exact=True).click()
    await expect(page).to_have_url(f"http://localhost:{site.port}/about")
    await expect(page.get_by_role("link", name="Wim Sample")).to_be_visible()
