"""Idempotency keys: the same request under the same key is done once and answered alike."""

import asyncio

import pytest

from tests.http.conftest import IDEA

pytestmark = pytest.mark.asyncio


async def test_a_repeated_idea_is_one_idea(service, author):
    """Sending an idea twice under one key gives the same answer and logs one idea."""
    head = await service.resources.store.head()
    first = await author.send("POST", "/api/v1/ideas", IDEA, idempotency_key="minibus-1")
    again = await author.send("POST", "/api/v1/ideas", IDEA, idempotency_key="minibus-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert await service.resources.store.head() == head + 1


async def test_parallel_repetitions_are_one_idea(service, author):
    """The same key sent many times at once logs one idea, and everybody gets its answer."""
    head = await service.resources.store.head()
    answers = await asyncio.gather(
        *(author.send("POST", "/api/v1/ideas", IDEA, idempotency_key="parallel") for _ in range(25))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["idea_id"] for answer in answers}) == 1
    assert len({answer.json()["position"] for answer in answers}) == 1
    assert await service.resources.store.head() == head + 1


async def test_a_key_stands_for_one_request(author):
    """A key that was used for another body or another address is refused with 422."""
    assert (await author.send("POST", "/api/v1/ideas", IDEA, idempotency_key="once")).status_code == 201
    other = await author.send("POST", "/api/v1/ideas", {**IDEA, "title": "Other"}, idempotency_key="once")
    assert (other.status_code, other.json()["type"]) == (422, "urn:open-impact:key-reused")
    idea_id = await author.log_idea()
    elsewhere = await author.send("PATCH", f"/api/v1/ideas/{idea_id}", {"title": "Y"}, idempotency_key="once")
    assert elsewhere.status_code == 422


async def test_a_key_belongs_to_a_person(author, voter):
    """Two people may use the same key by chance: each gets their own answer."""
    mine = await author.send("POST", "/api/v1/ideas", IDEA, idempotency_key="chance")
    theirs = await voter.send("POST", "/api/v1/ideas", IDEA, idempotency_key="chance")
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["idea_id"] != theirs.json()["idea_id"]


async def test_a_repeated_vote_is_answered_as_the_first_time(service, author, voter):
    """A vote sent again under its key is answered with the count of then, though others voted since."""
    idea_id, other = await author.log_idea(), await service.person()
    first = await voter.vote(idea_id, idempotency_key="vote-1")
    assert first.json()["votes"] == 1
    assert (await other.vote(idea_id)).json()["votes"] == 2
    again = await voter.vote(idea_id, idempotency_key="vote-1")
    assert (again.status_code, again.json()) == (200, first.json())


async def test_a_repetition_counts_even_when_it_would_be_refused_now(service, author, voter):
    """The answer of then is given although the rules have changed since."""
    await service.community("repeating")
    idea_id = await author.log_idea(community="repeating")
    first = await voter.vote(idea_id, idempotency_key="before-the-pause")
    await service.pause_voting("repeating")
    again = await voter.vote(idea_id, idempotency_key="before-the-pause")
    assert (again.status_code, again.json()) == (200, first.json())


async def test_every_write_takes_a_key(service, author):
    """Revising, withdrawing and reopening are repeated harmlessly under their keys."""
    idea_id = await author.log_idea()
    address = f"/api/v1/ideas/{idea_id}"
    for method, path, body in (
        ("PATCH", address, {"title": "Again"}),
        ("POST", f"{address}/withdraw", {"reason": "Enough."}),
        ("POST", f"{address}/reopen", {}),
    ):
        first = await author.send(method, path, body, idempotency_key=f"key {path[-8:]}".replace(" ", "-"))
        head = await service.resources.store.head()
        again = await author.send(method, path, body, idempotency_key=f"key {path[-8:]}".replace(" ", "-"))
        assert (again.status_code, again.json()) == (200, first.json())
        assert await service.resources.store.head() == head


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "k\x7f"])
async def test_a_key_is_visible_characters(author, key):
    """A key that is empty, too long or has blanks in it is refused by name of the header."""
    answer = await author.send("POST", "/api/v1/ideas", IDEA, idempotency_key=key)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == "Idempotency-Key"


async def test_a_kept_answer_holds_no_text(own_service):
    """The log keeps answers without the titles in them, and puts these back when a request is repeated."""
    author = await own_service.person()
    first = await author.log_idea(title="Marigold minibus for the night shift")
    await own_service.shown()
    sent = {**IDEA, "title": "Marigold minibus for the late shift"}
    answer = await author.send("POST", "/api/v1/ideas", sent, idempotency_key="late")
    assert [(one["idea_id"], one["title"]) for one in answer.json()["similar"]] == [
        (str(first), "Marigold minibus for the night shift")
    ]
    kept = await own_service.resources.pool.fetch("SELECT answer FROM idempotency_keys")
    assert len(kept) == 1
    assert "Marigold" not in kept[0]["answer"]
    assert (await author.send("POST", "/api/v1/ideas", sent, idempotency_key="late")).json() == answer.json()
