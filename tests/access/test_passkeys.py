"""Passkeys against an authenticator in software that misbehaves on purpose: what is not right changes nothing."""

import asyncio
from uuid import UUID

import pytest
import pytest_asyncio

from app.access import accounts
from app.access.passkey_challenges import ChallengeOverError
from app.access.passkeys import (
    NoPasskeysHereError,
    PasskeyCopiedError,
    PasskeyKnownError,
    PasskeyNotRightError,
    PasskeyRemovedError,
    Passkeys,
    PasskeyUnknownError,
    RelyingParty,
    TooManyPasskeysError,
    relying_party,
)
from app.mail.outbox import Outbox
from events.streams import new_id
from tests.access.authenticator import Authenticator

pytestmark = pytest.mark.asyncio

ORIGIN = "http://localhost:8000"
SESSION = UUID("0198f2c4-0b1e-7c55-8a3e-2f6f0b9d4e21")
BROWSER = "a word in a cookie"


class Owner:
    """Somebody with an account, and what they do with passkeys."""

    def __init__(self, passkeys: Passkeys, person_id: UUID) -> None:
        self.passkeys, self.person_id = passkeys, person_id

    async def options(self, session: UUID = SESSION):
        return await self.passkeys.adding(
            self.person_id, name="Ada Sample", email="ada@example.org", session_id=session
        )

    async def add(self, key: Authenticator, session: UUID = SESSION, **changes):
        return await self.passkeys.add(
            self.person_id, key.made(await self.options(), **changes), name="My phone", session_id=session
        )

    async def sign_in(self, key: Authenticator, browser: str = BROWSER, **changes) -> UUID:
        shown = key.shown(await self.passkeys.signing_in(browser=BROWSER), **changes)
        return await self.passkeys.sign_in(shown, browser=browser)


@pytest_asyncio.fixture
async def ada(pool):
    """Somebody who adds passkeys."""
    person_id = await accounts.add(pool, email="ada@example.org", name="Ada Sample")
    return Owner(Passkeys(pool, Outbox(b"a secret"), ORIGIN), person_id)


@pytest_asyncio.fixture
async def ben(pool):
    """Somebody else."""
    person_id = await accounts.add(pool, email="ben@example.org", name="Ben Sample")
    return Owner(Passkeys(pool, Outbox(b"a secret"), ORIGIN), person_id)


@pytest.mark.parametrize(
    ("url", "party"),
    [
        ("http://localhost:8000", RelyingParty("localhost", "http://localhost:8000")),
        ("https://Example.org/", RelyingParty("example.org", "https://example.org")),
        ("https://example.org:443", RelyingParty("example.org", "https://example.org")),
        ("https://example.org:8443/x", RelyingParty("example.org", "https://example.org:8443")),
    ],
)
async def test_a_passkey_is_for_the_public_address(url, party):
    """The domain and the origin come from the public address, as browsers write them."""
    assert relying_party(url) == party


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://[::1]", "http://example.org", "https://"])
async def test_there_are_no_passkeys_without_a_domain(url):
    """Browsers make passkeys for no numeric address and none without https, and the operator reads what to set."""
    with pytest.raises(NoPasskeysHereError, match="OPEN_IMPACT_PUBLIC_URL"):
        relying_party(url)


async def test_a_passkey_lets_its_owner_in(ada):
    """What was added in a session signs in, without an address, and its use is noted."""
    key = Authenticator()
    added = await ada.add(key)
    assert (added.name, added.transports, added.last_used_at) == ("My phone", ["internal"], None)
    assert await ada.sign_in(key) == ada.person_id
    [kept] = await ada.passkeys.of_person(ada.person_id)
    assert kept.last_used_at is not None


