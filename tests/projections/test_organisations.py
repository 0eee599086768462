"""Which organisations are here, and who acts for them."""

import pytest

from events.contracts import MemberRemoved, MemberRoleChanged, OrganisationRevised
from projections.cursors import BadCursorError
from projections.organisations.queries import Membership, members, of_person, organisation, organisations
from tests.projections.examples import NOON, days, member, organisation_id, person_id, registered

pytestmark = pytest.mark.asyncio


async def names(spec, **wanted):
    """List the names on a page."""
    return [item.name for item in (await organisations(spec.pool, **{"limit": 50, **wanted})).items]


async def test_an_organisation_is_shown_with_the_number_of_its_members(spec):
    """Name, org-id and website are there as registered, and how many people have which role."""
    at = await spec.given(
        registered(name="Dale Trust", org_id="GB-CHC-1234567"),
        member(1, "admin"),
        member(2, "offers", "funder"),
        member(3),
    )
    found = await organisation(spec.pool, organisation_id())
    assert found is not None
    assert (found.name, found.org_id, found.registered_at) == ("Dale Trust", "GB-CHC-1234567", NOON)
    assert (found.members, found.offers, found.funders, found.admins) == (3, 1, 1, 1)
    assert (found.version, found.position) == (4, at)
    assert await organisation(spec.pool, organisation_id(2)) is None


async def test_a_revision_is_found_under_the_new_name(spec):
    """After a revision the organisation has the new name, and is no longer found by the old one."""
    await spec.given(
        registered(name="Dale Trust"),
        OrganisationRevised(organisation_id=organisation_id(), name="Fell Trust", occurred_at=NOON),
    )
    assert await names(spec, q="fell") == ["Fell Trust"]
    assert await names(spec, q="dale") == []


async def test_organisations_are_listed_by_name_page_by_page(spec):
    """Every organisation is on one page exactly, in the order of names whatever their case."""
    await spec.given(*(registered(number, name=name) for number, name in enumerate("dBaCe")))
    seen, cursor = [], None
    while True:
        page = await organisations(spec.pool, limit=2, cursor=cursor)
        seen += [item.name for item in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == ["a", "B", "C", "d", "e"]


async def test_a_search_takes_every_character_for_itself(spec):
    """Percent signs and underscores are letters like any other, and an org-id is found by a part of it."""
    await spec.given(
        registered(1, name="100% Green"), registered(2, name="100 Green", org_id="GB-COH-01234567")
    )
    assert await names(spec, q="100%") == ["100% Green"]
    assert await names(spec, q="_") == []
    assert await names(spec, q="coh-0123") == ["100 Green"]


async def test_members_are_listed_with_their_present_roles(spec):
    """A change of roles shows, who was removed does not, and a person's own organisations follow."""
    await spec.given(
        registered(name="Dale Trust"),
        member(1, "admin"),
        member(2, at=NOON + days(1)),
        member(3, at=NOON + days(2)),
        MemberRoleChanged(
            organisation_id=organisation_id(),
            person_id=person_id(2),
            roles=("member", "funder"),
            occurred_at=NOON + days(3),
        ),
        MemberRemoved(
            organisation_id=organisation_id(),
            person_id=person_id(3),
            removed_by=person_id(1),
            occurred_at=NOON + days(3),
        ),
    )
    first = await members(spec.pool, organisation_id(), limit=1)
    rest = await members(spec.pool, organisation_id(), limit=1, cursor=first.next_cursor)
    assert [(row.person_id, row.roles) for row in [*first.items, *rest.items]] == [
        (person_id(1), ["member", "admin"]),
        (person_id(2), ["member", "funder"]),
    ]
    assert rest.next_cursor is None
    assert await of_person(spec.pool, person_id(2)) == [
        Membership(organisation_id=organisation_id(), name="Dale Trust", roles=["member", "funder"])
    ]
    assert await of_person(spec.pool, person_id(3)) == []


async def test_a_cursor_of_another_list_is_refused(spec):
    """A made-up cursor is an error of the caller's, on both lists."""
    with pytest.raises(BadCursorError):
        await organisations(spec.pool, limit=1, cursor="nonsense")
    with pytest.raises(BadCursorError):
        await members(spec.pool, organisation_id(), limit=1, cursor="nonsense")
