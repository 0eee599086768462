"""People who vote from somewhere, in numbers: ordinary ones, and those that a script made up."""

import asyncio
import random
from uuid import UUID

import altcha
import httpx

from app.access import accounts, tokens
from app.command_handling import Cause
from app.http.resources import now
from app.reactors.fair_votes import react
from domain.person import PERSON, JoinPerson, VerifyPerson
from events.streams import person_stream
from projections.state import Positions
from tests.http.conftest import Service

TRUSTED = "127.0.0.0/8"
"""The proxy in front of the application in a test: the client of its requests."""
_AT_ONCE = 32


class Voter:
    """Somebody with an account, a token and an address in the world."""

    def __init__(self, service: Service, person_id: UUID, token: str, address: str) -> None:
        self._service, self.person_id, self._token, self.address = service, person_id, token, address
        self.worked = 0

    async def vote(self, idea_id: UUID, proof: str | None = None) -> httpx.Response:
        """Vote as a script would: when work is asked for, do it and vote again."""
        headers = {"authorization": f"Bearer {self._token}", "x-forwarded-for": self.address}
        if proof is not None:
            headers["proof-of-work"] = proof
        answer = await self._service.client.put(f"/api/v1/ideas/{idea_id}/vote", headers=headers)
        if answer.status_code == 403 and proof is None:
            self.worked += 1
            return await self.vote(idea_id, solved(answer.json()["challenge"]))
        return answer


def solved(challenge: dict) -> str:
    """Do the work that a challenge asks for."""
    read = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(read)
    assert solution is not None
    return altcha.Payload(read, solution).to_base64()


async def voters(service: Service, name: str, addresses: list[str], *, days: int = 0) -> list[Voter]:
    """Make a verified person for each address, with accounts that are so many days old."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def made(number: int, address: str) -> Voter:
        async with gate:
            resources = service.resources
            email = f"{name}.{number}@example.org"
            person_id = await accounts.add(resources.pool, email=email, name=f"{name} {number}")
            token = await tokens.create(resources.pool, person_id=person_id, scopes=("votes:write",))
            for command in (
                JoinPerson(now=now(), person_id=person_id, origin="account"),
                VerifyPerson(now=now(), person_id=person_id, how="email"),
            ):
                await resources.handler.handle(PERSON, person_stream(person_id), command, cause=Cause())
            return Voter(service, person_id, token, address)

    people = list(await asyncio.gather(*(made(*each) for each in enumerate(addresses))))
    await service.resources.pool.execute(
        "UPDATE accounts SET created_at = created_at - make_interval(days => $2) WHERE person_id = ANY($1::uuid[])",
        [person.person_id for person in people],
        days,
    )
    return people


async def all_vote(idea_id: UUID, people: list[Voter]) -> None:
    """Have many vote at once, in some order."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def vote(person: Voter) -> None:
        async with gate:
            answer = await person.vote(idea_id)
            assert answer.status_code == 200, answer.text

    await asyncio.gather(*(vote(person) for person in random.Random(5).sample(people, len(people))))


def ordinary_addresses(count: int) -> list[str]:
    """Give addresses as an evening brings them: many networks, some of them several times."""
    chance = random.Random(11)
    return [
        f"81.{chance.randrange(1, 4)}.{chance.randrange(200)}.{chance.randrange(1, 255)}"
        for _ in range(count)
    ]


async def watched(service: Service) -> None:
    """Have the reactor look at all that happened, once what is noted beside it is written."""
    await service.resources.origins.write()
    reached = await react(
        service.resources.pool, service.resources.store, Positions(service.resources.pool), settle_seconds=0
    )
    assert reached is not None
    await service.shown()
