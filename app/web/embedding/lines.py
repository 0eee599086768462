"""Text set in lines where nothing wraps it for us: how wide it will be about, where it breaks, which way it runs.

Pure functions. A picture is shown in whatever face a reader's machine has, so widths are estimates that are rather too
wide; a picture clips what is wider still.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

Direction: TypeAlias = Literal["ltr", "rtl"]
Measure: TypeAlias = Callable[[str], float]
"""How wide a text is, in whatever the width of a line is given in."""

_JOINERS = "\u200c\u200d"
_NARROW, _BROAD = frozenset("iIjl.,:;'|!()[]ftr "), frozenset("mwMW@%—…")
_NARROW_EM, _BROAD_EM, _CAPITAL_EM, _USUAL_EM = 0.36, 0.95, 0.7, 0.58
_PLAIN, _BOLD = 1.05, 1.2


def clean(text: str) -> str:
    """Give a text on one line, without what no picture can show: control characters, marks that turn others around."""
    kept = (
        char if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn"} or char in _JOINERS else " "
        for char in text
    )
    return " ".join("".join(kept).split())


def direction_of(text: str) -> Direction:
    """Tell which way a text runs, by its first letter that says so."""
    for char in text:
        match unicodedata.bidirectional(char):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
            case _:
                pass
    return "ltr"


def about_as_wide(size: float, *, bold: bool = False) -> Measure:
    """Estimate widths in a face of `size`, in the units of the size: that of the broadest face many machines have."""
    factor = size * (_BOLD if bold else _PLAIN)

    def measure(text: str) -> float:
        return sum(map(_em, text)) * factor

    return measure


def wrapped(text: str, width: float, most: int, measure: Measure) -> tuple[str, ...]:
    """Set a text in at most `most` lines of `width`; where it does not fit, the last line ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(clean(text), width, measure):
        if not line or measure((line + piece).rstrip()) <= width:
            line += piece
        else:
            lines.append(line.strip())
            line = piece
        if len(lines) == most:
            return (*lines[:-1], _cut(lines[-1], width, measure))
    return tuple(kept for kept in (*lines, line.strip()) if kept)


def _pieces(text: str, width: float, measure: Measure) -> Iterator[str]:
    """Take a text apart where a line may end: behind spaces and wide characters, and anywhere in what fits no line."""
    piece = ""
    for cluster in _clusters(text):
        is_wide = _em(cluster[0]) == 1
        if piece and (is_wide or measure(piece + cluster) > width):
            yield piece
            piece = ""
        piece += cluster
        if is_wide or cluster == " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _clusters(text: str) -> Iterator[str]:
    """Keep marks with the letters they belong to."""
    cluster = ""
    for char in text:
        if cluster and _em(char) and not cluster.endswith("\u200d"):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _cut(line: str, width: float, measure: Measure) -> str:
    clusters = list(_clusters(line))
    while clusters and measure("".join(clusters).rstrip(" ,.;:") + "…") > width:
        clusters.pop()
    return "".join(clusters).rstrip(" ,.;:") + "…"


def _em(char: str) -> float:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(char) in {"W", "F"}:
        return 1
    if char in _NARROW:
        return _NARROW_EM
    if char in _BROAD:
        return _BROAD_EM
    return _CAPITAL_EM if char.isupper() else _USUAL_EM
