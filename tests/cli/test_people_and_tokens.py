"""Accounts and tokens, set up by an operator."""

import asyncio
from uuid import UUID

import pytest

from app.access.tokens import Tokens
from events.connections import open_pool


def bearer(database_url, token):
    """Ask whose token it is, as the web does."""

    async def ask():
        async with open_pool(database_url, name="tests", size_max=1) as pool:
            return await Tokens(pool).authenticate(token)

    return asyncio.run(ask())


@pytest.fixture
def ada(done):
    """Add a person, and give their identifier."""
    return done("people", "add", "--email", "ada@example.org", "--name", "Ada Example").strip()


def test_adding_a_person_prints_the_identifier_alone(done, told, ada):
    """One line with the identifier, which is in the list and whose joining is in the log."""
    assert UUID(ada).version == 7
    (listed,) = told("people", "list")
    assert (listed["person_id"], listed["email"], listed["role"]) == (ada, "ada@example.org", "member")
    assert '"origin":"account"' in done("events", "show", f"person-{ada}")


def test_adding_a_person_tells_json(told):
    """With --json the person is told with address, name and role."""
    person = told("people", "add", "--email", "O@Example.ORG", "--name", "Olu", "--role", "operator")

    assert (person["email"], person["name"], person["role"]) == ("O@example.org", "Olu", "operator")


def test_an_address_has_one_account(open_impact, done, ada):
    """Adding it again, in whatever case, is refused with the existing identifier, and adds no event."""
    before = done("events", "verify", "--json")
    result = open_impact("people", "add", "--email", "ADA@Example.org", "--name", "Another")

    assert result.exit_code == 1
    assert (result.stdout, ada in result.stderr) == ("", True)
    assert done("events", "verify", "--json") == before


@pytest.mark.parametrize(("email", "name"), [("nonsense", "Ada"), ("ada@example.org", " ")])
def test_what_cannot_be_an_account_is_refused(open_impact, email, name):
    """A word that is no address, or an empty name, is one sentence."""
    result = open_impact("people", "add", "--email", email, "--name", name)

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")


def test_a_token_is_printed_alone_and_works(done, ada, database_url):
    """The token stands alone on the standard output, and acts for its person within its scopes."""
    token = done(
        "tokens", "create", "--email", "ADA@example.org", "--scope", "read", "--scope", "votes:write"
    ).strip()
    found = bearer(database_url, token)

    assert token.startswith("oi_")
    assert (str(found.person_id), found.scopes) == (ada, {"read", "votes:write"})


def test_scopes_may_follow_one_another(done, ada, database_url):
    """Several scopes may stand after one --scope."""
    token = done("tokens", "create", "--email", "ada@example.org", "--scope", "read", "ideas:write").strip()

    assert bearer(database_url, token).scopes == {"read", "ideas:write"}


def test_tokens_are_listed_without_themselves(done, told, ada):
    """The list tells everything about a token but the token."""
    create = ("tokens", "create", "--email", "ada@example.org", "--scope", "read")
    token = done(*create, "--label", "nightly", "--expires-in-days", 30).strip()
    (listed,) = told("tokens", "list")

    assert (listed["email"], listed["scopes"], listed["label"]) == ("ada@example.org", ["read"], "nightly")
    assert listed["expires_at"] > listed["created_at"]
    assert listed["last_used_at"] is None
    assert token not in done("tokens", "list")
    assert "nightly" in done("tokens", "list")


@pytest.mark.parametrize("by", ["itself", "id"])
def test_a_revoked_token_is_good_for_nothing(open_impact, told, ada, database_url, by):
    """A token ends at once, named by itself or by its id; ending it twice is an error."""
    token = told("tokens", "create", "--email", "ada@example.org", "--scope", "read")["token"]
    name = token if by == "itself" else told("tokens", "list")[0]["token_id"]
    first, second = open_impact("tokens", "revoke", name), open_impact("tokens", "revoke", name)

    assert bearer(database_url, token) is None
    assert (first.exit_code, second.exit_code) == (0, 1)


def test_a_token_needs_an_account_and_known_scopes(open_impact, ada):
    """Nobody's address and unknown scopes are refused, with what to do."""
    nobody = open_impact("tokens", "create", "--email", "nobody@example.org", "--scope", "read")
    unknown = open_impact("tokens", "create", "--email", "ada@example.org", "--scope", "everything")

    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert "open-impact people add" in nobody.stderr
    assert unknown.exit_code == 2
    assert "votes:write" in unknown.stderr
