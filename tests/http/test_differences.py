"""What differs between two texts, word by word: nothing is lost, nothing is made up, and no text takes long."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.differences import WORDS_MAX, Piece, alignment, difference, words_of

words = st.lists(st.sampled_from(["a", "b", "c", "bus", ".", "it's"]), max_size=14).map(" ".join)
texts = words | st.text(max_size=40)


def told(older: str, newer: str) -> list[tuple[str, str]]:
    """Tell a difference in short."""
    return [(piece.kind, piece.text) for piece in difference(older, newer)]


def without_spaces(pieces: list[Piece], kind: str) -> str:
    """Put together what is the same and what is of a kind."""
    return "".join("".join(piece.text for piece in pieces if piece.kind in {"same", kind}).split())


def longest_common(one: list[str], other: list[str]) -> int:
    """Count the words of a longest common subsequence, the slow way."""
    row = [0] * (len(other) + 1)
    for word in one:
        above, row = row, [0]
        for number, another in enumerate(other):
            row.append(above[number] + 1 if word == another else max(above[number + 1], row[number]))
    return row[-1]


def test_words_are_told_that_differ():
    """What was put in, what was taken out, and what took the place of something else."""
    assert told("The bus stopped in 2019.", "The last bus stopped.") == [
        ("same", "The "),
        ("added", "last "),
        ("same", "bus stopped"),
        ("removed", "in 2019"),
        ("same", "."),
    ]
    assert told("three villages", "four villages") == [
        ("removed", "three "),
        ("added", "four "),
        ("same", "villages"),
    ]


def test_a_rewritten_sentence_is_not_told_in_scraps():
    """A lone common word amid much change is told as changed too."""
    kinds = [
        kind
        for kind, _ in told(
            "Every month four trained sitters come by night to a price people pay.",
            "Twice weekly our neighbours look after them to nobody's great surprise.",
        )
    ]
    assert kinds == ["removed", "added", "same"]


def test_the_same_text_has_no_difference():
    """A text and itself are one piece, and an empty one is none."""
    assert told("One.\n\nTwo.", "One.\n\nTwo.") == [("same", "One.\n\nTwo.")]
    assert told("", "") == []
    assert told("", "All of it.") == [("added", "All of it.")]
    assert told("All of it.", "") == [("removed", "All of it.")]


def test_spaces_alone_make_no_difference():
    """A line break more is no change of words; the newer text's spaces are shown."""
    assert told("One two.", "One\n\ntwo.") == [("same", "One\n\ntwo.")]


@settings(max_examples=200)
@given(texts, texts)
def test_both_texts_are_in_their_difference(older, newer):
    """The same and the removed are the older text, the same and the added the newer one, but for spaces."""
    pieces = difference(older, newer)
    assert without_spaces(pieces, "removed") == "".join(older.split())
    assert without_spaces(pieces, "added") == "".join(newer.split())
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@settings(max_examples=200)
@given(words, words)
def test_as_much_as_can_be_is_the_same(older, newer):
    """Word by word, exactly a longest common part is the same."""
    steps = alignment(words_of(older), words_of(newer))
    assert sum(kind == "same" for kind, _ in steps) == longest_common(older.split(), newer.split())


@settings(max_examples=200)
@given(words, words)
def test_only_single_words_amid_much_change_are_told_as_changed(older, newer):
    """Each such word has six changed ones in the two runs before and after it, and no run is near more than four."""
    most = longest_common(older.split(), newer.split())
    same = sum(len(piece.text.split()) for piece in difference(older, newer) if piece.kind == "same")
    changed = len(older.split()) + len(newer.split()) - 2 * most
    assert 0 <= 6 * (most - same) <= 4 * changed
    assert same == most or changed >= 6


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("word " * 10_000, "word " * 9_999 + "end"),
        ("a b " * 5_000, "b a " * 5_000),
        (" ".join(f"w{n}" for n in range(10_000)), " ".join(f"v{n}" for n in range(10_000))),
        (
            " ".join(random.Random(1).choices("ab", k=10_000)),
            " ".join(random.Random(2).choices("ab", k=10_000)),
        ),
    ],
    ids=["one word", "two words in turn", "nothing alike", "two words at random"],
)
def test_ten_thousand_words_are_compared_whole(older, newer):
    """Texts made to stall a comparison are compared like any other."""
    pieces = difference(older, newer)
    assert without_spaces(pieces, "removed") == "".join(older.split())
    assert without_spaces(pieces, "added") == "".join(newer.split())


def test_of_endless_texts_it_is_said_that_one_replaced_the_other():
    """Beyond the limit there is no comparison, and still an answer."""
    older = "word " * (WORDS_MAX + 1)
    assert told(older, "Short.") == [("removed", older), ("added", "Short.")]
    assert told(older, older) == [("same", older)]
