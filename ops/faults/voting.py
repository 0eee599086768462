"""Load: people vote over HTTP, each once for each idea, and send again under the same key whatever had no answer."""

import asyncio
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias
from uuid import UUID

from events.streams import new_id
from ops.faults.http_line import OK, UNAVAILABLE, Answer, HttpLine, NoAnswerError
from ops.faults.population import Population, Voter

CALLERS = 16
RETRY_SECONDS = 0.1

Pair: TypeAlias = tuple[UUID, UUID]
"""An idea and a person."""


class _Vote(NamedTuple):
    idea_id: UUID
    voter: Voter

    @property
    def pair(self) -> Pair:
        return self.idea_id, self.voter.person_id


class Voting:
    """Votes at a steady rate until cancelled, and remembers what was asked for and what was answered.

    `acknowledged` has the position answered for each pair; when all pairs are through, people vote
    again, which must change nothing.
    """

    def __init__(self, port: int, population: Population, *, votes_a_second: float) -> None:
        self._port = port
        self.population = population
        self._pause = CALLERS / votes_a_second
        self.asked: set[Pair] = set()
        self.acknowledged: dict[Pair, int] = {}
        self.answers = 0
        self.retries = 0
        self.repetitions = 0
        self.unexpected: list[str] = []

    async def run(self) -> None:
        """Vote until cancelled."""
        votes = self._votes()
        async with asyncio.TaskGroup() as group:
            for _ in range(CALLERS):
                group.create_task(self._go_on(votes))

    async def grows(self, answers: int, *, within: float) -> bool:
        """Wait until that many more votes were acknowledged; tell whether they were in time."""
        wanted = self.answers + answers
        try:
            async with asyncio.timeout(within):
                while self.answers < wanted:  # noqa: ASYNC110  # Sixteen callers would have to signal each vote.
                    await asyncio.sleep(0.01)
        except TimeoutError:
            return False
        return True

    def _votes(self) -> Iterator[_Vote]:
        """Draw each pair once before any comes again, never the same idea or person twice in a row."""
        voters, ideas = self.population.voters, self.population.ideas
        while True:
            for shift in range(len(ideas)):
                for number, voter in enumerate(voters):
                    yield _Vote(ideas[(number + shift) % len(ideas)], voter)

    async def _go_on(self, votes: Iterator[_Vote]) -> None:
        line = HttpLine(self._port)
        try:
            while True:
                await self._cast(line, next(votes))
                await asyncio.sleep(self._pause)
        finally:
            line.close()

    async def _cast(self, line: HttpLine, vote: _Vote) -> None:
        """Ask until there is an answer."""
        self.asked.add(vote.pair)
        headers = {"authorization": f"Bearer {vote.voter.token}", "idempotency-key": str(new_id())}
        while True:
            try:
                answer = await line.ask("PUT", f"/api/v1/ideas/{vote.idea_id}/vote", headers)
            except NoAnswerError:
                answer = None
            if answer is not None and answer.status != UNAVAILABLE:
                return self._note(vote.pair, answer)
            if answer is not None and "retry-after" not in answer.headers:
                self.unexpected.append("503 without Retry-After")
            self.retries += 1
            await asyncio.sleep(RETRY_SECONDS)

    def _note(self, pair: Pair, answer: Answer) -> None:
        if answer.status != OK:
            self.unexpected.append(f"{answer.status}: {answer.body[:300].decode(errors='replace')}")
            return
        self.answers += 1
        if pair in self.acknowledged:
            self.repetitions += 1
        else:
            self.acknowledged[pair] = int(answer.json()["position"])
