"""From which network people vote: a digest that tells networks apart and says nothing else."""

import pytest

from app.access.disposable import is_disposable
from app.access.origins import WAITING_MAX, Origins, network_digest
from events.streams import new_id

SECRET = b"a secret of the tests"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("81.2.69.10", "81.2.69.200", True),
        ("81.2.69.10", "81.2.70.10", False),
        ("2a00:23c5:abc:1::1", "2a00:23c5:abc:2::1", True),
        ("2a00:23c5:abc:1::1", "2a00:23c5:abd:1::1", False),
    ],
)
def test_a_digest_stands_for_a_network(one, other, same):
    """Addresses of one /24, or /48 of IPv6, have the same digest, others have not."""
    assert (network_digest(SECRET, one) == network_digest(SECRET, other)) is same
    assert network_digest(SECRET, one) != network_digest(b"another", one)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "::1", "fe80::1", "unknown", ""])
def test_an_address_that_is_not_public_says_nothing(address):
    """Behind a proxy that is not trusted everybody has its address: nobody is one network with the others for that."""
    assert network_digest(SECRET, address) is None


@pytest.mark.asyncio
async def test_notes_are_written_together(pool):
    """Notes wait in memory and are written at once, at the latest when the process ends."""
    origins, person, idea = Origins(pool, SECRET), new_id(), new_id()
    async with origins.noting():
        origins.note(person, "81.2.69.10", idea_id=idea)
        origins.note(person, "127.0.0.1")
        origins.note(person, "81.2.70.10")
    rows = await pool.fetch("SELECT person_id, idea_id, network FROM vote_origins ORDER BY noted_at")
    assert [tuple(row) for row in rows] == [
        (person, idea, network_digest(SECRET, "81.2.69.10")),
        (person, None, network_digest(SECRET, "81.2.70.10")),
    ]


@pytest.mark.asyncio
async def test_notes_that_cannot_be_written_are_dropped(pool):
    """A flood is bounded: votes never wait for notes, and memory does not grow."""
    origins = Origins(pool, SECRET)
    for _ in range(WAITING_MAX + 5):
        origins.note(new_id(), "81.2.69.10")
    assert len(origins._waiting) == WAITING_MAX


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("a@mailinator.com", True),
        ("a@MAILINATOR.com", True),
        ("a@deep.mailinator.com", True),
        ("a@example.org", False),
        ("a@com", False),
        ("", False),
    ],
)
def test_throw_away_addresses_are_known_by_their_domain(email, expected):
    """The published list decides, domains below a listed one included."""
    assert is_disposable(email) is expected
