"""What other sites can show of us, over HTTP: pictures, the lines that show them, and oEmbed."""

import json
from html import unescape
from xml.etree import ElementTree as ET

import pytest

from tests.http.pools import PATH, opened
from tests.web.markup import read

pytestmark = pytest.mark.asyncio

OURS = "http://localhost:8000"


async def asked(service, address, *, headers=None, **more):
    """Ask how an address is shown elsewhere."""
    return await service.client.get("/oembed", params={"url": address, **more}, headers=headers)


async def a_pool(service):
    """Open a pool and give the path of its page."""
    pool = await opened(await service.person())
    await service.shown()
    return pool.replace(PATH, "/pools")


async def test_a_picture_can_be_shown_by_any_site_and_runs_nothing(service, author):
    """Both pictures may be loaded from anywhere, are kept for minutes, and are not sent twice."""
    idea_id = await author.log_idea(title="Badgers & <b>allotments</b>")
    pool = await a_pool(service)
    for path, words in (
        (f"/ideas/{idea_id}/card.svg", "Badgers & <b>allotments</b>"),
        (f"{pool}/bar.svg", "The pool for"),
    ):
        answer = await service.client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
        assert words in " ".join(ET.fromstring(answer.text).itertext())  # noqa: S314  # It is our own answer.
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert "set-cookie" not in answer.headers
        again = await service.client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_a_picture_changes_with_its_idea(service, author, voter):
    """A vote makes another picture with another tag, and a withdrawn idea says so."""
    idea_id = await author.log_idea()
    path = f"/ideas/{idea_id}/card.svg"
    await service.shown()
    first = await service.client.get(path)
    await voter.vote(idea_id)
    await service.shown()
    voted = await service.client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert voted.status_code == 200
    assert "person supports this" in voted.text
    await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "It runs again."})
    await service.shown()
    assert "Withdrawn by its author." in (await service.client.get(path)).text


