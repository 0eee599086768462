"""Fair votes over HTTP: totals in public, ballots in private, and what was set aside with its reason."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.command_handling import Cause
from domain.community import COMMUNITY, AppointSteward
from domain.person import PERSON, JoinPerson, VerifyPerson
from domain.quarantine import QUARANTINE, SetVotesAside
from events.streams import community_id, community_stream, new_id, person_stream, quarantine_stream

pytestmark = pytest.mark.asyncio

WHY = {"reason": "They were one person."}


async def verified(service, name="Vera Sample"):
    """Make somebody who joined and whose address was confirmed."""
    person = await service.person(name)
    stream, now = person_stream(person.person_id), datetime.now(UTC)
    for command in (
        JoinPerson(now=now, person_id=person.person_id, origin="account"),
        VerifyPerson(now=now, person_id=person.person_id, how="email"),
    ):
        await service.resources.handler.handle(PERSON, stream, command, cause=Cause())
    return person


async def steward_of(service, slug="commons"):
    """Make a steward of a community."""
    person = await verified(service, "Stella Sample")
    identifier = community_id(slug)
    command = AppointSteward(now=datetime.now(UTC), community_id=identifier, person_id=person.person_id)
    await service.resources.handler.handle(COMMUNITY, community_stream(identifier), command, cause=Cause())
    return person


async def set_aside(service, idea_id, *people):
    """Set aside the votes of some people, as the service does when a wave looks stuffed."""
    now, identifier = datetime.now(UTC), new_id()
    command = SetVotesAside(
        now=now,
        quarantine_id=identifier,
        people=tuple(person.person_id for person in people),
        signal="shared_network",
        reason="They came from one network at once.",
        idea_ids=(idea_id,),
        since=now,
        until=now,
    )
    handled = await service.resources.handler.handle(
        QUARANTINE, quarantine_stream(identifier), command, cause=Cause()
    )
    return identifier, handled.position


async def read(service, path, at):
    """Read what shows a position."""
    answer = await service.client.get(f"/api/v1{path}{'&' if '?' in path else '?'}min_position={at}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def counted(service, idea_id):
    """Tell all, verified and set-aside votes of an idea, from its tally."""
    tally = await read(service, f"/ideas/{idea_id}/tally", await service.resources.store.head())
    return tally["votes"], tally["verified_votes"], tally["set_aside"]


async def test_ideas_show_verified_votes_beside_votes(service, author):
    """The idea, the board and the idea as it was tell how many of the votes are verified."""
    idea_id = await author.log_idea(title="Zebra crossing for hedgehogs")
    vera, other = await verified(service), await service.person()
    assert (await vera.vote(idea_id)).status_code == 200
    before = (await vera.vote(idea_id)).json()["position"]
    at = (await other.vote(idea_id)).json()["position"]
    one = await read(service, f"/ideas/{idea_id}", at)
    assert (one["votes"], one["verified_votes"]) == (2, 1)
    (item,) = (await read(service, "/ideas?q=hedgehogs", at))["items"]
    assert (item["votes"], item["verified_votes"]) == (2, 1)
    _, now = await set_aside(service, idea_id, vera)
    for as_of, expected in ((at, (2, 1)), (before, (1, 1)), (now, (2, 0))):
        past = (await service.client.get(f"/api/v1/ideas/{idea_id}?as_of={as_of}")).json()
        assert (past["votes"], past["verified_votes"]) == expected


async def test_an_etag_changes_when_votes_are_set_aside(service, author):
    """Whoever asks whether an idea changed is told so when its verified votes do."""
    idea_id, vera = await author.log_idea(), await verified(service)
    at = (await vera.vote(idea_id)).json()["position"]
    path = f"/api/v1/ideas/{idea_id}?min_position={at}"
    tag = (await service.client.get(path)).headers["etag"]
    assert (await service.client.get(path, headers={"if-none-match": tag})).status_code == 304
    _, now = await set_aside(service, idea_id, vera)
    path = f"/api/v1/ideas/{idea_id}?min_position={now}"
    assert (await service.client.get(path, headers={"if-none-match": tag})).status_code == 200


async def test_a_tally_can_be_recounted_by_anyone(service, author):
    """The tally lists every vote under the name it has in the public log, with how it counts and why."""
    idea_id = await author.log_idea()
    people = [await verified(service) for _ in range(3)] + [await service.person()]
    for person in people:
        await person.vote(idea_id)
    quarantine_id, at = await set_aside(service, idea_id, people[0])
    tally = await read(service, f"/ideas/{idea_id}/tally?limit=3", at)
    assert (tally["votes"], tally["verified_votes"], tally["set_aside"], tally["as_of"]) == (4, 2, 1, at)
    (reason,) = tally["quarantines"]
    assert (reason["quarantine_id"], reason["votes"], reason["position"]) == (str(quarantine_id), 1, at)
    rest = await read(service, f"/ideas/{idea_id}/tally?as_of={at}&cursor={tally['next_cursor']}", at)
    listed = tally["ballots"] + rest["ballots"]
    assert [ballot["counts_as"] for ballot in listed] == ["set_aside", "verified", "verified", "unverified"]
    assert str(people[0].person_id) not in str(listed)
    first = listed[0]["position"]
    (event,) = (await read(service, f"/events?after={first - 1}&limit=1", at))["items"]
    assert event["data"]["person_id"] == listed[0]["voter"]


async def test_a_tally_as_of_a_time_is_that_of_what_was_recorded_then(service, author):
    """A time stands for the last event recorded by then; what is neither time nor position is refused."""
    idea_id, vera = await author.log_idea(), await verified(service)
    await vera.vote(idea_id)
    between = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    await (await verified(service)).vote(idea_id)
    path = f"/api/v1/ideas/{idea_id}/tally?as_of="
    assert (await service.client.get(path + between)).json()["votes"] == 1
    assert (await service.client.get(path + "2999-01-01T00:00:00Z")).json()["votes"] == 2
    refused = await service.client.get(path + "yesterday")
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "as_of")
    unknown = await service.client.get(f"/api/v1/ideas/{new_id()}/tally")
    assert unknown.status_code == 404


async def test_a_receipt_says_where_ones_vote_stands_and_whether_it_counts(service, author):
    """Whoever voted gets a receipt of their own vote, and nobody else's; the public log holds what it says."""
    idea_id, vera, other = await author.log_idea(), await verified(service), await service.person()
    at = (await vera.vote(idea_id)).json()["position"]
    path = f"/api/v1/ideas/{idea_id}/vote?min_position="
    receipt = (await vera.send("GET", f"{path}{at}")).json()
    (event,) = (await read(service, f"/events?after={at - 1}&limit=1", at))["items"]
    assert (receipt["position"], receipt["event_id"]) == (at, event["id"])
    assert receipt["voter"] == event["data"]["person_id"]
    assert (receipt["counts_as"], receipt["reasons"]) == ("verified", [])
    assert (await other.send("GET", f"{path}{at}")).status_code == 404
    assert (await service.client.get(f"{path}{at}")).status_code == 401
    _, now = await set_aside(service, idea_id, vera)
    receipt = (await vera.send("GET", f"{path}{now}")).json()
    assert (receipt["counts_as"], receipt["reasons"]) == (
        "set_aside",
        ["They came from one network at once."],
    )


