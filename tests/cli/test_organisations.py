"""Organisations, registered and put in somebody's charge by an operator."""

from uuid import UUID

import pytest

from events.streams import organisation_id

ADD = ("organisations", "add", "--name", "Dale Trust", "--owner", "ada@example.org")
WITH_ID = (*ADD, "--org-id", "gb-chc-1164883")


@pytest.fixture
def ada(done):
    """Add a person, and give their identifier."""
    return done("people", "add", "--email", "ada@example.org", "--name", "Ada Example").strip()


@pytest.fixture
def ben(done):
    """Add another person, and give their identifier."""
    return done("people", "add", "--email", "ben@example.org", "--name", "Ben Example").strip()


def test_adding_an_organisation_prints_the_identifier_alone(done, told, ada):
    """One line with the identifier, which follows from the org-id; the owner has the roles asked for."""
    identifier = done(*WITH_ID, "--role", "funder", "--role", "offers").strip()
    (listed,) = told("organisations", "list")

    assert identifier == str(organisation_id("GB-CHC-1164883")) == listed["organisation_id"]
    assert (listed["name"], listed["org_id"], listed["members"]) == ("Dale Trust", "GB-CHC-1164883", 1)
    assert '"roles":["member","offers","funder","admin"]' in done(
        "events", "show", f"organisation-{identifier}"
    )


def test_the_same_org_id_again_is_the_same_organisation(done, told, ada):
    """Adding it again changes nothing, but for roles the owner does not have yet."""
    first = done(*WITH_ID)
    before = done("events", "verify", "--json")
    assert done(*WITH_ID) == first
    assert done("events", "verify", "--json") == before
    assert done(*WITH_ID, "--role", "funder") == first
    assert '"roles":["member","funder","admin"]' in done("events", "show", f"organisation-{first.strip()}")
    assert told(*WITH_ID) == {"organisation_id": first.strip()}


def test_without_an_org_id_each_is_another(done, told, ada):
    """What stands in no register has an identifier of its own each time."""
    identifiers = {UUID(done(*ADD).strip()).version for _ in range(2)}
    assert identifiers == {7}
    assert len(told("organisations", "list")) == 2
    assert "Dale Trust" in done("organisations", "list")


def test_an_org_id_that_somebody_has_is_handed_over_by_an_operator(open_impact, done, told, ada, ben):
    """Another owner is refused with what to do, and appointing them makes them an administrator."""
    identifier = done(*WITH_ID).strip()
    refused = open_impact(*WITH_ID, "--owner", "ben@example.org")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"open-impact organisations appoint {identifier} --email ben@example.org" in refused.stderr
    appoint = ("organisations", "appoint", identifier, "--email", "ben@example.org")
    assert [open_impact(*appoint).stderr for _ in range(2)] == ["Done.\n", "It is so already.\n"]
    assert told("organisations", "list")[0]["members"] == 2
    assert '"roles":["member","admin"]' in done("events", "show", f"organisation-{identifier}")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--owner", "nobody@example.org"), "open-impact people add --email nobody@example.org"),
        (("--org-id", "GB-CHC-12"), "--org-id: Charity Commission"),
        (("--org-id", "1164883"), "--org-id: Begin with the prefix of a register"),
        (("--name", " "), "--name: It must not be blank."),
        (("--name", "x" * 10_000), "--name: It has 10000 characters; 200 are allowed."),
        (("--website", "dale"), "--website: Give an address that begins with https://"),
    ],
)
def test_what_cannot_be_an_organisation_is_refused(open_impact, ada, more, said):
    """Nobody's address and a name or org-id that is none are one sentence, and nothing is printed."""
    result = open_impact(*ADD, *more)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr


def test_nobody_is_put_in_charge_of_what_is_not_there(open_impact, ada):
    """An unknown identifier is said to be so."""
    nowhere = "4c1f3b1e-6a55-5d0c-8f0e-9a1d2c3b4e5f"
    result = open_impact("organisations", "appoint", nowhere, "--email", "ada@example.org")
    assert result.exit_code == 1
    assert "There is no such organisation." in result.stderr
