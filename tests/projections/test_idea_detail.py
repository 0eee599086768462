"""One idea with all that is known about it, the curve of its votes, and the communities."""

from datetime import date, datetime, timedelta, timezone

import pytest

from events.contracts import Source, VotingPaused, VotingResumed, VotingRules
from events.streams import community_id
from projections.idea_detail.queries import (
    CommunityDay,
    CommunityDetail,
    DayOfVotes,
    IdeaDetail,
    communities,
    community,
    community_days,
    idea,
    votes_by_day,
)
from tests.projections.examples import (
    AUTHOR,
    COMMONS,
    NOON,
    days,
    idea_id,
    logged,
    opened,
    pounds,
    reopened,
    revised,
    rules_set,
    vote,
    vote_withdrawn,
    votes,
    withdrawn,
)

pytestmark = pytest.mark.asyncio

ASK = pounds(amount_minor=1_250_000)
SOURCE = Source(system="pabulib", collection="Poland Łódź 2023", id="L117")


async def seen(spec, number: int = 1) -> IdeaDetail:
    """Read one idea that is there."""
    found = await idea(spec.pool, idea_id(number))
    assert found is not None
    return found


async def test_an_idea_is_shown_whole(spec):
    """Every field is there as it was logged, with where it stands and why."""
    at = await spec.given(
        opened(name="The commons", threshold=3),
        logged(
            title="Repair café",
            problem="Things are thrown away.",
            proposal="Mend them.",
            beneficiaries="Everybody.",
            themes=("EN103", "SDG12"),
            places=("GB-LDS",),
            ask=ASK,
            source=SOURCE,
            at=NOON,
        ),
        vote(1, at=NOON + days(1)),
    )
    assert await seen(spec) == IdeaDetail(
        idea_id=idea_id(1),
        title="Repair café",
        problem="Things are thrown away.",
        proposal="Mend them.",
        beneficiaries="Everybody.",
        themes=["EN103", "SDG12"],
        places=["GB-LDS"],
        community="commons",
        community_name="The commons",
        author_id=AUTHOR,
        stage="logged",
        stage_reason="1 person supports it; 2 more will make it a supported idea.",
        since=NOON,
        votes=1,
        support_threshold=3,
        ask=ASK,
        source=SOURCE,
        logged_at=NOON,
        revised_at=None,
        withdrawn_reason=None,
        version=1,
        position=at,
    )


async def test_a_card_and_a_page_tell_the_same(spec):
    """What the board shows of an idea is what its page shows."""
    await spec.given(
        opened(), logged(ask=ASK, source=SOURCE, themes=("SDG12",)), *votes(3, at=NOON + days(1))
    )
    card, page = await spec.card(), await seen(spec)
    shared = set(card.__struct_fields__) - {"momentum", "open_needs"}
    assert shared < set(page.__struct_fields__)
    assert {name: getattr(card, name) for name in shared} == {name: getattr(page, name) for name in shared}


async def test_an_idea_that_does_not_exist_is_none(spec):
    """Asking for an unknown idea gives nothing."""
    assert await idea(spec.pool, idea_id(99)) is None
    assert await votes_by_day(spec.pool, idea_id(99)) == []


async def test_a_revision_replaces_the_texts(spec):
    """After a revision the texts, codes and ask are the new ones, and the author, source and times before stay."""
    await spec.given(opened(), logged(ask=ASK, source=SOURCE, places=("GB-LDS",)))
    at = await spec.given(
        revised(
            title="New", problem="P", proposal="Q", beneficiaries="B", themes=("SDG1",), at=NOON + days(2)
        )
    )
    now = await seen(spec)
    assert (now.title, now.problem, now.proposal, now.beneficiaries) == ("New", "P", "Q", "B")
    assert (now.themes, now.places, now.ask, now.source) == (["SDG1"], [], None, SOURCE)
    assert (now.logged_at, now.revised_at, now.version, now.position) == (NOON, NOON + days(2), 2, at)
    assert (now.stage, now.since) == ("logged", NOON)


async def test_of_two_revisions_the_later_counts(spec):
    """Two revisions read at once leave what the second says."""
    await spec.given(
        opened(),
        logged(),
        revised(title="Second", at=NOON + days(1)),
        revised(title="Third", at=NOON + days(2)),
    )
    now = await seen(spec)
    assert (now.title, now.revised_at, now.version) == ("Third", NOON + days(2), 3)
    assert (await spec.card()).title == "Third"


async def test_a_withdrawal_gives_its_reason(spec):
    """A withdrawn idea says why and keeps its votes; opened again it says so no more."""
    await spec.given(opened(), logged(), vote(), withdrawn(reason="Done elsewhere.", at=NOON + days(1)))
    gone = await seen(spec)
    assert (gone.stage, gone.withdrawn_reason, gone.since) == (
        "withdrawn",
        "Done elsewhere.",
        NOON + days(1),
    )
    assert (gone.votes, gone.version, gone.stage_reason) == (1, 2, "Its author withdrew it.")
    at = await spec.given(reopened(at=NOON + days(2)))
    back = await seen(spec)
    assert (back.stage, back.withdrawn_reason, back.since) == ("logged", None, NOON + days(2))
    assert (back.version, back.position) == (3, at)


