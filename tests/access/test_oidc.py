"""Sign-in with an identity provider: what is believed, and what is not."""

import pytest
import pytest_asyncio
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from litestar.datastructures import MultiDict
from structlog.testing import capture_logs

from app.access import accounts, identities, oidc
from app.access.identities import IdentityTakenError
from app.access.identity_provider import IdentityProvider, NotVouchedForError, ProviderAwayError, way_to
from app.access.oidc import NotBegunHereError, TurnedAwayError
from app.outbound.client import Outbound
from app.outbound.messages import ForbiddenAddressError
from app.outbound.rules import Rules
from app.settings import Settings
from tests.access.providers import ACCESS_TOKEN, CALLBACK, CLIENT_ID, CLIENT_SECRET, stand_in

pytestmark = pytest.mark.asyncio

LONG_AGO, LONG_HENCE = 1_500_000_000, 4_000_000_000
"""Moments that every run names alike, in seconds since 1970."""


@pytest.fixture
def theirs():
    """Run a provider."""
    with stand_in() as running:
        yield running


@pytest_asyncio.fixture
async def provider(theirs):
    """Give our view of it."""
    async with way_to(theirs.issuer, Settings()).opened() as outbound:
        yield IdentityProvider(
            outbound,
            issuer=theirs.issuer,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            name="Sample Trust",
            redirect_uri=CALLBACK,
        )


@pytest_asyncio.fixture
async def person_id(pool):
    """Somebody with an account."""
    return await accounts.add(pool, email="ben@example.org", name="Ben Sample")


async def _come_back(pool, provider, theirs, **changes):
    """Leave for the provider and come back with what it gave, changed as a test wants it."""
    begun = await oidc.begin(pool, provider, next_="/ideas")
    back = {**theirs.code_for(begun.address), **changes}
    return await oidc.complete(pool, provider, MultiDict(back), kept=begun.kept)


async def test_somebody_the_provider_vouches_for(pool, provider, theirs):
    """Who comes back is known by issuer and subject, with a verified address and a name."""
    completed = await _come_back(pool, provider, theirs)
    whom = completed.vouched_for
    assert (whom.issuer, whom.subject) == (theirs.issuer, "ada")
    assert (whom.email, whom.name) == ("ada@example.org", "Ada Sample")
    assert (completed.next, completed.person_id) == ("/ideas", None)


async def test_a_request_is_kept_as_digests(pool, provider, theirs):
    """Neither state nor nonce nor verifier is in the database, and a request is used once."""
    begun = await oidc.begin(pool, provider, next_="/")
    back = theirs.code_for(begun.address)
    kept = str([dict(row) for row in await pool.fetch("SELECT * FROM oidc_requests")])
    assert not any(word in kept for word in (back["state"], *begun.kept.split(".")))
    await oidc.complete(pool, provider, MultiDict(back), kept=begun.kept)
    with pytest.raises(NotBegunHereError):
        await oidc.complete(pool, provider, MultiDict(back), kept=begun.kept)


@pytest.mark.parametrize(
    "state",
    [None, "", "x" * 43, "x" * 5000, "\0", "ü"],
)
async def test_a_wrong_state(pool, provider, theirs, state):
    """A state that is missing, wrong, endless or no word is refused, and the code is not shown to anybody."""
    begun = await oidc.begin(pool, provider, next_="/")
    back = theirs.code_for(begun.address)
    wrong = {"code": back["code"]} | ({} if state is None else {"state": state})
    with pytest.raises(NotBegunHereError):
        await oidc.complete(pool, provider, MultiDict(wrong), kept=begun.kept)
    assert "/token" not in theirs.asked


