"""A bad day for a page: an idea that needs a thousand parts. It stays light, and nothing is read part by part."""

import re

import pytest
from msgspec.structs import replace

from app.http.compression import compressed
from app.http.resources import now
from app.web.pages import idea_now
from domain.needs import NEEDS_MAX
from events.contracts import NeedAdded
from events.envelope import Append, Metadata
from events.streams import idea_stream, new_id
from tests.http.signing_in import HTML

pytestmark = pytest.mark.asyncio

AT_ONCE = 100
KILOBYTES_MAX = 12
"""What the page takes on the wire, without anything it loads."""


class CountedPool:
    """The pool, with what it is asked for counted."""

    def __init__(self, pool) -> None:
        self._pool = pool
        self.asked = 0

    def __getattr__(self, name):
        """Pass whatever is asked on."""
        self.asked += 1
        return getattr(self._pool, name)


async def lacking(service, author, parts: int):
    """Log an idea that needs so many parts."""
    idea_id = await author.log_idea()
    needs = [
        NeedAdded(
            idea_id=idea_id,
            need_id=new_id(),
            kind="other",
            title=f"The part number {number}",
            occurred_at=now(),
        )
        for number in range(parts)
    ]
    for first in range(0, parts, AT_ONCE):
        request = Append(
            stream=idea_stream(idea_id),
            events=needs[first : first + AT_ONCE],
            metadata=Metadata(command="AddNeed"),
        )
        await service.resources.store.append(request)
        await service.shown()
    return idea_id


async def test_an_ideas_page_stays_light_however_much_it_needs(service, author):
    """It shows the first parts, says how many more there are, and leads to all of them; the picture is one bar."""
    idea_id = await lacking(service, author, NEEDS_MAX)
    page = (await service.client.get(f"/ideas/{idea_id}", headers=HTML)).text
    assert len(re.findall(r'<li class="part ', page)) == 20
    assert "and 980 more" in page
    assert f'href="/ideas/{idea_id}/parts"' in page
    assert "Parts covered: 0. Offered, not decided yet: 0. Still needed: 1,000." in page
    assert 'class="segment ' not in page
    assert len(compressed(page.encode(), "gzip")[0]) <= KILOBYTES_MAX * 1024


async def test_all_parts_can_be_read_page_by_page(service, author):
    """Whoever goes on from page to page sees every part once, in order."""
    idea_id = await lacking(service, author, 250)
    address, titles, pages = f"/ideas/{idea_id}/parts", [], 0
    while address:
        page = (await service.client.get(address, headers=HTML)).text
        titles += re.findall(r"<h2 dir=\"auto\">(The part number \d+)</h2>", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address, pages = found[1].replace("&amp;", "&") if found else None, pages + 1
    assert titles == [f"The part number {number}" for number in range(250)]
    assert pages == 3


async def test_more_parts_are_not_more_queries(service, author):
    """The page of an idea asks the database for the same, whether it needs one part or many."""
    asked = []
    for parts in (1, 150):
        idea_id = await lacking(service, author, parts)
        counted = CountedPool(service.resources.pool)
        await idea_now(replace(service.resources, pool=counted), idea_id, None)
        asked.append(counted.asked)
    assert asked[0] == asked[1] > 0


@pytest.mark.parametrize("address", ["parts?cursor=nonsense", "parts?cursor=%00"])
async def test_an_odd_cursor_shows_the_first_parts(service, author, address):
    """What cannot be meant is left out."""
    idea_id = await lacking(service, author, 2)
    page = await service.client.get(f"/ideas/{idea_id}/{address}", headers=HTML)
    assert page.status_code == 200
    assert "The part number 0" in page.text
    assert (await service.client.get(f"/ideas/{new_id()}/parts", headers=HTML)).status_code == 404
