"""An operator looks after a running installation: its health, its measures, the doctor, and mail that was given up."""

import json

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.mail.messages import Message
from app.mail.outbox import Outbox
from events.connections import open_pool
from events.sealing.postgres import PostgresKeyring
from events.sealing.secret_key import SecretKey
from ops.faults.surroundings import came_true

pytestmark = pytest.mark.asyncio

PATIENCE_SECONDS = 30
LETTER = Message(
    to="given.up@example.org", subject="A letter after all", text="Words.\n", html="<p>Words.</p>"
)


async def test_an_operator_finds_all_well(site, web):
    """It is ready, tells how far its read models are behind, and no check of the doctor fails."""
    assert (await web.get("/health/ready")).status_code == 200
    measured = {family.name for family in text_string_to_metric_families((await web.get("/metrics")).text)}
    assert {"open_impact_projection_lag_events", "open_impact_projection_lag_seconds"} <= measured
    looked = await site.command("doctor", "--json")
    assert looked.code == 0, looked.errors
    checks = json.loads(looked.output)["checks"]
    assert checks
    assert [check for check in checks if check["verdict"] == "fail"] == []


async def test_an_operator_has_a_letter_tried_again_that_was_given_up(site, web):
    """The command line lists it with what went wrong and not to whom it goes; told to try again, it leaves."""
    async with open_pool(site.database_url(), name="tests", size_max=1) as pool:
        installation = await PostgresKeyring(pool, SecretKey(site.secret_key())).begin()
        async with pool.acquire() as connection, connection.transaction():
            message_id = await Outbox(installation.derived("mail")).post(connection, LETTER)
            await connection.execute(
                "UPDATE outgoing_mail SET given_up_at = now(), last_error = 'No such mailbox' WHERE message_id = $1",
                message_id,
            )
    listed = await site.command("mail", "list", "--json")
    (found,) = [one for one in json.loads(listed.output) if one["message_id"] == str(message_id)]
    assert (found["state"], found["error"]) == ("given up", "No such mailbox")
    assert LETTER.to not in listed.output
    tried = await site.command("mail", "retry", str(message_id))
    assert tried.code == 0, tried.errors

    async def it_came():
        return LETTER.subject in (await web.get("/dev/mailbox")).text

    assert await came_true(it_came, PATIENCE_SECONDS, every=0.2)
    left = await site.command("mail", "list", "--json")
    assert str(message_id) not in left.output
