"""Somebody sets up on pages where a program is told of events."""

import re

import pytest

from app.webhooks.dispatching import Dispatcher
from events.streams import new_id
from tests.http.signing_in import Browser
from tests.webhooks.receiving import Reply, receiving

pytestmark = pytest.mark.asyncio


async def test_an_address_is_added_and_looked_after(service):
    """It is registered with its secret shown once, paused, resumed, keyed anew and removed."""
    browser = Browser(service)
    await browser.sign_in(f"{new_id()}@example.org")
    first = await browser.get("/webhooks")
    assert "Nowhere yet." in first.text
    async with receiving(lambda _got: Reply()) as receiver:
        made = await browser.post(
            "/webhooks", **{"url": receiver.url, "family-ideas": "on", "format": "standard"}
        )
    assert made.status_code == 201, made.text
    assert "whsec_" in made.text
    where = re.search(r"/webhooks/[0-9a-f-]{36}", made.text).group()
    shown = await browser.get(where)
    assert "whsec_" not in shown.text
    assert "Ideas, and what they need" in shown.text
    resources = service.resources
    await Dispatcher(resources.pool, resources.store, resources.public_log).react()
    assert where in (await browser.get("/webhooks")).text
    assert (await browser.post(where, act="pause")).status_code == 303
    assert "Paused, as somebody in charge wished" in (await browser.get(where)).text
    assert (await browser.post(where, act="resume")).status_code == 303
    assert "whsec_" in (await browser.post(where, act="rotate", overlap="24")).text
    early = await browser.post(where, act="test")
    assert (early.status_code, "has not agreed yet" in early.text) == (409, True)
    again = await browser.post(where, act="replay", from_position="1")
    assert "is sent once more" in again.text
    beyond = await browser.post(where, act="replay", from_position="many")
    assert (beyond.status_code, "such as 41500" in beyond.text) == (409, True)
    assert (await browser.post(where, act="remove")).status_code == 409
    assert (await browser.post(where, act="remove", sure="on")).status_code == 303
    assert (await browser.get(where)).status_code == 404


async def test_an_idea_that_reaches_so_many_votes_is_chosen_by_a_number(service):
    """A mark is kept and said; what is no mark, and no number, is refused with what to do."""
    browser = Browser(service)
    await browser.sign_in(f"{new_id()}@example.org")
    fine = {"url": "https://hooks.example.org/", "family-ideas": "on"}
    made = await browser.post("/webhooks", **fine, reaches="1,000")
    assert made.status_code == 201, made.text
    assert "Ideas that reach a number of verified votes" in made.text
    assert "Of verified votes only when an idea reaches 1,000" in made.text
    odd = await browser.post("/webhooks", **fine, reaches="42")
    assert (odd.status_code, "choose 40 or 45" in odd.text, 'value="42"' in odd.text) == (400, True, True)
    many = await browser.post("/webhooks", **fine, reaches="many")
    assert (many.status_code, "such as 50" in many.text) == (400, True)


async def test_pools_that_reach_their_minimum_are_a_choice(service):
    """It is offered, kept and said by its name, beside all that happens to pools."""
    browser = Browser(service)
    await browser.sign_in(f"{new_id()}@example.org")
    assert "Pools that reach their minimum" in (await browser.get("/webhooks")).text
    made = await browser.post("/webhooks", **{"url": "https://hooks.example.org/", "family-minimum": "on"})
    assert made.status_code == 201, made.text
    assert "Pools that reach their minimum" in made.text
    assert "PoolReachedMinimum" not in made.text


async def test_what_was_typed_stays_and_is_named(service):
    """An address that nothing may be sent to, and a choice that is missing, are said at the form."""
    browser = Browser(service)
    await browser.sign_in(f"{new_id()}@example.org")
    wrong = await browser.post("/webhooks", **{"url": "https://10.0.0.1/", "family-votes": "on"})
    assert wrong.status_code == 400
    assert 'value="https://10.0.0.1/"' in wrong.text
    assert "Messages go over https" in wrong.text
    nothing = await browser.post("/webhooks", url="https://hooks.example.org/")
    assert (nothing.status_code, "Name 1 to 50 types" in nothing.text) == (400, True)


async def test_a_form_that_no_page_of_ours_sent_is_refused_in_words(service):
    """An organisation that is none, a number beyond all numbers and an unknown button are said, and change nothing."""
    browser = Browser(service)
    await browser.sign_in(f"{new_id()}@example.org")
    fine = {"url": "https://hooks.example.org/", "family-votes": "on"}
    odd = await browser.post("/webhooks", **fine, organisation_id="nobody")
    assert (odd.status_code, "Choose the organisation" in odd.text) == (400, True)
    made = await browser.post("/webhooks", **fine)
    where = re.search(r"/webhooks/[0-9a-f-]{36}", made.text).group()
    for fields in (
        {"act": "replay", "from_position": "9" * 5_000},
        {"act": "rotate", "overlap": "999"},
        {"act": "dance"},
    ):
        assert (await browser.post(where, **fields)).status_code == 409
