"""Who may do what, for people: a page and a command, both made from the table that is asked."""

import json

import pytest
from click.testing import CliRunner

from app.access.policy import RULES
from app.cli.permissions import permissions as command
from app.http.openapi import TAGS
from app.http.permissions import permissions, who_may

pytestmark = pytest.mark.asyncio


async def test_every_operation_is_listed_in_words(service):
    """The list has every operation of the table, each with a subject, a sentence and who may do it."""
    listed = permissions(service.app)
    assert {each.operation for each in listed} == set(RULES)
    subjects = [tag.name for tag in TAGS] + ["pages"]
    assert [each.subject for each in listed] == sorted((each.subject for each in listed), key=subjects.index)
    for each in listed:
        assert each.does, each
        assert each.who == who_may(RULES[each.operation])


async def test_the_page_shows_all_of_it(service):
    """The page names every address and scope, and what this is links to it."""
    page = await service.client.get("/about/permissions", headers={"accept": "text/html"})
    assert page.status_code == 200
    for each in permissions(service.app):
        assert f"{each.method} {each.path}" in page.text
    assert "stewards of the community, and operators" in page.text
    assert "<code>ideas:write</code>" in page.text
    assert 'href="/about/permissions"' in (await service.client.get("/about")).text


async def test_the_command_prints_it(service):
    """The command prints the same list as a table, and as JSON for programs."""
    table = CliRunner().invoke(command, [])
    assert table.exit_code == 0
    assert "the author of the idea" in table.output
    found = json.loads(CliRunner().invoke(command, ["--json"]).output)
    assert {each["operation"]: (each["who"], each["scope"]) for each in found} == {
        name: (who_may(rule), rule.scope) for name, rule in RULES.items()
    }
