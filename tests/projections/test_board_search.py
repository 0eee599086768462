"""What is found on the board: words, names, typos, filters."""

import pytest

from projections.idea_board.queries import BoardTotals, totals
from tests.projections.examples import NOON, days, idea_id, logged, opened, revised, votes, withdrawn

pytestmark = pytest.mark.asyncio


async def test_words_are_found_in_every_text(spec):
    """An idea is found by words of its title, problem, proposal and beneficiaries, in any form of the word."""
    await spec.given(
        opened(),
        logged(
            title="Repair evenings",
            problem="Toasters are thrown away.",
            proposal="Volunteers mend them together.",
            beneficiaries="Households with little money.",
        ),
        logged(2, title="Something else"),
    )
    for q in ("repairs", "toaster", "volunteering mend", "household"):
        assert await spec.titles(q=q) == ["Repair evenings"], q


async def test_all_words_of_a_search_must_be_there(spec):
    """Two words find the idea with both; a minus sign leaves a word out, and quotes keep words together."""
    await spec.given(opened(), logged(title="Garden for schools"), logged(2, title="Garden for everybody"))
    assert await spec.titles(q="school garden") == ["Garden for schools"]
    assert await spec.titles(q="garden -school") == ["Garden for everybody"]
    assert await spec.titles(q='"schools garden"') == []


@pytest.mark.parametrize("q", ["cafe", "café", "CAFÉ", "Cafés"])
async def test_accents_and_case_make_no_difference(spec, q):
    """A word is found with and without its accents, in capitals and in small letters."""
    await spec.given(opened(), logged(title="Evening café in the library"), logged(2, title="Playground"))
    assert await spec.titles(q=q) == ["Evening café in the library"]


@pytest.mark.parametrize("q", ["ławka", "LAWKA", "drzewami", "Łódź", "lodz", "skwer przyjazny"])
async def test_polish_text_is_found_with_and_without_its_letters(spec, q):
    """Polish words are found as typed and in plain letters."""
    await spec.given(
        opened(),
        logged(title="Ławka pod drzewami", problem="Przyjazny skwer dla seniorów w Łodzi, czyli Łódź."),
        logged(2, title="Plac zabaw"),
    )
    assert await spec.titles(q=q) == ["Ławka pod drzewami"]


async def test_names_of_themes_and_places_are_found(spec):
    """A search for a place's or theme's name finds what is filed there, though no text says so."""
    await spec.given(
        opened(),
        logged(title="One", places=("GB-LDS",)),
        logged(2, title="Two", themes=("SDG2",)),
        logged(3, title="Three"),
    )
    assert await spec.titles(q="leeds") == ["One"]
    assert await spec.titles(q="hunger") == ["Two"]


@pytest.mark.parametrize("q", ["dementai", "Dementia frendly", "frendly choir"])
async def test_a_title_spelt_nearly_right_is_found(spec, q):
    """A typo does not hide an idea."""
    await spec.given(opened(), logged(title="Dementia friendly choir"), logged(2, title="Bicycle workshop"))
    assert await spec.titles(q=q) == ["Dementia friendly choir"]


async def test_what_was_meant_is_told(spec):
    """The answer says what was searched for instead, and nothing where every word is known."""
    await spec.given(opened(), logged(title="Dementia friendly choir", problem="Singers are lonely."))
    assert (await spec.board(q="frendly dementia")).meant == "friendly dementia"
    assert (await spec.board(q="lonely dementia")).meant is None
    assert (await spec.board(q='"frendly"')).meant is None
    assert (await spec.board()).meant is None


async def test_a_corrected_search_goes_on_over_its_pages(spec):
    """The next page of a search with a typo holds the ideas that follow, and not none."""
    await spec.given(opened(), *(logged(number, title=f"Dementia choir {number}") for number in range(1, 6)))
    first = await spec.board(q="demntia", limit=3)
    second = await spec.board(q="demntia", limit=3, cursor=first.next_cursor)
    assert len({item.idea_id for item in (*first.items, *second.items)}) == 5
    assert second.next_cursor is None


@pytest.mark.parametrize("q", ["the", "' OR true --", '"unfinished', "-", "& | !", "\\", "%", "😀", "a\0b"])
async def test_no_search_breaks_the_board(spec, q):
    """Stop words, operators, quotes and stray characters find nothing, and break nothing."""
    await spec.given(opened(), logged(title="Garden"))
    assert await spec.titles(q=q) == []


