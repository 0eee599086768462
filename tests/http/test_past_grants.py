"""What a funder gave before, over HTTP and on its page; and the first mandate that follows from it."""

from datetime import UTC, datetime

import pytest

from app.suggestion import suggestion_from
from events.contracts import Money
from events.streams import new_id, organisation_id
from projections.past_grants.queries import PlaceCount, ThemeTotal, UsualGrants
from tests.http.organisations import registered
from tests.http.signing_in import HTML
from tests.http.test_mandate_pages import somebody
from tests.projections.examples import pounds, requests
from tests.projections.grants import NOBODY, granted

pytestmark = pytest.mark.asyncio


async def given_grants(service, org_id, count=8, **said):
    """Record grants of a funder, the first of them to a person."""
    funder = {
        "funder_id": organisation_id(org_id),
        "funder_org_id": org_id,
        "funder_name": f"The {org_id} Trust",
        **said,
    }
    events = [
        granted(
            f"{org_id}-{number}",
            at=datetime(2014 + number % 3, 5, 4, tzinfo=UTC),
            amount=pounds(amount_minor=100_000 * (number + 1)),
            places=("GB-DUR", "E12000002"),
            **(
                {**funder, **NOBODY, "to_individual": True}
                if number == 0
                else {**funder, "title": "Food banks"}
            ),
        )
        for number in range(count)
    ]
    await service.resources.store.append_many(requests(*events))
    await service.shown()
    return f"/api/v1/organisations/{organisation_id(org_id)}"


async def test_past_grants_are_read_page_by_page(service):
    """Grants, totals by year and recipients are there for whoever asks, and nobody who got one as a person is named."""
    path = await given_grants(service, "GB-CHC-1000101")
    first = (await service.client.get(f"{path}/grants?limit=5")).json()
    rest = (await service.client.get(f"{path}/grants?limit=5&cursor={first['next_cursor']}")).json()
    assert (first["funder"]["grants"], first["funder"]["to_individuals"]) == (8, 1)
    assert len(first["items"]) + len(rest["items"]) == 8
    (person,) = [item for item in [*first["items"], *rest["items"]] if item["to_individual"]]
    assert (person["recipient_name"], person["title"], person["description"]) == (None, "", "")
    assert [year["year"] for year in first["years"]] == [2016, 2015, 2014]
    (recipient,) = (await service.client.get(f"{path}/grants/recipients")).json()["items"]
    assert (recipient["name"], recipient["grants"]) == ("Bus Society", 7)
    for asked in ("grants", "mandate-suggestion"):
        none = await service.client.get(f"/api/v1/organisations/{new_id()}/{asked}")
        assert (none.status_code, none.json()["detail"][:14]) == (404, "No past grants")
    assert (await service.client.get(f"{path}/grants?cursor=nonsense")).status_code == 400


async def test_a_mandate_is_suggested_with_its_reasons(service):
    """Themes and places of most grants, amounts between the quartiles, the budget of a middling year, and why."""
    path = await given_grants(service, "GB-CHC-1000102")
    suggestion = (await service.client.get(f"{path}/mandate-suggestion")).json()
    assert (suggestion["themes"], suggestion["places"]) == (["SW301"], ["E12000002", "GB-DUR"])
    money = [suggestion[name]["amount_minor"] for name in ("ticket_min", "ticket_max", "budget")]
    assert money == [200_000, 600_000, 1_200_000]
    reasons = {one["reason"] for one in suggestion["reasons"]}
    assert "7 of 8 past grants speak of “Food banks”." in reasons
    assert "Half of the 8 past grants were of £2,000 to £6,000." in reasons


async def test_a_suggestion_is_sound_whatever_was_given():
    """A single penny, or money without pence, comes to a mandate whose amounts go together."""
    for minor, currency in ((1, "GBP"), (1, "JPY"), (987_654_321, "KWD")):
        money = Money(amount_minor=minor, currency=currency)
        usual = UsualGrants(
            grants=1,
            lower_quartile=money,
            upper_quartile=money,
            year=money,
            themes=[ThemeTotal(theme="SW", grants=1, total=money)],
            places=[PlaceCount(place="GB", grants=1)],
        )
        suggestion = suggestion_from(usual)
        amounts = [suggestion.ticket_min, suggestion.ticket_max, suggestion.budget]
        assert 0 < amounts[0].amount_minor <= amounts[1].amount_minor <= amounts[2].amount_minor
        assert (suggestion.themes, suggestion.places) == ([], [])


async def test_a_funder_that_is_not_registered_has_a_page(service):
    """Who is known by past grants alone has a page that says so; of nobody there is none."""
    path = await given_grants(service, "GB-CHC-1000103", funder_name="Dale <b>Trust</b>")
    identifier = path.rpartition("/")[2]
    page = await service.client.get(f"/funders/{identifier}", headers=HTML)
    assert page.status_code == 200
    for words in (
        "Dale &lt;b&gt;Trust",
        "Nobody acts for it here yet",
        "8 grants",
        "Food banks",
        "Bus Society",
        "a person",
    ):
        assert words in page.text, words
    assert "<b>Trust" not in page.text
    assert (
        await service.client.get(f"/funders/{identifier}?cursor=nonsense", headers=HTML)
    ).status_code == 200
    assert (await service.client.get(f"/funders/{new_id()}", headers=HTML)).status_code == 404


async def test_past_grants_belong_to_whoever_registers_under_the_org_id(service):
    """An organisation that registers later has its past on its page, and nobody else finds it in their form."""
    await given_grants(service, "GB-CHC-1000104")
    ada = await service.person()
    path = await registered(ada, name="Late Trust", org_id="GB-CHC-1000104", roles=["funder"])
    identifier = path.rpartition("/")[2]
    await service.shown()
    page = await service.client.get(f"/funders/{identifier}", headers=HTML)
    assert ("Late Trust" in page.text, "Nobody acts for it" in page.text) == (True, False)
    other, _ = await somebody(service, "funder")
    assert "A suggestion" not in (await other.get("/mandates/new")).text


async def test_the_form_begins_with_what_past_grants_suggest(service):
    """Whoever may commit the money of a funder with a past finds its form filled in, with the reasons."""
    browser, trust = await somebody(service, "funder")
    funder = {"funder_id": trust, "funder_org_id": "GB-CHC-1000105", "funder_name": "Trust"}
    events = [granted(f"form-{number}", title="Food banks", **funder) for number in range(4)]
    await service.resources.store.append_many(requests(*events))
    await service.shown()
    form = await browser.get(f"/mandates/new?organisation={trust}")
    for words in (
        "A suggestion from what was funded before",
        "4 of 4 past grants",
        'value="5000"',
        'name="theme-SW301" value="on" checked',
    ):
        assert words in form.text, words


async def test_what_lies_within_something_suggested_is_not_suggested_again():
    """Where most grants were for a country, its parts are in it already; so with themes."""
    some = pounds(amount_minor=100_000)
    usual = UsualGrants(
        grants=10,
        lower_quartile=some,
        upper_quartile=some,
        year=some,
        themes=[ThemeTotal(theme=code, grants=5, total=some) for code in ("AR", "AR302", "HE")],
        places=[PlaceCount(place=code, grants=3) for code in ("GB", "GB-SCT", "FR")],
    )
    suggestion = suggestion_from(usual)
    assert (suggestion.themes, suggestion.places) == (["AR", "HE"], ["GB", "FR"])
