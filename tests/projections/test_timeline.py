"""The timeline: what happened one by one, and the votes of a day together."""

import pytest

from events.contracts import MandateMatched, MatchReason
from projections.audit_history.queries import HistoryFilter, label_of
from projections.audit_history.timeline import Matches, Votes, timeline
from projections.cursors import BadCursorError
from tests.projections import funding
from tests.projections.examples import (
    NOON,
    days,
    idea_id,
    logged,
    opened,
    organisation_id,
    person_id,
    registered,
    revised,
    vote,
    vote_withdrawn,
    votes,
)

pytestmark = pytest.mark.asyncio


EACH = {"subject": funding.MANDATE, "each": True}
REGISTERED = ("MandatePublished", "OrganisationRegistered")


def fits(number, *, at):
    """Let an idea come to fit the mandate."""
    return MandateMatched(
        mandate_id=funding.MANDATE,
        idea_id=idea_id(number),
        organisation_id=organisation_id(),
        revision=1,
        score=60,
        reasons=(MatchReason(part="theme", points=60),),
        occurred_at=at,
    )


async def told(spec, *, limit=200, cursor=None, **wanted):
    """Ask for a page of the timeline."""
    return await timeline(spec.pool, spec.store, HistoryFilter(**wanted), limit=limit, cursor=cursor)


async def types(spec, **wanted):
    """List the types of one page."""
    return [item.type for item in (await told(spec, **wanted)).items]


async def test_the_votes_of_a_day_are_one_line(spec):
    """However many came on a day, they are told together, at the place of the last of them."""
    await spec.given(opened(), logged(at=NOON))
    await spec.given(*(vote(number, at=NOON + days(1)) for number in range(1, 39)))
    await spec.given(
        revised(title="Orchard", reason="Trees.", at=NOON + days(2)),
        vote_withdrawn(1, cast_at=NOON + days(1), at=NOON + days(3)),
    )
    page = await told(spec, subject=idea_id(1))
    assert [item.sentence for item in page.items[:-1]] == [
        "1 person took back their support for “Orchard”.",
        "The idea “Orchard” was revised.",
        "38 people supported “Orchard”.",
    ]
    assert page.items[2].votes == Votes(day=(NOON + days(1)).date(), given=38, taken_back=0)
    assert (page.items[2].actor, page.items[2].occurred_at.date()) == (None, (NOON + days(1)).date())
    assert page.items[1].why == "Trees."


