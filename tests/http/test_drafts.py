"""Drafts: whose they are, how long they are kept, and that nobody else reads a word of them."""

from datetime import timedelta

import pytest
import pytest_asyncio

from app.drafts import OF_SOMEBODY_MAX, DraftUnknownError, TypedIdea, Whose
from app.workers.housekeeping import keep_house
from events.streams import new_id
from tests.http.conftest import serving
from tests.http.signing_in import SAME_SITE
from tests.http.writing_ideas import PROBLEM, PROPOSAL, Writer, path_of

pytestmark = pytest.mark.asyncio

TITLE = PROBLEM["title"]
LONG_TEXT = "Volunteers drive. They say when they can, and nobody waits in the rain. " * 60


@pytest_asyncio.fixture
async def writer(service):
    """Give somebody who is not signed in and has begun a draft."""
    writer = Writer(service)
    await writer.begin()
    await writer.send("problem", PROBLEM)
    return writer


async def sign_in(writer, email=None):
    """Sign somebody in, by an address of their own."""
    writer.email = email or f"{new_id()}@example.org"
    await writer.sign_in(writer.email, name="Nia Sample")


async def test_a_draft_can_be_gone_on_with(writer):
    """The page on which ideas are begun offers it, at the first step that is not finished; a browser that came back too."""
    page = (await writer.get("/ideas/new")).text
    assert "Go on with your draft?" in page
    assert f'href="{writer.step("proposal")}"' in page
    await writer.send("proposal", PROPOSAL)
    assert f'href="{writer.step("about")}"' in (await writer.get("/ideas/new")).text
    later = await writer.send("about", {"theme-SW104": "on"}, act="later")
    page = (await writer.get(later)).text
    assert "Saved." in page
    assert f'href="{writer.step("check")}"' in page


async def test_nobody_else_reads_or_changes_a_draft(service, writer):
    """Another browser finds nothing; what it sends becomes a draft of its own, and deletes nothing."""
    other = Writer(service)
    other.draft = writer.draft
    assert (await other.get(other.step("problem"))).status_code == 404
    assert TITLE not in (await other.get("/ideas/new")).text
    led = await other.send("problem", {**PROBLEM, "title": "Mine"})
    assert writer.draft not in led
    assert "Mine" in (await other.get("/ideas/new")).text
    await other.send("delete", {})
    assert (
        await other.client.post(other.step("keep"), data={"step": "check"}, headers=SAME_SITE)
    ).status_code == 404
    assert TITLE in await writer.look("problem")


async def test_a_draft_becomes_the_persons_when_they_sign_in(service, writer):
    """It is on their own page, on every device of theirs, and gone from the browser once they have signed out."""
    await sign_in(writer)
    assert TITLE in (await writer.get("/me")).text
    elsewhere = Writer(service)
    elsewhere.draft = writer.draft
    await sign_in(elsewhere, writer.email)
    assert TITLE in await elsewhere.look("problem")

    await writer.post("/sign-out")
    assert TITLE not in (await writer.get("/ideas/new")).text
    assert TITLE in (await elsewhere.get("/me")).text
    stranger = writer
    await sign_in(stranger)
    assert TITLE not in (await stranger.get("/me")).text
    assert (await stranger.get(stranger.step("problem"))).status_code == 404


async def test_a_session_that_ends_in_the_middle_of_a_long_text_loses_nothing(writer):
    """What is sent then is kept unseen, signing in leads on to the next step, and the text stands there."""
    await sign_in(writer)
    await writer.look("problem")
    writer.client.cookies.delete("session")
    led = await writer.send("proposal", {**PROPOSAL, "proposal": LONG_TEXT})
    asked = await writer.get(led)
    assert asked.headers["location"].startswith("/sign-in?next=")
    assert TITLE not in (await writer.get("/ideas/new")).text
    back = await writer.sign_in(writer.email, next_path=led)
    assert back.headers["location"] == led == writer.step("about")
    assert LONG_TEXT.strip() in await writer.look("proposal")


async def test_the_last_button_after_the_end_of_a_session_asks_to_sign_in(writer):
    """Nothing is logged in nobody's name; the way back leads to the button."""
    await sign_in(writer)
    await writer.send("proposal", PROPOSAL)
    await writer.send("about", {})
    writer.client.cookies.delete("session")
    assert (await writer.log()).headers["location"].startswith("/sign-in?next=")
    await writer.sign_in(writer.email, next_path=writer.step("check"))
    assert path_of(await writer.log()) == f"/ideas/{writer.draft}/logged"


