"""The timeline: what happened one by one, and the votes of a day together."""

import pytest

from projections.audit_history.queries import HistoryFilter, label_of
from projections.audit_history.timeline import Votes, timeline
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
    for wanted in ({}, {"subject": idea_id(1)}, {"types": ("IdeaLogged", "VoteCast", "OfferMade")}):
        whole = [item.position for item in (await told(spec, **wanted)).items]
        met, cursor = [], None
        while True:
            page = await told(spec, limit=limit, cursor=cursor, **wanted)
            met += [item.position for item in page.items]
            if (cursor := page.next_cursor) is None:
                break
        assert met == whole == sorted(set(whole), reverse=True)


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
