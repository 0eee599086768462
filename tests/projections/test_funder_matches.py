"""What fits what, asked of the database: the same as the plain function says of every pair, in both directions."""

from uuid import uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.contracts import (
    BudgetReleased,
    BudgetReserved,
    IdeaLogged,
    MandateClosed,
    MandateMatched,
    MandatePaused,
    MandateResumed,
    MandateRevised,
    MatchReason,
    Money,
    PoolCancelled,
)
from events.streams import community_id
from projections.cursors import BadCursorError
from projections.funder_matches import FunderMatches
from projections.funder_matches.fit import fit
from projections.funder_matches.queries import (
    all_for_idea,
    changes_between,
    funders_open_to,
    idea_facts,
    ideas_for,
    mandate_facts,
    match_of,
    matches_of_idea,
    matches_of_mandate,
    of_idea,
)
from projections.rebuild import rebuild, verify
from tests.projections.examples import (
    AUTHOR,
    NOON,
    days,
    idea_id,
    logged,
    opened,
    organisation_id,
    pounds,
    reopened,
    revised,
    rules_set,
    vote,
    votes,
    withdrawn,
)
from tests.projections.funding import need_added, pool_opened, published
from tests.projections.histories import histories
from tests.projections.matching import CURRENCIES, MONEY, PLACES, THEMES, mandates, said_by, some
from tests.projections.test_purity import follow_in_cuts, log_of, rows_of

pytestmark = pytest.mark.asyncio

LATER = NOON + days(1)


def mandate_id(number=1):
    """Make the identifier of the mandate with this number."""
    return published(number).mandate_id


async def said(spec, number=1):
    """Read what a mandate says."""
    return (await mandate_facts(spec.pool, [mandate_id(number)]))[mandate_id(number)]


async def ideas_of(spec, number=1, **asked):
    """List the numbers of the ideas that fit a mandate, with their scores."""
    rows = await matches_of_mandate(spec.pool, await said(spec, number), LATER, **{"limit": 200, **asked})
    numbers = {idea_id(one): one for one in range(50)}
    return [(numbers[match.idea.idea_id], match.fit.score) for match in rows.items]


async def mandates_of(spec, number=1):
    """List the numbers of the mandates that are open to an idea."""
    numbers = {mandate_id(one): one for one in range(50)}
    return [numbers[match.mandate.mandate_id] for match in await of_idea(spec.pool, idea_id(number), LATER)]


@st.composite
def drawn_ideas(draw):
    """Draw an idea as it is logged, and whether it has a pool and votes."""
    ask = draw(st.none() | MONEY)
    money = None if ask is None else Money(amount_minor=ask, currency=draw(st.sampled_from(CURRENCIES)))
    said_of_it = {"themes": draw(some(THEMES)), "places": draw(some(PLACES)), "ask": money}
    return said_of_it, draw(st.none() | st.sampled_from(CURRENCIES)), draw(st.integers(0, 3))


def happened(drawn):
    """Give the events of drawn ideas."""
    for number, (said_of_it, pool, support) in enumerate(drawn):
        yield logged(number, **said_of_it)
        yield from votes(support, idea=number)
        if pool is not None:
            target = Money(amount_minor=60_000, currency=pool)
            yield pool_opened(number, idea=number, minimum=target, target=target)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(drawn_ideas(), max_size=12), wanted=st.lists(mandates(), max_size=6))
