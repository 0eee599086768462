"""A running installation for newcomers: started once for all tests, with sample content, as `make run` starts it.

Tests mind their own people and ideas there, and open letters by whom they are for. And one Chromium for all of
them; where there is none, tests in a browser are skipped.
"""

import tempfile
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from ops.faults.instance import running
from tests.acceptance.browsing import ARGUMENTS, CHROMIUM
from tests.acceptance.people import Newcomer

# A busy machine makes nothing wrong.
expect.set_options(timeout=20_000)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium():
    """Start one Chromium for all tests."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: the site is not seen in a browser.")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        await started.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site():
    """Run `open-impact up --demo` on a new folder with a space in its name, which its servers may reach."""
    with tempfile.TemporaryDirectory(prefix="open impact ", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder), "--demo") as instance:
            yield instance


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def web(site):
    """Ask the running site."""
    async with httpx.AsyncClient(base_url=f"http://localhost:{site.port}", timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def newcomer(site):
    """Make people with an account and a token, by the command line, as an operator does."""

    async def make(name, *scopes):
        email = f"{name.lower()}@example.org"
        added = await site.command("people", "add", "--email", email, "--name", f"{name} Example (sample)")
        assert added.code == 0, added.errors
        words = [word for scope in scopes for word in ("--scope", scope)]
        created = await site.command("tokens", "create", "--email", email, *words)
        assert created.code == 0, created.errors
        return Newcomer(person_id=added.output.strip(), token=created.output.strip())

    return make
