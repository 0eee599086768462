"""Writing an idea down on our pages: four steps, nothing lost on the way, and logged once."""

import asyncio
from html import escape

import pytest
import pytest_asyncio

from events.streams import new_id
from tests.http.signing_in import SAME_SITE
from tests.http.writing_ideas import ABOUT, PROBLEM, PROPOSAL, Writer, path_of

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def writer(service):
    """Give somebody who is not signed in."""
    return Writer(service)


async def signed_in(service, name="Nia Sample"):
    """Give somebody new who is signed in."""
    writer = Writer(service)
    writer.email = f"{new_id()}@example.org"
    await writer.sign_in(writer.email, name=name)
    return writer


async def test_a_newcomer_writes_everything_and_signs_in_at_the_end(service, writer):
    """Nobody is asked who they are before the last button, which leads back to the filled page after signing in."""
    await writer.write()
    page = await writer.look("check")
    assert "Sign in and log it" in page
    for words in (*PROBLEM.values(), PROPOSAL["proposal"], "£12,000", "Community transport", "County Durham"):
        assert words in page, words

    asked = await writer.log()
    assert asked.headers["location"].startswith("/sign-in?next=%2Fideas%2Fnew%2F")
    back = await writer.sign_in(f"{new_id()}@example.org", next_path=writer.step("check"))
    assert back.headers["location"] == writer.step("check")
    assert ">Log it<" in await writer.look("check")

    logged = await writer.log()
    assert path_of(logged) == f"/ideas/{writer.draft}/logged"
    page = (await writer.get(logged.headers["location"])).text
    assert "It is logged" in page
    assert PROBLEM["title"] in page
    assert f"/ideas/{writer.draft}/needs" in page
    await service.shown()
    idea = (await service.client.get(f"/api/v1/ideas/{writer.draft}")).json()
    assert {name: idea[name] for name in PROBLEM} == PROBLEM
    assert (idea["themes"], idea["places"]) == (["SW104"], ["GB-DUR"])
    assert idea["ask"] == {"amount_minor": 1_200_000, "currency": "GBP"}


async def test_tapping_twice_logs_one_idea(service):
    """Two requests at once, and a third later, lead to the same idea, of which there is one."""
    writer = await signed_in(service)
    await writer.write(title="Herons over the weir, twice")
    both = await asyncio.gather(writer.log(), writer.log())
    later = await writer.log()
    assert {path_of(answer) for answer in (*both, later)} == {f"/ideas/{writer.draft}/logged"}
    await service.shown()
    found = (await service.client.get("/api/v1/ideas", params={"q": "herons weir"})).json()["items"]
    assert [item["idea_id"] for item in found] == [writer.draft]


async def test_going_back_after_logging_shows_that_it_was_logged(service):
    """Every step of what was logged says so, with the way to the idea; sending one again changes nothing."""
    writer = await signed_in(service)
    await writer.write()
    await writer.log()
    for step in ("problem", "proposal", "about", "check"):
        page = await writer.look(step)
        assert "It was logged" in page
        assert f'href="/ideas/{writer.draft}"' in page
    await writer.send("problem", {**PROBLEM, "title": "Another title"})
    assert "It was logged" in await writer.look("problem")
    assert "Another title" not in (await writer.get("/ideas/new")).text


async def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(writer):
    """A summary links to each field, the fields say what to do, and what was typed stands there, also when loaded again."""
    await writer.begin()
    led = await writer.send("problem", {**PROBLEM, "title": " ", "beneficiaries": ""})
    assert led == f"{writer.step('problem')}?check="
    for _ in range(2):
        page = (await writer.get(led)).text
        assert '<a href="#title">Say in one line what your idea is.</a>' in page
        assert 'id="title-error"' in page
        assert 'id="beneficiaries-error"' in page
        assert 'id="problem-error"' not in page
        assert PROBLEM["problem"] in page
    assert "<title>Error: " in page


