"""Themes, places and money that the examples of pages are labelled with."""

from app.web.addresses import board_href
from app.web.views import BoardQuery, Label
from events.contracts.base import Money


def theme(code: str, name: str) -> Label:
    """Label a theme."""
    return Label(code=code, name=name, href=board_href(BoardQuery(theme=code)))


def place(code: str, name: str) -> Label:
    """Label a place."""
    return Label(code=code, name=name, href=board_href(BoardQuery(place=code)))


def pounds(amount: int) -> Money:
    """Make whole pounds."""
    return Money(amount_minor=amount * 100, currency="GBP")


COMMONS = Label(code="commons", name="The commons", href=board_href(BoardQuery(community="commons")))
TRANSPORT, CARERS, FOOD = theme("TR", "Transport"), theme("SC103", "Young carers"), theme("FO", "Food")
OLDER, DISABILITY, JUSTICE = (
    theme("BE104", "Older people"),
    theme("BE103", "Disability"),
    theme("LW", "Justice"),
)
DURHAM, LEEDS, BRISTOL = (
    place("GB-DUR", "County Durham"),
    place("GB-LDS", "Leeds"),
    place("GB-BST", "Bristol"),
)
THEMES = (CARERS, DISABILITY, FOOD, JUSTICE, OLDER, TRANSPORT)
PLACES = (BRISTOL, DURHAM, LEEDS)