async def test_nobody_but_the_pictures_is_open_to_other_sites(service, author):
    """The pages themselves stay as closed as they were."""
    idea_id = await author.log_idea()
    await service.shown()
    page = await service.client.get(f"/ideas/{idea_id}")
    assert page.headers["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


async def test_the_page_of_an_idea_and_of_a_pool_say_how_they_are_shown_elsewhere(service, author):
    """The lines to copy stand in a field, and the page leads to oEmbed, which gives the same lines."""
    idea_id = await author.log_idea(title='Badgers "and" <b>')
    pool = await a_pool(service)
    for path, picture in ((f"/ideas/{idea_id}", "card.svg"), (pool, "bar.svg")):
        page = read((await service.client.get(path)).text)
        snippet = page.one("textarea", id="share-snippet").text
        assert snippet.startswith(f'<a href="{OURS}{path}"><img src="{OURS}{path}/{picture}" alt="')
        link = page.one("link", type="application/json+oembed")["href"]
        answer = await service.client.get(link)
        found = answer.json()
        assert (found["type"], found["version"], found["html"]) == ("rich", "1.0", snippet)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert 'Badgers "and" <b>' in unescape(snippet) or path == pool


async def test_what_is_shown_fits_where_it_is_wanted(service, author):
    """The largest width and height are kept to, in the picture's own proportions; it is never made larger."""
    idea_id = await author.log_idea()
    await service.shown()
    address = f"{OURS}/ideas/{idea_id}"
    whole = (await asked(service, address)).json()
    for limits, (width, height) in (
        ({"maxwidth": "240"}, (240, 136)),
        ({"maxheight": "68"}, (120, 68)),
        ({"maxwidth": "240", "maxheight": "68"}, (120, 68)),
        ({"maxwidth": "9999"}, (whole["width"], whole["height"])),
    ):
        found = (await asked(service, address, **limits)).json()
        assert (found["width"], found["height"]) == (width, height), limits
        assert f'width="{width}" height="{height}"' in found["html"]


async def test_only_addresses_of_ours_are_answered(service, author):
    """What stands elsewhere or is nothing to show is not found; XML is not spoken; what is missing is said."""
    idea_id = await author.log_idea()
    await service.shown()
    own = f"{OURS}/ideas/{idea_id}"
    for address in (
        *(
            "https://example.org/",
            f"https://example.org/ideas/{idea_id}",
            f"{OURS}.example.org/ideas/{idea_id}",
        ),
        *(f"{OURS}@example.org/ideas/{idea_id}", f"{OURS}/", f"{OURS}/ideas/new", f"{own}/history"),
        *(f"{OURS}//example.org/ideas/{idea_id}", f"{OURS}/ideas/01a20a4b-b41d-73b3-b847-c8e634f3a0a3"),
        *(f"{OURS}/pools/01a20a4b-b41d-73b3-b847-c8e634f3a0a3", "http://[", f"{OURS}/[", "\0", "/ideas"),
    ):
        assert (await asked(service, address)).status_code == 404, address
    assert (await asked(service, f"{own}/?from=a-friend#share")).status_code == 200
    assert (await asked(service, own, format="xml")).status_code == 501
    for wrong in ({"url": own, "maxwidth": "wide"}, {"url": own, "maxheight": "0"}, {}):
        answer = await service.client.get("/oembed", params=wrong)
        assert answer.status_code == 400, wrong
        assert json.loads(answer.text)["detail"].endswith((".",))


async def test_a_picture_speaks_the_language_of_its_path_and_nobody_elses(service, author):
    """Whoever embeds it chooses: a cookie and what a browser asks for change nothing, and none is told to keep it."""
    idea_id = await author.log_idea(title="Badgers")
    pool = await a_pool(service)
    wishes = {"accept-language": "cy", "cookie": "oi_language=cy"}
    for path, english, welsh in (
        (f"/ideas/{idea_id}/card.svg", "No support yet", "Dim cefnogaeth eto"),
        (f"{pool}/bar.svg", "The pool for", "Y gronfa ar gyfer"),
    ):
        plain = await service.client.get(path, headers=wishes)
        chosen = await service.client.get(f"/cy{path}")
        assert english in plain.text
        assert welsh not in plain.text
        assert welsh in chosen.text
        assert english not in chosen.text
        assert 'xml:lang="cy"' in chosen.text
        assert "set-cookie" not in chosen.headers
    drawn = [await service.client.get(f"{start}/ideas/{idea_id}/share.png") for start in ("", "/en", "/cy")]
    assert drawn[0].content == drawn[1].content != drawn[2].content


async def test_a_page_in_welsh_is_shown_elsewhere_in_welsh(service, author):
    """The lines to copy lead to the page and the picture in Welsh, as does oEmbed; the page in English stays as it is."""
    idea_id = await author.log_idea(title="Badgers")
    await service.shown()
    page = read((await service.client.get(f"/cy/ideas/{idea_id}")).text)
    service.client.cookies.clear()
    snippet = page.one("textarea", id="share-snippet").text
    assert snippet.startswith(
        f'<a href="{OURS}/cy/ideas/{idea_id}"><img src="{OURS}/cy/ideas/{idea_id}/card.svg" alt="Badgers: pa mor bell'
    )
    answer = await service.client.get(page.one("link", type="application/json+oembed")["href"])
    assert answer.json()["html"] == snippet
    english = await asked(service, f"{OURS}/ideas/{idea_id}", headers={"accept-language": "cy"})
    assert f'src="{OURS}/ideas/{idea_id}/card.svg" alt="Badgers: how far' in english.json()["html"]


async def test_links_to_us_are_shown_with_a_picture(service, author):
    """Board, idea and pool name their own address and a picture of the right size, which any site may load."""
    idea_id = await author.log_idea(title="Badgers <b>")
    pool = await a_pool(service)
    for path, address, title in (
        ("/?sort=newest&utm_source=letter", "/?sort=newest", "Ideas"),
        (f"/ideas/{idea_id}?from=letter", f"/ideas/{idea_id}", "Badgers <b>"),
        (pool, pool, "The pool for"),
    ):
        page = read((await service.client.get(path)).text)
        told = {meta.get("property"): meta.get("content") for meta in page.all("meta")}
        assert page.one("link", rel="canonical")["href"] == told["og:url"] == f"{OURS}{address}"
        assert told["og:title"].startswith(title)
        assert len(told["og:description"]) > 10
        assert page.one("meta", name="twitter:card")["content"] == "summary_large_image"
        answer = await service.client.get(told["og:image"].removeprefix(OURS))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        size = [int.from_bytes(answer.content[at : at + 4], "big") for at in (16, 20)]
        assert size == [int(told["og:image:width"]), int(told["og:image:height"])] == [1200, 630]
        again = await service.client.get(
            told["og:image"].removeprefix(OURS), headers={"if-none-match": answer.headers["etag"]}
        )
        assert again.status_code == 304
    for kind in ("ideas", "pools"):
        nowhere = f"/{kind}/01a20a4b-b41d-73b3-b847-c8e634f3a0a3/share.png"
        assert (await service.client.get(nowhere)).status_code == 404
