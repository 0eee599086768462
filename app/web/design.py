"""The page that shows what pages are made of: colours with their contrast, type, space, and each part in its states."""

from functools import cache

from litestar import Response, get
from msgspec import Struct

from app.web.built_files import STATIC, built_files
from app.web.colours import contrast, themes
from app.web.design_examples import EXAMPLES, DesignExamples
from app.web.showing import PageRequest, show

COLOURS: tuple[tuple[str, str, str, float], ...] = (
    ("ink", "What is written, and the frame of what is chosen.", "paper", 4.5),
    ("soft", "What is said beside it.", "sunk", 4.5),
    ("link", "What leads on or does something.", "sunk", 4.5),
    ("on-link", "The words on a button.", "link", 4.5),
    ("edge", "The frames of fields.", "sunk", 3.0),
    ("lit-edge", "The outline of all that is lit.", "sunk", 3.0),
    ("unlit", "The outline of what is not lit yet.", "sunk", 3.0),
    ("plate-ink", "What is written on a plate.", "plate", 4.5),
    ("plate-soft", "What is said beside it on a plate.", "plate", 4.5),
    ("plate-lit", "What shines on a plate.", "plate", 3.0),
    ("plate-unlit", "What does not shine yet on a plate.", "plate", 3.0),
)
"""What is seen, what it is for, the ground on which it is seen least, and the contrast it needs there."""
GROUNDS: tuple[tuple[str, str], ...] = (
    ("paper", "The ground of every page."),
    ("surface", "Cards, sheets and fields, which lie on it."),
    ("sunk", "What lies below: notices, tags, the foot of a page."),
    ("plate", "A dark sign board in either theme, on which bulbs shine."),
    ("ground", "The warm ground of a curve and of what is new."),
    ("line", "Quiet lines between things; nothing depends on seeing them."),
    ("lit", "Lit, and nothing else. It never stands without its outline."),
    ("shine", "The gleam on the glass of a lit bulb."),
    ("halo", "The light around a lit bulb."),
    ("part-0", "The parts of a pool take these in turn, so that neighbours differ: the first,"),
    ("part-1", "the second,"),
    ("part-2", "the third,"),
    ("part-3", "and the fourth."),
)
"""What is seen on, or means nothing by itself."""
SIZES: tuple[tuple[str, str], ...] = (
    ("h1", "The title of a page, in the display face"),
    ("h2", "A chapter"),
    ("h3", "A thing among others"),
    ("large", "The first sentence"),
    ("text", "What is read"),
    ("small", "What is said beside it"),
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


@cache
def design_page() -> DesignPage:
    """Measure the stylesheet that was built."""
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
        shown=EXAMPLES,
    )
