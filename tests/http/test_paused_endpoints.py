"""Whoever owns an endpoint is told that it was paused and did not ask for it: once, by letter and on their page."""

import asyncio
import re
from contextlib import asynccontextmanager

import psycopg
import pytest

from app.access.accounts import email_of
from app.reactors.notices import react
from app.workers.webhooks import keep_webhooks
from events.errors import LogUnavailableError
from tests.http.conftest import serving
from tests.http.organisations import joined
from tests.http.organisations import registered as organisation_of
from tests.http.signing_in import Browser, mails_to
from tests.webhooks.receiving import Reply, receiving

pytestmark = pytest.mark.asyncio
PUBLIC_URL = "http://localhost:8000"
HOOKS = "/api/v1/webhooks"
CUT_OFF = """
SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'outgoing_mail'::regclass AND NOT granted
"""


def gone(got):
    """Agree to everything, and be gone when something comes."""
    if got.method == "OPTIONS":
        return Reply(headers={"WebHook-Allowed-Origin": "*"})
    return Reply(status=410)


@asynccontextmanager
async def hooked(database_url, *, workers=1):
    """Run an application that people reach on this machine alone, with workers for webhooks."""
    async with serving(database_url, public_url=PUBLIC_URL) as service:
        resources = service.resources
        working = [
            asyncio.create_task(
                keep_webhooks(resources.pool, resources.store, resources.installation, resources.settings)
            )
            for _ in range(workers)
        ]
        try:
            yield service
        finally:
            for one in working:
                one.cancel()
            await asyncio.gather(*working, return_exceptions=True)


async def endpoint_of(person, receiver, **said):
    """Register an endpoint for ideas, and give its address here once it has agreed."""
    body = {"url": f"{receiver.url}?token=word", "types": ["IdeaLogged"], **said}
    answer = await person.send("POST", HOOKS, body)
    assert answer.status_code == 201, answer.text
    where = f"{HOOKS}/{answer.json()['endpoint_id']}"
    await until_status(person, where, "active")
    return where


async def until_status(person, where, status):
    """Wait until an endpoint stands so."""
    async with asyncio.timeout(20):
        while (await _read(person, where))["status"] != status:  # noqa: ASYNC110  # It has no event to wait for.
            await asyncio.sleep(0.02)


async def _read(person, where):
    answer = await (person.get(where) if isinstance(person, Browser) else person.send("GET", where))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def write(service, *, reactors=1):
    """Write the letters that are due, by several at once if wanted."""
    here = service.resources
    await service.shown()
    await asyncio.gather(
        *(react(here.pool, here.store, here.positions, here.outbox, PUBLIC_URL) for _ in range(reactors))
    )


async def letters_to(service, person):
    """Open the letters about endpoints that wait to be sent to somebody."""
    mails = await mails_to(service, await email_of(service.resources.pool, person.person_id))
    return [mail for mail in mails if "/webhooks/" in mail.text]


async def kinds(service, person):
    """List the kinds of what concerns somebody, as of now."""
    head = await service.resources.store.head()
    answer = await person.send("GET", f"/api/v1/me/notices?min_position={head}")
    assert answer.status_code == 200, answer.text
    return [one["kind"] for one in answer.json()["items"]]


async def test_who_answers_410_is_sent_nothing_more_and_the_owner_has_a_letter(database_url):
    """It says what happened, since when, what is still to come, that it is kept, and where to go on; and no secret."""
    async with hooked(database_url) as service, receiving(gone) as receiver:
        owner = await service.person()
        where = await endpoint_of(owner, receiver)
        await owner.log_idea()
        await until_status(owner, where, "paused")
        pause = (await owner.send("GET", where)).json()["paused"]
        await write(service)
        (letter,) = await letters_to(service, owner)
        assert letter.subject == "Sending to 127.0.0.1 was paused: it answered that it is gone (410)."
        assert "Nothing is lost" in letter.text
        for said in (letter.text, letter.html):
            assert (
                f"up to record {pause['after']:,} of the log was delivered, and what comes after waits"
                in said
            )
            assert "choose “Go on”" in said
            assert f"{PUBLIC_URL}/webhooks/{where.rpartition('/')[2]}" in said
            assert f"{PUBLIC_URL}/me/notices" in said
            assert "word" not in said
            assert f":{receiver.port}" not in said
        assert await kinds(service, owner) == ["endpoint_gone"]