async def test_ones_own_votes_are_listed_for_oneself(service, author):
    """A person lists their own votes page by page; without a token there is nothing to list."""
    vera = await verified(service)
    ideas = [await author.log_idea(title=f"Bench number {number}") for number in range(3)]
    at = max([(await vera.vote(idea_id)).json()["position"] for idea_id in ideas])
    page = (await vera.send("GET", f"/api/v1/me/votes?limit=2&min_position={at}")).json()
    rest = (await vera.send("GET", f"/api/v1/me/votes?limit=2&cursor={page['next_cursor']}")).json()
    assert [UUID(item["idea_id"]) for item in page["items"] + rest["items"]] == ideas[::-1]
    assert rest["next_cursor"] is None
    assert (await service.client.get("/api/v1/me/votes")).status_code == 401


async def test_a_steward_sets_votes_aside_and_lets_them_count_again(service, author):
    """By the names of the tally and with a reason; everybody can read it, and it can be undone."""
    idea_id, steward = await author.log_idea(), await steward_of(service)
    people = [await verified(service) for _ in range(3)]
    for person in people:
        await person.vote(idea_id)
    assert await counted(service, idea_id) == (3, 3, 0)
    tally = await read(service, f"/ideas/{idea_id}/tally", await service.resources.store.head())
    voters = [ballot["voter"] for ballot in tally["ballots"][:2]]
    body = {"idea_id": str(idea_id), "voters": voters, **WHY}
    made = await steward.send("POST", "/api/v1/communities/commons/quarantines", body)
    assert made.status_code == 201, made.text
    assert await counted(service, idea_id) == (3, 1, 2)
    (shown,) = (await read(service, f"/quarantines?idea={idea_id}", made.json()["position"]))["items"]
    assert (shown["signal"], shown["reason"], shown["people"], shown["votes"]) == (
        "by_hand",
        WHY["reason"],
        2,
        2,
    )
    path = f"/api/v1/communities/commons/quarantines/{shown['quarantine_id']}/lift"
    assert (await steward.send("POST", path, {"reason": "We were wrong."})).status_code == 200
    assert await counted(service, idea_id) == (3, 3, 0)
    lifted = await read(
        service, f"/quarantines/{shown['quarantine_id']}", await service.resources.store.head()
    )
    assert lifted["lifted_reason"] == "We were wrong."