async def test_both_lists_are_what_the_plain_function_says(spec, drawn, wanted):
    """Of every pair, both lists have exactly those that fit, with the score of the plain function, in its order."""
    await spec.begin()
    await spec.given(
        opened(threshold=2),
        *happened(drawn),
        *(said_by(facts, number) for number, facts in enumerate(wanted)),
    )
    ideas = await idea_facts(spec.pool, [idea_id(number) for number in range(len(drawn))])
    funders = await mandate_facts(spec.pool, [mandate_id(number) for number in range(len(wanted))])
    assert (len(ideas), len(funders)) == (len(drawn), len(wanted))
    fitting = {
        (mandate.mandate_id, idea.idea_id): fit(mandate, idea, NOON)
        for mandate in funders.values()
        for idea in ideas.values()
    }
    fitting = {pair: one.score for pair, one in fitting.items() if one.is_match}
    for mandate in funders.values():
        best = sorted(((-score, idea) for (of, idea), score in fitting.items() if of == mandate.mandate_id))
        assert await ideas_for(spec.pool, mandate, NOON, limit=99) == [idea for _, idea in best]
        half = [idea for score, idea in best if -score >= 60]
        assert await ideas_for(spec.pool, mandate, NOON, limit=99, min_score=60) == half
        rows = await matches_of_mandate(spec.pool, mandate, NOON, limit=99)
        assert [(match.fit.score, match.idea.idea_id) for match in rows.items] == [
            (-score, idea) for score, idea in best
        ]
    for idea in ideas.values():
        best = sorted(((-score, of) for (of, about), score in fitting.items() if about == idea.idea_id))
        assert [
            (-match.fit.score, match.mandate.mandate_id)
            for match in await all_for_idea(spec.pool, idea, NOON)
        ] == best
    open_to = {
        idea: {funders[of].organisation_id for of, about in fitting if about == idea} for _, idea in fitting
    }
    counted = await funders_open_to(spec.pool, list(ideas), NOON)
    assert counted == {idea: len(organisations) for idea, organisations in open_to.items()}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=histories(),
    wanted=st.lists(mandates(), max_size=3),
    cuts=st.lists(st.integers(1, 12), min_size=1, max_size=6),
)
async def test_pages_of_any_size_make_the_same_tables(wide_pool, events, wanted, cuts):
    """However the log is cut, with mandates and pools in the middle of it, the tables are the same."""
    pools = [
        pool_opened(number, idea=number, at=event.occurred_at)
        for number in range(4)
        for event in events
        if isinstance(event, IdeaLogged) and event.idea_id == idea_id(number)
    ]
    named = [said_by(facts, number) for number, facts in enumerate(wanted)]
    store = await log_of([*named, *events, *pools, *(paused(number) for number in range(len(wanted)))])
    projection = FunderMatches()
    await wide_pool.execute("DELETE FROM checkpoints")
    await wide_pool.execute(f"DROP SCHEMA IF EXISTS {projection.name} CASCADE")
    await follow_in_cuts(wide_pool, store, projection, cuts)
    assert await verify(wide_pool, store, projection) == []
    followed = await rows_of(wide_pool, projection)
    await rebuild(wide_pool, store, projection, holder="purity")
    assert await rows_of(wide_pool, projection) == followed


def paused(number=1):
    """Pause a mandate."""
    return MandatePaused(mandate_id=mandate_id(number), occurred_at=NOON)


def revised_mandate(number=1, *, revision=2, **said_now):
    """Revise a mandate; whatever is not said is plain."""
    before = published(number)
    fields = {
        "title": "Revised",
        "ticket_min": before.ticket_min,
        "ticket_max": before.ticket_max,
        "budget": before.budget,
        "opens_at": before.opens_at,
        "closes_at": before.closes_at,
        **said_now,
    }
    return MandateRevised(
        mandate_id=before.mandate_id,
        organisation_id=before.organisation_id,
        revision=revision,
        occurred_at=NOON,
        **fields,
    )


def alert(score=60, revision=1):
    """Tell a funder of the first idea."""
    return MandateMatched(
        mandate_id=mandate_id(),
        idea_id=idea_id(1),
        organisation_id=organisation_id(1),
        revision=revision,
        score=score,
        reasons=(MatchReason(part="theme", points=score),),
        occurred_at=LATER,
    )


async def test_an_idea_fits_from_the_moment_it_is_logged(spec):
    """What a mandate is open to is in its list as soon as it is there, and the other way round."""
    await spec.given(opened(), published(themes=("HE",), places=("GB-ENG",)))
    assert await ideas_of(spec) == []
    await spec.given(
        logged(1, themes=("HE205",), places=("GB-LDS",)), logged(2, themes=("ED",), places=("GB-LDS",))
    )
    assert await ideas_of(spec) == [(1, 20 + 20 + 10 + 4 + 5)]
    assert (await mandates_of(spec, 1), await mandates_of(spec, 2)) == ([1], [])