async def test_the_options_ask_for_what_we_need(ada):
    """A browser is asked for a passkey on its own, for a check that it is you, and for none that is there already."""
    key = Authenticator()
    await ada.add(key)
    options = await ada.options()
    assert options["authenticatorSelection"]["residentKey"] == "preferred"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert [each["id"] for each in options["excludeCredentials"]] == [key.made(options)["id"]]
    signing_in = await ada.passkeys.signing_in(browser=BROWSER)
    assert (signing_in["allowCredentials"], signing_in["userVerification"]) == ([], "required")


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://evil.example"},
        {"rp_id": "evil.example"},
        {"type": "webauthn.create"},
        {"damaged": True},
        {"handle": new_id().bytes},
    ],
)
async def test_what_is_not_right_lets_nobody_in(ada, changes):
    """Another origin, another site, another kind of answer, a bad signature or another's handle is refused."""
    key = Authenticator()
    await ada.add(key)
    before = await ada.passkeys.of_person(ada.person_id)
    with pytest.raises(PasskeyNotRightError):
        await ada.sign_in(key, **changes)
    assert await ada.passkeys.of_person(ada.person_id) == before
    assert await ada.sign_in(key) == ada.person_id


async def test_a_device_that_did_not_check_who_uses_it_lets_nobody_in(ada):
    """A passkey counts only when its device made sure that it is its owner, in adding and in signing in."""
    key = Authenticator()
    key.flags = 0x01
    with pytest.raises(PasskeyNotRightError):
        await ada.add(key)
    key.flags = 0x05
    await ada.add(key)
    key.flags = 0x01
    with pytest.raises(PasskeyNotRightError):
        await ada.sign_in(key)


@pytest.mark.parametrize(
    "changes", [{"origin": "http://evil.example"}, {"rp_id": "evil.example"}, {"type": "webauthn.get"}]
)
async def test_a_passkey_made_for_another_site_is_not_added(ada, changes):
    """What was made elsewhere is refused, and nothing is kept."""
    with pytest.raises(PasskeyNotRightError):
        await ada.add(Authenticator(), **changes)
    assert await ada.passkeys.of_person(ada.person_id) == []


async def test_a_challenge_is_answered_once(ada):
    """The same answer sent again is over, and so is one to a challenge that nobody asked for."""
    key = Authenticator()
    await ada.add(key)
    shown = key.shown(await ada.passkeys.signing_in(browser=BROWSER))
    assert await ada.passkeys.sign_in(shown, browser=BROWSER) == ada.person_id
    with pytest.raises(ChallengeOverError):
        await ada.passkeys.sign_in(shown, browser=BROWSER)
    with pytest.raises(ChallengeOverError):
        await ada.sign_in(key, challenge="bm9ib2R5IGFza2VkIGZvciB0aGlz")


async def test_many_answers_at_once_are_one(ada):
    """Of twenty same answers sent together one is taken."""
    key = Authenticator()
    await ada.add(key)
    shown = key.shown(await ada.passkeys.signing_in(browser=BROWSER))
    answers = await asyncio.gather(
        *(ada.passkeys.sign_in(shown, browser=BROWSER) for _ in range(20)), return_exceptions=True
    )
    assert answers.count(ada.person_id) == 1
    assert sum(isinstance(each, ChallengeOverError) for each in answers) == 19


async def test_a_challenge_is_over_after_five_minutes(ada, pool):
    """An answer that comes too late is refused."""
    key = Authenticator()
    await ada.add(key)
    shown = key.shown(await ada.passkeys.signing_in(browser=BROWSER))
    await pool.execute("UPDATE passkey_challenges SET begun_at = now() - interval '301 seconds'")
    with pytest.raises(ChallengeOverError):
        await ada.passkeys.sign_in(shown, browser=BROWSER)


async def test_a_challenge_is_answered_where_it_was_asked(ada, ben):
    """Another browser, another session, another person and another purpose are refused, and use nothing up."""
    key = Authenticator()
    await ada.add(key)
    shown = key.shown(await ada.passkeys.signing_in(browser=BROWSER))
    with pytest.raises(ChallengeOverError):
        await ada.passkeys.sign_in(shown, browser="another browser")
    with pytest.raises(ChallengeOverError):
        await ada.passkeys.prove(ada.person_id, shown, session_id=SESSION)
    assert await ada.passkeys.sign_in(shown, browser=BROWSER) == ada.person_id
    other = Authenticator()
    made = other.made(await ada.options())
    with pytest.raises(ChallengeOverError):
        await ada.passkeys.add(ada.person_id, made, name="Theirs", session_id=new_id())
    with pytest.raises(ChallengeOverError):
        await ben.passkeys.add(ben.person_id, made, name="Theirs", session_id=SESSION)


