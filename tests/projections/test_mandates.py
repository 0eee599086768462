"""Which funders are open to what, and what is left of their budgets."""

from uuid import uuid5

import pytest
from msgspec.structs import asdict

from events.contracts import (
    MandateClosed,
    MandateResumed,
    MandateRevised,
    Money,
    PledgeConditions,
    PoolCommitted,
    ResolvedPledge,
    Thresholds,
)
from projections.cursors import BadCursorError
from projections.mandates.queries import (
    STATUSES,
    MandateFilter,
    due_to_expire,
    mandate,
    mandates,
    open_by_theme,
    revisions,
)
from tests.projections.examples import COMMONS, NOON, days, idea_id, logged, opened, organisation_id, pounds
from tests.projections.funding import MANDATE, POOL, paused, pool_opened, published, released, reserved

pytestmark = pytest.mark.asyncio

NOW = NOON + days(1)


def revised(revision: int, **said):
    """Revise the first mandate; whatever is not said is plain."""
    fields = asdict(published(**said))
    del fields["published_by"]
    return MandateRevised(**fields, revision=revision, reason="More money.")


def committed(*amounts: int) -> PoolCommitted:
    """Commit the first pool with these amounts, of the first pledge, the second and so on."""
    return PoolCommitted(
        pool_id=POOL,
        idea_id=idea_id(1),
        resolution=tuple(
            ResolvedPledge(
                pledge_id=uuid5(COMMONS, f"pledge {number}"),
                organisation_id=organisation_id(number),
                amount_minor=minor,
                resolved_minor=minor,
                committed_minor=minor,
            )
            for number, minor in enumerate(amounts, 1)
        ),
        resolved_total=pounds(amount_minor=sum(amounts)),
        committed_total=pounds(amount_minor=sum(amounts)),
        occurred_at=NOON,
    )


async def found(spec, *, now=NOW):
    """Read the first mandate."""
    read = await mandate(spec.pool, MANDATE, now=now)
    assert read is not None
    return read


async def titles(spec, *, now=NOW, **wanted):
    """List the titles of mandates."""
    rows = await mandates(spec.pool, MandateFilter(**wanted), limit=50, now=now)
    return [item.title for item in rows.items]


async def test_a_mandate_is_shown_as_it_was_published(spec):
    """All that it says is there, and its whole budget is left."""
    conditions = PledgeConditions(min_funders=2, with_funders=(organisation_id(2),), max_share="0.5")
    said = {
        "title": "Care and company",
        "terms": "Two years at most.",
        "themes": ("SW104",),
        "places": ("GB-LDS",),
        "stages": ("supported",),
        "mode": "pledge",
        "thresholds": Thresholds(verified_votes=25, covered_percent=50, live_pool=True),
        "conditions": conditions,
        "veto_hours": 48,
    }
    at = await spec.given(published(**said))
    read = await found(spec)
    assert {name: getattr(read, name) for name in said} == {
        **said,
        "themes": ["SW104"],
        "places": ["GB-LDS"],
        "stages": ["supported"],
    }
    assert (read.revision, read.position, read.status) == (1, at, "open")
    assert read.organisation_id == organisation_id(1)
    assert (read.budget, read.left) == (pounds(amount_minor=100_000), pounds(amount_minor=100_000))
    assert await mandate(spec.pool, idea_id(1), now=NOW) is None


async def test_a_budget_is_left_reserved_and_committed(spec):
    """What is set aside is reserved until its pool commits it; what was too much comes back."""
    await spec.given(
        *(opened(), logged(), pool_opened(), published()),
        *(reserved(30_000), reserved(5_000), reserved(10_000, pledge=2), released(2_000, pledge=2)),
    )
    read = await found(spec)
    figures = [money.amount_minor for money in (read.reserved, read.committed, read.left)]
    assert figures == [43_000, 0, 57_000]
    await spec.given(committed(20_000), released(15_000))
    read = await found(spec)
    figures = [money.amount_minor for money in (read.reserved, read.committed, read.left)]
    assert figures == [8_000, 20_000, 72_000]


async def test_a_pledge_of_nobodys_mandate_is_none_of_its_budget(spec):
    """A pool that commits other pledges changes no budget."""
    await spec.given(opened(), logged(), pool_opened(), published(), committed(20_000))
    assert (await found(spec)).committed == pounds(amount_minor=0)


@pytest.mark.parametrize(
    ("events", "after", "status"),
    [
        ([], 0.5, "open"),
        ([], -0.5, "not_yet_open"),
        ([], 365, "expired"),
        ([paused()], 1, "paused"),
        ([paused()], 365, "expired"),
        ([paused(), MandateResumed(mandate_id=MANDATE, occurred_at=NOON)], 1, "open"),
        ([MandateClosed(mandate_id=MANDATE, reason="Spent.", occurred_at=NOON)], 1, "closed"),
        ([MandateClosed(mandate_id=MANDATE, reason="Spent.", occurred_at=NOON)], 400, "closed"),
        ([MandateClosed(mandate_id=MANDATE, expired=True, occurred_at=NOON)], 366, "expired"),
    ],
)
async def test_a_status_is_of_the_moment(spec, events, after, status):
    """Its funder pauses and closes a mandate, time opens and ends it; lists agree with the mandate itself."""
    await spec.given(published(), *events)
    now = NOON + days(after)
    assert (await found(spec, now=now)).status == status
    listed = [wanted for wanted in STATUSES if await titles(spec, now=now, status=wanted)]
    assert listed == [status]
    has_ended = status in {"closed", "expired"}
    assert bool(await titles(spec, now=now)) is not has_ended
    assert await titles(spec, now=now, ended=True) == ["Mandate 1"]


