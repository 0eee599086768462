"""Every page, rendered from example view models with little, a lot of and hostile content."""

import re
from itertools import pairwise
from urllib.parse import unquote

import pytest
from jinja2 import UndefinedError
from msgspec.structs import replace

from app.web.built_files import STATIC
from app.web.templating import environment, inlined, static
from projections.language import speaking
from tests.pseudo import PSEUDO
from tests.web.examples import FILTERED, LONG_WORD, PAGES, SCRIPT, idea
from tests.web.markup import read

ENVIRONMENT = environment()


def render(name):
    """Render an example page."""
    template, page = PAGES[name]
    return ENVIRONMENT.get_template(template).render(page=page)


@pytest.fixture(params=PAGES, scope="module")
def html(request):
    """Each example page in turn."""
    return render(request.param)


def test_a_page_has_one_title_one_heading_and_its_landmarks(html):
    """Language, title, description, h1, main, header, footer and named navigations are all there, once."""
    page = read(html)
    assert page.one("html")["lang"] == "en-GB"
    assert page.one("title").text.endswith("\N{EN DASH} Open Impact")
    assert len(page.one("meta", name="description")["content"]) >= 30
    assert page.one("meta", name="viewport")["content"] == "width=device-width, initial-scale=1"
    assert page.one("h1").text
    assert page.one("main")
    assert page.one("header", class_="top")
    assert page.one("footer", class_="bottom")
    names = [nav["aria-label"] for nav in page.all("nav")]
    assert len(names) == len(set(names))


