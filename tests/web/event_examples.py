"""The page of event types as a test shows it: of all chapters those that have every kind of field."""

from msgspec.structs import replace

from app.web.event_types import event_types_page
from tests.web.design_examples import DESIGN_PAGES
from tests.web.webhook_examples import WEBHOOK_PAGES

_WHOLE = event_types_page("https://ideas.example.org")
_CHAPTERS = {"Idea", "Vote", "Pool"}

EVENT_PAGES = {
    "events": (
        "events.html",
        replace(_WHOLE, chapters=tuple(one for one in _WHOLE.chapters if one.title in _CHAPTERS)),
    ),
    **DESIGN_PAGES,
    **WEBHOOK_PAGES,
}