async def test_a_draft_is_deleted_for_good(service, writer):
    """It is gone from the list and from the database; to delete it again is no error."""
    assert await writer.send("delete", {}) == "/ideas/new?deleted"
    page = (await writer.get("/ideas/new?deleted")).text
    assert "Nothing of that draft is left." in page
    assert TITLE not in page
    assert await writer.send("delete", {}) == "/ideas/new?deleted"
    assert not await service.resources.pool.fetchval(
        "SELECT count(*) FROM drafts WHERE draft_id = $1", writer.draft
    )


async def test_what_is_logged_is_no_draft_any_more(service, writer):
    """The row goes when the idea is logged, and no event was written before."""
    await sign_in(writer)
    await writer.send("proposal", PROPOSAL)
    await writer.send("about", {})
    before = await service.resources.store.read_stream(f"idea-{writer.draft}")
    assert before == []
    await writer.log()
    assert not await service.resources.pool.fetchval(
        "SELECT count(*) FROM drafts WHERE draft_id = $1", writer.draft
    )


async def test_a_draft_is_sealed(service, writer):
    """The database holds nothing that was typed in clear, and a row moved to another identifier opens nothing."""
    pool = service.resources.pool
    sealed = await pool.fetchval("SELECT sealed FROM drafts WHERE draft_id = $1", writer.draft)
    assert TITLE.encode() not in sealed
    await pool.execute("UPDATE drafts SET draft_id = $2 WHERE draft_id = $1", writer.draft, new_id())
    assert TITLE not in (await writer.get("/ideas/new")).text


async def test_only_so_many_drafts_are_kept(service, writer):
    """A further one takes the place of the one that was touched first, and of nobody else's."""
    drafts = service.resources.drafts
    whose = Whose(person_id=new_id()).known_again()
    identifiers = [new_id() for _ in range(OF_SOMEBODY_MAX + 2)]
    for number, identifier in enumerate(identifiers):
        await drafts.change(identifier, lambda _, number=number: TypedIdea(title=f"Idea {number}"), whose)
    kept = [draft.draft_id for draft in await drafts.of(whose)]
    assert kept == identifiers[:1:-1]
    assert TITLE in await writer.look("problem")


async def test_a_person_who_leaves_takes_their_drafts_along(service):
    """All of theirs go, and nobody else's."""
    drafts = service.resources.drafts
    leaving, staying = (Whose(person_id=new_id()).known_again() for _ in range(2))
    for whose in (leaving, leaving, staying):
        await drafts.change(new_id(), lambda _: TypedIdea(title="An idea"), whose)
    assert await drafts.forget_person(leaving.person_id) == 2
    assert await drafts.of(leaving) == []
    assert len(await drafts.of(staying)) == 1


async def test_drafts_end_after_sixty_days(service, writer):
    """Nobody sees it from then on, and housekeeping removes it; touching it in time gives it sixty days more."""
    pool, draft = service.resources.pool, writer.draft
    await pool.execute("UPDATE drafts SET expires_at = now() + interval '1 day' WHERE draft_id = $1", draft)
    await writer.send("problem", {**PROBLEM, "beneficiaries": "The late shift"})
    left = await pool.fetchval("SELECT expires_at - now() FROM drafts WHERE draft_id = $1", draft)
    assert left > timedelta(days=59)
    await pool.execute(
        "UPDATE drafts SET expires_at = now() - interval '1 second' WHERE draft_id = $1", draft
    )
    assert TITLE not in (await writer.get("/ideas/new")).text
    page = await writer.get(writer.step("problem"))
    assert (page.status_code, "nobody touched it for 60 days" in page.text) == (404, True)
    assert (await keep_house(pool)).drafts_removed >= 1
    assert not await pool.fetchval("SELECT count(*) FROM drafts WHERE draft_id = $1", draft)


async def test_drafts_without_end_are_refused(database_url):
    """An address begins so many in an hour and no more; what was begun can still be saved."""
    async with serving(database_url, limits_factor=0.03) as service:
        writer = Writer(service)
        statuses = []
        for _ in range(6):
            await writer.begin()
            answer = await writer.client.post(writer.step("problem"), data=PROBLEM, headers=SAME_SITE)
            statuses.append(answer.status_code)
        assert statuses[0] == 303
        assert statuses[-1] == 429


async def test_an_identifier_of_nobody_can_be_begun_by_one(service):
    """Of two who begin a draft with one identifier the second has another; neither sees the other's."""
    drafts, identifier = service.resources.drafts, new_id()
    first, second = (Whose().known_again() for _ in range(2))
    await drafts.change(identifier, lambda _: TypedIdea(title="First"), first)
    with pytest.raises(DraftUnknownError):
        await drafts.change(identifier, lambda _: TypedIdea(title="Second"), second)
    assert (await drafts.look(identifier, first)).typed.title == "First"
