"""The page that shows what pages are made of: colours with their contrast, type, space, and each part in its states."""

from functools import cache

from litestar import Response, get
from msgspec import Struct

from app.web.built_files import STATIC, built_files
from app.web.colours import contrast, themes
from app.web.design_examples import DesignExamples, examples
from app.web.showing import PageRequest, show
from projections.language import N_, language

COLOURS: tuple[tuple[str, str, str, float], ...] = (
    ("ink", N_("What is written, and the frame of what is chosen."), "paper", 4.5),
    ("soft", N_("What is said beside it."), "sunk", 4.5),
    ("link", N_("What leads on or does something."), "sunk", 4.5),
    ("on-link", N_("The words on a button."), "link", 4.5),
    ("edge", N_("The frames of fields."), "sunk", 3.0),
    ("lit-edge", N_("The outline of all that is lit."), "sunk", 3.0),
    ("unlit", N_("The outline of what is not lit yet."), "sunk", 3.0),
    ("plate-ink", N_("What is written on a plate."), "plate", 4.5),
    ("plate-soft", N_("What is said beside it on a plate."), "plate", 4.5),
    ("plate-lit", N_("What shines on a plate."), "plate", 3.0),
    ("plate-unlit", N_("What does not shine yet on a plate."), "plate", 3.0),
)
"""What is seen, what it is for, the ground on which it is seen least, and the contrast it needs there."""
GROUNDS: tuple[tuple[str, str], ...] = (
    ("paper", N_("The ground of every page.")),
    ("surface", N_("Cards, sheets and fields, which lie on it.")),
    ("sunk", N_("What lies below: notices, tags, the foot of a page.")),
    ("plate", N_("A dark sign board in either theme, on which bulbs shine.")),
    ("ground", N_("The warm ground of a curve and of what is new.")),
    ("line", N_("Quiet lines between things; nothing depends on seeing them.")),
    ("lit", N_("Lit, and nothing else. It never stands without its outline.")),
    ("shine", N_("The gleam on the glass of a lit bulb.")),
    ("halo", N_("The light around a lit bulb.")),
    ("part-0", N_("The parts of a pool take these in turn, so that neighbours differ: the first,")),
    ("part-1", N_("the second,")),
    ("part-2", N_("the third,")),
    ("part-3", N_("and the fourth.")),
)
"""What is seen on, or means nothing by itself."""
SIZES: tuple[tuple[str, str], ...] = (
    ("h1", N_("The title of a page, in the display face")),
    ("h2", N_("A chapter")),
    ("h3", N_("A thing among others")),
    ("large", N_("The first sentence")),
    ("text", N_("What is read")),
    ("small", N_("What is said beside it")),
)
SPACES: tuple[tuple[int, float], ...] = (
    *((1, 0.25), (2, 0.5), (3, 0.75), (4, 1), (5, 1.5)),
    *((6, 2.25), (7, 3.5), (8, 5)),
)
"""The steps of space and their width in rem."""


class Colour(Struct, frozen=True, kw_only=True):
    """A colour in both themes; where it needs a contrast, with the ground and the contrast it has there."""

    name: str
    meaning: str
    light: str
    dark: str
    ground: str = ""
    needs: float = 0
    in_light: float = 0
    in_dark: float = 0


class DesignPage(Struct, frozen=True, kw_only=True):
    """Everything that pages are made of."""

    colours: tuple[Colour, ...]
    grounds: tuple[Colour, ...]
    sizes: tuple[tuple[str, str], ...]
    spaces: tuple[tuple[int, float], ...]
    shown: DesignExamples


@get("/about/design", include_in_schema=False)
async def show_design(request: PageRequest) -> Response[bytes]:
    """Show what pages are made of."""
    return await show(request, "design.html", design_page())


def design_page() -> DesignPage:
    """Measure the stylesheet that was built; words are in the language that is spoken."""
    return _design_page(language().tag)


@cache
def _design_page(tag: str) -> DesignPage:  # noqa: ARG001  # What is kept for one language is not shown in another.
    css = (STATIC / built_files()["styles/site.css"]).read_text(encoding="utf-8")
    light, dark = themes(css)
    return DesignPage(
        colours=tuple(
            Colour(
                name=name,
                meaning=meaning,
                light=light[name],
                dark=dark[name],
                ground=ground,
                needs=needs,
                in_light=round(contrast(light[name], light[ground]), 1),
                in_dark=round(contrast(dark[name], dark[ground]), 1),
            )
            for name, meaning, ground, needs in COLOURS
        ),
        grounds=tuple(
            Colour(name=name, meaning=meaning, light=light[name], dark=dark[name])
            for name, meaning in GROUNDS
        ),
        sizes=SIZES,
        spaces=SPACES,
        shown=examples(),
    )