async def test_what_is_revised_fits_anew(spec):
    """A revision of the idea or of the mandate replaces what fitted before."""
    await spec.given(opened(), published(themes=("HE",)), logged(themes=("ED",)))
    assert await ideas_of(spec) == []
    await spec.given(revised(themes=("HE205",)))
    assert [number for number, _ in await ideas_of(spec)] == [1]
    await spec.given(revised_mandate(themes=("ED",)))
    assert (await ideas_of(spec), await mandates_of(spec)) == ([], [])
    assert (await said(spec)).revision == 2
    await spec.given(revised_mandate(revision=3))
    assert [number for number, _ in await ideas_of(spec)] == [1]


async def test_votes_matter_when_they_move_an_idea_to_another_stage(spec):
    """A vote is no change until it makes the idea supported."""
    position = await spec.given(opened(threshold=2), published(stages=("supported",)), logged())
    before = await spec.given(vote(1))
    assert await ideas_of(spec) == []
    assert (await changes_between(spec.pool, position, before, limit=9)).ideas == []
    after = await spec.given(vote(2))
    assert [number for number, _ in await ideas_of(spec)] == [1]
    assert (await changes_between(spec.pool, before, after, limit=9)).ideas == [idea_id(1)]
    assert (await idea_facts(spec.pool, [idea_id(1)]))[idea_id(1)].votes == 2
    later = await spec.given(vote(3))
    assert (await changes_between(spec.pool, after, later, limit=9)).ideas == []


async def test_new_rules_are_a_change_of_the_ideas_they_move(spec):
    """A new threshold moves ideas to another stage, and what fits follows."""
    before = await spec.given(
        opened(threshold=5), published(stages=("supported",)), logged(1), logged(2), *votes(3)
    )
    after = await spec.given(rules_set(3))
    assert [number for number, _ in await ideas_of(spec)] == [1]
    assert (await changes_between(spec.pool, before, after, limit=9)).ideas == [idea_id(1)]


async def test_a_withdrawn_idea_fits_nothing(spec):
    """It leaves the list when it is withdrawn, and comes back when it is opened again."""
    await spec.given(opened(), published(), logged())
    await spec.given(withdrawn())
    assert (await ideas_of(spec), await mandates_of(spec)) == ([], [])
    await spec.given(reopened())
    assert [number for number, _ in await ideas_of(spec)] == [1]


async def test_a_mandate_fits_nothing_while_it_is_paused_or_closed(spec):
    """It is open to nothing until it is resumed, and never again once it is closed."""
    await spec.given(opened(), published(), logged(), paused())
    assert (await ideas_of(spec), await mandates_of(spec)) == ([], [])
    await spec.given(MandateResumed(mandate_id=mandate_id(), occurred_at=NOON))
    assert (len(await ideas_of(spec)), len(await mandates_of(spec))) == (1, 1)
    await spec.given(MandateClosed(mandate_id=mandate_id(), occurred_at=NOON))
    assert (await ideas_of(spec), await mandates_of(spec)) == ([], [])
    match = await match_of(spec.pool, mandate_id(), idea_id(1), LATER)
    assert [reason.part for reason in match.fit.reasons if not reason.fits] == ["window"]


async def test_a_window_opens_and_ends_by_itself(spec):
    """Before and after its window a mandate lists nothing, without any event."""
    await spec.given(opened(), published(opens_at=LATER, closes_at=LATER + days(1)), logged())
    facts = await said(spec)
    for at, many in ((NOON, 0), (LATER, 1), (LATER + days(1), 0)):
        assert len(await ideas_for(spec.pool, facts, at, limit=9)) == many
        assert len(await of_idea(spec.pool, idea_id(1), at)) == many


async def test_an_open_pool_counts_until_it_ends(spec):
    """A pool adds its points while it is open, and another one after it counts again."""
    await spec.given(opened(), published(), logged())
    ((_, without),) = await ideas_of(spec)
    pool = pool_opened()
    await spec.given(pool)
    ((_, with_pool),) = await ideas_of(spec)
    assert with_pool >= without + 10
    await spec.given(
        PoolCancelled(
            pool_id=pool.pool_id, idea_id=idea_id(1), cancelled_by=AUTHOR, reason="Merged.", occurred_at=NOON
        )
    )
    assert await ideas_of(spec) == [(1, without)]


