"""The picture that a link to us is shown with elsewhere (Open Graph): 1200 by 630 pixels, drawn in the faces of the pages.

The faces are the very files that browsers load; what they lack is taken from faces of the machine where there are any,
and is an empty box otherwise. FreeType is not made for several threads, so one thread at a time draws.
"""

import io
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import groupby

from msgspec import Struct
from PIL import Image, ImageDraw, ImageFilter, ImageFont, features

from app.web.built_files import STATIC, built_files
from app.web.colours import themes
from app.web.embedding.lines import Direction, direction_of, wrapped
from app.web.pool_bar import PoolBar
from app.web.stages import Glow

WIDTH, HEIGHT = 1200, 630
INSET = 72
_TITLE_SIZES = ((72, 3), (56, 4))
"""How large a title is, and in how many lines at most: the first that holds it whole, or the last."""
_MEDIUM = 500.0
_TEXT = "faces/atkinson-hyperlegible-next-{}-wght-normal.woff2"
_DISPLAY = "faces/bricolage-grotesque-{}-700-normal.woff2"
_FALLBACKS = ("NotoSans-Bold.ttf", "NotoSansArabic-Bold.ttf", "NotoSansCJK-Bold.ttc", "DejaVuSans-Bold.ttf")
"""What other scripts are drawn in, where the machine has it."""
_NOWHERE = "\uffff"
_GLYPHS_KEPT = 8_192
_DOT = 4
_LETTERS = (
    *("01111110 10000001 10000001 01111110", "11111111 10010000 10010000 01100000"),
    *("11111111 10010001 10010001 10000001", "11111111 00100000 00011000 11111111"),
)
"""The sign: OPEN in columns of eight dots, a letter each."""


class ShareImage(Struct, frozen=True, kw_only=True):
    """What a picture says: a title, a row of bulbs or the bar of a pool, and two lines below it."""

    title: str
    glows: Sequence[Glow]
    stage: str
    words: str
    note: str = ""
    bar: PoolBar | None = None


def draw(shown: ShareImage) -> bytes:
    """Draw a picture and give it as PNG; takes some hundredths of a second, so it belongs in a thread."""
    colours = _colours()
    image = Image.new("RGB", (WIDTH, HEIGHT), colours["paper"])
    pen = ImageDraw.Draw(image)
    _draw_sign(image, colours)
    _write(pen, (INSET + 224, 112), "Impact", _faces("display", 44), colours["ink"])
    size, lines = _set(shown.title)
    direction = direction_of(shown.title)
    for number, line in enumerate(lines):
        _write(
            pen,
            (INSET, 240 + number * size * 1.14),
            line,
            _faces("display", size),
            colours["ink"],
            direction=direction,
        )
    if shown.bar is not None:
        _draw_bar(pen, shown.bar, colours)
    _draw_bulbs(image, shown.glows, colours)
    left = INSET + 74 * len(shown.glows) + (24 if shown.glows else 0)
    state, faces = (552, _faces("text", 32)) if shown.bar else (522, _faces("text", 36))
    _write(pen, (left, state), _in_a_line(shown.stage, faces), faces, colours["ink"])
    _write(pen, (INSET, 588), shown.words, _faces("text", 32), colours["soft"])
    if shown.note:
        right = WIDTH - INSET - _length(shown.note, _faces("text", 28))
        pen.rounded_rectangle((right - 24, 76, WIDTH - INSET + 24, 128), 26, fill=colours["ground"])
        _write(pen, (right, 112), shown.note, _faces("text", 28), colours["ink"])
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _set(title: str) -> tuple[int, Sequence[str]]:
    size, lines = 0, tuple[str, ...]()
    for size, most in _TITLE_SIZES:
        lines = wrapped(title, WIDTH - 2 * INSET, most, partial(_length, faces=_faces("display", size)))
        if not "".join(lines).endswith("…"):
            return size, lines
    return size, lines


def _in_a_line(text: str, faces: Sequence[ImageFont.FreeTypeFont]) -> str:
    return next(iter(wrapped(text, WIDTH - 2 * INSET, 1, partial(_length, faces=faces))), "")


def _write(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    faces: Sequence[ImageFont.FreeTypeFont],
    colour: str,
    *,
    direction: Direction = "ltr",
) -> None:
    """Write a line on its base line, each part of it in the first face that has its letters."""
    x, y = at
    runs = list(_runs(text, faces))
    if direction == "rtl":
        x = WIDTH - INSET - sum(face.getlength(run) for face, run in runs)
        runs.reverse()
    for face, run in runs:
        pen.text(
            (x, y), run, font=face, fill=colour, anchor="ls", direction=direction if _can_turn() else None
        )
        x += face.getlength(run)


def _length(text: str, faces: Sequence[ImageFont.FreeTypeFont]) -> float:
    return sum(face.getlength(run) for face, run in _runs(text, faces))


def _runs(text: str, faces: Sequence[ImageFont.FreeTypeFont]) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
    chosen = [next((face for face in faces if _has(face, char)), faces[0]) for char in text]
    for face, run in groupby(zip(chosen, text, strict=True), key=lambda pair: pair[0]):
        yield face, "".join(char for _, char in run)


@lru_cache(maxsize=_GLYPHS_KEPT)
def _has(face: ImageFont.FreeTypeFont, char: str) -> bool:
    """Tell whether a face has a letter: one it lacks looks like the box for what is nowhere."""
    if char.isspace():
        return True
    mask, missing = face.getmask(char), face.getmask(_NOWHERE)
    return mask.size != missing.size or bytes(mask) != bytes(missing)


