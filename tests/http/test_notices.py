"""What concerns oneself, over HTTP and on its page; and the letters that are written about it, once."""

import asyncio
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from msgspec import structs

from app.access.accounts import email_of
from app.reactors.notices import letter_about, letters_of, react
from events.streams import new_id
from projections.notices.queries import Notice
from projections.state import Positions
from tests.http.offering import act, need, offered
from tests.http.organisations import joined, registered
from tests.http.signing_in import Browser, mails_to

pytestmark = pytest.mark.asyncio
PUBLIC_URL = "https://impact.example.org"


@pytest_asyncio.fixture
async def maker(service):
    """Give somebody who runs a part."""
    return await service.person("Rosa Sample")


async def news(service, person):
    """Read what concerns somebody, as of now."""
    head = await service.resources.store.head()
    answer = await person.send("GET", f"/api/v1/me/notices?min_position={head}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def write(service):
    """Write the letters that are due."""
    resources = service.resources
    return await react(
        resources.pool, resources.store, Positions(resources.pool), resources.outbox, PUBLIC_URL
    )


async def letters_to(service, person):
    """Open the letters about notices that wait to be sent to somebody."""
    mails = await mails_to(service, await email_of(service.resources.pool, person.person_id))
    return [mail for mail in mails if "/me/notices" in mail.text]


async def test_an_author_reads_of_an_offer_and_its_maker_of_the_answer(service, author, maker):
    """Each has one notice about what the other did."""
    idea_id = await author.log_idea(title="Herons")
    offer_id = await offered(maker, idea_id, await need(service, author, idea_id))
    found = await news(service, author)
    assert (found["unread"], [one["kind"] for one in found["items"]]) == (1, ["offer_made"])
    assert "your idea “Herons”" in found["items"][0]["sentence"]
    await act(author, offer_id, "accept")
    (accepted,) = (await news(service, maker))["items"]
    assert (accepted["kind"], accepted["offer_id"]) == ("offer_accepted", offer_id)


async def test_what_concerns_an_organisation_is_read_by_its_members(service, author, maker):
    """A member reads of the organisation's offer, and no longer once they have left."""
    path = await registered(maker, roles=["offers"])
    colleague = await joined(service, maker, path)
    idea_id = await author.log_idea()
    organisation_id = path.rpartition("/")[2]
    offer_id = await offered(
        maker, idea_id, await need(service, author, idea_id), organisation_id=organisation_id
    )
    await act(author, offer_id, "decline", {"reason": "We have one."})
    (found,) = (await news(service, colleague))["items"]
    assert (found["for_organisation_name"], found["reason"]) == ("Dale Trust", "We have one.")
    await colleague.send("DELETE", f"{path}/members/{colleague.person_id}")
    await service.shown()
    assert (await news(service, colleague))["items"] == []


async def test_the_page_shows_what_is_new_and_the_header_counts_it(service, author):
    """Nothing yet invites, something new is counted on every page until it was read, and letters can be turned off."""
    email = f"heron-{author.person_id}@example.org"
    browser = Browser(service)
    await browser.sign_in(email)
    page = await browser.get("/me/notices")
    assert "Nothing yet" in page.text
    idea_id = await author.log_idea()
    await _offer_in_browser(service, browser, author, idea_id)
    page = await browser.get("/me/notices")
    assert "does without your offer" in page.text
    assert 'class="news-count">1<' in (await browser.get("/about")).text
    newest = (await browser.get("/api/v1/me/notices")).json()["items"][0]["position"]
    answer = await browser.post("/me/notices/read", position=str(newest))
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/notices")
    assert "news-count" not in (await browser.get("/about")).text
    assert (await browser.post("/me/notices/read", position="x")).status_code == 303
    await browser.post("/me/notices/letters")
    assert "checked" not in (await browser.get("/me/notices")).text
    await browser.post("/me/notices/letters", by_mail="on")
    assert "checked" in (await browser.get("/me/notices")).text
    assert (await browser.get("/me/notices?cursor=nonsense")).status_code == 200


async def test_a_mark_never_moves_back(service):
    """What was read stays read, whatever older position is sent later; a position below zero is none."""
    browser = Browser(service)
    await browser.sign_in("otter@example.org")

    async def mark(position):
        return await browser.client.post(
            "/api/v1/me/notices/read", json={"position": position}, headers={"sec-fetch-site": "same-origin"}
        )

    assert (await mark(7)).json() == {"read_up_to": 7, "unread": 0}
    assert (await mark(3)).json()["read_up_to"] == 7
    assert [one["path"] for one in (await mark(-1)).json()["errors"]] == ["position"]


async def _offer_in_browser(service, browser, author, idea_id):
    body = {
        "title": "A rota",
        "kind": "software",
        "description": "It runs.",
        "needs": [str(await need(service, author, idea_id))],
    }
    answer = await browser.client.post(
        f"/api/v1/ideas/{idea_id}/offers", json=body, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 201, answer.text
    await act(author, answer.json()["offer_id"], "decline", {"reason": "We have one."})
    await service.shown()


async def test_a_letter_is_written_once(service, author, maker):
    """Several reactors at once, and again afterwards, write one letter about one notice, with a link and the reason."""
    idea_id = await author.log_idea(title="Otters")
    offer_id = await offered(maker, idea_id, await need(service, author, idea_id))
    await service.shown()
    await asyncio.gather(*(write(service) for _ in range(4)))
    await write(service)
    (letter,) = await letters_to(service, author)
    assert "your idea “Otters”" in letter.subject
    assert f"{PUBLIC_URL}/me/notices" in letter.text
    await act(author, offer_id, "decline", {"reason": "We have one."})
    await service.shown()
    await write(service)
    (letter,) = await letters_to(service, maker)
    assert "Why: We have one." in letter.text
    assert len(await letters_to(service, author)) == 1


async def test_a_checkpoint_that_was_lost_writes_no_letter_again(service, author, maker):
    """Even from the beginning of the log, what was written about once is not written about twice."""
    idea_id = await author.log_idea()
    await offered(maker, idea_id, await need(service, author, idea_id))
    await service.shown()
    await write(service)
    before = len(await letters_to(service, author))
    await service.resources.pool.execute("UPDATE reactors SET position = 0 WHERE reactor = 'notices'")
    await write(service)
    assert (before, len(await letters_to(service, author))) == (1, 1)


async def test_nobody_is_written_to_who_does_not_want_it(service, author, maker):
    """Letters turned off stay off, and the notice is there all the same."""
    await service.resources.pool.execute(
        "INSERT INTO notice_marks (person_id, by_mail) VALUES ($1, false)", author.person_id
    )
    idea_id = await author.log_idea()
    await offered(maker, idea_id, await need(service, author, idea_id))
    await service.shown()
    await write(service)
    assert await letters_to(service, author) == []
    assert (await news(service, author))["unread"] == 1


async def test_letters_go_to_those_who_act_for_the_organisation(service, author, maker):
    """Who makes its offers is written to, and a member without that role is not."""
    path = await registered(maker, roles=["offers"])
    colleague = await joined(service, maker, path)
    idea_id = await author.log_idea()
    offer_id = await offered(
        maker,
        idea_id,
        await need(service, author, idea_id),
        organisation_id=path.rpartition("/")[2],
    )
    await act(author, offer_id, "accept")
    await service.shown()
    await write(service)
    (letter,) = await letters_to(service, maker)
    assert "This is for Dale Trust" in letter.text
    assert await letters_to(service, colleague) == []


async def test_nobody_is_written_to_at_an_address_of_nobody(service, author, maker):
    """The people of the sample, whose addresses end in `.invalid`, get notices and no letters."""
    await service.resources.pool.execute("DELETE FROM accounts WHERE email = 'ada@sample.invalid'")
    await service.resources.pool.execute(
        "UPDATE accounts SET email = 'ada@sample.invalid' WHERE person_id = $1", author.person_id
    )
    idea_id = await author.log_idea()
    await offered(maker, idea_id, await need(service, author, idea_id))
    await service.shown()
    await write(service)
    assert await letters_to(service, author) == []
    assert (await news(service, author))["unread"] == 1


def matched(position, recipient):
    """Give the notice that an idea fits a mandate."""
    return Notice(
        recipient=recipient,
        position=position,
        kind="mandate_matched",
        happened_at=datetime.now(UTC),
        for_organisation=recipient,
        for_organisation_name="Dale Trust",
        sentence="“Herons” fits what you are open to fund.",
        reason="",
        idea_id=new_id(),
        offer_id=None,
        mandate_id=new_id(),
        pool_id=None,
        endpoint_id=None,
        after=None,
        until=None,
    )


async def test_ideas_that_come_to_fit_at_once_make_one_letter():
    """Each funder has one letter, with the number of ideas; what is about anything else has its own."""
    dale, fell = new_id(), new_id()
    other = structs.replace(matched(2, dale), kind="pool_committed")
    notices = [matched(1, dale), other, matched(3, dale), matched(4, fell)]
    letters = letters_of(notices)
    assert [[notice.position for notice in letter] for letter in letters] == [[1, 3], [2], [4]]
    assert "2 ideas fit" in letter_about("a@example.org", letters[0], PUBLIC_URL).subject
    assert "Herons" in letter_about("a@example.org", letters[2], PUBLIC_URL).subject
