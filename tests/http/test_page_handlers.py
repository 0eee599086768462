"""The pages over HTTP: whatever an address asks for, somebody gets a page."""

import gzip
import re

import pytest

pytestmark = pytest.mark.asyncio

HTML = {"accept": "text/html"}


async def test_the_board_shows_ideas(own_service):
    """An idea is on the board and can be found by its words, its place and its theme."""
    service = own_service
    idea_id = await (await service.person()).log_idea(title="Badgers in the allotment")
    await service.shown()
    for query in (
        "",
        "?q=badgers",
        "?place=GB-ENG&sort=newest",
        "?theme=SW&sort=votes",
        "?community=commons&stage=logged",
    ):
        page = await service.client.get(f"/{query}", headers=HTML)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert f"/ideas/{idea_id}" in page.text, query
    assert "No idea matches" in (await service.client.get("/?q=unicorns")).text


@pytest.mark.parametrize(
    "query",
    [
        "cursor=nonsense",
        "cursor=%00",
        "sort=sideways",
        "q=%00",
        f"q={'x' * 3000}",
        "stage=nowhere&theme=%22%3E",
        "limit=x",
    ],
)
async def test_an_odd_address_shows_a_page_all_the_same(service, query):
    """What cannot be meant is left out; nobody gets an error for it."""
    page = await service.client.get(f"/?{query}", headers=HTML)
    assert page.status_code == 200


async def test_an_idea_has_a_page(service, voter):
    """An idea's page shows its texts, its author, its votes and what happened, and links its history and its JSON."""
    author = await service.person("Moira Teasdale")
    idea_id = await author.log_idea()
    await voter.vote(idea_id)
    changes = {"title": "Four <b>villages</b>", "reason": "Cotherstone joined."}
    assert (await author.send("PATCH", f"/api/v1/ideas/{idea_id}", changes)).status_code == 200
    await service.shown()
    page = await service.client.get(f"/ideas/{idea_id}", headers=HTML)
    assert page.status_code == 200
    assert "Four &lt;b&gt;villages" in page.text
    assert "<b>villages" not in page.text
    for words in (
        "Moira Teasdale",
        "person supports this",
        "Cotherstone joined.",
        f"/api/v1/ideas/{idea_id}",
    ):
        assert words in page.text, words
    history = await service.client.get(f"/ideas/{idea_id}/history", headers=HTML)
    assert history.status_code == 200
    assert "1 person supported" in history.text
    assert "Tom Sample" not in history.text
    assert (await service.client.get(f"/ideas/{idea_id}/history?cursor=nonsense")).status_code == 200


async def test_a_withdrawn_idea_says_so(service, author):
    """A withdrawn idea keeps its page, which says why, and leaves the board."""
    idea_id = await author.log_idea()
    await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "The county runs a bus again."})
    await service.shown()
    assert "The county runs a bus again." in (await service.client.get(f"/ideas/{idea_id}")).text
    assert f"/ideas/{idea_id}" not in (await service.client.get("/?sort=newest")).text


async def test_what_is_not_there_has_a_page_that_says_so(service):
    """An address that leads nowhere is answered with a page, whether it looks like an idea or not."""
    for path in ("/ideas/01a20a4b-b41d-73b3-b847-c8e634f3a0a3", "/ideas/nonsense", "/nowhere/at/all"):
        page = await service.client.get(path, headers=HTML)
        assert page.status_code == 404
        assert "We cannot find this page" in page.text


async def test_pages_are_sent_small(service):
    """A browser that takes gzip gets it; one that does not gets the same page plain."""
    plain = await service.client.get("/about", headers={"accept-encoding": "identity"})
    async with service.client.stream(
        "GET", "/about", headers={"accept-encoding": "br, gzip;q=0.8"}
    ) as answer:
        packed = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content
    assert len(packed) < len(plain.content) / 2


async def test_static_files_are_cached_for_ever_by_their_fingerprint(service):
    """A page's files are addressed by content, kept by browsers, and not sent twice."""
    page = (await service.client.get("/about")).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    first = await service.client.get(address)
    assert (first.status_code, first.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in first.headers["cache-control"]
    again = await service.client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    icon = (await service.client.get("/manifest.webmanifest")).json()["icons"][0]["src"]
    assert "immutable" in (await service.client.get(icon)).headers["cache-control"]
    assert "immutable" not in (await service.client.get("/static/icon.svg")).headers["cache-control"]


@pytest.mark.parametrize(
    "name", ["nothing.css", "../templates/base.html", "%2e%2e/templating.py", "/etc/passwd", ""]
)
async def test_only_static_files_are_static_files(service, name):
    """No path leads out of the folder of static files."""
    answer = await service.client.get(f"/static/{name}")
    assert answer.status_code == 404


async def test_the_api_is_explained(service):
    """The documentation lists every operation, needs nothing from elsewhere, and links the document it is made from."""
    page = (await service.client.get("/api/docs")).text
    document = (await service.client.get("/api/openapi.json")).json()
    for item in document["paths"].values():
        for operation in item.values():
            assert operation["operationId"] in page
    assert "//cdn" not in page
    assert re.findall(r'<script[^>]*src="([^"?]*)', page) == re.findall(r'/static/dist/page-[^"]*', page)


async def test_codes_are_listed_and_cached(service):
    """Themes and places are listed whole, with their parents, and are not sent twice."""
    for path, code in (("/api/v1/themes", "SW104"), ("/api/v1/places", "GB-DUR")):
        answer = await service.client.get(path)
        assert code in {item["code"] for item in answer.json()["items"]}
        assert "max-age" in answer.headers["cache-control"]
        again = await service.client.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304


async def test_communities_are_listed(service):
    """A community is read by its short name, and is on the list."""
    await service.community("gardens", support_threshold=7)
    head = await service.resources.store.head()
    found = (await service.client.get(f"/api/v1/communities/gardens?min_position={head}")).json()
    assert (found["name"], found["rules"]["support_threshold"], found["paused"]) == ("The gardens", 7, False)
    assert found in (await service.client.get("/api/v1/communities")).json()["items"]
    assert (await service.client.get("/api/v1/communities/nowhere")).status_code == 404


async def test_what_pages_are_made_of_is_shown(service):
    """The page of the design measures the stylesheet that is served, and everybody may look."""
    answer = await service.client.get("/about/design")
    assert answer.status_code == 200
    assert "--lit-edge" in answer.text
    assert "/about/design" in (await service.client.get("/about")).text