async def test_only_a_steward_of_the_ideas_community_decides_about_its_votes(service, author):
    """Members, stewards of other communities, wrong names and missing reasons change nothing."""
    idea_id, vera = await author.log_idea(), await verified(service)
    await vera.vote(idea_id)
    await service.community("elsewhere")
    stranger, steward = await steward_of(service, "elsewhere"), await steward_of(service)
    voter = (
        await vera.send(
            "GET", f"/api/v1/ideas/{idea_id}/vote?min_position={await service.resources.store.head()}"
        )
    ).json()["voter"]
    body = {"idea_id": str(idea_id), "voters": [voter], **WHY}
    here, there = (f"/api/v1/communities/{slug}/quarantines" for slug in ("commons", "elsewhere"))
    assert (await vera.send("POST", here, body)).status_code == 403
    assert (await stranger.send("POST", here, body)).status_code == 403
    assert (await stranger.send("POST", there, body)).status_code == 404
    assert (await steward.send("POST", here, {**body, "voters": [str(vera.person_id)]})).status_code == 400
    assert (await steward.send("POST", here, {**body, "voters": []})).status_code == 400
    assert (await steward.send("POST", here, {**body, "reason": " "})).status_code == 400
    identifier, _ = await set_aside(service, idea_id, vera)
    assert (await vera.send("POST", f"{here}/{identifier}/lift", WHY)).status_code == 403
    assert (await stranger.send("POST", f"{there}/{identifier}/lift", WHY)).status_code == 404
    assert (await steward.send("POST", f"{here}/{new_id()}/lift", WHY)).status_code == 404
    assert await counted(service, idea_id) == (1, 0, 1)


async def test_who_was_set_aside_is_not_public(service, author):
    """The public log names the people of a quarantine by pseudonyms that say nothing, as many as they are."""
    idea_id, vera = await author.log_idea(), await verified(service)
    await vera.vote(idea_id)
    _, at = await set_aside(service, idea_id, vera)
    (event,) = (await read(service, f"/events?after={at - 1}&limit=1", at))["items"]
    assert (event["type"], len(event["data"]["people"])) == ("VotesQuarantined", 1)
    assert str(vera.person_id) not in str(event)