async def test_money_that_is_set_aside_is_not_left(spec):
    """A mandate whose budget is set aside fits nothing until some of it is free again, which is a change."""
    await spec.given(opened(), published(), logged())
    money = {"mandate_id": mandate_id(), "pledge_id": uuid5(mandate_id(), "pledge"), "pool_id": idea_id(9)}
    before = await spec.given(BudgetReserved(**money, amount=pounds(amount_minor=95_000), occurred_at=NOON))
    assert (await ideas_of(spec), await mandates_of(spec)) == ([], [])
    after = await spec.given(BudgetReleased(**money, amount=pounds(amount_minor=5_000), occurred_at=NOON))
    assert (len(await ideas_of(spec)), len(await mandates_of(spec))) == (1, 1)
    assert (await changes_between(spec.pool, before, after, limit=9)).mandates == [mandate_id()]


async def test_what_a_funder_was_told_stays(spec):
    """An alert is kept as it was, whatever the mandate says later, and what was told is not new."""
    await spec.given(opened(), published(), logged(), logged(2))
    await spec.given(alert())
    facts = await said(spec)
    assert await ideas_for(spec.pool, facts, LATER, limit=9, untold=True) == [idea_id(2)]
    await spec.given(revised_mandate(themes=("ED",)))
    match = await match_of(spec.pool, mandate_id(), idea_id(1), LATER)
    assert (match.fit.is_match, match.told_at) == (False, LATER)
    assert await spec.pool.fetchval("SELECT score FROM funder_matches.alerts") == 60


async def test_a_list_is_turned_page_by_page(spec):
    """All pages together are the whole list, without gaps or repetitions, in both directions."""
    await spec.given(
        opened(),
        *(logged(number, themes=("HE",)[: number % 2]) for number in range(9)),
        *(published(number, themes=("HE",)[: number % 2]) for number in range(9)),
    )
    facts, idea = await said(spec, 0), (await idea_facts(spec.pool, [idea_id(1)]))[idea_id(1)]
    for ask, whole in (
        (matches_of_mandate, await matches_of_mandate(spec.pool, facts, LATER, limit=99)),
        (matches_of_idea, await matches_of_idea(spec.pool, idea, LATER, limit=99)),
    ):
        about, cursor, found = facts if ask is matches_of_mandate else idea, None, []
        while True:
            rows = await ask(spec.pool, about, LATER, limit=2, cursor=cursor)
            found += rows.items
            if (cursor := rows.next_cursor) is None:
                break
        assert (found, len(found)) == (whole.items, 9)
        least = whole.items[0].fit.score
        best = await ask(spec.pool, about, LATER, limit=99, min_score=least)
        assert {match.fit.score for match in best.items} == {least}
        with pytest.raises(BadCursorError):
            await ask(spec.pool, about, LATER, limit=2, cursor="nonsense")


async def test_changes_come_in_order_and_in_part(spec):
    """What changed is listed from the earliest on, and what one event changed stays together."""
    before = await spec.given(opened(threshold=9), *(logged(number) for number in range(6)))
    await spec.given(*(vote(1, idea=number) for number in range(5)))
    moved = await spec.given(rules_set(1))
    after = await spec.given(published(), need_added(idea=5))
    part = await changes_between(spec.pool, before, after, limit=2)
    assert (set(part.ideas), part.mandates, part.reached) == (set(map(idea_id, range(5))), [], moved)
    rest = await changes_between(spec.pool, part.reached, after, limit=9)
    assert (rest.ideas, rest.mandates, rest.reached) == ([idea_id(5)], [mandate_id()], after)


async def test_ideas_of_all_communities_are_looked_at(spec):
    """What fits does not depend on the community."""
    await spec.given(opened(), opened("north"), published(), logged(1), logged(2, slug="north"))
    assert {number for number, _ in await ideas_of(spec)} == {1, 2}
    assert community_id("north") != community_id("commons")
