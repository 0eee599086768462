"""Accounts and tokens, set up by an operator."""

import asyncio
import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.access import sessions, tokens
from app.access.policy import FRESH_FOR
from app.access.sessions import Sessions
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
    assert "It was never used." in first.stderr


def test_revoking_a_token_says_when_it_was_last_used(open_impact, told, ada, database_url):
    """Whoever ends a token learns whether anything still uses it, and the list tells so before."""
    token = told("tokens", "create", "--email", "ada@example.org", "--scope", "read")["token"]
    assert bearer(database_url, token)
    (listed,) = told("tokens", "list")

    assert listed["last_used_at"] >= listed["created_at"]
    used = listed["last_used_at"][:16].replace("T", " ")
    assert f"It was last used at {used} UTC." in open_impact("tokens", "revoke", token).stderr


def test_a_token_needs_an_account_and_known_scopes(open_impact, ada):
    """Nobody's address and unknown scopes are refused, with what to do."""
    nobody = open_impact("tokens", "create", "--email", "nobody@example.org", "--scope", "read")
    unknown = open_impact("tokens", "create", "--email", "ada@example.org", "--scope", "everything")

    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert "open-impact people add" in nobody.stderr
    assert unknown.exit_code == 2
    assert "votes:write" in unknown.stderr


def with_everything(database_url, person_id):
    """Give a person two passkeys, a session that was proved just now, and a token."""

    async def give():
        async with open_pool(database_url, name="tests", size_max=1) as pool:
            for number in range(2):
                await pool.execute(
                    "INSERT INTO passkeys (passkey_id, credential_id, person_id, public_key, sign_count, name, backed_up)"
                    " VALUES ($1, $2, $3, '', 0, 'Phone', false)",
                    uuid4(),
                    bytes([number]),
                    person_id,
                )
            secret = await sessions.begin(pool, person_id=person_id, proved_by="passkey")
            return secret, await tokens.create(pool, person_id=person_id, scopes=("read",))

    return asyncio.run(give())


def left(database_url, person_id, secret, token):
    """Tell how many passkeys a person has, whether session and token work, and how old the session's proof is."""

    async def look():
        async with open_pool(database_url, name="tests", size_max=1) as pool:
            passkeys = await pool.fetchval(
                "SELECT count(*) FROM passkeys WHERE person_id = $1 AND revoked_at IS NULL", person_id
            )
            session = await Sessions(pool).authenticate(secret)
            mails = await pool.fetchval("SELECT count(*) FROM outgoing_mail")
            return passkeys, session, await Tokens(pool).authenticate(token), mails

    return asyncio.run(look())


def test_somebody_who_lost_every_passkey_is_helped(done, told, open_impact, ada, database_url):
    """After confirmation the passkeys are gone, no proof is fresh, the person is told, and a line says who did it."""
    person_id = UUID(ada)
    secret, token = with_everything(database_url, person_id)
    refused = open_impact("people", "recover", "--email", "ada@example.org", input="n\n")
    assert (refused.exit_code, left(database_url, person_id, secret, token)[0]) == (1, 2)

    result = open_impact("people", "recover", "--email", "ADA@example.org", input="y\n")
    passkeys, session, bearer_of_token, mails = left(database_url, person_id, secret, token)
    assert (result.exit_code, passkeys, mails) == (0, 0, 1)
    assert "passkeys removed: 2, sessions ended: 0, tokens revoked: 0" in result.stdout
    assert datetime.now(UTC) - session.proved_at > FRESH_FOR
    assert bearer_of_token is not None
    line = json.loads(result.stderr.splitlines()[-1])
    assert (line["event"], line["person_id"], line["passkeys"]) == ("passkeys_removed", ada, 2)
    assert "ada@example.org" not in result.stderr.splitlines()[-1]


def test_recovery_ends_sessions_and_tokens_on_request(told, ada, database_url):
    """With the words for it all sessions and tokens end as well; where nothing is left to take, no mail is sent."""
    person_id = UUID(ada)
    secret, token = with_everything(database_url, person_id)
    words = ("people", "recover", "--email", "ada@example.org", "--sign-out", "--end-tokens", "--yes")
    assert told(*words) == {"passkeys": 2, "sessions": 1, "tokens": 1}
    assert told(*words) == {"passkeys": 0, "sessions": 0, "tokens": 0}
    assert left(database_url, person_id, secret, token) == (0, None, None, 1)


def test_nobody_is_recovered_who_has_no_account(open_impact, ada):
    """An address without an account is refused in one sentence, without asking."""
    result = open_impact("people", "recover", "--email", "nobody@example.org")
    assert (result.exit_code, "Nobody has an account" in result.stderr) == (1, True)