async def test_a_counter_that_runs_back_sets_the_passkey_aside(ada):
    """A copy that counts behind is refused, and from then on original and copy let nobody in."""
    key = Authenticator()
    await ada.add(key)
    copied = key.copy()
    assert await ada.sign_in(key) == ada.person_id
    with pytest.raises(PasskeyCopiedError):
        await ada.sign_in(copied)
    with pytest.raises(PasskeyCopiedError):
        await ada.sign_in(key)
    [kept] = await ada.passkeys.of_person(ada.person_id)
    assert kept.set_aside_at is not None
    assert not await ada.passkeys.has_any(ada.person_id)


async def test_nobody_sets_anothers_passkey_aside(ada):
    """A counter that runs back in an answer that is not signed by the passkey changes nothing."""
    key = Authenticator()
    await ada.add(key)
    await ada.sign_in(key)
    forged = key.copy()
    forged.count = 0
    forged.step = 0
    with pytest.raises(PasskeyNotRightError):
        await ada.sign_in(forged, damaged=True)
    assert await ada.sign_in(key) == ada.person_id


async def test_a_passkey_that_never_counts_is_good(ada):
    """Passkeys that are kept on several devices do not count, and stay at nought."""
    key = Authenticator()
    key.step = 0
    await ada.add(key)
    for _ in range(2):
        assert await ada.sign_in(key) == ada.person_id


async def test_a_removed_passkey_lets_nobody_in(ada, ben):
    """Its owner alone removes it, as often as they like, and it is refused by name from then on."""
    key = Authenticator()
    added = await ada.add(key)
    with pytest.raises(PasskeyUnknownError):
        await ben.passkeys.remove(ben.person_id, added.passkey_id)
    assert await ada.sign_in(key) == ada.person_id
    for _ in range(2):
        await ada.passkeys.remove(ada.person_id, added.passkey_id)
    with pytest.raises(PasskeyRemovedError):
        await ada.sign_in(key)
    assert await ada.passkeys.of_person(ada.person_id) == []


async def test_an_unknown_passkey_lets_nobody_in(ada):
    """A passkey that was never added is unknown."""
    key = Authenticator()
    with pytest.raises(PasskeyUnknownError):
        await ada.sign_in(key)


async def test_a_passkey_proves_its_own_owner_alone(ada, ben):
    """In a session another person's passkey is an unknown one."""
    key, others = Authenticator(), Authenticator()
    await ada.add(key)
    await ben.add(others)
    options = await ada.passkeys.proving(ada.person_id, session_id=SESSION)
    assert len(options["allowCredentials"]) == 1
    with pytest.raises(PasskeyUnknownError):
        await ada.passkeys.prove(ada.person_id, others.shown(options), session_id=SESSION)
    options = await ada.passkeys.proving(ada.person_id, session_id=SESSION)
    await ada.passkeys.prove(ada.person_id, key.shown(options), session_id=SESSION)


async def test_a_passkey_is_added_once(ada, ben):
    """The same passkey is not added again, nor for somebody else, and twenty are enough."""
    key = Authenticator()
    await ada.add(key)
    with pytest.raises(PasskeyKnownError):
        await ben.add(key)
    for _ in range(19):
        await ada.add(Authenticator())
    with pytest.raises(TooManyPasskeysError):
        await ada.options()


@pytest.mark.parametrize("sent", ["", "bm90IGpzb24", "!", "e30", "A" * 1000])
async def test_what_cannot_be_read_is_refused(ada, sent):
    """Client data that is no JSON, empty or without a challenge is one clear refusal."""
    key = Authenticator()
    await ada.add(key)
    shown = key.shown(await ada.passkeys.signing_in(browser=BROWSER))
    shown["response"]["clientDataJSON"] = sent
    with pytest.raises(PasskeyNotRightError):
        await ada.passkeys.sign_in(shown, browser=BROWSER)
