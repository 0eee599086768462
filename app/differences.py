"""The difference between two texts, word by word: what both say, what only the older says, and what only the newer.

The words that both have in common are a longest common subsequence, worked out a row of bits at a time (Hyyrö, "Bit-
parallel LCS-length computation revisited", AWOCA 2004) and traced back. Its work and its memory depend on how long the
texts are and on nothing else, so that no text can be made to take long; the standard library's comparison has texts
that take it minutes.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal, TypeAlias

from msgspec import Struct

Kind: TypeAlias = Literal["same", "removed", "added"]

WORDS_MAX = 12_000
"""Of longer texts it is only said that one took the place of the other."""

_WORD = re.compile(r"(\w+(?:['\u2019\-]\w+)*|[^\w\s])(\s*)")
_FEW = 1
"""So few common words between changes are told as changed as well: "a", "the" and full stops are everywhere."""
_MUCH = 6


class Piece(Struct, frozen=True, kw_only=True):
    """Words in a row that are the same, or that were removed or added; spaces between words go with the word before."""

    kind: Kind
    text: str


Word: TypeAlias = tuple[str, str]
"""A word, and the spaces after it."""
Step: TypeAlias = tuple[Kind, str]
"""What became of one word, spaces included."""


def difference(older: str, newer: str) -> list[Piece]:
    """Tell how a newer text differs from an older one; spaces alone make no difference.

    All that is the same or added is the newer text; all that is the same or removed is the older one, but for spaces.
    """
    before, after = words_of(older), words_of(newer)
    if max(len(before), len(after)) > WORDS_MAX:
        steps: list[Step] = [("removed", older), ("added", newer)] if older != newer else [("same", newer)]
    else:
        steps = _without_scraps(alignment(before, after))
    return [
        Piece(kind=kind, text="".join(text for _, text in run))
        for kind, run in groupby(_tidied(steps), key=lambda step: step[0])
    ]


def words_of(text: str) -> list[Word]:
    """Take a text apart into words, each with the spaces after it."""
    return [(match[1], match[2]) for match in _WORD.finditer(text)]


def alignment(before: Sequence[Word], after: Sequence[Word]) -> list[Step]:
    """Walk through both texts word by word, with as many words the same as can be."""
    return list(_steps(before, after))


def _steps(before: Sequence[Word], after: Sequence[Word]) -> Iterator[Step]:
    # What is alike at both ends needs no comparison.
    start, shorter = 0, min(len(before), len(after))
    while start < shorter and before[start][0] == after[start][0]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end][0] == after[-1 - end][0]:
        end += 1
    yield from (("same", "".join(word)) for word in after[:start])
    yield from _compared(before[start : len(before) - end], after[start : len(after) - end])
    yield from (("same", "".join(word)) for word in after[len(after) - end :])


def _compared(before: Sequence[Word], after: Sequence[Word]) -> Iterator[Step]:
    rows = _rows([word for word, _ in before], [word for word, _ in after])
    steps: list[Step] = []
    old, new = len(before), len(after)
    while old and new:
        if rows[new - 1] >> (old - 1) & 1:
            old -= 1
            steps.append(("removed", "".join(before[old])))
            continue
        new -= 1
        if new and not rows[new - 1] >> (old - 1) & 1:
            steps.append(("added", "".join(after[new])))
        else:
            old -= 1
            steps.append(("same", "".join(after[new])))
    yield from (("removed", "".join(word)) for word in before[:old])
    yield from (("added", "".join(word)) for word in after[:new])
    yield from reversed(steps)


def _rows(before: Sequence[str], after: Sequence[str]) -> list[int]:
    """Give a row for each word of the newer text: a bit is unset where the common part grows by that older word."""
    places: dict[str, int] = {}
    for number, word in enumerate(before):
        places[word] = places.get(word, 0) | 1 << number
    whole = (1 << len(before)) - 1
    row, rows = whole, []
    for word in after:
        met = row & places.get(word, 0)
        row = (row + met | row - met) & whole
        rows.append(row)
    return rows


def _without_scraps(steps: list[Step]) -> list[Step]:
    """Tell very few common words amid much change as changed, so that a rewritten sentence reads as one."""
    runs = [(kind, [text for _, text in run]) for kind, run in groupby(steps, key=lambda step: step[0])]
    told: list[Step] = []
    for number, (kind, texts) in enumerate(runs):
        around = runs[max(0, number - 2) : number] + runs[number + 1 : number + 3]
        changed = sum(len(words) for other, words in around if other != "same")
        between = 0 < number < len(runs) - 1
        if kind == "same" and between and len(texts) <= _FEW and changed >= _MUCH:
            told += [("removed", text) for text in texts] + [("added", text) for text in texts]
        else:
            told += [(kind, text) for text in texts]
    return told


def _tidied(steps: Sequence[Step]) -> list[Step]:
    """Put what was removed in a row of changes before what was added."""
    tidy: list[Step] = []
    for _, run in groupby(steps, key=lambda step: step[0] == "same"):
        tidy += sorted(run, key=lambda step: step[0] == "added")
    return tidy
