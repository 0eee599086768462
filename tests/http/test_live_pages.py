"""An open page hears of the votes and changes of what it shows, and misses nothing when it was cut off."""

from uuid import uuid4

import pytest

from app.http import watches as watching
from app.http.watches import WATCHED_MAX, Watches
from app.web import live
from app.web.live import page_frames
from tests.http.signing_in import HTML
from tests.http.streams import event_stream
from tests.http.waiting import until

pytestmark = pytest.mark.asyncio


def following(service, *, votes=(), things=(), after=None, **headers):
    """Open the stream of a page that shows these."""
    query = f"votes={','.join(map(str, votes))}&things={','.join(map(str, things))}"
    return event_stream(
        service.app, query + (f"&after={after}" if after is not None else ""), path="/live", **headers
    )


async def withdraw(author, idea_id):
    """Withdraw an idea, which changes its page; tell the position."""
    answer = await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", {"reason": "Done elsewhere."})
    return answer.json()["position"]


async def test_a_page_hears_how_things_stand_and_then_of_votes(service, author, voter):
    """First the votes of all its ideas, then those of the one that was voted for, in numbers and words."""
    voted, other = await author.log_idea(), await author.log_idea()
    async with following(service, votes=[voted, other]) as frames:
        _, first = await frames.next_data()
        position = (await voter.vote(voted)).json()["position"]
        heard_at, news = await frames.next_data()
    nobody = {"votes": 0, "number": "0", "words": "Nobody has supported this yet"}
    assert first == {"votes": {str(voted): nobody, str(other): nobody}}
    assert news == {"votes": {str(voted): {"votes": 1, "number": "1", "words": "person supports this"}}}
    assert heard_at >= position
    assert frames.headers["content-type"] == "text/event-stream; charset=utf-8"


async def test_a_page_hears_that_something_it_shows_has_changed(service, author):
    """A revision of an idea that is shown is told; one of another idea is not."""
    shown, other = await author.log_idea(), await author.log_idea()
    async with following(
        service, votes=[shown], things=[shown], after=await service.resources.store.head()
    ) as frames:
        await frames.next_data()
        await withdraw(author, other)
        await withdraw(author, shown)
        _, news = await frames.next_data()
    assert news == {"changed": [str(shown)]}


async def test_a_page_that_was_cut_off_misses_nothing(service, author, voter):
    """What was voted and changed in between is in the first frame after coming back with the last position."""
    idea_id = await author.log_idea()
    async with following(service, votes=[idea_id], things=[idea_id]) as frames:
        last, _ = await frames.next_data()
    await voter.vote(idea_id)
    await service.heard(await withdraw(author, idea_id))
    async with following(service, votes=[idea_id], things=[idea_id], last_event_id=str(last)) as frames:
        _, news = await frames.next_data()
    assert news["votes"][str(idea_id)]["votes"] == 1
    assert news["changed"] == [str(idea_id)]


async def test_a_page_that_was_away_for_long_is_told_that_anything_may_have_changed(
    service, author, monkeypatch
):
    """Nobody reads through a long log for one page."""
    monkeypatch.setattr(live, "CATCH_UP_EVENTS", 2)
    idea_id = await author.log_idea()
    await service.heard(await withdraw(author, idea_id))
    async with following(service, things=[idea_id], after=0) as frames:
        _, news = await frames.next_data()
    assert news == {"changed": [str(idea_id)]}


async def test_many_votes_are_told_together(service, author):
    """Votes that come within the time of a glance are one frame, with the last count."""
    idea_id = await author.log_idea()
    people = [await service.person() for _ in range(4)]
    async with following(service, votes=[idea_id]) as frames:
        await frames.next_data()
        for person in people:
            await person.vote(idea_id)
        counts = []
        while not counts or counts[-1] < len(people):
            _, news = await frames.next_data()
            counts.append(news["votes"][str(idea_id)]["votes"])
    assert counts == sorted(set(counts))


async def test_pages_that_leave_are_forgotten(service, author):
    """Nothing is kept for a page that was closed."""
    idea_id = await author.log_idea()
    async with following(service, votes=[idea_id]) as frames:
        await frames.next_data()
        assert service.resources.watches.open == 1
    await until(lambda: service.resources.watches.open == 0)
    assert service.resources.watches._by_thing == {}


async def test_a_stream_ends_when_its_life_does(service, author):
    """Connections do not stay for ever: balancers and browsers would not know."""
    idea_id = await author.log_idea()
    frames = [
        frame
        async for frame in page_frames(
            service.resources, frozenset({idea_id}), frozenset(), None, life_seconds=0.0
        )
    ]
    assert frames == [b"retry: 2000\n"]


async def test_a_page_claims_to_know_only_what_was_heard_a_moment_ago(monkeypatch):
    """Read models may be behind what was just heard: a page that asks from here hears too much rather than too little."""
    watches = Watches()
    assert watches.settled(7) == 7
    watches.heard([], 8)
    assert watches.settled(7) == 7
    monkeypatch.setattr(watching, "_SETTLED_SECONDS", 0.0)
    assert watches.settled(7) == 8


async def test_pages_that_show_what_moves_say_from_where_they_follow(service, author):
    """The board and an idea name a position; a page of nothing but words follows nothing, nor does one of the past."""
    idea_id = await author.log_idea()
    await service.shown()
    head = await service.resources.store.head()
    pages = {
        path: (await service.client.get(path, headers=HTML)).text
        for path in ("/", f"/ideas/{idea_id}", "/about", f"/ideas/{idea_id}?as_of={head}")
    }
    assert ["data-position" in page for page in pages.values()] == [True, True, False, False]
    assert all(
        f'data-votes="{idea_id}"' in page for path, page in pages.items() if path == f"/ideas/{idea_id}"
    )


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("votes=nobody", "votes"),
        ("things=1,2", "things"),
        ("things=" + ",".join(str(uuid4()) for _ in range(WATCHED_MAX + 1)), "things"),
        ("after=soon", "after"),
        ("after=-1", "after"),
        ("after=" + "9" * 5_000, "after"),
    ],
)
async def test_what_is_no_page_is_refused(service, query, place):
    """One sentence says what is wrong with the address."""
    answer = await service.client.get(f"/live?{query}")
    assert answer.status_code == 400
    assert place in answer.text


async def test_there_are_only_so_many_open_pages(service, author, monkeypatch):
    """Whoever comes when all places are taken is told so, and has the page all the same."""
    monkeypatch.setattr(live, "PAGES_MAX", 0)
    answer = await service.client.get(f"/live?votes={await author.log_idea()}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


async def test_a_page_hears_of_votes_in_its_own_language(service, author, voter):
    """The words that follow a count are those of whoever looks at it."""
    idea = await author.log_idea()
    async with following(service, votes=[idea], **{"accept-language": "cy"}) as frames:
        await frames.next_data()
        await voter.vote(idea)
        _, news = await frames.next_data()
    assert news["votes"][str(idea)]["words"] == "person yn cefnogi hyn"