async def test_another_browser(pool, provider, theirs):
    """A sign-in that began in one browser ends in no other, and can still be ended in its own."""
    begun = await oidc.begin(pool, provider, next_="/")
    other = await oidc.begin(pool, provider, next_="/")
    back = MultiDict(theirs.code_for(begun.address))
    for kept in (None, "", other.kept, "no-dot", begun.kept + "x", "." * 300):
        with pytest.raises(NotBegunHereError):
            await oidc.complete(pool, provider, back, kept=kept)
    assert (await oidc.complete(pool, provider, back, kept=begun.kept)).vouched_for.subject == "ada"


async def test_a_request_that_took_too_long(pool, provider, theirs):
    """After ten minutes a sign-in is over."""
    begun = await oidc.begin(pool, provider, next_="/")
    await pool.execute("UPDATE oidc_requests SET begun_at = now() - interval '11 minutes'")
    with pytest.raises(NotBegunHereError):
        await oidc.complete(pool, provider, MultiDict(theirs.code_for(begun.address)), kept=begun.kept)


async def test_old_requests_do_not_pile_up(pool, provider):
    """Whoever begins takes away the requests that are over."""
    await oidc.begin(pool, provider, next_="/")
    await pool.execute("UPDATE oidc_requests SET begun_at = now() - interval '11 minutes'")
    await oidc.begin(pool, provider, next_="/")
    assert await pool.fetchval("SELECT count(*) FROM oidc_requests") == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another-client"]},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": LONG_AGO},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": LONG_HENCE},
        {"azp": "another-client"},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "a\0b"},
    ],
    ids=str,
)
async def test_claims_that_are_not_ours(pool, provider, theirs, claims):
    """A token with another nonce, audience, issuer or time, or without a subject, is not believed."""
    theirs.claims = claims
    with pytest.raises(NotVouchedForError):
        await _come_back(pool, provider, theirs)


@pytest.mark.parametrize("way", ["unsigned", "signed_with_the_public_key", "signed_by_another"])
async def test_signatures_that_are_none(pool, provider, theirs, way):
    """A token without a signature, with a shared secret's or another key's, is not believed."""
    theirs.sign = getattr(theirs, way)
    with pytest.raises(NotVouchedForError):
        await _come_back(pool, provider, theirs)


@pytest.mark.parametrize("token", ["", "no token", "a.b.c", "ü.ü.ü", "e30.e30.", "x" * 60_000])
async def test_tokens_that_are_none(pool, provider, theirs, token):
    """What is no token at all is not believed."""
    theirs.sign = lambda _: token
    with pytest.raises(NotVouchedForError):
        await _come_back(pool, provider, theirs)


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("PS256", lambda: RSAKey.generate_key(2048, {"kid": "k"})),
        ("ES256", lambda: ECKey.generate_key("P-256", {"kid": "k"})),
        ("Ed25519", lambda: OKPKey.generate_key("Ed25519", {"kid": "k"})),
        ("EdDSA", lambda: OKPKey.generate_key("Ed25519", {"kid": "k"})),
    ],
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated:joserfc.errors.SecurityWarning")
async def test_other_algorithms(pool, provider, theirs, algorithm, key):
    """Any public-key signature of the list is believed."""
    made = key()
    theirs.published = [made]
    registry = jws.JWSRegistry(algorithms=[algorithm])
    theirs.sign = lambda claims: jwt.encode({"alg": algorithm, "kid": "k"}, claims, made, registry=registry)
    assert (await _come_back(pool, provider, theirs)).vouched_for.subject == "ada"


async def test_a_new_key_of_the_provider(pool, provider, theirs, monkeypatch):
    """A key that is not known yet has the keys read once more; what they still do not have is not believed."""
    monkeypatch.setattr("app.access.identity_provider._AGAIN_SECONDS", 0.0)
    await _come_back(pool, provider, theirs)
    theirs.key = RSAKey.generate_key(2048, {"kid": "second"})
    theirs.published = [theirs.key]
    await _come_back(pool, provider, theirs)
    assert theirs.asked.count("/keys") == 2
    theirs.key = RSAKey.generate_key(2048, {"kid": "third"})
    with pytest.raises(NotVouchedForError):
        await _come_back(pool, provider, theirs)
    assert theirs.asked.count("/keys") == 3
    assert theirs.asked.count("/.well-known/openid-configuration") == 1