@pytest.mark.parametrize(
    ("step", "fields", "sentence"),
    [
        ("problem", {**PROBLEM, "title": "x" * 201}, "It has 201 characters; 200 are allowed."),
        ("problem", {**PROBLEM, "problem": "x" * 5001}, "It has 5001 characters; 5000 are allowed."),
        ("proposal", {**PROPOSAL, "proposal": ""}, "Say what would help."),
        ("proposal", {**PROPOSAL, "amount": "much"}, "Give an amount such as 5,000 or 5,000.50."),
        ("proposal", {**PROPOSAL, "amount": "0"}, "Give an amount above 0, or leave it empty."),
        ("proposal", {**PROPOSAL, "currency": "XXY"}, "Give the code of a currency, such as GBP."),
        (
            "about",
            {f"theme-SDG{number}": "on" for number in range(1, 12)},
            "At most 10 are allowed; there are 11.",
        ),
    ],
)
async def test_each_step_says_what_cannot_be_right(writer, step, fields, sentence):
    """What cannot be meant is told in words, on the step it is about."""
    await writer.begin()
    await writer.send("problem", PROBLEM)
    assert sentence in (await writer.get(await writer.send(step, fields))).text


async def test_an_unfinished_idea_is_not_logged(service):
    """Whoever jumps to the end is led to the first step that lacks something, and so is what they send."""
    writer = await signed_in(service)
    await writer.begin()
    await writer.send("problem", PROBLEM)
    assert path_of(await writer.get(writer.step("check"))) == writer.step("proposal")
    assert path_of(await writer.log()) == writer.step("proposal")
    await service.shown()
    assert (await service.client.get(f"/api/v1/ideas/{writer.draft}")).status_code == 404


async def test_going_back_loses_nothing(writer):
    """Back saves what is on the page and shows the step before as it was left; Change does so from the last."""
    await writer.begin()
    await writer.send("problem", PROBLEM)
    assert await writer.send("proposal", {"proposal": "Half a sent"}, act="back") == writer.step("problem")
    assert PROBLEM["problem"] in await writer.look("problem")
    assert "Half a sent" in await writer.look("proposal")
    await writer.send("proposal", PROPOSAL)
    await writer.send("about", ABOUT)
    assert await writer.send("check", {"community": "commons"}, act="proposal") == writer.step("proposal")


async def test_ideas_that_read_alike_are_shown_with_why_and_can_be_supported(service, author):
    """The next step shows them, with what both speak of; supporting one counts, and the draft stays."""
    idea_id = await author.log_idea(
        title="Walrus rides for the harbour clinic", problem="Nobody drives to the harbour clinic after dark."
    )
    await service.shown()
    writer = await signed_in(service)
    await writer.begin()
    await writer.send(
        "problem",
        {
            **PROBLEM,
            "title": "Walrus rides to the harbour clinic",
            "problem": "After dark nobody drives there.",
        },
    )
    page = await writer.look("proposal")
    assert f'formaction="/ideas/{idea_id}/vote"' in page
    assert "Both speak of “walrus”, “rides” and “harbour”." in page
    voted = await writer.client.post(f"/ideas/{idea_id}/vote", headers=SAME_SITE)
    assert path_of(voted) == f"/ideas/{idea_id}"
    assert "Walrus rides to the harbour clinic" in (await writer.get("/ideas/new")).text


async def test_what_is_typed_is_kept_meanwhile(service, writer, author):
    """A script saves as one types and gets what reads alike; what comes late changes nothing that was sent after it."""
    await author.log_idea(title="Otters for the canal basin", problem="No otters.")
    await service.shown()
    await writer.begin()

    async def keep(turn, title):
        fields = {**PROBLEM, "title": title, "step": "problem", "turn": turn}
        return await writer.client.post(writer.step("keep"), data=fields, headers=SAME_SITE)

    assert "Otters for the canal basin" in (await keep("5", "Otters in the canal basin")).text
    assert "Otters in the canal basin" in await writer.look("problem")
    assert (await keep("4", "Otters")).status_code == 200
    assert "Otters in the canal basin" in await writer.look("problem")
    assert (await keep("6", "Newts")).text.strip() == ""
    assert 'value="Newts"' in await writer.look("problem")


