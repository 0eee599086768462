"""The colours of the stylesheet, measured: WCAG 2.2 AA in the light and the dark theme and on plates."""

import re

import pytest

from app.web.built_files import STATIC

STYLES = STATIC.parent / "assets" / "styles"
CSS = (STYLES / "tokens.css").read_text(encoding="utf-8")


def tokens(block):
    """Read the colours that a block of custom properties sets."""
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", block))


DARK_BEGINS = "@media screen and (prefers-color-scheme: dark)"
LIGHT = tokens(CSS[CSS.index(":root {") : CSS.index(DARK_BEGINS)])
DARK = {
    **LIGHT,
    **tokens(CSS[CSS.index(DARK_BEGINS) :]),
}
GROUNDS = ("--paper", "--surface", "--sunk")
TEXT = [(ink, ground) for ink in ("--ink", "--soft", "--link") for ground in GROUNDS] + [
    ("--on-link", "--link"),
    ("--paper", "--ink"),
    ("--ink", "--ground"),
    ("--plate-ink", "--plate"),
    ("--plate-soft", "--plate"),
]
GRAPHICS = [(drawn, ground) for drawn in ("--lit-edge", "--unlit", "--edge") for ground in GROUNDS] + [
    ("--plate-lit", "--plate"),
    ("--plate-unlit", "--plate"),
    ("--lit-edge", "--ground"),
]


def brightness(colour):
    """Give the relative luminance of a colour, as WCAG defines it."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Give the contrast ratio of two colours, 1 to 21."""
    dim, bright = sorted((brightness(one), brightness(other)))
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(theme, ink, ground):
    """Every colour of text has at least 4.5:1 on every ground it stands on."""
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("drawn", "ground"), GRAPHICS)
def test_graphics_can_be_seen(theme, drawn, ground):
    """Outlines of bulbs, curves and fields have at least 3:1 on every ground they stand on."""
    assert contrast(theme[drawn], theme[ground]) >= 3


def test_the_dark_theme_changes_colours_and_nothing_else():
    """One block sets colours anew; no style and no script asks for the theme besides, so a page is the same in both."""
    block = CSS[CSS.index(DARK_BEGINS) :]
    declared = re.findall(r"([\w-]+):\s*([^;{}]+);", block[: block.index("}\n}")])
    assert declared
    # How strongly bulbs shine, and whether cards cast a shadow, is drawn and takes no place.
    drawn = {"--halo-strength", "--shadow"}
    for name, value in declared:
        assert re.fullmatch(r"#[0-9a-f]{6}", value) or name in drawn, (name, value)
        assert name.startswith("--")
    sources = [*STYLES.rglob("*.css"), *(STYLES.parent / "scripts").glob("*.ts")]
    asking = [file.name for file in sources if "prefers-color-scheme" in file.read_text(encoding="utf-8")]
    assert asking == ["tokens.css"]
