"""Pages about an idea's life over HTTP: name what it needs, order it, launch, close, reopen, and compare versions."""

import re

import pytest

from app.access import accounts
from events.streams import new_id

pytestmark = pytest.mark.asyncio

HTML = {"accept": "text/html"}
NEED = {
    "kind": "people",
    "title": "Two <b>drivers</b>",
    "description": "On weekdays.",
    "size": "Six hours",
    "amount": "£4,200.50",
    "currency": "gbp",
}


async def sent(service, person, path: str, **fields: str):
    """Send a form, as somebody signed in would."""
    headers = {**HTML, "authorization": f"Bearer {person.token}"}
    return await service.client.post(path, data=fields, headers=headers)


async def page(service, person, path: str) -> str:
    """Read a page as somebody signed in would, once it shows everything."""
    await service.shown()
    answer = await service.client.get(path, headers={**HTML, "authorization": f"Bearer {person.token}"})
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_a_need_is_named_on_a_page(service, author):
    """What somebody types into the form stands on the idea's page, escaped, with its cost."""
    idea_id = await author.log_idea()
    assert "Name the parts it needs" in await page(service, author, f"/ideas/{idea_id}")
    answer = await sent(service, author, f"/ideas/{idea_id}/needs", **NEED)
    assert answer.status_code == 303
    assert "Everybody can see it now." in await page(service, author, answer.headers["location"])
    shown = await page(service, author, f"/ideas/{idea_id}")
    assert "Two &lt;b&gt;drivers&lt;/b&gt;" in shown
    assert "£4,200.50" in shown
    assert "Change what it needs" in shown
    listed = await page(service, author, f"/ideas/{idea_id}/needs")
    for words in ("Two &lt;b&gt;drivers&lt;/b&gt;", "£4,200.50", "Six hours", "On weekdays.", "Still needed"):
        assert words in listed, words


async def test_what_is_wrong_stands_at_its_field(service, author):
    """A form that cannot be meant comes back as it was typed, and says what to do."""
    idea_id = await author.log_idea()
    await service.shown()
    for changes, said in (
        ({"title": " "}, "It must not be blank."),
        ({"kind": "magic"}, "Choose what sort of part it is."),
        ({"amount": "plenty"}, "Give an amount such as 5,000 or 5,000.50."),
        ({"amount": "12.345"}, "GBP has 2 digits after the point at most."),
        ({"amount": "9" * 15}, "give a smaller amount"),
        ({"currency": "XXY"}, "Give the code of a currency, such as GBP."),
    ):
        answer = await sent(service, author, f"/ideas/{idea_id}/needs", **{**NEED, **changes})
        assert answer.status_code == 400
        assert said in answer.text
        assert 'aria-invalid="true"' in answer.text
    assert "Nothing is named yet" in await page(service, author, f"/ideas/{idea_id}/needs")


async def test_needs_are_moved_changed_and_removed_on_a_page(service, author):
    """Up and down put a need in its place, a change changes it, and a removal takes it away."""
    idea_id = await author.log_idea()
    address = f"/ideas/{idea_id}/needs"
    for title in ("Alpha", "Bravo", "Charlie"):
        await sent(service, author, address, **{**NEED, "title": title})

    async def titles() -> list[str]:
        return re.findall(r'<h2 dir="auto">(\w+)</h2>', await page(service, author, address))

    await service.shown()
    items = (await service.client.get(f"/api/v1/ideas/{idea_id}/needs")).json()["items"]
    ids = {item["title"]: item["need_id"] for item in items}
    assert (await sent(service, author, f"{address}/{ids['Charlie']}/move", to="up")).status_code == 303
    assert await titles() == ["Alpha", "Charlie", "Bravo"]
    assert (await sent(service, author, f"{address}/{ids['Alpha']}/move", to="down")).status_code == 303
    assert (await sent(service, author, f"{address}/{ids['Bravo']}/move", to="down")).status_code == 303
    assert await titles() == ["Charlie", "Alpha", "Bravo"]
    assert "4200.50" in await page(service, author, f"{address}/{ids['Alpha']}")
    changed = {**NEED, "title": "Delta", "amount": ""}
    assert (await sent(service, author, f"{address}/{ids['Alpha']}", **changed)).status_code == 303
    assert await titles() == ["Charlie", "Delta", "Bravo"]
    wrong = await sent(service, author, f"{address}/{ids['Alpha']}", **{**NEED, "title": ""})
    assert (wrong.status_code, "It must not be blank." in wrong.text) == (400, True)
    gone = await sent(service, author, f"{address}/{ids['Charlie']}/remove", reason="It is there.")
    assert gone.status_code == 303
    assert await titles() == ["Delta", "Bravo"]
    assert (await sent(service, author, f"{address}/{new_id()}/move", to="up")).status_code == 404


