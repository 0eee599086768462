"""Deliveries to endpoints that agreed and lead inside by now: nothing connects there, and the owner reads why."""

import pytest

from app.outbound.client import Outbound
from app.outbound.messages import ForbiddenAddressError
from app.outbound.rules import Rules
from app.webhooks.keys import keep_keys
from tests.outbound.receivers import OK, Authority, answering, names, receiving, silent
from tests.outbound.vectors import FORBIDDEN
from tests.projections.examples import logged, opened
from tests.webhooks.hooks import agreed, hook, registered
from tests.webhooks.sending_world import KEYS, World

pytestmark = pytest.mark.asyncio
REFUSED = str(ForbiddenAddressError())


async def test_no_delivery_reaches_a_forbidden_address(pool, store):
    """Each spelling is refused at the delivery too, whatever let it through before, and a listener there hears nothing."""
    async with receiving(silent, host=None) as inside:
        rules = Rules(ports=frozenset({80, 443, inside.port}))
        async with Outbound(rules).opened() as outbound:
            world = World(pool, store, outbound)
            await world.given(opened())
            endpoints = []
            for number, url in enumerate(FORBIDDEN, start=100):
                await keep_keys(pool, store.keyring, hook(number), hook(number), KEYS)
                address = url.replace("PORT", str(inside.port))
                endpoints += [registered(number, "IdeaLogged", url=address), agreed(number)]
            await world.given(*endpoints)
            await world.given(logged(1))
            assert await world.at(seconds=0) == len(FORBIDDEN)
        assert inside.connections == 0
    rows = await pool.fetch("SELECT status, error FROM webhook_attempts")
    assert len(rows) == len(FORBIDDEN) >= 60
    assert {tuple(row) for row in rows} == {(None, REFUSED)}


async def test_a_name_that_leads_inside_since_the_last_delivery(pool, store, tmp_path):
    """The first delivery arrives; when the name then leads inside, the next is refused, and again each time it is due."""
    authority = Authority()
    tls = authority.serving(tmp_path, "hooks.example.org")
    once = OK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
    async with (
        receiving(answering(once), tls=tls, host="127.0.0.2") as vetted,
        receiving(answering(once), tls=tls, host="127.0.0.3", port=vetted.port) as inside,
    ):
        rules = Rules(ports=frozenset({vetted.port}), networks=("127.0.0.2/32",))
        look_up = names(hooks=[["127.0.0.2"], ["127.0.0.3"]])
        async with Outbound(rules, verify=authority.believed(), look_up=look_up).opened() as outbound:
            world = World(pool, store, outbound)
            await world.given(opened())
            await world.endpoint(1, f"https://hooks.example.org:{vetted.port}/hook")
            await world.given(logged(1))
            await world.at(seconds=0)
            assert await world.left() == []
            await world.given(logged(2))
            await world.at(seconds=0)
            await world.at(seconds=10)
            assert len(await world.left()) == 1
        assert (vetted.connections, inside.connections) == (1, 0)
    rows = await pool.fetch("SELECT status, error FROM webhook_attempts ORDER BY delivery_id, attempt")
    assert [tuple(row) for row in rows] == [(200, ""), (None, REFUSED), (None, REFUSED)]