@cache
def _faces(name: str, size: int) -> Sequence[ImageFont.FreeTypeFont]:
    built = built_files()
    faces: list[ImageFont.FreeTypeFont] = []
    for part in ("latin", "latin-ext"):
        file = (_DISPLAY if name == "display" else _TEXT).format(part)
        face = ImageFont.truetype(STATIC / built[file], size)
        if name != "display":
            face.set_variation_by_axes([_MEDIUM])
        faces.append(face)
    for file in _FALLBACKS:
        try:
            faces.append(ImageFont.truetype(file, size))
        except OSError:
            # This machine does not have it, and need not.
            continue
    return tuple(faces)


@cache
def _can_turn() -> bool:
    return bool(features.check("raqm"))


@cache
def _colours() -> dict[str, str]:
    """Give the colours of the dark theme, in which bulbs shine."""
    return themes((STATIC / built_files()["styles/site.css"]).read_text(encoding="utf-8"))[1]


def _draw_sign(image: Image.Image, colours: dict[str, str]) -> None:
    scale = 4
    dots = Image.new("L", (200 * scale, 76 * scale), 0)
    pen = ImageDraw.Draw(dots)
    column = 0
    for letter in _LETTERS:
        for bits in letter.split():
            for row, bit in enumerate(bits):
                if bit == "1":
                    x, y = (22 + column * 8.4) * scale, (10 + row * 8) * scale
                    pen.ellipse(
                        (x - 3.2 * scale, y - 3.2 * scale, x + 3.2 * scale, y + 3.2 * scale), fill=255
                    )
            column += 1
        column += 1
    dots = dots.resize((200, 76), Image.Resampling.LANCZOS)
    ImageDraw.Draw(image).rounded_rectangle((INSET, 60, INSET + 200, 136), 14, fill=colours["plate"])
    gleam = dots.filter(ImageFilter.GaussianBlur(5)).point(lambda light: int(light * 0.6))
    for mask in (gleam, dots):
        image.paste(colours["lit"], (INSET, 60), mask)


def _draw_bulbs(image: Image.Image, glows: Sequence[Glow], colours: dict[str, str]) -> None:
    for number, glow in enumerate(glows):
        left = INSET + number * 74
        if glow == "lit":
            image.paste(colours["halo"], (left - 52, 416), _halo())
        bulb = _bulb(glow)
        image.paste(bulb, (left, 464), bulb)


def _draw_bar(pen: ImageDraw.ImageDraw, bar: PoolBar, colours: dict[str, str]) -> None:
    """Draw what comes together in full, what waits for its conditions as stripes, and where the marks are."""
    top, bottom = 462, 504
    scale = (WIDTH - 2 * INSET) / bar.width
    pen.rectangle((INSET, top, WIDTH - INSET, bottom), fill=colours["sunk"], outline=colours["edge"], width=2)
    for part in bar.parts:
        left, right = INSET + part.x * scale, INSET + (part.x + part.width) * scale
        if part.held:
            for stripe in range(int(left), int(right), 14):
                pen.rectangle((stripe, top, min(stripe + 6, right), bottom), fill=colours["lit"])
            pen.rectangle((left, top, right, bottom), outline=colours["lit"], width=2)
        else:
            pen.rectangle((left, top, max(left, right - 2), bottom), fill=colours[f"part-{part.shade}"])
    for mark in bar.marks:
        x = INSET + mark.x * scale
        pen.line((x, top - 10, x, bottom + 10), fill=colours["ink"], width=4)


@cache
def _halo() -> Image.Image:
    halo = Image.new("L", (160, 160), 0)
    ImageDraw.Draw(halo).ellipse((45, 45, 115, 115), fill=150)
    return halo.filter(ImageFilter.GaussianBlur(20))


@cache
def _bulb(glow: Glow) -> Image.Image:
    """Draw one bulb, four times as large and then brought down: lit is filled, half lit is filled below."""
    scale, colours = 10, _colours()
    bulb = Image.new("RGBA", (56 * 4, 66 * 4), (0, 0, 0, 0))
    pen = ImageDraw.Draw(bulb)
    line = colours["unlit"] if glow == "unlit" else colours["lit"]
    glass = [(8.75, 20.4), (8.3, 19), (7.3, 17.8), (16.7, 17.8), (15.7, 19), (15.25, 20.4)]
    neck = [(x * scale - 8, y * scale) for x, y in glass]
    globe = (4.6 * scale - 8, 4.6 * scale, 19.4 * scale - 8, 19.4 * scale)
    if glow == "lit":
        pen.ellipse(globe, fill=line)
        pen.polygon(neck, fill=line)
    elif glow == "half":
        pen.chord(globe, 0, 180, fill=line)
        pen.polygon(neck, fill=line)
    pen.arc(globe, 130, 50, fill=line, width=14)
    pen.line([neck[2], neck[1], neck[0], neck[5], neck[4], neck[3]], fill=line, width=14, joint="curve")
    cap = colours["unlit"] if glow == "unlit" else colours["ink"]
    pen.rounded_rectangle((8.6 * scale - 8, 22 * scale, 15.4 * scale - 8, 23.8 * scale), 9, fill=cap)
    pen.rounded_rectangle((10 * scale - 8, 24.4 * scale, 14 * scale - 8, 26 * scale), 8, fill=cap)
    return bulb.resize((56, 66), Image.Resampling.LANCZOS)
