"""What a browser loads before a person sees the board: little of it, and nothing from elsewhere."""

import re

import pytest

from app.http.compression import compressed
from app.web.built_files import STATIC, AssetsNotBuiltError, built_files
from app.web.templating import environment
from tests.web.examples import PAGES
from tests.web.markup import read

KILOBYTES_MAX = 60
ASSETS = STATIC.parent / "assets"
FACES = "woff2"
STYLES = [
    (STATIC / built).read_text(encoding="utf-8") for built in built_files().values() if built.endswith(".css")
]


def as_served(content):
    """Pack what a browser gets as it is packed for it."""
    return len(compressed(content, "gzip")[0])


def test_the_boards_first_view_is_light():
    """A full board of 24 ideas, with all it loads besides its faces, takes few bytes on the wire."""
    template, board = PAGES["board"]
    assert len(board.cards) == 24
    html = environment().get_template(template).render(page=board)
    page = read(html)
    loads = [script["src"] for script in page.all("script")]
    loads += [link["href"] for link in page.all("link") if link["rel"] in {"stylesheet", "preload"}]
    files = [STATIC / address.removeprefix("/static/").partition("?")[0] for address in loads]
    sizes = {file.name: as_served(file.read_bytes()) for file in files if not file.name.endswith(FACES)}
    sizes["the page"] = as_served(html.encode())
    assert len(sizes) >= 3
    assert sum(sizes.values()) <= KILOBYTES_MAX * 1024, (
        f"The board's first view loads more than {KILOBYTES_MAX} KB: take something out of {sizes}, "
        "or load it only where it is used."
    )


def test_styles_ask_for_nothing_but_our_own_faces():
    """No style is brought in from anywhere, and the addresses in the stylesheet are those of files that were built."""
    addresses = [address for style in STYLES for address in re.findall(r"url\(([^)]*)\)", style)]
    assert addresses
    assert not any("@import" in style for style in STYLES)
    for address in addresses:
        assert re.fullmatch(r"/static/dist/[\w-]+\.woff2", address), address
        assert (STATIC / address.removeprefix("/static/")).is_file()


def test_where_nothing_was_built_it_is_said_what_to_do(tmp_path):
    """Without a manifest there is one sentence that names the command."""
    with pytest.raises(AssetsNotBuiltError, match="run `make setup`"):
        built_files(tmp_path)


def test_the_first_faces_are_asked_for_what_they_hold():
    """The letters that the build leaves in them are those for which the stylesheet names them."""
    (held,) = re.findall(r'^const FIRST = "([^"]+)";$', (ASSETS / "faces.mjs").read_text(), re.MULTILINE)
    asked = re.findall(
        r"-first\.woff2[^}]*unicode-range: ([^;]+);",
        (ASSETS / "styles/faces.css").read_text(encoding="utf-8"),
    )
    assert asked == [held, held]
