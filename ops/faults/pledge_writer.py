"""A writer of the `pledges` campaign, as a process of its own: `python -m ops.faults.pledge_writer NUMBER SEED`.

Orders come as lines on the standard input, the database's address and the secret key through the environment.
It pledges, revises and withdraws through the same code as the service, many at a time.
"""

import asyncio
import os
import random
import sys
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import uvloop

from app.command_handling import Cause, Handler
from app.funding.pledging import pledge, revise, withdraw
from app.logs import configure_logging
from app.settings import variable_of
from domain.decider import DomainError
from domain.pool_gathering import RevisePledge, WithdrawPledge
from domain.pool_terms import Promise
from events.contracts import Money, PledgeConditions
from events.errors import OperationalError, WrongVersionError
from events.postgres import open_store
from events.store import EventStore
from events.streams import new_id
from ops.faults.pledge_outcomes import BUSY, DONE, FAILED, Act, Finished, Order, Outcome, Told, say

TASKS = 25
AMOUNT_MAX = 60
MAKE_SHARE, REVISE_SHARE = 0.5, 0.2
_RECENT = 12
"""Of how many of its latest pledges a writer chooses one to revise or withdraw."""


class Writer:
    """Does what it is told, and says what became of each act."""

    def __init__(self, store: EventStore, number: int, seed: int) -> None:
        self._store = store
        self._handler = Handler(store)
        self._random = random.Random(f"{seed} {number}")
        self._made: list[tuple[UUID, UUID]] = []

    async def obey(self, order: Order) -> None:
        """Do one part of a history, many acts at a time."""
        self._made.clear()
        left = iter(range(order.acts))

        async def go_on() -> None:
            for _ in left:
                await self._act(order)

        await asyncio.gather(*(go_on() for _ in range(min(TASKS, order.acts))))
        say(Finished(history=order.history))

    async def _act(self, order: Order) -> None:
        drawn = self._random.random()
        act: Act = "make"
        pool_id, pledge_id = self._random.choice(order.pools), new_id()
        if drawn >= MAKE_SHARE and self._made:
            act = "revise" if drawn < MAKE_SHARE + REVISE_SHARE else "withdraw"
            pool_id, pledge_id = self._random.choice(self._made[-_RECENT:])
        amount, conditions = self._random.randint(1, AMOUNT_MAX), self._conditions(order)
        funder = self._random.choice(order.funders)
        since, detail = await self._store.head(), ""
        try:
            await self._try(act, pool_id, pledge_id, funder, order.mandate, amount, conditions)
            answer = DONE
        except DomainError as error:
            answer = type(error).__name__
        except (WrongVersionError, OperationalError):
            answer = BUSY
        except Exception as error:  # noqa: BLE001  # Whatever it is, the campaign hears of it and fails.
            answer, detail = FAILED, repr(error)
        if act == "make" and answer == DONE:
            self._made.append((pool_id, pledge_id))
        outcome = Outcome(
            history=order.history,
            act=act,
            pool_id=pool_id,
            pledge_id=pledge_id,
            answer=answer,
            since=since,
            until=await self._store.head(),
            amount=amount,
            funder=funder,
            mandate=order.mandate,
            conditions=conditions,
            detail=detail,
        )
        say(Told(outcome=outcome))

    async def _try(  # noqa: PLR0917  # An act has these parts.
        self,
        act: Act,
        pool_id: UUID,
        pledge_id: UUID,
        funder: UUID,
        mandate: UUID | None,
        amount: int,
        conditions: PledgeConditions,
    ) -> None:
        now, money = datetime.now(UTC), Money(amount_minor=amount, currency="GBP")
        match act:
            case "make":
                promise = Promise(
                    pledge_id=pledge_id,
                    organisation_id=funder,
                    amount=money,
                    conditions=conditions,
                    mandate_id=mandate,
                )
                await pledge(self._handler, pool_id, promise, made_by=funder, cause=Cause(actor=funder))
            case "revise":
                command = RevisePledge(now=now, pledge_id=pledge_id, amount=money, conditions=conditions)
                await revise(self._handler, pool_id, command, Cause())
            case "withdraw":
                taking = WithdrawPledge(now=now, pledge_id=pledge_id)
                await withdraw(self._handler, pool_id, taking, Cause())

    def _conditions(self, order: Order) -> PledgeConditions:
        draw = self._random
        return draw.choice(
            [
                *[PledgeConditions()] * 6,
                PledgeConditions(min_funders=draw.randint(1, 6)),
                PledgeConditions(max_share=draw.choice(["0.1", "0.25", "0.5"])),
                PledgeConditions(match_ratio=draw.choice(["0.5", "1", "2"])),
                PledgeConditions(min_total=Money(amount_minor=draw.randint(1, 400), currency="GBP")),
                PledgeConditions(min_funders=2, with_funders=(draw.choice(order.funders),)),
            ]
        )


async def _main(url: str, secret: str, number: int, seed: int) -> None:
    async with open_store(url, name=f"writer-{number}", secret=secret) as store:
        writer = Writer(store, number, seed)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
            await writer.obey(msgspec.json.decode(line, type=Order))


if __name__ == "__main__":
    configure_logging("error", as_json=False)
    uvloop.run(
        _main(
            os.environ[variable_of("database_url")],
            os.environ[variable_of("secret_key")],
            int(sys.argv[1]),
            int(sys.argv[2]),
        )
    )
