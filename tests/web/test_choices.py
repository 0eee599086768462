"""Addresses of the board, and what can be asked of it."""

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from app.web.addresses import board_href, event_href, history_href, idea_href
from app.web.choices import active_filters, place_choices, sort_choices, stage_choices, theme_choices
from app.web.views import BoardQuery
from tests.web.cast import uuid
from tests.web.labels import DURHAM, LEEDS, PLACES, THEMES, TRANSPORT

texts = st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip)
asked = st.builds(BoardQuery, q=texts, theme=st.none() | texts, place=st.none() | texts, sort=texts)


def test_the_plain_board_has_the_shortest_address():
    """What is left at its default stays out of the address."""
    assert board_href() == board_href(BoardQuery(q="  ")) == "/"
    assert board_href(BoardQuery(q="mini bus", sort="votes")) == "/?q=mini+bus&sort=votes"
    assert board_href(BoardQuery(theme="TR"), cursor="a=b") == "/?theme=TR&cursor=a%3Db"


@given(asked)
def test_an_address_keeps_what_was_asked(query):
    """Whatever people type comes back from the address as they typed it, but for white space around it."""
    read = {name: values[0] for name, values in parse_qs(urlsplit(board_href(query)).query).items()}
    kept = {name: value for name, value in asdict(query).items() if value}
    kept["q"] = query.q.strip()
    if kept["sort"] == "momentum":
        del kept["sort"]
    assert read == kept


def test_other_pages_have_their_addresses():
    """Ideas, their histories and single records of the log can be linked."""
    assert history_href(uuid(1)) == f"{idea_href(uuid(1))}/history"
    assert event_href(41_200) == "/api/v1/events?after=41199&limit=1"


def test_a_sort_keeps_the_filters():
    """Sorting anew keeps the search and every filter; exactly the present sort is selected."""
    choices = sort_choices(BoardQuery(q="bus", theme="TR", sort="votes"))
    assert [choice.href for choice in choices] == [
        "/?q=bus&theme=TR",
        "/?q=bus&theme=TR&sort=votes",
        "/?q=bus&theme=TR&sort=newest",
        "/?q=bus&theme=TR&sort=funding_gap",
    ]
    assert [choice.label for choice in choices if choice.selected] == ["Most votes"]


def test_a_stage_that_is_on_can_be_switched_off():
    """The link of the chosen stage leads to the board without it."""
    shaping = stage_choices(BoardQuery(q="bus", stage="shaping"))[2]
    assert (shaping.selected, shaping.href) == (True, "/?q=bus")
    assert stage_choices(BoardQuery())[2].href == "/?stage=shaping"


def test_themes_and_places_are_offered_as_given():
    """Labels become options, the asked one selected."""
    themes = theme_choices(BoardQuery(theme=TRANSPORT.code), THEMES)
    places = place_choices(BoardQuery(place=LEEDS.code), PLACES)
    assert [choice.value for choice in themes if choice.selected] == [TRANSPORT.code]
    assert [choice.href for choice in places if choice.label == DURHAM.name] == [f"/?place={DURHAM.code}"]


def test_every_filter_can_be_taken_off_by_itself():
    """Each filter is told in words and its link leaves the others on."""
    query = BoardQuery(
        q="bus", theme="TR", place="GB-DUR", stage="live", community="c", needs="open", sort="newest"
    )
    told = {one.label: one.remove_href for one in active_filters(query, theme_name="Transport")}
    assert told == {
        "Words: “bus”": "/?theme=TR&place=GB-DUR&stage=live&community=c&needs=open&sort=newest",
        "Theme: Transport": "/?q=bus&place=GB-DUR&stage=live&community=c&needs=open&sort=newest",
        "Place: GB-DUR": "/?q=bus&theme=TR&stage=live&community=c&needs=open&sort=newest",
        "Stage: Live": "/?q=bus&theme=TR&place=GB-DUR&community=c&needs=open&sort=newest",
        "Community: c": "/?q=bus&theme=TR&place=GB-DUR&stage=live&needs=open&sort=newest",
        "Parts are missing": "/?q=bus&theme=TR&place=GB-DUR&stage=live&community=c&sort=newest",
    }
    assert active_filters(BoardQuery(sort="votes")) == ()