async def test_who_comes_and_goes_on_a_day_is_not_called_several_people(spec):
    """Where support was given and taken back on one day, times are counted and not people."""
    await spec.given(opened(), logged(title="Orchard"), vote(1, at=NOON))
    await spec.given(vote_withdrawn(1, cast_at=NOON, at=NOON), vote(1, at=NOON))
    (item,) = (await told(spec, types=("VoteCast",))).items
    assert item.sentence == "“Orchard” was supported 2 times, and support was taken back once."


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_every_line_is_met_once_on_the_way_through_the_pages(spec, limit):
    """Pages of any size give all lines once, newest first, of everything and of one idea."""
    await spec.given(opened(), logged(), vote(1, at=NOON), logged(2), *votes(5), funding.offered())
    await spec.given(*(fits(number, at=NOON + days(number // 3)) for number in range(9)))
    for wanted in ({}, {"subject": idea_id(1)}, {"types": ("IdeaLogged", "VoteCast", "OfferMade")}, EACH):
        whole = [item.position for item in (await told(spec, **wanted)).items]
        met, cursor = [], None
        while True:
            page = await told(spec, limit=limit, cursor=cursor, **wanted)
            met += [item.position for item in page.items]
            if (cursor := page.next_cursor) is None:
                break
        assert met == whole == sorted(set(whole), reverse=True)


async def test_ideas_that_come_to_fit_a_mandate_on_a_day_are_one_line(spec):
    """However many fit, they are one line by day and mandate, and a link's question gives each; one alone is itself."""
    await spec.given(opened(), registered(), funding.published(at=NOON), logged(at=NOON))
    await spec.given(*(fits(number, at=NOON) for number in range(1, 41)), revised(at=NOON))
    await spec.given(fits(41, at=NOON), fits(42, at=NOON + days(1)), logged(2, at=NOON + days(2)))
    page = await told(spec, types=("MandateMatched", "IdeaRevised"))
    assert [item.sentence for item in page.items] == [
        "An idea fits what “Organisation 1” is open to fund.",
        "41 ideas fit what “Organisation 1” is open to fund.",
        "The idea “Idea 1, revised” was revised.",
    ]
    assert [item.matches for item in page.items] == [None, Matches(day=NOON.date(), ideas=41), None]
    assert page.items[0].occurred_at == NOON + days(1)
    assert (await told(spec)).items[2].matches.ideas == 41
    each = {"subject": funding.MANDATE, "types": ("MandateMatched",), "each": True}
    assert len((await told(spec, until=NOON.replace(hour=0) + days(1), **each)).items) == 41
    together = (await told(spec, subject=funding.MANDATE)).items
    assert [item.type for item in together] == ["MandateMatched", "MandateMatched", "MandatePublished"]
    by_funder = (await told(spec, organisation=organisation_id())).items
    assert [item.type for item in by_funder] == [*["MandateMatched"] * 2, *REGISTERED]


async def test_each_match_stands_in_the_story_of_its_idea(spec):
    """There it says that this idea fits, and is told by itself among many of the same day."""
    await spec.given(opened(), registered(), funding.published(at=NOON), logged(at=NOON))
    await spec.given(fits(1, at=NOON), fits(2, at=NOON))
    assert await types(spec, subject=idea_id(1)) == ["MandateMatched", "IdeaLogged"]


async def test_a_timeline_is_narrowed_by_type_and_time(spec):
    """Types and days narrow the steps and the days of votes alike."""
    await spec.given(opened(), logged(at=NOON), vote(1, at=NOON + days(1)), vote(2, at=NOON + days(5)))
    await spec.given(revised(at=NOON + days(6)))
    assert await types(spec, types=("IdeaRevised",)) == ["IdeaRevised"]
    assert await types(spec, types=("VoteCast",)) == ["VoteCast", "VoteCast"]
    assert await types(spec, types=("-",)) == []
    assert await types(spec, types=("IdeaRevised",), subject=idea_id(1)) == ["IdeaRevised"]
    midnight = NOON.replace(hour=0)
    assert await types(spec, since=midnight + days(5), subject=idea_id(1)) == ["IdeaRevised", "VoteCast"]
    assert await types(spec, until=midnight + days(5), subject=idea_id(1)) == ["VoteCast", "IdeaLogged"]


async def test_whoever_asks_who_acted_sees_no_votes(spec):
    """By person and by organisation, the days of votes are left out; an organisation's own registration is in."""
    await spec.given(opened(), registered(), funding.published(), logged(), actor=person_id(7))
    await spec.given(vote(7), actor=person_id(7))
    assert "VoteCast" not in await types(spec, actor=person_id(7))
    assert await types(spec, actor=person_id(7), types=("IdeaLogged",)) == ["IdeaLogged"]
    acted = await told(spec, organisation=organisation_id())
    assert [item.type for item in acted.items] == ["MandatePublished", "OrganisationRegistered"]
    assert acted.items[0].organisation_id == organisation_id()


async def test_things_are_called_what_they_are_called_now(spec):
    """A thing's name is that of its last revision; what has none has none."""
    await spec.given(opened(), logged(title="Garden"), revised(title="Orchard"), funding.pool_opened())
    assert await label_of(spec.pool, idea_id(1)) == "Orchard"
    assert await label_of(spec.pool, idea_id(99)) is None
    (pool,) = (await told(spec, types=("PoolOpened",))).items
    assert (pool.label, pool.within, pool.within_label) == ("", idea_id(1), "Orchard")


async def test_a_made_up_cursor_is_refused(spec):
    """Whatever is no cursor of the timeline is refused."""
    with pytest.raises(BadCursorError):
        await told(spec, cursor="nonsense")