@pytest.mark.parametrize("q", ["", "   "])
async def test_an_empty_search_is_none(spec, q):
    """A search for nothing shows everything."""
    await spec.given(opened(), logged(title="Garden"))
    assert await spec.titles(q=q) == ["Garden"]


async def test_a_revision_is_found_by_its_new_words_only(spec):
    """After a revision the new words, names and codes find the idea and the old ones do not."""
    await spec.given(opened(), logged(title="Garden", places=("GB-LDS",)))
    await spec.given(revised(title="Orchard", places=("GB-BST",)))
    for wanted in ({"q": "orchard"}, {"q": "bristol"}, {"place": "GB-BST"}):
        assert await spec.titles(**wanted) == ["Orchard"], wanted
    for wanted in ({"q": "garden"}, {"q": "leeds"}, {"place": "GB-LDS"}):
        assert await spec.titles(**wanted) == [], wanted


@pytest.mark.parametrize("place", ["GB-LDS", "E12000003", "GB-ENG", "GB"])
async def test_a_place_finds_what_lies_in_it(spec, place):
    """A district is found under itself, its region, its nation and its country."""
    await spec.given(
        opened(), logged(title="Leeds", places=("GB-LDS",)), logged(2, title="Warsaw", places=("PL-14",))
    )
    assert await spec.titles(place=place) == ["Leeds"]


async def test_a_wider_place_is_not_found_in_a_narrower_one(spec):
    """An idea for all of England is not one for Leeds."""
    await spec.given(opened(), logged(title="England", places=("GB-ENG",)))
    assert await spec.titles(place="GB-LDS") == []


async def test_a_theme_finds_what_belongs_to_it(spec):
    """An idea is found under its theme, the wider theme and the goal it carries, and no other."""
    await spec.given(opened(), logged(title="Garden", themes=("EN103", "SDG11")))
    for theme in ("EN103", "EN", "SDG11"):
        assert await spec.titles(theme=theme) == ["Garden"], theme
    for theme in ("SDG1", "AR", "GB"):
        assert await spec.titles(theme=theme) == [], theme


async def test_all_filters_must_hold_together(spec):
    """Words, theme, place, stage and community narrow the board one after the other."""
    wanted = {"q": "garden", "theme": "EN", "place": "GB", "stage": "supported", "community": "north"}
    fitting = {"title": "Garden", "themes": ("EN103",), "places": ("GB-LDS",)}
    await spec.given(
        opened(),
        opened("north"),
        logged(1, slug="north", **fitting),
        *votes(3, idea=1),
        logged(2, slug="north", **{**fitting, "title": "Orchestra"}),
        *votes(3, idea=2),
        logged(3, slug="north", **{**fitting, "themes": ()}),
        *votes(3, idea=3),
        logged(4, slug="north", **{**fitting, "places": ("PL",)}),
        *votes(3, idea=4),
        logged(5, slug="north", **fitting),
        logged(6, **fitting),
        *votes(3, idea=6),
    )
    found = await spec.card(**wanted)
    assert (found.idea_id, found.community, found.stage) == (idea_id(1), "north", "supported")


async def test_withdrawn_ideas_are_shown_only_when_asked_for(spec):
    """The board leaves withdrawn ideas out, and shows them and nothing else under their stage."""
    await spec.given(opened(), logged(1, title="Here"), logged(2, title="Gone"), withdrawn(2))
    assert await spec.titles() == ["Here"]
    assert await spec.titles(stage="withdrawn") == ["Gone"]
    assert await spec.titles(stage="logged") == ["Here"]


async def test_totals_leave_withdrawn_ideas_out(spec):
    """The board counts the ideas it shows and their votes."""
    assert await totals(spec.pool) == BoardTotals(ideas=0, votes=0)
    await spec.given(opened(), logged(1), *votes(4, idea=1), logged(2), *votes(2, idea=2), logged(3))
    assert await totals(spec.pool) == BoardTotals(ideas=3, votes=6)
    await spec.given(withdrawn(2, at=NOON + days(1)))
    assert await totals(spec.pool) == BoardTotals(ideas=2, votes=4)