async def test_unknown_keys_do_not_make_us_ask_again_and_again(pool, provider, theirs):
    """Tokens with made-up keys have the keys read again at most every few seconds."""
    await _come_back(pool, provider, theirs)
    theirs.key = RSAKey.generate_key(2048, {"kid": "made up"})
    for _ in range(3):
        with pytest.raises(NotVouchedForError):
            await _come_back(pool, provider, theirs)
    assert theirs.asked.count("/keys") <= 2


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({"email_verified": False}, None),
        ({"email_verified": None}, None),
        ({"email_verified": "true"}, "ada@example.org"),
        ({"email_verified": "false"}, None),
        ({"email_verified": 1.5}, None),
        ({"email": None}, None),
        ({"email": 7}, None),
    ],
    ids=str,
)
async def test_addresses_that_nobody_verified(pool, provider, theirs, claims, email):
    """An address counts only when the provider says that it verified it."""
    theirs.claims = claims
    assert (await _come_back(pool, provider, theirs)).vouched_for.email == email


async def test_an_address_from_userinfo(pool, provider, theirs):
    """A provider may tell the address apart from the token, but only that of the same subject."""
    theirs.claims = {"email": None, "email_verified": None}
    theirs.userinfo = {"sub": "ada", "email": "ada@example.net", "email_verified": True}
    assert (await _come_back(pool, provider, theirs)).vouched_for.email == "ada@example.net"
    theirs.userinfo = {"sub": "eve", "email": "ada@example.net", "email_verified": True}
    assert (await _come_back(pool, provider, theirs)).vouched_for.email is None


async def test_the_provider_says_no(pool, provider, theirs):
    """An error of the provider ends the sign-in, and no code is exchanged."""
    with pytest.raises(TurnedAwayError):
        await _come_back(pool, provider, theirs, error="access_denied")
    assert "/token" not in theirs.asked


@pytest.mark.parametrize("changes", [{"code": "made-up"}, {"iss": "https://evil.example"}])
async def test_a_code_that_is_none(pool, provider, theirs, changes):
    """A code the provider does not know, or an answer of another issuer, lets nobody in."""
    with pytest.raises(NotVouchedForError):
        await _come_back(pool, provider, theirs, **changes)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize("status", [302, 500])
async def test_a_provider_that_does_not_answer_rightly(pool, provider, theirs, path, status):
    """A provider that fails, or sends us elsewhere, is away; nobody is asked elsewhere."""
    theirs.status = {path: status}
    with pytest.raises(ProviderAwayError):
        await _come_back(pool, provider, theirs)
    assert "/elsewhere" not in theirs.asked


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "http://127.0.0.1@evil.example/"},
        {"jwks_uri": "http://[::1/"},
        {"padding": "x" * 70_000},
    ],
    ids=lambda document: str(document)[:60],
)
async def test_a_document_that_cannot_be_meant(pool, provider, theirs, document):
    """Another issuer's document, addresses that are not https, and endless documents are not used."""
    theirs.document = document
    with pytest.raises(ProviderAwayError):
        await oidc.begin(pool, provider, next_="/")
    assert await pool.fetchval("SELECT count(*) FROM oidc_requests") == 0


async def test_a_provider_that_is_away(pool, unused_port):
    """A provider that cannot be reached is away, and so is one that is not asked safely."""
    for issuer in (f"http://127.0.0.1:{unused_port}", "http://provider.example", "https://[broken"):
        async with Outbound(Rules(loopback=True)).opened() as outbound:
            away = IdentityProvider(
                outbound,
                issuer=issuer,
                client_id="x",
                client_secret=None,
                name="Away",
                redirect_uri=CALLBACK,
            )
            with pytest.raises(ProviderAwayError):
                await oidc.begin(pool, away, next_="/")


