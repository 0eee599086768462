"""Nobody has us speak to a forbidden address: not by registering, changing or testing an endpoint, nor by being asked."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from app.outbound.client import Outbound
from app.outbound.messages import ForbiddenAddressError, NotReachedError
from app.outbound.rules import Rules
from app.webhooks.asking import BETWEEN, Asker
from app.webhooks.callbacks import Callbacks
from app.webhooks.dispatching import Dispatcher
from app.webhooks.keys import keep_keys
from app.webhooks.signing import new_keys
from tests.http.conftest import serving
from tests.http.hooking import HOOKS, registered
from tests.outbound.receivers import OK, Authority, answering, names, receiving, silent
from tests.outbound.vectors import FORBIDDEN
from tests.webhooks.hooks import agreed, happened, hook
from tests.webhooks.hooks import registered as registration

pytestmark = pytest.mark.asyncio
PUBLIC_URL = "https://impact.example.org"
REFUSED, NOT_REACHED = str(ForbiddenAddressError()), str(NotReachedError())


class World:
    """An application that the world reaches, and who asks endpoints by a clock that is put on by hand."""

    def __init__(self, service, author, outbound):
        self.service, self.author, self.resources = service, author, service.resources
        self.later = timedelta(seconds=1)
        self.asker = Asker(
            self.resources.pool,
            self.resources.store,
            outbound,
            callbacks=Callbacks(self.resources.installation, PUBLIC_URL),
            public_url=PUBLIC_URL,
            clock=lambda: datetime.now(UTC) + self.later,
        )

    async def given(self, number, url, *more):
        """Let an endpoint be in the log, whatever would be said of its address."""
        await keep_keys(self.resources.pool, self.resources.keyring, hook(number), hook(number), new_keys())
        told = replace(registration(number, url=url), registered_by=self.author.person_id)
        await happened(self.resources.store, told, *more)

    async def asked(self):
        """Ask everybody who is to be asked now, and tell how many."""
        await Dispatcher(self.resources.pool, self.resources.store, self.resources.public_log).react()
        asked = 0
        while found := await self.asker.ask_due():
            asked += found
        self.later += BETWEEN
        return asked

    async def answers(self):
        """List what came of asking."""
        rows = await self.resources.pool.fetch(
            "SELECT ask_answer FROM webhook_endpoints WHERE pause_cause IS NULL"
        )
        return [row["ask_answer"] for row in rows]

    async def tested(self, number):
        """Send a test to an endpoint as its owner does, and tell what came of it."""
        answer = await self.author.send("POST", f"{HOOKS}/{hook(number)}/test")
        assert answer.status_code == 200, answer.text
        return answer.json()["status"], answer.json()["error"]


@asynccontextmanager
async def world(database_url, *, ports="80,443", outbound=None):
    """Run it, with another way out if one is given."""
    async with serving(database_url, public_url=PUBLIC_URL, outbound_ports=ports) as service:
        if outbound is not None:
            service.app.state["resources"] = replace(service.resources, outbound=outbound)
        author = await service.person()
        yield World(service, author, service.resources.outbound)


@asynccontextmanager
async def changing_name(tmp_path):
    """Give a way out by a name that leads to a receiver at first and then inside, and who listens there."""
    authority = Authority()
    tls = authority.serving(tmp_path, "hooks.example.org")
    once = answering(OK.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))
    async with (
        receiving(once, tls=tls, host="127.0.0.2") as vetted,
        receiving(once, tls=tls, host="127.0.0.3", port=vetted.port) as inside,
    ):
        rules = Rules(ports=frozenset({vetted.port}), networks=("127.0.0.2/32",))
        look_up = names(hooks=[["127.0.0.2"], ["127.0.0.3"]])
        async with Outbound(rules, verify=authority.believed(), look_up=look_up).opened() as outbound:
            yield outbound, vetted, inside


async def test_no_spelling_is_registered_and_then_asked(database_url):
    """What can be seen of an address is refused at once, also when an endpoint is changed; what only shows when its name
    is looked up is refused when it is asked, by both questions. A listener there hears nothing.
    """
    async with (
        receiving(silent, host=None) as inside,
        world(database_url, ports=f"80,443,{inside.port}") as given,
    ):
        author = given.author
        fine = (await registered(author, "https://hooks.example.org/"))["endpoint_id"]
        looked_up = 0
        for url in (one.replace("PORT", str(inside.port)) for one in FORBIDDEN):
            made = await author.send("POST", HOOKS, {"url": url, "types": ["*"]})
            changed = await author.send("PATCH", f"{HOOKS}/{fine}", {"url": url})
            if made.status_code == 201:
                assert changed.status_code == 200, url
                looked_up += 2
                fine = (await registered(author, "https://hooks.example.org/"))["endpoint_id"]
                continue
            for answer in (made, changed):
                assert answer.status_code == 400, url
                assert [error["path"] for error in answer.json()["errors"]] == ["url"]
        assert looked_up < len(FORBIDDEN) / 5
        await author.send("DELETE", f"{HOOKS}/{fine}")
        assert [await given.asked() for _ in range(2)] == [looked_up, looked_up]
        answers = await given.answers()
        assert len(answers) == looked_up
        assert set(answers) <= {REFUSED, NOT_REACHED}
        assert inside.connections == 0


async def test_no_spelling_is_asked(database_url):
    """Whatever let an address through before, neither question goes there, and its owner reads why."""
    async with (
        receiving(silent, host=None) as inside,
        world(database_url, ports=f"80,443,{inside.port}") as given,
    ):
        for number, url in enumerate(FORBIDDEN, start=100):
            await given.given(number, url.replace("PORT", str(inside.port)))
        assert [await given.asked() for _ in range(2)] == [len(FORBIDDEN)] * 2
        assert await given.answers() == [REFUSED] * len(FORBIDDEN)
        assert len(set(FORBIDDEN)) >= 60
        assert inside.connections == 0


async def test_no_spelling_is_tested(database_url):
    """A test goes to none of them either, though the endpoint has agreed; whoever asked for it reads why."""
    async with (
        receiving(silent, host=None) as inside,
        world(database_url, ports=f"80,443,{inside.port}") as given,
    ):
        for number, url in enumerate(FORBIDDEN, start=100):
            await given.given(number, url.replace("PORT", str(inside.port)), agreed(number))
            assert await given.tested(number) == (None, REFUSED), url
        assert inside.connections == 0


async def test_a_name_that_leads_inside_since_the_last_question(database_url, tmp_path):
    """The first question arrives; when the name then leads inside, the second is refused, and all after it."""
    async with (
        changing_name(tmp_path) as (outbound, vetted, inside),
        world(database_url, outbound=outbound) as given,
    ):
        await given.given(1, f"https://hooks.example.org:{vetted.port}/hook")
        assert await given.asked() == 1
        (first,) = await given.answers()
        assert first.startswith("It was reached and did not agree")
        for _ in range(3):
            assert await given.asked() == 1
            assert await given.answers() == [REFUSED]
        assert (vetted.connections, inside.connections) == (1, 0)


async def test_a_name_that_leads_inside_since_the_last_test(database_url, tmp_path):
    """The first test arrives; when the name then leads inside, the next is refused, and all after it."""
    async with (
        changing_name(tmp_path) as (outbound, vetted, inside),
        world(database_url, outbound=outbound) as given,
    ):
        await given.given(1, f"https://hooks.example.org:{vetted.port}/hook", agreed(1))
        assert await given.tested(1) == (200, "")
        assert [await given.tested(1) for _ in range(3)] == [(None, REFUSED)] * 3
        assert (vetted.connections, inside.connections) == (1, 0)
