"""Bad input: every fault is named by the path of its field, and nothing is recorded."""

import msgspec
import pytest

from app.http.envelope import BODY_BYTES_MAX
from events.streams import new_id
from projections.cursors import encode_cursor
from tests.http.conftest import IDEA

pytestmark = pytest.mark.asyncio


def without(name):
    """Give an idea that lacks a field."""
    return {field: value for field, value in IDEA.items() if field != name}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (without("title"), "title"),
        ({**IDEA, "title": ""}, "title"),
        ({**IDEA, "title": "   "}, "title"),
        ({**IDEA, "title": "x" * 201}, "title"),
        ({**IDEA, "title": 5}, "title"),
        ({**IDEA, "title": None}, "title"),
        ({**IDEA, "problem": "a\0b"}, "problem"),
        ({**IDEA, "proposal": "x" * 5001}, "proposal"),
        ({**IDEA, "beneficiaries": "\n"}, "beneficiaries"),
        ({**IDEA, "colour": "red"}, "colour"),
        ({**IDEA, "themes": "SW104"}, "themes"),
        ({**IDEA, "themes": ["SW104", 1]}, "themes[1]"),
        ({**IDEA, "themes": ["XX999"]}, "themes[0]"),
        ({**IDEA, "themes": ["SW104", "SW104"]}, "themes[1]"),
        ({**IDEA, "themes": [f"SDG{number}" for number in range(1, 12)]}, "themes"),
        ({**IDEA, "places": ["Atlantis"]}, "places[0]"),
        ({**IDEA, "places": ["gb"]}, "places[0]"),
        ({**IDEA, "ask": {"amount_minor": 0, "currency": "GBP"}}, "ask.amount_minor"),
        ({**IDEA, "ask": {"amount_minor": 10**13 + 1, "currency": "GBP"}}, "ask.amount_minor"),
        ({**IDEA, "ask": {"amount_minor": "12", "currency": "GBP"}}, "ask.amount_minor"),
        ({**IDEA, "ask": {"amount_minor": 1.5, "currency": "GBP"}}, "ask.amount_minor"),
        ({**IDEA, "ask": {"amount_minor": 12}}, "ask.currency"),
        ({**IDEA, "ask": {"amount_minor": 12, "currency": "XXX"}}, "ask.currency"),
        ({**IDEA, "ask": {"amount_minor": 12, "currency": "GBP", "vat": 1}}, "ask.vat"),
        ({**IDEA, "ask": 12}, "ask"),
        ({**IDEA, "community": ""}, "community"),
        ([IDEA], ""),
    ],
)
async def test_a_fault_is_named_by_its_path(author, body, path):
    """A body with a fault is refused with 400, and the fault is at the path of its field."""
    answer = await author.send("POST", "/api/v1/ideas", body)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:open-impact:malformed"
    assert [error["path"] for error in problem["errors"]] == [path]
    assert problem["errors"][0]["message"].endswith(".")


async def test_all_faults_are_named_at_once(author):
    """Whoever made several mistakes hears of all of them."""
    body = {**IDEA, "title": " ", "places": ["Atlantis"], "ask": {"amount_minor": -1, "currency": "???"}}
    errors = (await author.send("POST", "/api/v1/ideas", body)).json()["errors"]
    assert [error["path"] for error in errors] == ["title", "places[0]", "ask.amount_minor", "ask.currency"]


async def test_the_longest_texts_are_taken(service, author):
    """What is exactly as long as allowed is taken, blanks around it not counted."""
    body = {
        **IDEA,
        "title": f"  {'ü' * 200}  ",
        "problem": "x" * 5000,
        "ask": {"amount_minor": 10**13, "currency": "JPY"},
    }
    assert (await author.send("POST", "/api/v1/ideas", body)).status_code == 201


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"title": "\xff"}',
        b'{"title": "\\ud800"}',
        b"[" * 100_000,
    ],
)
async def test_what_is_no_json_object_is_refused(author, raw):
    """A body that is not a JSON object, however it is broken, is a 400 and never a 500."""
    headers = {"authorization": f"Bearer {author.token}"}
    answer = await author.client.post("/api/v1/ideas", content=raw, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:open-impact:malformed")


async def test_a_body_too_large_is_refused(author):
    """A body of more than 256 KiB is refused, whether its size was announced or not, read or not."""
    large = msgspec.json.encode({**IDEA, "problem": "x" * BODY_BYTES_MAX})
    headers = {"authorization": f"Bearer {author.token}"}

    async def in_pieces():
        for start in range(0, len(large), 10_000):
            yield large[start : start + 10_000]

    for method, path, content in (
        ("POST", "/api/v1/ideas", large),
        ("POST", "/api/v1/ideas", in_pieces()),
        ("PUT", "/api/v1/ideas/01a20a4b-b41d-73b3-b847-c8e634f3a0a3/vote", large),
    ):
        answer = await author.client.request(method, path, content=content, headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (413, 413)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("sort=sideways", "sort"),
        ("cursor=nonsense", "cursor"),
        ("min_position=-1", "min_position"),
        (f"min_position={2**64}", "min_position"),
        (f"q={'x' * 201}", "q"),
        ("q=%00", "q"),
        ("theme=%00", "theme"),
    ],
)
async def test_a_wrong_parameter_is_named(service, query, path):
    """A parameter that is wrong is refused with 400 by its name."""
    answer = await service.client.get(f"/api/v1/ideas?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path), answer.text


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/history?since=yesterday", "since"),
        ("/api/v1/history?until=2026-01-01T00:00:00", "until"),
        ("/api/v1/history?subject=nobody", "subject"),
        ("/api/v1/history?cursor=%00", "cursor"),
        ("/api/v1/history?since=0001-01-01T00:00:00%2B14:00", "since"),
        ("/api/v1/events?after=-1", "after"),
        (f"/api/v1/events?after={2**63 - 1}", "after"),
        ("/api/v1/events?types=%00", "types"),
        ("/api/v1/events?limit=1000", "limit"),
    ],
)
async def test_wrong_parameters_of_lists_are_named(service, path, name):
    """The lists of history and events name a wrong parameter, too."""
    answer = await service.client.get(path)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, name), answer.text


async def test_a_cursor_somebody_made_up_is_refused(service):
    """A cursor of the right form whose values no column can hold is a 400 and never a 500."""
    made_up = encode_cursor(("votes", 2**62, new_id()))
    answer = await service.client.get(f"/api/v1/ideas?sort=votes&cursor={made_up}")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:open-impact:malformed")


async def test_reasons_are_bounded(author):
    """A withdrawal needs a reason, of at most a thousand characters."""
    idea_id = await author.log_idea()
    for body in ({}, {"reason": ""}, {"reason": "x" * 1001}, {"reason": "a\0"}):
        answer = await author.send("POST", f"/api/v1/ideas/{idea_id}/withdraw", body)
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "reason")
