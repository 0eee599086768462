"""Colours of the stylesheet as numbers: what it sets, and how well one is seen on another (WCAG 2.2)."""

import re

_ROOT = re.compile(r":root\s*\{([^}]*)\}")
_COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")
_LINEAR_BELOW = 0.04045


def themes(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read the colours that a stylesheet sets, as `#rrggbb` by name: those of the light theme, and of the dark one.

    :raises ValueError: it does not set them in two blocks, the light one first.
    """
    light, dark = (found for block in _ROOT.findall(css) if (found := dict(_COLOUR.findall(block))))
    return light, light | dark


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours written as `#rrggbb`, 1 to 21."""
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else float(((channel + 0.055) / 1.055) ** 2.4)