async def test_themes_and_places_are_found_by_search_and_suggested_from_the_text(writer):
    """The text's own words are offered as boxes that nobody ticked; a search adds others; what is ticked stays ticked."""
    await writer.begin()
    await writer.send("problem", {**PROBLEM, "problem": "In Leeds the last bus leaves at nine."})
    await writer.send("proposal", PROPOSAL)
    page = await writer.look("about")
    assert '<input type="checkbox" id="place-GB-LDS" name="place-GB-LDS" value="on">' in page
    assert '<input type="checkbox" id="theme-SW104" name="theme-SW104" value="on">' in page
    assert " checked" not in page

    led = await writer.send(
        "about", {"place-GB-LDS": "on", "place_search": "harrog", "theme_search": "old"}, "find"
    )
    assert led == f"{writer.step('about')}#themes"
    page = await writer.look("about")
    assert 'id="place-GB-LDS" name="place-GB-LDS" value="on" checked' in page
    assert "Older people" in page
    assert "Nothing else is called “<bdi>harrog</bdi>”." in page
    assert await writer.send("about", {"place_search": "durham"}) == f"{writer.step('about')}#places"
    assert "County Durham" in await writer.look("about")
    await writer.send("about", {"place-GB-LDS": "on", "theme-BE108": "on", "theme-NONE": "on"})
    assert "Older people" in await writer.look("check")


async def test_the_search_of_a_picker_is_small_and_bounded(service):
    """A handful of options answers, with what each lies in, and never thousands."""
    answer = await service.client.get("/pick/place", params={"q": "durh"})
    assert 'data-field="place-GB-DUR"' in answer.text
    assert "North East, England, United Kingdom" in answer.text
    assert (await service.client.get("/pick/place", params={"q": "a"})).text.count("role=") == 12
    assert "Older people" in (await service.client.get("/pick/theme", params={"q": "old peop"})).text
    assert (await service.client.get("/pick/colour")).status_code == 404


async def test_hardly_anything_is_sent_with_the_pickers(writer):
    """The page with 250 themes and 5,000 places behind it is as small as any."""
    await writer.begin()
    await writer.send("problem", PROBLEM)
    assert len(await writer.look("about")) < 20_000


@pytest.mark.parametrize(
    "title",
    ["漢" * 200, "Cludiant i'r ysbyty ym Môn, ŵyl y pentref", "حافلة ليلية للمستشفى", "Buses 🚌🚌🚌"],
)
async def test_every_writing_is_welcome(service, title):
    """Two hundred wide characters, Welsh, Arabic and pictures come out as they went in."""
    writer = await signed_in(service)
    await writer.write(title=title)
    assert escape(title).replace("&#x27;", "&#39;") in await writer.look("check")
    assert (
        escape(title).replace("&#x27;", "&#39;")
        in (await writer.get((await writer.log()).headers["location"])).text
    )


async def test_an_idea_is_logged_in_the_community_one_came_from(service):
    """The way in from a community chooses it, and the last step lets one take another."""
    await service.community("fen-skaters")
    await service.shown()
    writer = await signed_in(service)
    page = await writer.begin("?community=fen-skaters")
    assert 'name="community" value="fen-skaters"' in page.text
    await writer.send("problem", {**PROBLEM, "community": "fen-skaters"})
    await writer.send("proposal", PROPOSAL)
    await writer.send("about", {})
    assert '<option value="fen-skaters" selected>' in await writer.look("check")
    assert (await writer.log("nowhere")).headers["location"] == f"{writer.step('check')}?check="
    assert "Choose where it belongs." in (await writer.get(f"{writer.step('check')}?check=")).text
    await writer.log("fen-skaters")
    await service.shown()
    idea = (await service.client.get(f"/api/v1/ideas/{writer.draft}")).json()
    assert idea["community"] == "fen-skaters"


async def test_others_are_led_to_the_idea_itself(service):
    """What is said to its author alone is nobody else's page."""
    writer = await signed_in(service)
    await writer.write()
    await writer.log()
    assert path_of(await Writer(service).get(f"/ideas/{writer.draft}/logged")) == f"/ideas/{writer.draft}"
    assert (await writer.get(f"/ideas/{new_id()}/logged")).status_code == 404


async def test_another_site_writes_nothing(writer):
    """A form from elsewhere is refused, whoever looks at it."""
    await writer.begin()
    answer = await writer.client.post(
        writer.step("problem"), data=PROBLEM, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert (await writer.get(writer.step("problem"))).status_code == 404


@pytest.mark.parametrize("path", ["/", "/?q=unicorns", "/communities/commons"])
async def test_the_way_to_log_an_idea_is_where_people_look(service, path):
    """The board, a search that finds nothing and a community invite to log one."""
    assert 'href="/ideas/new' in (await Writer(service).get(path)).text.split("<main")[1]
