"""The page of the design shows all that pages are made of, as it is."""

import re

import pytest

from app.web.built_files import STATIC
from app.web.colours import contrast, themes
from app.web.design import COLOURS, GROUNDS, SIZES, SPACES, design_page
from app.web.templating import TEMPLATES, environment
from tests.web.markup import read

STYLES = STATIC.parent / "assets" / "styles"
TOKENS = (STYLES / "tokens.css").read_text(encoding="utf-8")
PARTS = sorted((TEMPLATES / "parts").glob("*.html"))
MACROS = {macro: part.stem for part in PARTS for macro in re.findall(r"{% macro (\w+)\(", part.read_text())}
WITHOUT_STYLE = {"text", "time"}
"""Words and moments look like all others."""


def test_every_part_is_shown():
    """Each macro of the parts is called on the page, and the page names it."""
    source = (TEMPLATES / "design.html").read_text(encoding="utf-8")
    base = (TEMPLATES / "base.html").read_text(encoding="utf-8")
    called = set(re.findall(r"\bui\.(\w+)\(", source)) | (
        {"sprite"} & set(re.findall(r"\bui\.(\w+)\(", base))
    )
    assert set(MACROS) == called
    named = {
        code.text
        for code in read(environment().get_template("design.html").render(page=design_page())).all("code")
    }
    assert set(MACROS) <= named


def test_every_part_has_a_stylesheet_of_its_name():
    """A file of macros stands beside a file of styles, and both are part of the whole."""
    whole = (STYLES / "site.css").read_text(encoding="utf-8")
    index = (TEMPLATES / "macros.html").read_text(encoding="utf-8")
    for part in PARTS:
        assert f'"parts/{part.name}"' in index
        assert (STYLES / "parts" / f"{part.stem}.css").is_file() != (part.stem in WITHOUT_STYLE), part.stem
    for style in (STYLES / "parts").glob("*.css"):
        assert f'"./parts/{style.name}"' in whole


def test_every_macro_is_known_by_one_name():
    """Pages find each macro of the parts under `ui`."""
    exported = environment().get_template("macros.html").module
    assert [macro for macro in MACROS if not hasattr(exported, macro)] == []


def test_every_value_is_shown():
    """Colours, sizes and steps of space on the page are those of the stylesheet, all of them."""
    light, dark = themes(TOKENS)
    shown = {*(name for name, *_ in COLOURS), *(name for name, _ in GROUNDS)}
    assert shown == set(light) == set(dark)
    assert {name for name, _ in SIZES} == set(re.findall(r"--size-(\w+):", TOKENS))
    steps = {f"{number}": float(rem) for number, rem in re.findall(r"--space-(\d): ([\d.]+)rem", TOKENS)}
    assert {f"{number}": rem for number, rem in SPACES} == steps


def test_what_is_measured_is_enough():
    """Every colour that something depends on has the contrast it needs, in both themes, in what was built."""
    page = design_page()
    assert len(page.colours) == len(COLOURS)
    for colour in page.colours:
        assert min(colour.in_light, colour.in_dark) >= colour.needs, colour.name


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_the_guidelines(one, other, ratio):
    """Black on white has 21, white on white 1, and a known grey what others measure; the order does not matter."""
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)
