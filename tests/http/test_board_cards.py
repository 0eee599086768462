"""What a card of the board says besides the idea: its parts, and who has money for it."""

from functools import partial
from urllib.parse import quote

import pytest

from events.streams import new_id
from tests.http.mandates import funder, in_days, pounds, published
from tests.http.offering import act, need, offered
from tests.web.markup import read

pytestmark = pytest.mark.asyncio


async def card_of(service, title):
    """Give the words of the one card that a search for a title shows."""
    await service.shown()
    page = await service.client.get(f"/?q={quote(title)}")
    (card,) = read(page.text).all("li", class_="card")
    return " ".join(card.text.split())


async def test_a_card_says_how_far_the_parts_of_an_idea_are_covered(service, author):
    """Nothing while none is named; then how many there are, and how many of them are covered or offered."""
    title = f"Otters {new_id()}"
    idea_id = await author.log_idea(title=title)
    assert "covered" not in await card_of(service, title)
    first, second, _ = [await need(service, author, idea_id) for _ in range(3)]
    assert "0 of 3 parts covered." in await card_of(service, title)
    helper = await service.person()
    chosen = await offered(helper, idea_id, first)
    await offered(helper, idea_id, second)
    assert "0 of 3 parts covered. 2 are offered." in await card_of(service, title)
    assert (await act(author, chosen, "accept")).status_code == 200
    assert "1 of 3 parts covered. 1 is offered." in await card_of(service, title)


async def test_a_card_says_who_is_open_to_fund_an_idea_until_a_pool_says_more(service, author):
    """First what is asked for and how many funders are open to it, then what was pledged of what is wanted."""
    title = f"Newts {new_id()}"
    # In a currency that nobody else gives here: who is open to anything is open to this, too.
    crowns = partial(pounds, currency="NOK")
    idea_id = await author.log_idea(title=title, themes=["AR104"], ask=crowns(500_000))
    assert "open to this" not in await card_of(service, title)
    gives = {"ticket_min": crowns(1_000), "ticket_max": crowns(5_000), "budget": crowns(10_000)}
    for _ in range(2):
        person, trust = await funder(service)
        for name in ("One", "Another"):
            await published(person, trust, title=name, themes=["AR104"], **gives)
    card = await card_of(service, title)
    assert "Asks for NOK 5,000" in card
    assert "2 funders are already open to this" in card
    wanted = {"currency": "NOK", "minimum": crowns(60_000), "target": crowns(100_000)}
    pool = {**wanted, "deadline": in_days(30)}
    assert (await author.send("POST", f"/api/v1/ideas/{idea_id}/pool", pool)).status_code == 201
    card = await card_of(service, title)
    assert "NOK 0 of NOK 1,000 pledged" in card
    assert "Asks for" not in card