def test_headings_never_skip_a_level(html):
    """Levels go down one at a time, so the outline can be walked by ear."""
    levels = [int(element.tag[1]) for element in read(html).walk() if re.fullmatch(r"h[1-6]", element.tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_first_link_skips_to_the_content(html):
    """Keyboard users pass the header in one step."""
    page = read(html)
    assert page.all("a")[0]["href"] == f"#{page.one('main')['id']}"


def test_every_field_has_a_label_and_every_id_is_unique(html):
    """Inputs, texts and selects are named by a label, and references find exactly one thing."""
    page = read(html)
    ids = [element["id"] for element in page.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    labelled = {label["for"] for label in page.all("label")}
    fields = [*page.all("select"), *page.all("progress"), *page.all("textarea")]
    fields += [field for field in page.all("input") if field.get("type") != "hidden"]
    assert {field["id"] for field in fields} == labelled
    used = {use["href"].removeprefix("#") for use in page.all("use")}
    named = {value for element in page.walk() if (value := element.get("aria-labelledby"))}
    assert used | named <= set(ids)


def test_a_page_runs_no_inline_script_and_carries_no_style(html):
    """A strict content security policy holds: scripts of ours alone, no inline style, no handler, nothing from elsewhere."""
    page = read(html)
    for script in page.all("script"):
        assert re.fullmatch(
            r"/static/dist/(page|passkeys|past|work|log-idea|picker|offline)-[\w-]{8}\.js",
            script.attributes["src"],
        )
        assert not script.text.strip()
    assert not page.all("style")
    assert not page.all("img")
    for element in page.walk():
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
        for name in ("href", "src", "action"):
            # A link that somebody follows may lead elsewhere, when it says so and takes nothing along.
            # A page's own address is given whole, for whoever found it under another one.
            if element.get("rel") == "canonical":
                continue
            if element.get("rel") == "icon":
                assert element["href"] == inlined("icon.svg")
                continue
            ours = r"[/#](?!/)" if element.get("rel") != "noreferrer" else r"https?://|/|mailto:\?"
            assert re.match(ours, element.get(name, "/")), element.get(name)


def test_pictures_are_either_named_or_hidden(html):
    """An SVG says what it shows or is silent."""
    for picture in read(html).all("svg"):
        assert picture.get("aria-hidden") == "true" or (
            picture.get("role") == "img" and picture.get("aria-label")
        )


def test_what_people_wrote_is_text_and_never_markup(html):
    """Hostile titles, names and searches come out as they were typed."""
    assert SCRIPT not in html
    assert "<b>" not in html


def test_hostile_text_is_shown_as_it_was_written():
    """Markup, Markdown and template marks are shown, not obeyed."""
    page = read(render("idea-hostile"))
    assert page.one("h1").text == f"{SCRIPT} {LONG_WORD}"
    assert "{{ 7 * 7 }} no Markdown <b>no markup</b>" in page.one("main").text
    assert page.one("title").text == f"{SCRIPT} {LONG_WORD} \N{EN DASH} Open Impact"


def test_the_board_shows_what_each_idea_is_and_how_many_support_it():
    """A card has its stage in words, a link, places, themes, the count in words and what it asks for."""
    card = read(render("board")).all("li", class_="card")[0]
    assert card.one("h3").one("a")["href"].startswith("/ideas/")
    for words in (
        "Stage: Shaping, 3 of 6",
        "A shared minibus for three villages",
        "County Durham",
        "Transport",
        "148 people support this",
        "Asks for £18,400",
        "Sample",
    ):
        assert words in card.text
    assert len(card.all("svg", class_="lit")) == 2  # Two stages behind it; the reader has not voted.


def test_sample_data_is_announced_only_where_it_is_shown():
    """The notice stands on pages with sample data and on no other."""
    told = {
        name for name in PAGES if "Sample data: invented people and organisations" in read(render(name)).text
    }
    assert {"board", "idea", "history"} <= told
    assert not told & {"board-no-match", "board-nothing-yet", "idea-bare", "idea-live", "about", "problem"}


def test_the_form_keeps_what_was_asked():
    """The search, each choice and the order are in the form, so that sending it again loses nothing."""
    page = read(render("board-filtered"))
    form = page.one("form", class_="finder")
    assert (form["action"], form["method"], form["role"]) == ("/", "get", "search")
    assert page.one("input", id="q")["value"] == FILTERED.q
    assert page.one("input", name="sort")["value"] == FILTERED.sort
    chosen = {select["name"]: select.one("option", selected="")["value"] for select in form.all("select")}
    assert chosen == {name: getattr(FILTERED, name) for name in ("theme", "place", "stage", "needs")}


def test_filters_that_are_on_can_be_taken_off():
    """Each is a link that says what it does, and all together go with one."""
    filters = read(render("board-filtered")).one("ul", class_="filters")
    assert [link.text for link in filters.all("a")] == [
        "Remove filter: Words: “mini bus”",
        "Remove filter: Theme: Transport",
        "Remove filter: Place: County Durham",
        "Remove filter: Stage: Shaping",
        "Remove filter: Parts are missing",
        "Clear all filters",
    ]


def test_a_corrected_search_says_so():
    """A page for other words than those typed names both."""
    template, page = PAGES["board-filtered"]
    corrected = ENVIRONMENT.get_template(template).render(page=replace(page, meant="minibus"))
    assert "Nobody wrote “mini bus”. These are the ideas for “minibus”." in read(corrected).text
    assert "Nobody wrote" not in read(render("board-filtered")).text


def test_pages_of_the_board_are_linked():
    """The first page leads on, a later one also back to the first."""
    first, later = read(render("board")), read(render("board-filtered"))
    assert first.one("a", rel="next").text == "Next page"
    assert first.one("link", rel="next")["href"] == first.one("a", rel="next")["href"]
    assert "Back to the first page" not in first.text
    assert "Back to the first page" in later.text


def test_an_empty_board_invites():
    """Nothing found offers to clear the filters; nothing there says what will come."""
    nothing_found = read(render("board-no-match")).one("div", class_="empty")
    assert nothing_found.one("h3").text == "No idea matches"
    assert [link["href"] for link in nothing_found.all("a")] == [
        "/",
        "/ideas/new?community=no-such-community",
    ]
    nothing_yet = read(render("board-nothing-yet")).one("div", class_="empty")
    assert nothing_yet.one("h3").text == "No ideas yet"
    assert nothing_yet.all("a")[0]["href"] == "/ideas/new"


def test_the_idea_page_tells_the_whole_idea():
    """Texts keep their paragraphs and lines; stage, support, ask, dates and timeline are said in words."""
    page = read(render("idea"))
    assert page.one("li", **{"aria-current": "step"}).text == "Supported: here now"
    assert [h2.text for h2 in page.all("h2")] == [
        "Support",
        "What is wrong today",
        "What would help",
        "Who it helps",
        "What it needs",
        "3 funders are already open to this",
        "What happened",
        "Share or embed",
        "About this page",
    ]
    assert len(page.all("section", class_="prose")[1].all("p")) == 2
    assert len(page.all("section", class_="prose")[1].all("br")) == 2
    for words in (
        "Logged by Moira T. on 21 October 2026",
        "Supported since 25 people supported it, on 29 October 2026",
        "148 people support this",
        "It asks for £18,400",
        "The parish council told us the real number of appointments.",
    ):
        assert words in page.one("main").text
    assert page.one("link", type="application/json")["href"].startswith("/api/v1/ideas/")


def test_the_curve_has_the_same_numbers_as_a_table():
    """What the picture shows can be read row by row."""
    growth = read(render("idea")).one("figure", class_="growth")
    assert (
        growth.one("svg")["aria-label"] == "Support grew from 1 on 21 October 2026 to 148 on 3 November 2026"
    )
    rows = [[cell.text for cell in row.all("td")] for row in growth.one("tbody").all("tr")]
    assert rows[0] == ["21 October 2026", "1"]
    assert rows[-1] == ["3 November 2026", "148"]
    assert len(rows) == 10


def test_an_idea_with_next_to_nothing_is_still_a_page():
    """Missing texts, author, places and votes leave no hole and no empty heading."""
    page = read(render("idea-bare"))
    main = page.one("main").text
    assert "Logged on 21 October 2026" in main
    assert "Nobody has supported this yet" in main
    assert "Nobody has written more about this idea yet." in main
    assert "Pabulib, poland_lodz_2024_, number L0045" in main
    assert not page.all("figure", class_="growth")
    assert not page.all("ul", class_="tags")


def test_a_withdrawn_idea_says_so_and_why():
    """The notice takes the place of the way."""
    page = read(
        ENVIRONMENT.get_template("idea.html").render(page=idea(withdrawn_reason="We joined the bus club."))
    )
    assert "Withdrawn by its author. We joined the bus club." in page.text
    assert not page.all("ol", class_="way")
    assert "No reason was given." in read(render("idea-removed")).text


def test_a_problem_says_what_to_do_and_leaks_nothing():
    """The page shows its sentence and an identifier to quote, and hides from search engines."""
    page = read(render("problem"))
    assert page.one("code").text == "0198f2c4-77aa-7d10-9d2c-6f5b1f0c3a11"
    assert page.one("meta", name="robots")["content"] == "noindex"
    assert not read(render("problem-bare")).all("code")


def test_a_page_can_be_turned_round():
    """A page is written in the direction of the language that is spoken."""
    with speaking(PSEUDO):
        page = read(ENVIRONMENT.get_template("about.html").render())
    assert (page.one("html")["lang"], page.one("html")["dir"]) == ("ar-XB", "rtl")


def test_a_missing_value_is_an_error():
    """A template never shows a hole where a value was forgotten."""
    with pytest.raises(UndefinedError):
        ENVIRONMENT.get_template("board.html").render()


def test_static_addresses_change_with_the_content():
    """A fingerprint lets browsers keep a file for ever; a file that is not there fails at once."""
    assert re.fullmatch(r"/static/dist/site-[\w-]{8}\.css", static("styles/site.css"))
    assert re.fullmatch(r"/static/icon\.svg\?v=[0-9a-f]{12}", static("icon.svg"))
    with pytest.raises(FileNotFoundError):
        static("no-such.css")


def test_the_icon_is_in_the_page_itself():
    """What every page shows beside its name takes no request: it is the file, written into an address."""
    kind, _, svg = inlined("icon.svg").partition(",")
    assert kind == "data:image/svg+xml"
    assert unquote(svg).split() == (STATIC / "icon.svg").read_text(encoding="utf-8").split()
    assert not set(svg) & set(' "#<>')
