"""Signatures of messages: taken by others' libraries and by a check of our own, and refused when anything is changed."""

import base64
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey
from rich.pretty import pretty_repr

from app.webhooks.signing import (
    EndpointKeys,
    UnreadableKeyError,
    UnsignableMessageError,
    jwk_of,
    new_keys,
    private_key_of,
    public_key_of,
    read_keys,
    secret_of,
    signed,
)
from ops.faults.signature_check import holds_by_the_library, holds_v1, holds_v1a

ID = "018f3c2e-0000-7000-8000-000000000001"
BODY = b'{"type":"idea.logged","data":{"title":"Caf\xc3\xa9"}}'
KEYS = new_keys()

# The example with which senders and receivers of the standard check themselves.
PUBLISHED_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PUBLISHED_PRIVATE = (
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
)
PUBLISHED_PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="


def headers_of(body=BODY, keys=(KEYS,), at=None, message_id=ID):
    """Sign a message now, or at a moment."""
    moment = at or datetime.now(UTC)
    return signed(message_id=message_id, at=moment, body=body, keys=keys).as_headers()


def verdicts(headers, body=BODY, keys=KEYS):
    """Ask all three checks about a message."""
    return (
        holds_by_the_library(headers, body, secret_of(keys)),
        holds_v1(headers, body, secret_of(keys)),
        holds_v1a(headers, body, public_key_of(keys)),
    )


def test_a_message_is_taken_by_everybody():
    """The library of the standard and a check by hand take both signatures."""
    headers = headers_of()
    assert [one.partition(",")[0] for one in headers["webhook-signature"].split(" ")] == ["v1", "v1a"]
    assert verdicts(headers) == (True, True, True)


def test_the_published_example():
    """The keys and signatures that the standard's own implementations are tested with are ours, byte for byte."""
    keys = read_keys(PUBLISHED_SECRET, PUBLISHED_PRIVATE)
    headers = headers_of(
        body=b'{"test": 2432232314}',
        keys=[keys],
        at=datetime.fromtimestamp(1614265330, UTC),
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
    )
    assert headers["webhook-signature"].split(" ") == [
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
    ]
    assert public_key_of(keys) == PUBLISHED_PUBLIC


@given(body=st.binary() | st.text().map(str.encode))
def test_any_body(body):
    """Whatever is UTF-8 can be signed and is taken; what is not is refused."""
    try:
        body.decode()
    except UnicodeDecodeError:
        with pytest.raises(UnsignableMessageError):
            headers_of(body)
    else:
        assert verdicts(headers_of(body), body) == (True, True, True)


