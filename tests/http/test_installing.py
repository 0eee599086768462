"""What lets a browser install the site and read offline, over HTTP: manifest, worker and the page of no connection."""

import pytest

from app.web.built_files import built_files

pytestmark = pytest.mark.asyncio


async def test_the_worker_covers_the_site_and_is_asked_for_anew_each_time(service):
    """It stands at the root, is one classic script, and begins with a mark of what was built."""
    answer = await service.client.get("/service-worker.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.text.startswith("// ")
    assert not any(line.startswith(("import", "export")) for line in answer.text.splitlines())


async def test_the_manifest_says_how_the_site_is_installed(service):
    """Every page names it; its icon is there."""
    assert '<link rel="manifest" href="/en/manifest.webmanifest">' in (await service.client.get("/")).text
    answer = await service.client.get("/manifest.webmanifest")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/manifest+json")
    manifest = answer.json()
    assert (manifest["start_url"], manifest["scope"], manifest["lang"]) == ("/", "/", "en-GB")
    icon = await service.client.get(manifest["icons"][0]["src"])
    assert icon.headers["content-type"].startswith("image/svg+xml")


async def test_the_offline_page_brings_its_list(service):
    """It is a page like others, which search engines leave alone."""
    answer = await service.client.get("/offline")
    assert answer.status_code == 200
    assert built_files()["scripts/offline.ts"] in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