async def test_where_a_provider_may_be():
    """In public, at the port of its issuer; in a private network where the operator says so; here if it is here."""
    inside = way_to("https://10.1.2.3:8443", Settings(outbound_allow="10.1.2.0/28"))
    inside.check("https://10.1.2.3:8443/keys")
    outside = way_to("https://provider.example:8443", Settings())
    outside.check("https://provider.example:8443/keys")
    here = way_to("http://localhost:9000", Settings())
    here.check("http://127.0.0.1:9001/keys")
    for way, url in (
        (inside, "http://10.1.2.3:8443/keys"),
        (inside, "https://10.1.2.16:8443/keys"),
        (inside, "http://127.0.0.1:9000/keys"),
        (outside, "https://10.1.2.3:8443/keys"),
        (outside, "https://provider.example:9443/keys"),
        (outside, "http://localhost:9000/keys"),
        (here, "http://10.1.2.3/keys"),
    ):
        with pytest.raises(ForbiddenAddressError):
            way.check(url)


@pytest.fixture
def unused_port():
    """Find a port at which nobody listens."""
    with stand_in() as briefly:
        return briefly.issuer.rpartition(":")[2]


async def test_a_proxy_of_the_environment_is_not_asked(pool, provider, theirs, monkeypatch):
    """What the environment says of proxies is not for this."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert (await _come_back(pool, provider, theirs)).vouched_for.subject == "ada"


async def test_nothing_secret_is_logged(pool, provider, theirs, caplog):
    """Neither the client's secret nor codes, tokens, addresses or names get into the logs."""
    caplog.set_level("DEBUG")
    with capture_logs() as logs:
        await _come_back(pool, provider, theirs)
        for claims in ({"nonce": "another"}, {"aud": "another"}):
            theirs.claims = claims
            with pytest.raises(NotVouchedForError):
                await _come_back(pool, provider, theirs)
        with pytest.raises(NotVouchedForError):
            await _come_back(pool, provider, theirs, code="made-up-code")
    assert any(line["event"] == "oidc_token_refused" for line in logs)
    said = str(logs) + caplog.text
    for secret in (
        CLIENT_SECRET,
        ACCESS_TOKEN,
        "made-up-code",
        "code-0",
        "eyJ",
        "ada@example.org",
        "Ada Sample",
    ):
        assert secret not in said


async def test_the_same_subject_of_another_issuer(pool, person_id):
    """An identity is issuer and subject: the same subject elsewhere opens nothing."""
    await identities.link(pool, issuer="https://one.example", subject="ada", person_id=person_id)
    assert await identities.person_of(pool, "https://one.example", "ada") == person_id
    assert await identities.person_of(pool, "https://two.example", "ada") is None


async def test_an_identity_opens_one_account(pool, person_id):
    """Linking twice is linking once; what opens one account cannot open another."""
    whom = {"issuer": "https://one.example", "subject": "ada"}
    await identities.link(pool, **whom, person_id=person_id)
    await identities.link(pool, **whom, person_id=person_id)
    other = await accounts.add(pool, email="cleo@example.org", name="Cleo Sample")
    with pytest.raises(IdentityTakenError):
        await identities.link(pool, **whom, person_id=other)
    assert await identities.person_of(pool, **whom) == person_id


async def test_an_identity_is_unlinked_by_its_owner(pool, person_id):
    """The owner of an account takes an identity off it; nobody else does."""
    await identities.link(pool, issuer="https://one.example", subject="ada", person_id=person_id)
    [linked] = await identities.of_person(pool, person_id)
    other = await accounts.add(pool, email="cleo@example.org", name="Cleo Sample")
    assert not await identities.unlink(pool, person_id=other, identity_id=linked.identity_id)
    assert await identities.unlink(pool, person_id=person_id, identity_id=linked.identity_id)
    assert not await identities.unlink(pool, person_id=person_id, identity_id=linked.identity_id)
    assert await identities.person_of(pool, "https://one.example", "ada") is None
