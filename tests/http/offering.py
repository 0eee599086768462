"""An idea with needs, and people who offer parts of it, over HTTP."""

from typing import Any
from uuid import UUID

import httpx

from app.command_handling import Cause
from app.http.resources import now
from domain.needs import NEEDS, AddNeed, Need
from events.contracts import Money
from events.streams import idea_stream, new_id
from tests.http.conftest import Person, Service

PART: dict[str, Any] = {
    "kind": "software",
    "title": "A rota for volunteer drivers",
    "description": "A page on which drivers sign up.",
    "runs_at": "Swaledale",
    "users": "40 drivers",
    "running_since": "2021-03-01",
    "cost_to_adapt": {"amount_minor": 80_000, "currency": "GBP"},
    "weeks_to_adapt": 6,
    "licence": "AGPL-3.0",
    "links": ["https://rota.example.org/"],
    "service": {"name": "Swaledale lifts", "languages": "English, Polish"},
}


async def need(service: Service, author: Person, idea_id: UUID, *, cost: int | None = None) -> UUID:
    """Name a need of somebody's idea."""
    need_id = new_id()
    money = None if cost is None else Money(amount_minor=cost, currency="GBP")
    command = AddNeed(
        now=now(),
        idea_id=idea_id,
        person_id=author.person_id,
        is_steward=False,
        need_id=need_id,
        need=Need(kind="software", title="A rota", cost=money),
    )
    await service.resources.handler.handle(NEEDS, idea_stream(idea_id), command, cause=Cause())
    return need_id


async def offer(person: Person, idea_id: UUID, *needs: UUID, **changes: Any) -> httpx.Response:
    """Offer a part for needs of an idea."""
    body = {**PART, "needs": [str(need_id) for need_id in needs], **changes}
    return await person.send("POST", f"/api/v1/ideas/{idea_id}/offers", body)


async def offered(person: Person, idea_id: UUID, *needs: UUID, **changes: Any) -> str:
    """Offer a part for needs of an idea, and give the offer's identifier."""
    answer = await offer(person, idea_id, *needs, **changes)
    assert answer.status_code == 201, answer.text
    return answer.json()["offer_id"]


async def act(person: Person, offer_id: str, what: str, body: Any = None) -> httpx.Response:
    """Accept, decline, withdraw or deliver an offer."""
    return await person.send("POST", f"/api/v1/offers/{offer_id}/{what}", body)
