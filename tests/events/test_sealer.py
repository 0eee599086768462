"""What is sealed opens with its key and as what it is bound to, and in no other way."""

import pytest

from events.sealing.sealer import NotOpenedError, Sealer

KEY, BOUND = bytes(32), b"of this row"


def test_what_is_sealed_is_opened():
    """With the same key, as what it is bound to; and no two look alike."""
    sealer = Sealer(KEY)
    once, again = sealer.sealed(b"a text", BOUND), sealer.sealed(b"a text", BOUND)
    assert once != again
    assert b"a text" not in once
    assert sealer.opened(once, BOUND) == sealer.opened(again, BOUND) == b"a text"


@pytest.mark.parametrize(
    ("key", "bound", "change"),
    [
        (b"\x01" * 32, BOUND, lambda sealed: sealed),
        (KEY, b"of another row", lambda sealed: sealed),
        (KEY, BOUND, lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (KEY, BOUND, lambda sealed: sealed[:5]),
        (KEY, BOUND, lambda _: b""),
    ],
    ids=["another key", "another place", "a changed letter", "a piece", "nothing"],
)
def test_whatever_is_not_as_it_was_stays_closed(key, bound, change):
    """Another key, another place, a changed letter, a piece of it, or nothing."""
    sealed = Sealer(KEY).sealed(b"a text", BOUND)
    with pytest.raises(NotOpenedError):
        Sealer(key).opened(change(sealed), bound)