async def test_the_pages_say_what_counts_and_what_was_set_aside(service, author):
    """An idea's page tells how many votes are verified and set aside, and links the page that says why."""
    idea_id, vera = await author.log_idea(), await verified(service)
    for person in (vera, await service.person()):
        await person.vote(idea_id)
    await service.shown()
    page = (await service.client.get(f"/ideas/{idea_id}")).text
    assert "1 of them verified" in page
    assert f"/ideas/{idea_id}/votes" in page
    assert "set aside" not in page
    await set_aside(service, idea_id, vera)
    await service.shown()
    page = (await service.client.get(f"/ideas/{idea_id}")).text
    for words in ("0 of them verified", "1 vote is set aside.", "They came from one network at once."):
        assert words in page, words
    votes = (await service.client.get(f"/ideas/{idea_id}/votes")).text
    for words in (
        "1 vote is set aside.",
        "They came from one network at once.",
        f"/api/v1/ideas/{idea_id}/tally",
    ):
        assert words in votes, words
    assert "Download a receipt" not in page + votes
    own = await vera.send("GET", f"/ideas/{idea_id}/votes")
    assert "You support this idea. It counts among all votes." in own.text
    assert (
        f'href="/api/v1/ideas/{idea_id}/vote" download' in (await vera.send("GET", f"/ideas/{idea_id}")).text
    )
    assert (await service.client.get(f"/ideas/{new_id()}/votes")).status_code == 404


async def test_a_community_has_a_page_of_its_fair_votes(service):
    """Both counts, what differs, what was set aside and why, whom to turn to; programs can read it as well."""
    await service.community("fair-place")
    author, steward = await service.person(), await steward_of(service, "fair-place")
    idea_id, other = await author.log_idea(community="fair-place"), await author.log_idea()
    vera, vic = await verified(service), await verified(service)
    for person, idea in ((vera, idea_id), (vic, idea_id), (vera, other)):
        await person.vote(idea)
    await service.shown()
    path = "/communities/fair-place/fairness"
    page = await service.client.get(path)
    assert (page.status_code, "Nothing was ever set aside" in page.text) == (200, True)
    identifier, at = await set_aside(service, idea_id, vera)
    await service.shown()
    page = (await service.client.get(f"{path}?cursor=nonsense")).text
    for words in (
        "2 votes in all; 1 verified, 1 set aside, 0 not verified yet",
        "They came from one network at once.",
        f'href="/ideas/{idea_id}/votes"',
        "1 vote in this community now",
    ):
        assert words in page, words
    for where in (f"/ideas/{idea_id}", f"/ideas/{idea_id}/votes"):
        assert f'href="{path}"' in (await service.client.get(where)).text
    (shown,) = (await read(service, "/quarantines?community=fair-place", at))["items"]
    assert (shown["quarantine_id"], shown["votes"]) == (str(identifier), 1)
    lift = f"/api/v1/communities/fair-place/quarantines/{identifier}/lift"
    assert (await steward.send("POST", lift, {"reason": "We were wrong."})).status_code == 200
    await service.shown()
    assert "We were wrong." in (await service.client.get(path)).text
    both = await service.client.get(f"/api/v1/quarantines?community=fair-place&idea={idea_id}")
    assert both.status_code == 400
    assert (await read(service, "/quarantines?community=nowhere", at))["items"] == []
    for slug in ("nowhere", "%00"):
        assert (await service.client.get(f"/communities/{slug}/fairness")).status_code == 404


async def test_the_history_does_not_tell_who_was_verified_when(service):
    """A verification stands in the history of all, under no name, and is left out of what one person did."""
    vera = await verified(service)
    head = await service.resources.store.head()
    everything = await read(service, "/history?type=PersonVerified", head)
    assert everything["items"][0]["position"] == head
    assert str(vera.person_id) not in str(everything)
    for filtered in (f"subject={vera.person_id}", f"actor={vera.person_id}"):
        for more in ("", "&type=PersonVerified"):
            found = (await read(service, f"/history?{filtered}{more}", head))["items"]
            assert "PersonVerified" not in [item["type"] for item in found]
    assert (await read(service, f"/history?subject={vera.person_id}", head))["items"]
