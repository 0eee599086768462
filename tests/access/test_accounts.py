"""Accounts: one an address, named the way people write their names."""

import pytest

from app.access import accounts
from events.streams import new_id

pytestmark = pytest.mark.asyncio


async def test_an_account_is_found_by_its_address_in_any_case(pool):
    """Whoever joined with an address is found under it, however it is written."""
    person_id = await accounts.add(pool, email=" Ada.Sample@Example.ORG ", name=" Ada   Sample ")
    found = await accounts.by_email(pool, "ada.sample@example.org")
    assert (found.person_id, found.email, found.name) == (person_id, "Ada.Sample@example.org", "Ada Sample")
    assert await accounts.by_email(pool, "nobody@example.org") is None
    assert await accounts.by_email(pool, "not an address") is None


async def test_an_address_has_one_account(pool):
    """A second account with the same address in another case is refused in one clear sentence."""
    await accounts.add(pool, email="ada@example.org", name="Ada")
    with pytest.raises(accounts.AccountExistsError, match="already an account"):
        await accounts.add(pool, email="ADA@example.org", name="Somebody Else")


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.org", "a da@example.org", "a@b\0c", "a" * 250 + "@b.org"]
)
async def test_what_is_no_address_is_refused(pool, email):
    """An address that cannot be one is refused before anything is written."""
    with pytest.raises(accounts.AccountError, match="e-mail address"):
        await accounts.add(pool, email=email, name="Ada")


@pytest.mark.parametrize("name", ["", "  ", "a" * 201, "Ada\0Sample"])
async def test_what_is_no_name_is_refused(pool, name):
    """A name that is blank, endless or not text is refused."""
    with pytest.raises(accounts.AccountError, match="A name has"):
        await accounts.add(pool, email="ada@example.org", name=name)


async def test_people_are_named_in_one_go(pool):
    """Several people are named at once; who has no account is left out."""
    ada = await accounts.add(pool, email="ada@example.org", name="Ada")
    tom = await accounts.add(pool, email="tom@example.org", name="Tom")
    assert await accounts.names_of(pool, [ada, tom, new_id()]) == {ada: "Ada", tom: "Tom"}
    assert await accounts.names_of(pool, []) == {}
    assert await accounts.name_of(pool, new_id()) is None