async def test_the_pages_of_those_in_charge_are_theirs_alone(service, author, voter):
    """A stranger sees no button and gets no page; somebody who is not signed in is led to where they can."""
    idea_id = await author.log_idea()
    shown = await page(service, voter, f"/ideas/{idea_id}")
    assert "Look after this idea" not in shown
    assert "Name the parts" not in shown
    for path in ("care", "needs"):
        answer = await service.client.get(
            f"/ideas/{idea_id}/{path}", headers={**HTML, "authorization": f"Bearer {voter.token}"}
        )
        assert answer.status_code == 403
        answer = await service.client.get(f"/ideas/{idea_id}/{path}", headers=HTML)
        assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in")


async def test_an_idea_is_launched_closed_and_reopened_on_its_page(service, author):
    """Each end shows on the page, with its reason or its link, and can be taken back."""
    idea_id = await author.log_idea()
    address = f"/ideas/{idea_id}"
    assert "Launch the service" in await page(service, author, f"{address}/care")
    wrong = await sent(service, author, f"{address}/launch", link="javascript:alert(1)")
    assert (wrong.status_code, "Give an address that begins with" in wrong.text) == (400, True)
    assert (
        await sent(service, author, f"{address}/launch", link="https://bus.example.org/")
    ).status_code == 303
    shown = await page(service, author, address)
    assert 'href="https://bus.example.org/"' in shown
    assert "The service was launched." in shown
    assert (await sent(service, author, f"{address}/close", reason="")).status_code == 400
    assert (await sent(service, author, f"{address}/close", reason="Nobody came.")).status_code == 303
    shown = await page(service, author, address)
    assert "Closed." in shown
    assert "Nobody came." in shown
    assert "Support this" not in shown
    care = await page(service, author, f"{address}/care")
    assert "Open it again" in care
    assert "Close the idea" not in care
    assert (await sent(service, author, f"{address}/reopen", reason="")).status_code == 303
    assert 'href="https://bus.example.org/"' not in await page(service, author, address)
    assert (await sent(service, author, f"{address}/withdraw", reason="It is over.")).status_code == 303
    assert "Withdrawn by its author." in await page(service, author, address)


async def test_an_operator_sees_the_buttons_of_a_steward(service, author):
    """Whoever operates the installation looks after any idea."""
    operator = await service.person("Olive Sample")
    pool = service.resources.pool
    await pool.execute("UPDATE accounts SET role = 'operator' WHERE person_id = $1", operator.person_id)
    assert await accounts.name_of(pool, operator.person_id) == "Olive Sample"
    idea_id = await author.log_idea()
    assert "Look after this idea" in await page(service, operator, f"/ideas/{idea_id}")
    care = await page(service, operator, f"/ideas/{idea_id}/care")
    assert "Close it" in care
    assert "It is your idea" not in care


async def test_versions_are_compared_on_a_page(service, author):
    """What was put in and taken out is marked, in words too; an odd address shows the last change."""
    idea_id = await author.log_idea(title="A bus for three villages")
    address = f"/ideas/{idea_id}/revisions"
    assert "There is one version" in await page(service, author, address)
    for title in ("A bus for four villages", "Two buses for four villages"):
        await author.send("PATCH", f"/api/v1/ideas/{idea_id}", {"title": title, "reason": f"Now {title}."})
    shown = await page(service, author, f"{address}?from=1&to=2")
    assert re.search(r"<del><span[^>]*>\[taken out: </span>three ", shown)
    assert re.search(r"<ins><span[^>]*>\[put in: </span>four ", shown)
    assert "Moira Sample" in shown
    assert "Now A bus for four villages." in shown
    for odd in ("", "?from=x&to=y", "?from=0&to=99", f"?from={'9' * 5000}&to=1", "?from=%00&to=1"):
        assert "From version 2 to version 3" in await page(service, author, f"{address}{odd}")
    assert "say the same" in await page(service, author, f"{address}?from=2&to=2")
    missing = await service.client.get(f"/ideas/{new_id()}/revisions", headers=HTML)
    assert missing.status_code == 404


async def test_ideas_that_lack_a_part_are_found_on_the_board(service, author):
    """The board can be narrowed down to them, and a card says how many parts are missing."""
    lacking = await author.log_idea(title="Quince jelly for the food bank")
    whole = await author.log_idea(title="Quince trees for the school")
    await sent(service, author, f"/ideas/{lacking}/needs", **NEED)
    shown = await page(service, author, "/?q=quince&needs=open")
    assert f"/ideas/{lacking}" in shown
    assert f"/ideas/{whole}" not in shown
    assert "Parts are missing" in shown
    assert f"/ideas/{whole}" in await page(service, author, "/?q=quince&needs=sideways")
