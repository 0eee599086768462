"""Who gets hold of the log, whole or in part, learns nothing that people wrote or are called."""

import io

import pytest

from app.command_handling import Cause
from app.http.resources import now
from domain.person import PERSON, JoinPerson, ReviseProfile
from events.streams import person_stream
from tests.http.conftest import IDEA

pytestmark = pytest.mark.asyncio

NAME, RENAMED, ADDRESS = "Marigold Quillfeather", "Marigold Thistledown", "marigold@quillfeather.example"
TEXTS = {
    "title": "Zinniaberry bus after dark",
    "problem": "Nobody drives the Larkspurlane at night.",
    "proposal": "Buy the Foxglovemobile together.",
    "beneficiaries": "Everybody on Hollyhockhill.",
}
REVISED, REASON = "Zinniaberry bus before dawn", "Snapdragonish reasons"
PLANTED = (
    "Marigold", "Quillfeather", "quillfeather", "Thistledown", "Zinniaberry", "Larkspurlane", "Foxglovemobile",
    "Hollyhockhill", "Snapdragonish",
)  # fmt: skip


async def test_no_planted_word_is_in_a_dump_of_the_log(own_service):
    """Ideas, names, addresses and reasons go in by every way, and none is in the tables of the log."""
    author = await own_service.person(NAME)
    handle = own_service.resources.handler.handle
    for command in (
        JoinPerson(now=now(), person_id=author.person_id, origin="account", name=NAME),
        ReviseProfile(now=now(), person_id=author.person_id, name=RENAMED),
    ):
        await handle(PERSON, person_stream(author.person_id), command, cause=Cause())
    for number in range(2):  # The second is answered with the title of the first.
        answer = await author.send("POST", "/api/v1/ideas", {**IDEA, **TEXTS}, idempotency_key=f"k{number}")
        assert answer.status_code == 201
        await own_service.shown()
    assert "Zinniaberry" in answer.text
    path = f"/api/v1/ideas/{answer.json()['idea_id']}"
    for method, place, body in (
        ("PATCH", path, {"title": REVISED, "reason": REASON}),
        ("POST", f"{path}/withdraw", {"reason": REASON}),
        ("POST", f"{path}/reopen", {"reason": REASON}),
    ):
        assert (await author.send(method, place, body, idempotency_key=place + method)).status_code == 200

    dump = await _dumped(own_service.resources.pool)
    assert len(dump) > 2_000
    assert not [word for word in PLANTED if word in dump]
    shown = await author.client.get("/api/v1/events?after=0&limit=200")
    assert REVISED in shown.text
    assert not [word for word in ("Marigold", "Thistledown", ADDRESS) if word in shown.text]


async def _dumped(pool) -> str:
    """Copy the tables out, as a dump does."""
    parts = []
    async with pool.acquire() as connection:
        for query in ("SELECT * FROM events", "SELECT * FROM streams", "SELECT * FROM idempotency_keys"):
            output = io.BytesIO()
            await connection.copy_from_query(query, output=output)
            parts.append(output.getvalue().decode())
    return "".join(parts)
