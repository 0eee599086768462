"""What a funder gave before: to whom, how much, when, and for what as far as it can be guessed."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from events.contracts import Money
from projections.cursors import BadCursorError
from projections.past_grants.guessing import themes_in
from projections.past_grants.queries import by_year, past_funder, past_grants, recipients, usual_grants
from tests.projections.examples import NOON, days, pounds
from tests.projections.grants import FUNDER, NOBODY, granted

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("For the work of an arts festival with refugees.", ("AR102", "BE101")),
        ("Older people at risk of loneliness", ("BE108", "SW106")),
        ("To help with advice", ("CA101",)),
        ("A community minibus", ()),
        ("Choirs in care homes", ("AR301",)),
        ("People. Older furniture.", ()),
        ("Refugees' food banks", ("SW301", "BE101")),
        ("", ()),
    ],
)
async def test_a_theme_is_guessed_by_its_name(text, themes):
    """A theme's name in the words of a grant is a guess; the narrower of two is taken, and words too wide say nothing."""
    assert themes_in(text) == themes


async def test_a_funder_is_known_by_its_grants(spec):
    """How many grants there are, since when, and in which years how much in which currency."""
    at = await spec.given(
        granted(1, at=datetime(2014, 3, 17, tzinfo=UTC)),
        granted(2, at=datetime(2015, 3, 17, tzinfo=UTC)),
        granted(3, at=datetime(2015, 9, 1, tzinfo=UTC), amount=Money(amount_minor=7, currency="EUR")),
        granted(
            4,
            at=datetime(2015, 12, 31, 23, tzinfo=UTC),
            **NOBODY,
            to_individual=True,
            funder_name="Dale and Fell Trust",
        ),
    )
    found = await past_funder(spec.pool, FUNDER)
    assert found is not None
    assert (found.name, found.grants, found.to_individuals) == ("Dale and Fell Trust", 4, 1)
    assert (found.first_awarded_at.year, found.last_awarded_at.year, found.position) == (2014, 2015, at)
    years = [(one.year, one.grants, one.total) for one in await by_year(spec.pool, FUNDER)]
    assert years == [
        (2015, 2, pounds(amount_minor=1_000_000)),
        (2015, 1, Money(amount_minor=7, currency="EUR")),
        (2014, 1, pounds(amount_minor=500_000)),
    ]
    assert await past_funder(spec.pool, UUID(int=1)) is None


async def test_what_a_funder_usually_gives(spec):
    """Quartiles and the middle year are of the currency of most grants; one of nothing is left out."""
    amounts = [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 100_000, 0]
    await spec.given(
        *(
            granted(
                number,
                at=datetime(2014 + number % 2, 3, 17, tzinfo=UTC),
                amount=pounds(amount_minor=minor),
                title="Food banks",
                places=("GB-DUR",) if number > 4 else (),
            )
            for number, minor in enumerate(amounts)
        ),
        granted(20, amount=Money(amount_minor=9, currency="EUR")),
    )
    found = await usual_grants(spec.pool, FUNDER)
    assert found is not None
    assert (found.grants, found.lower_quartile, found.upper_quartile) == (
        8,
        pounds(amount_minor=2_000),
        pounds(amount_minor=6_000),
    )
    assert found.year == pounds(amount_minor=16_000)
    assert [(one.theme, one.grants) for one in found.themes] == [("SW301", 9)]
    assert [(one.place, one.grants) for one in found.places] == [("GB-DUR", 4)]
    assert await usual_grants(spec.pool, UUID(int=1)) is None


async def test_grants_and_recipients_are_listed_page_by_page(spec):
    """Every grant and every recipient is on one page exactly; people are among the grants, and nobody's recipients."""
    await spec.given(
        *(
            granted(
                number,
                at=NOON - days(number),
                recipient_id=f"R{number % 3}",
                recipient_name=f"Name {number % 3}",
            )
            for number in range(6)
        ),
        granted(9, at=NOON - days(9), **NOBODY, to_individual=True),
    )

    async def walked(query):
        found, cursor = [], None
        while True:
            page = await query(spec.pool, FUNDER, limit=2, cursor=cursor)
            found += page.items
            if (cursor := page.next_cursor) is None:
                return found

    assert [row.identifier for row in await walked(past_grants)] == [
        f"360G-dale-{number}" for number in (0, 1, 2, 3, 4, 5, 9)
    ]
    assert [(row.recipient_id, row.grants, row.total.amount_minor) for row in await walked(recipients)] == [
        (f"R{number}", 2, 1_000_000) for number in (2, 1, 0)
    ]
    for query in (past_grants, recipients):
        with pytest.raises(BadCursorError):
            await query(spec.pool, FUNDER, limit=1, cursor="nonsense")