async def test_a_list_is_narrowed_by_theme_place_stage_and_currency(spec):
    """What a mandate names is found by itself, by what is around it and by what is within it; no name is any."""
    euros = {
        name: Money(amount_minor=10_000, currency="EUR") for name in ("ticket_min", "ticket_max", "budget")
    }
    await spec.given(
        published(1, title="Leeds", places=("GB-LDS",)),
        published(2, title="England", places=("GB-ENG",), themes=("SW",)),
        published(3, title="Transport", themes=("SW104",), stages=("funding",)),
        published(4, title="Euros", themes=("EN103",), places=("PL",), **euros),
    )
    assert set(await titles(spec, place="GB-LDS")) == {"Leeds", "England", "Transport"}
    assert set(await titles(spec, place="GB-ENG")) == {"Leeds", "England", "Transport"}
    assert set(await titles(spec, place="GB-BST")) == {"England", "Transport"}
    assert set(await titles(spec, theme="SW104")) == {"Leeds", "England", "Transport"}
    assert set(await titles(spec, theme="SW")) == {"Leeds", "England", "Transport"}
    assert set(await titles(spec, theme="EN103")) == {"Leeds", "Euros"}
    assert set(await titles(spec, stage="logged")) == {"Leeds", "England", "Euros"}
    assert set(await titles(spec, currency="EUR")) == {"Euros"}
    assert await titles(spec, theme="no\0theme") == []


async def test_a_code_of_a_theme_and_of_a_place_is_not_taken_for_the_other(spec):
    """AR is Arts and Argentina: who looks for one does not find the other."""
    await spec.given(
        published(1, title="Argentina", places=("AR-B",), themes=("HE",)),
        published(2, title="Arts", places=("GB",), themes=("AR301",)),
    )
    assert await titles(spec, theme="AR") == ["Arts"]
    assert await titles(spec, place="AR") == ["Argentina"]
    assert [one.theme for one in await open_by_theme(spec.pool, now=NOW)] == ["AR", "HE"]


async def test_what_is_open_is_counted_by_the_widest_themes(spec):
    """Each funder counts once in a theme, and a budget whole in each of its themes; what is not open does not count."""
    euros = {
        name: Money(amount_minor=10_000, currency="EUR") for name in ("ticket_min", "ticket_max", "budget")
    }
    assert await open_by_theme(spec.pool, now=NOW) == []
    await spec.given(
        published(1, themes=("SW104", "SW106", "HE205")),
        published(2, themes=("SW",), **euros),
        published(3, themes=("SW104",), organisation_id=organisation_id(2)),
        published(4),
        paused(),
    )
    first, second = await open_by_theme(spec.pool, now=NOW)
    whole = (await found(spec)).budget
    assert (first.theme, first.funders) == ("SW", 2)
    assert first.left == [Money(amount_minor=10_000, currency="EUR"), whole]
    assert (second.theme, second.funders, second.left) == (None, 1, [whole])
    await spec.given(MandateResumed(mandate_id=MANDATE, occurred_at=NOON))
    assert {one.theme: one.funders for one in await open_by_theme(spec.pool, now=NOW)} == {
        "SW": 2,
        "HE": 1,
        None: 1,
    }
    assert await open_by_theme(spec.pool, now=NOON + days(400)) == []


async def test_mandates_are_listed_page_by_page(spec):
    """Every mandate is on one page exactly, the newest first; and by organisation."""
    await spec.given(
        *(
            published(number, at=NOON - days(number), organisation_id=organisation_id(number % 2))
            for number in range(1, 6)
        )
    )
    seen, cursor = [], None
    while True:
        page = await mandates(spec.pool, MandateFilter(), limit=2, cursor=cursor, now=NOW)
        seen += [item.title for item in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == [f"Mandate {number}" for number in range(1, 6)]
    assert await titles(spec, organisation_id=organisation_id(0)) == ["Mandate 2", "Mandate 4"]
    with pytest.raises(BadCursorError):
        await mandates(spec.pool, MandateFilter(), limit=1, cursor="nonsense", now=NOW)


async def test_every_revision_is_kept(spec):
    """The newest holds, and each that came before still says what it said."""
    await spec.given(published(title="First"))
    await spec.given(revised(2, title="Second", budget=pounds(amount_minor=200_000), at=NOON + days(1)))
    read = await found(spec)
    assert (read.title, read.revision, read.budget) == ("Second", 2, pounds(amount_minor=200_000))
    first = await revisions(spec.pool, MANDATE, limit=1)
    rest = await revisions(spec.pool, MANDATE, limit=1, cursor=first.next_cursor)
    told = [(row.revision, row.says.title, row.reason) for row in (*first.items, *rest.items)]
    assert told == [(2, "Second", "More money."), (1, "First", "")]
    assert rest.next_cursor is None
    with pytest.raises(BadCursorError):
        await revisions(spec.pool, MANDATE, limit=1, cursor="nonsense")


async def test_what_is_over_is_due_until_it_is_noted(spec):
    """A mandate is due to expire from the moment its window ends until an event says so."""
    await spec.given(published(1), published(2, closes_at=NOON + days(10)))
    assert await due_to_expire(spec.pool, NOON + days(10), limit=5) == [uuid5(COMMONS, "mandate 2")]
    assert len(await due_to_expire(spec.pool, NOON + days(365), limit=5)) == 2
    await spec.given(MandateClosed(mandate_id=MANDATE, expired=True, occurred_at=NOON + days(365)))
    assert await due_to_expire(spec.pool, NOON + days(365), limit=5) == [uuid5(COMMONS, "mandate 2")]