async def test_of_one_pause_is_told_once_whatever_ends(database_url):
    """Many events refused at once, two workers, reactors side by side and a checkpoint that was lost: one letter and notice."""
    async with hooked(database_url, workers=2) as service, receiving(gone) as receiver:
        owner = await service.person()
        where = await endpoint_of(owner, receiver)
        await asyncio.gather(*(owner.log_idea() for _ in range(6)))
        await until_status(owner, where, "paused")
        await write(service, reactors=4)
        await service.resources.pool.execute("UPDATE reactors SET position = 0 WHERE reactor = 'notices'")
        await write(service)
        assert len(await letters_to(service, owner)) == 1
        assert await kinds(service, owner) == ["endpoint_gone"]


async def test_a_writer_that_is_cut_off_in_the_middle_leaves_all_to_the_next(database_url):
    """It had marked the letter as written and was about to post it: the next one writes it, once."""
    async with hooked(database_url) as service, receiving(gone) as receiver:
        owner = await service.person()
        where = await endpoint_of(owner, receiver)
        await owner.log_idea()
        await until_status(owner, where, "paused")
        with psycopg.connect(database_url) as admin:
            admin.execute("LOCK TABLE outgoing_mail IN SHARE MODE")
            writing = asyncio.create_task(write(service))
            async with asyncio.timeout(20):
                while not admin.execute(CUT_OFF).fetchall():  # noqa: ASYNC110  # It has no event to wait for.
                    await asyncio.sleep(0.02)
            with pytest.raises(LogUnavailableError):
                await writing
        assert await letters_to(service, owner) == []
        await write(service)
        await write(service)
        assert len(await letters_to(service, owner)) == 1


async def test_each_pause_is_told_of_by_itself(database_url):
    """Who goes on and is refused again hears of it again; of a pause that is over before the letter, none is written."""
    async with hooked(database_url) as service, receiving(gone) as receiver:
        owner = await service.person()
        where = await endpoint_of(owner, receiver)
        await owner.log_idea()
        await until_status(owner, where, "paused")
        assert (await owner.send("POST", f"{where}/resume")).status_code == 200
        await until_status(owner, where, "paused")
        await write(service)
        assert await kinds(service, owner) == ["endpoint_gone", "endpoint_gone"]
        assert len(await letters_to(service, owner)) == 1


async def test_a_pause_that_its_owner_asked_for_is_no_news(database_url):
    """Nobody is told of what they did."""
    async with hooked(database_url) as service, receiving(gone) as receiver:
        owner = await service.person()
        where = await endpoint_of(owner, receiver)
        assert (await owner.send("POST", f"{where}/pause")).status_code == 200
        await write(service)
        assert await letters_to(service, owner) == []
        assert await kinds(service, owner) == []


async def test_of_an_organisations_endpoint_its_administrators_are_told(database_url):
    """Both who administer it have a letter and a notice, and a member who makes its offers has neither."""
    async with hooked(database_url) as service, receiving(gone) as receiver:
        owner = await service.person()
        path = await organisation_of(owner)
        admin, member = [await joined(service, owner, path, role) for role in ("admin", "offers")]
        where = await endpoint_of(owner, receiver, organisation_id=path.rpartition("/")[2])
        await owner.log_idea()
        await until_status(owner, where, "paused")
        await write(service)
        for person in (owner, admin):
            (letter,) = await letters_to(service, person)
            assert "This is for Dale Trust, which you administer." in letter.text
            assert await kinds(service, person) == ["endpoint_gone"]
        assert await letters_to(service, member) == []
        assert await kinds(service, member) == []


async def test_who_wants_no_letters_has_the_notice_on_their_page(database_url):
    """It leads to the endpoint, says that nothing is lost until it goes on, and is counted."""
    async with hooked(database_url) as service, receiving(gone) as receiver:
        browser = Browser(service)
        await browser.sign_in("heron@example.org")
        await browser.post("/me/notices/letters")
        made = await browser.post("/webhooks", **{"url": receiver.url, "family-ideas": "on"})
        assert made.status_code == 201, made.text
        where = re.search(r"/webhooks/[0-9a-f-]{36}", made.text).group()
        await until_status(browser, f"/api/v1{where}", "active")
        await (await service.person()).log_idea()
        await until_status(browser, f"/api/v1{where}", "paused")
        await write(service)
        page = (await browser.get("/me/notices")).text
        assert f'<a href="{where}">Sending to 127.0.0.1 was paused' in page
        assert "waits until you choose “Go on” there" in page
        assert 'class="news-count">1<' in page
        assert [mail for mail in await mails_to(service, "heron@example.org") if where in mail.text] == []
        await browser.post(where, act="remove", sure="on")
        await service.shown()
        assert "Nothing yet" in (await browser.get("/me/notices")).text
