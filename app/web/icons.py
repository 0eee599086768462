"""The icon in pixels, for those who take no SVG: drawn from `static/icon.svg` itself, once for each size.

Of SVG it knows what that file uses: rectangles, and paths of lines, arcs of circles and cubic curves, filled or stroked.
"""

import io
import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeAlias
from xml.etree import ElementTree as ET

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct
from PIL import Image, ImageDraw

from app.web.built_files import STATIC

_SVG = "{http://www.w3.org/2000/svg}"
_COMMAND = re.compile(r"([MmLlHhVvCcAaZz])([^MmLlHhVvCcAaZz]*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "A": 7, "Z": 0}
_FINER, _PIECES = 4, 24
_WITHIN_MASK = 0.85
"""How much of its size the icon takes where a mask cuts off what lies outside a circle of 80 per cent."""
_FOR_A_DAY = "public, max-age=86400"

Point: TypeAlias = tuple[float, float]


class IconKind(Struct, frozen=True, kw_only=True):
    """A picture of the icon: how many pixels, and whether others cut its corners, so that its ground goes to the edge."""

    pixels: int
    is_cut: bool = False
    scale: float = 1.0


TOUCH = "touch-180.png"
"""What phones put on their first page that read no manifest."""
ICONS = {
    "192.png": IconKind(pixels=192),
    "512.png": IconKind(pixels=512),
    "maskable-512.png": IconKind(pixels=512, is_cut=True, scale=_WITHIN_MASK),
    TOUCH: IconKind(pixels=180, is_cut=True),
}
"""By the name they have at `/icons/`."""


def icon_href(name: str) -> str:
    """Address a picture of the icon."""
    return f"/icons/{name}"


@get("/icons/{name:str}", include_in_schema=False, sync_to_thread=True)
def show_icon(name: FromPath[str]) -> Response[bytes]:
    """Show the icon as a picture of pixels."""
    if name not in ICONS:
        raise NotFoundException
    return Response(drawn(name), media_type="image/png", headers={"cache-control": _FOR_A_DAY})


@cache
def drawn(name: str) -> bytes:
    """Draw the icon as PNG; takes a few hundredths of a second."""
    kind = ICONS[name]
    drawing = _Drawing(kind)
    for element in ET.parse(STATIC / "icon.svg").getroot():  # noqa: S314  # It is ours.
        if element.tag == f"{_SVG}rect":
            drawing.rectangle(element)
        else:
            drawing.path(element)
    written = io.BytesIO()
    drawing.image.resize((kind.pixels, kind.pixels), Image.Resampling.LANCZOS).save(written, "PNG")
    return written.getvalue()


class _Drawing:
    """The icon on a ground some times as large as it is to be, so that edges are smooth when it is brought down."""

    def __init__(self, kind: IconKind) -> None:
        self._kind = kind
        self._wide = kind.pixels * _FINER
        self.image = Image.new("RGBA", (self._wide, self._wide), (0, 0, 0, 0))
        self._pen = ImageDraw.Draw(self.image)
        view = ET.parse(STATIC / "icon.svg").getroot().get("viewBox", "0 0 32 32")  # noqa: S314
        self._units = float(view.split()[2])

    def rectangle(self, element: ET.Element) -> None:
        """Draw the ground."""
        radius = 0.0 if self._kind.is_cut else self._length(float(element.get("rx", "0")))
        edge = self._wide - 1
        self._pen.rounded_rectangle((0, 0, edge, edge), radius, fill=element.get("fill"))

    def path(self, element: ET.Element) -> None:
        """Draw a path, filled or stroked with round ends."""
        stroke, width = element.get("stroke"), self._length(float(element.get("stroke-width", "0")))
        for points in outlines(element.get("d", "")):
            placed = [self._placed(point) for point in points]
            if stroke is None:
                self._pen.polygon(placed, fill=element.get("fill"))
                continue
            self._pen.line(placed, fill=stroke, width=round(width), joint="curve")
            for x, y in (placed[0], placed[-1]):
                self._pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=stroke)

    def _length(self, units: float) -> float:
        return units / self._units * self._wide * self._kind.scale

    def _placed(self, point: Point) -> Point:
        margin = self._wide * (1 - self._kind.scale) / 2
        return self._length(point[0]) + margin, self._length(point[1]) + margin


def outlines(path: str) -> Iterator[Sequence[Point]]:
    """Give the points of each outline of a path (SVG 2, 9.3); curves become short straight pieces."""
    points: list[Point] = []
    for letter, said in _COMMAND.findall(path):
        numbers = [float(number) for number in _NUMBER.findall(said)]
        kind, takes = letter.upper(), _TAKES[letter.upper()]
        if kind == "Z":
            points.append(points[0])
            continue
        for at in range(0, len(numbers), takes):
            x, y = points[-1] if points else (0.0, 0.0)
            origin = (x, y) if letter.islower() else (0.0, 0.0)
            if kind == "M" and at == 0 and points:
                yield points
                points = []
            points.extend(_onward(kind, (x, y), origin, numbers[at : at + takes]))
    if points:
        yield points


def _onward(kind: str, here: Point, origin: Point, numbers: Sequence[float]) -> Iterator[Point]:
    """Give the points from here to where a command ends."""
    match kind:
        case "H":
            yield origin[0] + numbers[0], here[1]
        case "V":
            yield here[0], origin[1] + numbers[0]
        case "C":
            corners = [
                (origin[0] + x, origin[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)
            ]
            yield from _curve(here, *corners)
        case "A":
            radius, is_large, is_clockwise = numbers[0], bool(numbers[3]), bool(numbers[4])
            end = (origin[0] + numbers[5], origin[1] + numbers[6])
            yield from _arc(here, end, radius, is_large=is_large, is_clockwise=is_clockwise)
        case _:
            yield origin[0] + numbers[0], origin[1] + numbers[1]


def _curve(start: Point, first: Point, second: Point, end: Point) -> Iterator[Point]:
    for piece in range(1, _PIECES + 1):
        t = piece / _PIECES
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        corners = (start, first, second, end)
        x, y = (
            sum(weight * corner[axis] for weight, corner in zip(weights, corners, strict=True))
            for axis in (0, 1)
        )
        yield x, y


def _arc(start: Point, end: Point, radius: float, *, is_large: bool, is_clockwise: bool) -> Iterator[Point]:
    """Go round a circle, whose centre lies on one side of the line between both ends (SVG 2, appendix B.2)."""
    across, down = end[0] - start[0], end[1] - start[1]
    half = math.hypot(across, down) / 2
    off = math.sqrt(max(radius**2 - half**2, 0.0)) / (2 * half) * (-1 if is_large == is_clockwise else 1)
    centre = ((start[0] + end[0]) / 2 - off * down, (start[1] + end[1]) / 2 + off * across)
    begins = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = math.atan2(end[1] - centre[1], end[0] - centre[0]) - begins
    turn = turn % math.tau if is_clockwise else -(-turn % math.tau)
    for piece in range(1, _PIECES + 1):
        angle = begins + turn * piece / _PIECES
        yield centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)
