"""What a page says of itself to other sites."""

from html import escape

from msgspec import Struct


class QrCode(Struct, frozen=True, kw_only=True):
    """A QR code as a path in a square `size` units wide, with the empty rim that readers need."""

    size: int
    path: str


class Sharing(Struct, frozen=True, kw_only=True):
    """A page as other sites show it. Addresses are whole; `snippet` is HTML without scripts or frames.

    `alternative` says what the picture shows without its figures, which change while a snippet stays as it is.
    """

    address: str
    title: str
    picture: str
    picture_href: str
    alternative: str
    width: int
    height: int
    oembed_href: str | None = None
    image: str
    code: QrCode

    @property
    def snippet(self) -> str:
        """Write the picture as a link to the page."""
        return self.snippet_of(self.width, self.height)

    def snippet_of(self, width: int, height: int) -> str:
        """Write the picture in another size as a link to the page."""
        return (
            f'<a href="{escape(self.address)}"><img src="{escape(self.picture)}" '
            f'alt="{escape(self.alternative)}" width="{width}" height="{height}"></a>'
        )
