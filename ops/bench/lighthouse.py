"""What Lighthouse thinks of the pages: its four scores, when the largest thing is painted, and what moves.

Method. The same instance as for `site`, and a pool on one of its ideas. Each page is looked at by a browser of its own that has
seen nothing before, on a slow phone as Lighthouse simulates one (slow 4G, a quarter of the processor); see
`ops/lighthouse/look.mjs`.

How much others use the machine is measured just before each look: a browser's processes that have ended are not known as
ours any more.

Limits. Simulated times follow from what a quick loopback gave, so that the machine's own work is in them a little. Loopback,
no TLS: what only https can have is not judged.
"""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from app.embedded.ports import LOOPBACK
from events.contracts import AnyEvent, OrganisationRegistered, PledgeMade, PoolOpened
from events.contracts.base import Money
from events.envelope import Append, Metadata
from events.postgres import open_store
from events.streams import new_id, organisation_stream, pool_stream
from ops.bench.catalogue import LOOKED_AT, MEASURES
from ops.bench.children import answer_of
from ops.bench.content import SECRET, idea_id
from ops.bench.machine import Others
from ops.bench.session import Case, Measured, Session
from ops.bench.site import serving_site

_LOOKER = Path(__file__).parents[1] / "lighthouse"
_ROOT = Path(__file__).parents[2]
_LISTEN_SECONDS = 1.0


class LighthouseMissingError(Exception):
    """Lighthouse or a browser is not installed; see `ops/dev lighthouse` and `ops/dev browser`."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Looked(Struct, frozen=True):
    """What Lighthouse says of a page: scores from 0 to 100, and which audits took something off them."""

    performance: float
    accessibility: float
    best_practices: float
    seo: float
    lcp_ms: float
    cls: float
    faults: list[str]


async def run(session: Session) -> None:
    """Measure every case of `lighthouse` and add what was found to the report.

    Raises:
        LighthouseMissingError: it is not installed.
    """
    node, browser = _ROOT / ".venv/bin/node", shutil.which("chromium")
    if not (_LOOKER / "node_modules").is_dir() or not node.exists() or browser is None:
        raise LighthouseMissingError
    pool_id = new_id()
    async with serving_site(session, also=partial(_with_pool, pool_id=pool_id)) as site:
        paths = ("/", f"/ideas/{idea_id(1)}", f"/pools/{pool_id}", "/ideas/new")
        pages = dict(zip(LOOKED_AT, paths, strict=True))
        look = partial(_look, session, node=str(node), browser=browser)
        await session.in_rounds(
            [
                Case(f"lighthouse_{name}", partial(look, name, f"http://{LOOPBACK}:{site.port}{path}"))
                for name, path in pages.items()
            ]
        )


async def _with_pool(url: str, *, pool_id: UUID) -> None:
    """Open a pool for an idea, in which two organisations have pledged."""
    idea, person, now = idea_id(1), new_id(), datetime.now(UTC)
    funders = {new_id(): name for name in ("Sample Trust", "Sample Foundation")}
    pool: list[AnyEvent] = [
        PoolOpened(
            pool_id=pool_id,
            idea_id=idea,
            opened_by=person,
            minimum=_pounds(30_000),
            target=_pounds(60_000),
            deadline=now + timedelta(days=60),
            occurred_at=now,
        )
    ]
    pool += [
        PledgeMade(
            pool_id=pool_id,
            idea_id=idea,
            pledge_id=new_id(),
            organisation_id=funder,
            amount=_pounds(12_000),
            made_by=person,
            occurred_at=now,
        )
        for funder in funders
    ]
    async with open_store(url, name="bench", secret=SECRET) as store:
        for funder, name in funders.items():
            registered = OrganisationRegistered(
                organisation_id=funder, name=name, registered_by=person, occurred_at=now
            )
            await store.append(_append(organisation_stream(funder), [registered]))
        await store.append(_append(pool_stream(pool_id), pool))


def _append(stream: str, events: list[AnyEvent]) -> Append:
    return Append(stream=stream, events=events, metadata=Metadata(command="Bench"))


def _pounds(amount: int) -> Money:
    return Money(amount_minor=amount * 100, currency="GBP")


async def _look(session: Session, name: str, address: str, *, node: str, browser: str) -> Measured:
    others = Others()
    await asyncio.sleep(_LISTEN_SECONDS)
    share = others.share()
    looked = await answer_of((str(_LOOKER / "look.mjs"), address, browser), Looked, program=node)
    if looked.faults:
        session.say(f"{name}: not quite right by {', '.join(looked.faults)}")
    figures = msgspec.structs.asdict(looked)
    values = {f"lighthouse_{name}_{what}": figures[what] for what in MEASURES}
    return Measured(values, share)
