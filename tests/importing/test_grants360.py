"""Past grants as 360Giving has them: read one by one, a wrong one named, people left out."""

import json
from datetime import UTC, datetime

import pytest

from app.importing.grants360 import GrantsFile
from app.importing.grants_writer import import_grants, read_grants
from app.importing.rows import BadRow
from events.contracts import Money, PastGrantRecorded
from events.memory import MemoryStore

GRANT = {
    "id": "360G-dale-1",
    "title": "Buses",
    "description": "For the minibus\nof three villages.",
    "currency": "GBP",
    "amountAwarded": 5000.5,
    "awardDate": "2014-03-17",
    "fundingOrganization": [{"id": "GB-CHC-1000001", "name": "Dale Trust"}],
    "recipientOrganization": [{"id": "GB-CHC-1000002", "name": "Bus Society"}],
    "beneficiaryLocation": [{"name": "County Durham", "countryCode": "GB"}, {"geoCode": "E12000002"}],
}


@pytest.fixture
def file(tmp_path):
    """Give a way to write a file of grants."""

    def write(*grants):
        path = tmp_path / "grants.json"
        path.write_text(json.dumps({"grants": grants}, indent=1), encoding="utf-8")
        return path

    return write


def read(path):
    """Read the one grant of a file."""
    (grant,) = GrantsFile(path).grants()
    return grant


def test_a_grant_is_read(file):
    """Money is in minor units, blanks are one, and places are where it was of use."""
    grant = read(file(GRANT))
    assert grant.amount == Money(amount_minor=500_050, currency="GBP")
    assert grant.awarded_at == datetime(2014, 3, 17, tzinfo=UTC)
    assert grant.description == "For the minibus of three villages."
    assert (grant.funder_org_id, grant.recipient_name) == ("GB-CHC-1000001", "Bus Society")
    assert grant.places == ("GB-DUR", "E12000002")


@pytest.mark.parametrize("day", ["17/03/2014", "2014-03-17T00:00:00Z", "2014-03-17T10:00:00+01:00"])
def test_a_day_is_read_as_it_is_written(file, day):
    """Days come with a time or without, and as British spreadsheets write them."""
    assert read(file({**GRANT, "awardDate": day})).awarded_at == datetime(2014, 3, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "person",
    [
        {"recipientIndividual": [{"id": "360G-dale-person-1", "name": "Ada Sample"}]},
        {"toIndividualsDetails": {"primaryGrantReason": "GTIR010"}},
    ],
)
def test_a_person_is_not_named(file, person):
    """Of a grant to a person the money and the day are read, and nothing that could tell who it was."""
    grant = read(file({**GRANT, **person}))
    assert grant.to_individual
    assert (grant.title, grant.description, grant.recipient_id, grant.recipient_name) == ("", "", None, None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": None}, "id is missing."),
        ({"id": 7}, "id is '7' where a text is expected."),
        ({"id": "x" * 300}, "id is longer than 200 characters."),
        ({"currency": "XXQ"}, "currency is 'XXQ' where an ISO 4217 code is expected."),
        ({"amountAwarded": -1}, "amountAwarded is -1; a grant cannot be less than nothing."),
        ({"amountAwarded": "much"}, "amountAwarded is 'much' where an amount of money is expected."),
        ({"amountAwarded": True}, "amountAwarded is 'True' where an amount of money is expected."),
        ({"amountAwarded": 10**20}, "which is more money than we count."),
        (
            {"awardDate": "32/01/2014"},
            "awardDate is '32/01/2014' where a day such as 2014-03-17 is expected.",
        ),
        ({"awardDate": "soon"}, "awardDate is 'soon' where"),
        ({"awardDate": "0014-03-17"}, "which cannot be meant."),
        ({"fundingOrganization": []}, "fundingOrganization is missing; say who gave it."),
        ({"fundingOrganization": "Trust"}, "fundingOrganization is no list of organisations."),
        (
            {"fundingOrganization": [{"id": "Dale", "name": "Dale"}]},
            "the funder's id is 'Dale' where an org-id",
        ),
        ({"recipientOrganization": None}, "recipientOrganization is missing; say who got it."),
        ({"recipientOrganization": [{"id": "x"}]}, "recipientOrganization's name is missing."),
    ],
)
def test_a_wrong_row_is_named_by_its_place(file, changes, told):
    """The file is refused with the row's number and line; skipped, it is named and the others are read."""
    path = file(GRANT, {**GRANT, "id": "360G-dale-2", **changes})
    with pytest.raises(BadRow) as wrong:
        list(GrantsFile(path).grants())
    assert str(wrong.value).startswith("grants.json, line ")
    assert "grants[1]: " in str(wrong.value)
    assert told in str(wrong.value)
    report = read_grants(path, skip_bad_rows=True)
    assert (report.grants, report.skipped_rows, report.skipped) == (1, 1, [str(wrong.value)])


def test_a_grant_that_is_listed_twice_is_wrong(file):
    """An identifier stands for one grant."""
    with pytest.raises(BadRow, match="listed a second time"):
        read_grants(file(GRANT, GRANT), skip_bad_rows=False)


@pytest.mark.asyncio
async def test_importing_again_adds_nothing(file):
    """Every grant is one event, once; of a file with a wrong row nothing is brought in."""
    store, path = MemoryStore(), file(GRANT, {**GRANT, "id": "360G-dale-2"})
    report = await import_grants(store, path, skip_bad_rows=False)
    assert (report.appended, report.unchanged) == (2, 0)
    again = await import_grants(store, path, skip_bad_rows=False)
    assert (again.appended, again.unchanged) == (0, 2)
    wrong = file(GRANT, {**GRANT, "id": "360G-dale-3"}, {**GRANT, "id": "360G-dale-4", "amountAwarded": -1})
    with pytest.raises(BadRow):
        await import_grants(store, wrong, skip_bad_rows=False)
    assert await store.head() == 2
    skipped = await import_grants(store, wrong, skip_bad_rows=True)
    assert (skipped.appended, skipped.skipped_rows) == (1, 1)


@pytest.mark.asyncio
async def test_the_real_file_comes_in(real):
    """All 53 grants of a real file come in, with their money, days and places."""
    store = MemoryStore()
    report = await import_grants(store, real("grants/sample_baring.json"), skip_bad_rows=False)
    assert (report.grants, report.funders, report.appended) == (53, 1, 53)
    events = [event.data for event in (await store.read_tail(0, limit=100)).events]
    assert all(isinstance(event, PastGrantRecorded) for event in events)
    assert sum(event.amount.amount_minor for event in events) == 208_693_700
    assert sum("GB" in event.places for event in events) == 20
    assert max(event.occurred_at for event in events) == datetime(2015, 9, 14, tzinfo=UTC)
