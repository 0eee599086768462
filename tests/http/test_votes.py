"""Votes over HTTP: one a person and idea, whatever happens at once."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def votes_in_log(service, idea_id):
    """List the types of an idea's vote events, in order."""
    page = await service.resources.store.read_tail(0, limit=50_000, types=["VoteCast", "VoteWithdrawn"])
    return [event.type for event in page.events if event.data.idea_id == idea_id]


async def test_two_hundred_parallel_votes_of_one_person_are_one(service, author, voter):
    """However often one person votes at once, there is one event, and everybody is told of one vote."""
    idea_id = await author.log_idea()
    answers = await asyncio.gather(*(voter.vote(idea_id) for _ in range(200)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["votes"] for answer in answers} == {1}
    assert len({answer.json()["position"] for answer in answers}) == 1
    assert await votes_in_log(service, idea_id) == ["VoteCast"]


async def test_many_people_vote_at_once(service, author):
    """Votes of many people at once are all counted, and each is counted in its own answer."""
    idea_id = await author.log_idea()
    people = [await service.person() for _ in range(20)]
    answers = await asyncio.gather(*(person.vote(idea_id) for person in people))
    assert {answer.status_code for answer in answers} == {200}
    assert max(answer.json()["votes"] for answer in answers) == 20
    position = max(answer.json()["position"] for answer in answers)
    read = (await service.client.get(f"/api/v1/ideas/{idea_id}?min_position={position}")).json()
    assert (read["votes"], read["stage"]) == (20, "supported")


async def test_a_vote_is_taken_back_and_cast_again(service, author, voter):
    """Support can be taken back and given again; doing either twice changes nothing."""
    idea_id = await author.log_idea()
    address = f"/api/v1/ideas/{idea_id}/vote"
    for method, votes in (("DELETE", 0), ("PUT", 1), ("PUT", 1), ("DELETE", 0), ("DELETE", 0), ("PUT", 1)):
        answer = await voter.send(method, address)
        assert (answer.status_code, answer.json()["votes"]) == (200, votes)
    assert await votes_in_log(service, idea_id) == ["VoteCast", "VoteWithdrawn", "VoteCast"]


async def test_nobody_votes_for_their_own_idea(service, author):
    """The author's own vote is refused by name of the rule, and nothing is recorded."""
    idea_id = await author.log_idea()
    answer = await author.vote(idea_id)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:open-impact:own-idea")
    assert await votes_in_log(service, idea_id) == []


async def test_a_pause_counts_at_once(service, author, voter):
    """Votes that were fine a moment ago are refused as soon as voting is paused."""
    await service.community("pausing")
    first, second = await author.log_idea(community="pausing"), await author.log_idea(community="pausing")
    assert (await voter.vote(first)).status_code == 200
    await service.pause_voting("pausing")
    refused = await voter.vote(second)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:open-impact:voting-not-running")
    assert (await voter.vote(first)).status_code == 200  # It is cast already: nothing is left to do.


async def test_voting_that_has_not_begun_takes_no_votes(service, author, voter):
    """Before a community's voting opens, votes are refused."""
    await service.community("later", opens_at="2999-01-01T00:00:00Z")
    idea_id = await author.log_idea(community="later")
    assert (await voter.vote(idea_id)).json()["type"] == "urn:open-impact:voting-not-running"


async def test_the_event_knows_the_request(service, author, voter):
    """The identifiers of a request reach the metadata of the event it caused."""
    idea_id = await author.log_idea()
    answer = await voter.vote(idea_id, x_request_id="req-42", x_correlation_id="errand-7")
    assert answer.headers["x-request-id"] == "req-42"
    (event,) = await service.resources.store.read_positions([answer.json()["position"]])
    metadata = event.metadata
    assert (metadata.command, metadata.actor) == ("CastVote", voter.person_id)
    assert (metadata.request_id, metadata.correlation_id) == ("req-42", "errand-7")
