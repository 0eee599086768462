"""What lets a browser install the site and read offline, over HTTP: manifest, worker and the page of no connection."""

import re
from io import BytesIO

import pytest
from PIL import Image

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
    """Every page names it, to be linked once the page is there; its icon is there."""
    assert 'data-manifest="/en/manifest.webmanifest"' in (await service.client.get("/")).text
    answer = await service.client.get("/manifest.webmanifest")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/manifest+json")
    manifest = answer.json()
    assert (manifest["start_url"], manifest["scope"], manifest["lang"]) == ("/", "/", "en-GB")
    icon = await service.client.get(manifest["icons"][0]["src"])
    assert icon.headers["content-type"].startswith("image/svg+xml")


async def test_the_icon_is_there_in_pixels(service):
    """In the sizes that the manifest says, with its corners unless others cut them; phones find theirs on every page."""
    icons = (await service.client.get("/manifest.webmanifest")).json()["icons"]
    drawn = {icon["sizes"]: icon for icon in icons if icon["type"] == "image/png"}
    assert set(drawn) == {"192x192", "512x512"}
    assert [icon["sizes"] for icon in icons if icon.get("purpose") == "maskable"] == ["512x512"]
    touch = re.search(
        r'<link rel="apple-touch-icon" href="([^"]+)">', (await service.client.get("/about")).text
    )[1]
    wanted = [(icon["src"], icon["sizes"], icon["purpose"] == "any") for icon in icons[1:]]
    for source, size, has_corners in (*wanted, (touch, "180x180", False)):
        answer = await service.client.get(source)
        assert answer.headers["content-type"] == "image/png"
        with Image.open(BytesIO(answer.content)) as image:
            assert f"{image.width}x{image.height}" == size
            middle, corner = image.getpixel((image.width // 2, image.height // 2)), image.getpixel((0, 0))
        assert middle == (0xFF, 0xC5, 0x3A, 255), source
        assert corner == ((0, 0, 0, 0) if has_corners else (0x1C, 0x22, 0x30, 255)), source
    assert (await service.client.get("/icons/1000000.png")).status_code == 404


async def test_the_offline_page_brings_its_list(service):
    """It is a page like others, which search engines leave alone."""
    answer = await service.client.get("/offline")
    assert answer.status_code == 200
    assert built_files()["scripts/offline.ts"] in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