@given(
    body=st.text(min_size=1, alphabet=st.characters(codec="utf-8")).map(str.encode),
    place=st.integers(min_value=0),
    bit=st.integers(0, 6),
)
def test_a_changed_body(body, place, bit):
    """One bit of the body, and no signature holds any more."""
    headers = headers_of(body)
    changed = bytearray(body)
    changed[place % len(body)] ^= 1 << bit
    assert verdicts(headers, bytes(changed)) == (False, False, False)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_a_changed_header(name):
    """Under another id or at another moment no signature holds."""
    headers = headers_of()
    changed = {"webhook-id": ID[:-1] + "2", "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}
    assert verdicts({**headers, name: changed[name]}) == (False, False, False)


@pytest.mark.parametrize("kind", ["v1", "v1a"])
def test_every_bit_of_a_signature_counts(kind):
    """A signature of which a single bit is changed is refused, whichever it is."""
    headers = headers_of()
    whole = dict(one.split(",") for one in headers["webhook-signature"].split(" "))
    signature = base64.b64decode(whole[kind])
    for bit in range(len(signature) * 8):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        alone = {**headers, "webhook-signature": f"{kind},{base64.b64encode(changed).decode()}"}
        assert verdicts(alone) == (False, False, False)


def test_an_old_message():
    """A message that is sent again after more than five minutes is refused by the library."""
    headers = headers_of(at=datetime.now(UTC) - timedelta(seconds=301))
    assert not holds_by_the_library(headers, BODY, secret_of(KEYS))


def test_several_sets_of_keys_at_once():
    """While keys change over, whoever has the old ones and whoever has the new ones both take a message."""
    old, new, never = new_keys(), new_keys(), new_keys()
    headers = headers_of(keys=[new, old])
    assert len(headers["webhook-signature"].split(" ")) == 4
    assert verdicts(headers, keys=old) == verdicts(headers, keys=new) == (True, True, True)
    assert verdicts(headers, keys=never) == (False, False, False)


@pytest.mark.parametrize("hours", [-11, 0, 5.5, 14])
def test_the_moment_is_the_same_in_every_zone(hours):
    """What a clock on the wall shows elsewhere changes nothing."""
    moment = datetime(2026, 3, 29, 1, 30, 0, 999_999, tzinfo=UTC)
    there = moment.astimezone(timezone(timedelta(hours=hours)))
    assert headers_of(at=there) == headers_of(at=moment)
    assert headers_of(at=moment)["webhook-timestamp"] == str(int(moment.timestamp()))


def test_a_moment_without_a_zone():
    """A moment that could be any is not signed."""
    with pytest.raises(UnsignableMessageError):
        headers_of(at=datetime(2026, 3, 29))  # noqa: DTZ001  # A moment without a zone is the point.


@pytest.mark.parametrize("message_id", ["", "a.b", "a b", "a\r\nx: y", "é", "1.2"])
def test_an_id_that_could_be_read_otherwise(message_id):
    """A dot or a blank in an id could shift what is signed, so such an id is refused."""
    with pytest.raises(UnsignableMessageError):
        headers_of(message_id=message_id)


def test_keys_are_written_and_read_again():
    """What is kept sealed comes back as it was, and no two sets are alike."""
    assert read_keys(secret_of(KEYS), private_key_of(KEYS)) == KEYS
    assert len(KEYS.secret) == 32
    assert KEYS not in (new_keys(), new_keys())


@pytest.mark.parametrize(
    ("secret", "private"),
    [
        ("", PUBLISHED_PRIVATE),
        ("whsec_", PUBLISHED_PRIVATE),
        ("whsec_%", PUBLISHED_PRIVATE),
        ("whsec_d3Jvbmc=", PUBLISHED_PRIVATE),
        (PUBLISHED_SECRET.removeprefix("whsec_"), PUBLISHED_PRIVATE),
        (PUBLISHED_SECRET + "\n", PUBLISHED_PRIVATE),
        ("whsec_" + "A" * 88, PUBLISHED_PRIVATE),
        (PUBLISHED_SECRET, PUBLISHED_PRIVATE[:-4]),
        (PUBLISHED_SECRET, PUBLISHED_PUBLIC),
        (PUBLISHED_SECRET, "whsk_"),
        (PUBLISHED_SECRET, "whsk_" + PUBLISHED_PUBLIC.removeprefix("whpk_")),
        (PUBLISHED_SECRET, "whsk_" + "A" * 86 + "=="),
        (PUBLISHED_SECRET, "é"),
    ],
)
def test_keys_that_cannot_be_read(secret, private):
    """A key that is cut, misspelt or of another kind, or half a pair, is refused in one way."""
    with pytest.raises(UnreadableKeyError):
        read_keys(secret, private)


def test_the_public_key_as_json_web_key():
    """The key in a published set is the same as `whpk_…`, under its thumbprint, and nothing private is in it."""
    published = msgspec.to_builtins(jwk_of(public_key_of(KEYS)))
    raw = base64.b64decode(public_key_of(KEYS).removeprefix("whpk_"))
    assert base64.urlsafe_b64decode(published["x"] + "=") == raw
    assert published["kid"] == OKPKey.import_key(published).thumbprint()
    assert set(published) == {"kty", "crv", "alg", "use", "kid", "x"}


@pytest.mark.parametrize("public", ["", "whpk_", "whpk_AA==", "whsec_" + "A" * 43 + "=", "whpk_" + "A" * 43])
def test_a_public_key_that_cannot_be_read(public):
    """A public key that is cut, misspelt or of another kind is not published as something else."""
    with pytest.raises(UnreadableKeyError):
        jwk_of(public)


def test_keys_are_not_shown():
    """However keys get into a log or a traceback, neither secret nor seed can be seen."""
    keys = EndpointKeys(secret=b"S" * 32, seed=b"P" * 32)
    for shown in (repr(keys), str([keys]), pretty_repr(keys), f"{keys}"):
        assert "SSSS" not in shown
        assert "PPPP" not in shown
        assert secret_of(keys).removeprefix("whsec_") not in shown
        assert public_key_of(keys) in shown
