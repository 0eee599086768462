"""The pictures that links are shown with: their size, the scripts they hold, and what is kept of them."""

import asyncio
import io

import pytest
from litestar.exceptions import ServiceUnavailableException
from PIL import Image

from app.web.embedding.share_image import HEIGHT, WIDTH, ShareImage, draw
from app.web.embedding.share_images import WAITING_MAX, ShareImages
from app.web.pool_bar import BarPart, PoolBar
from tests.web.cast import LONG_WORD
from tests.web.pool_examples import BAR

SHOWN = ShareImage(
    title="A minibus", glows=("lit", "half", "unlit"), stage="Shaping", words="148 people support this"
)


def image_of(**changes):
    """Draw a picture with changes and open it."""
    told = {name: getattr(SHOWN, name) for name in SHOWN.__struct_fields__}
    return Image.open(io.BytesIO(draw(ShareImage(**{**told, **changes}))))


@pytest.mark.parametrize(
    "title",
    [
        "",
        "A minibus",
        "Ŵy ŷ Ławki",
        "حافلة مشتركة لثلاث قرى",
        "三つの村のミニバス 🚌",
        LONG_WORD * 5,
        "e\u0301" * 200,
    ],
)
def test_every_script_is_drawn(title):
    """Whatever the faces lack, there is a picture of the size that sites ask for."""
    image = image_of(title=title, note="Sample data")
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))


def test_what_it_says_is_seen():
    """Another title, stage, row of bulbs and mark make other pictures; the same make the same, byte for byte."""
    assert draw(SHOWN) == draw(SHOWN)
    seen = [draw(SHOWN)] + [
        image_of(**change).tobytes()
        for change in (
            {"title": "A bus"},
            {"stage": "Live"},
            {"glows": ("lit",)},
            {"note": "Sample data"},
            {"bar": BAR},
        )
    ]
    assert len(set(seen)) == len(seen)


def test_the_smallest_part_of_a_pool_is_drawn():
    """A penny among millions is a line, and a pool without pledges is an empty bar."""
    penny = BarPart(x=0, width=1, shade=3)
    bars = [
        PoolBar(parts=parts, marks=[])
        for parts in ([], [penny], [penny, BarPart(x=1, width=1, shade=0, held=True)])
    ]
    assert len({image_of(bar=bar).tobytes() for bar in bars}) == len(bars)


@pytest.mark.asyncio
async def test_a_picture_is_drawn_once_and_only_so_many_wait():
    """Those who ask at once get the one picture; beyond what may wait, they are told to come back."""
    drawn = []
    images = ShareImages(lambda shown: drawn.append(shown) or b"png")
    answers = await asyncio.gather(
        *(images.give(SHOWN) for _ in range(WAITING_MAX + 3)), return_exceptions=True
    )
    assert answers[:WAITING_MAX] == [b"png"] * WAITING_MAX
    assert all(isinstance(answer, ServiceUnavailableException) for answer in answers[WAITING_MAX:])
    assert drawn == [SHOWN]
    assert await images.give(SHOWN) == b"png"


@pytest.mark.asyncio
async def test_what_is_kept_is_bounded():
    """The pictures asked for longest ago are forgotten once there are too many bytes of them."""
    drawn = []
    images = ShareImages(lambda shown: drawn.append(shown.title) or b"1234", kept_bytes_max=10)

    def titled(title):
        return ShareImage(title=title, glows=(), stage="", words="")

    for title in ("a", "b", "a", "c", "a", "b"):
        await images.give(titled(title))
    assert drawn == ["a", "b", "c", "b"]