async def test_votes_move_the_position_and_not_the_version(spec):
    """A vote is no change of the idea itself, and the page says up to where it counts."""
    await spec.given(opened(), logged())
    before = await seen(spec)
    at = await spec.given(vote())
    after = await seen(spec)
    assert (before.version, after.version) == (1, 1)
    assert after.position == at > before.position


async def test_the_curve_counts_the_votes_at_the_end_of_each_day(spec):
    """The curve has a point for each day that changed the votes, cumulative, withdrawals on their own day."""
    await spec.given(
        opened(),
        logged(1),
        vote(1, at=NOON),
        vote(2, at=NOON + timedelta(hours=11)),
        vote(3, at=NOON + days(2)),
        vote_withdrawn(1, cast_at=NOON, at=NOON + days(3)),
        vote(4, at=NOON + days(3)),
        vote_withdrawn(2, cast_at=NOON, at=NOON + days(4)),
        logged(2),
        vote(1, idea=2, at=NOON),
    )
    first = NOON.date()
    assert await votes_by_day(spec.pool, idea_id(1)) == [
        DayOfVotes(day=first + days(day), votes=votes) for day, votes in ((0, 2), (2, 3), (3, 3), (4, 2))
    ]


async def test_a_day_of_the_curve_is_a_day_in_utc(spec):
    """A vote just after midnight somewhere else counts on the day it was in UTC, and a late event on its own."""
    warsaw = timezone(timedelta(hours=2))
    await spec.given(
        opened(),
        logged(),
        vote(1, at=datetime(2026, 6, 2, 0, 30, tzinfo=warsaw)),
        vote(2, at=datetime(2026, 5, 31, 23, 30, tzinfo=warsaw)),
    )
    assert await votes_by_day(spec.pool, idea_id(1)) == [
        DayOfVotes(day=date(2026, 5, 31), votes=1),
        DayOfVotes(day=date(2026, 6, 1), votes=2),
    ]


async def test_a_community_is_shown_with_its_rules(spec):
    """A community is found by its short name, with its rules, whether voting is paused, and its ideas counted."""
    identifier = community_id("commons")
    await spec.given(
        opened(threshold=3),
        logged(1),
        logged(2),
        withdrawn(2),
        VotingPaused(community_id=identifier, reason="Counting.", occurred_at=NOON),
        rules_set(5),
    )
    expected = CommunityDetail(
        community_id=COMMONS,
        slug="commons",
        name="The commons",
        rules=VotingRules(support_threshold=5),
        paused=True,
        ideas=2,
    )
    assert await community(spec.pool, "commons") == expected
    assert (await seen(spec)).support_threshold == 5
    await spec.given(VotingResumed(community_id=identifier, occurred_at=NOON))
    resumed = await community(spec.pool, "commons")
    assert resumed is not None
    assert not resumed.paused
    assert await community(spec.pool, "nowhere") is None


async def test_communities_are_listed_the_busiest_first(spec):
    """Communities come by their number of ideas, then by short name, as many as asked for."""
    await spec.given(
        opened("south"), opened("north"), opened("east"), logged(1, slug="east"), logged(2, slug="east")
    )
    assert [one.slug for one in await communities(spec.pool)] == ["east", "north", "south"]
    assert [one.slug for one in await communities(spec.pool, limit=1)] == ["east"]


async def test_the_window_of_a_vote_is_kept(spec):
    """The opening and closing times of a community's rules come back as they were set."""
    rules = VotingRules(support_threshold=2, opens_at=NOON - days(1), closes_at=NOON + days(1))
    opening = opened()
    await spec.given(
        type(opening)(
            **{**{name: getattr(opening, name) for name in opening.__struct_fields__}, "rules": rules}
        )
    )
    found = await community(spec.pool, "commons")
    assert found is not None
    assert found.rules == rules


async def test_a_community_tells_what_each_day_brought(spec):
    """Ideas and votes count on their day in UTC, votes taken back later too; other communities count apart."""
    late = datetime(2026, 3, 2, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    await spec.given(
        opened(), opened(slug="leeds"), logged(1, at=late), logged(2, at=late, slug="leeds"), vote(1, at=late)
    )
    await spec.given(
        vote(2, at=late + days(1)),
        vote(3, at=late + days(1)),
        vote_withdrawn(2, cast_at=late + days(1), at=late + days(3)),
        vote(4, idea=2, at=late + days(1)),
    )
    first, here = date(2026, 3, 1), community_id("commons")
    told = [
        CommunityDay(day=first, ideas=1, votes=1),
        CommunityDay(day=first + days(1), ideas=0, votes=2),
    ]
    assert await community_days(spec.pool, here, until=first + days(1), days=30) == told
    assert await community_days(spec.pool, here, until=first + days(1), days=1) == told[1:]
    assert await community_days(spec.pool, here, until=first, days=30) == told[:1]
    assert await community_days(spec.pool, community_id("leeds"), until=first + days(1), days=30) == [
        CommunityDay(day=first, ideas=1, votes=0),
        CommunityDay(day=first + days(1), ideas=0, votes=1),
    ]
    assert await community_days(spec.pool, community_id("nowhere"), until=first, days=30) == []
