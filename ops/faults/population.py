"""People with tokens and ideas to vote for, made in an empty installation."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from app.access import accounts, tokens
from app.importing.communities import ensure_commons
from events.connections import Pool, open_pool
from events.contracts import IdeaLogged, PersonJoined
from events.envelope import Append, Metadata
from events.postgres import open_store
from events.store import EventStore
from events.streams import idea_stream, new_id, person_stream

_METADATA = Metadata(command="FaultCampaign")


class Voter(Struct, frozen=True):
    """Somebody who may vote."""

    person_id: UUID
    token: str


class Population(Struct, frozen=True):
    """Who votes, and what for."""

    voters: Sequence[Voter]
    ideas: Sequence[UUID]


async def populate(database_url: str, secret: str, *, people: int, ideas: int) -> Population:
    """Make people with a token each, and ideas of one more person."""
    now = datetime.now(UTC)
    async with (
        open_pool(database_url, name="faults", size_max=2) as pool,
        open_store(database_url, name="faults", pool=pool, secret=secret) as store,
    ):
        community_id = await ensure_commons(store, now)
        voters = [await _voter(pool, number) for number in range(people)]
        author_id = new_id()
        await _join(store, [author_id, *(voter.person_id for voter in voters)], now)
        logged = [_idea(number, community_id, author_id, now) for number in range(ideas)]
        await store.append_many(
            [
                Append(stream=idea_stream(event.idea_id), events=[event], metadata=_METADATA, expected=0)
                for event in logged
            ]
        )
    return Population(voters, [event.idea_id for event in logged])


async def _voter(pool: Pool, number: int) -> Voter:
    person_id = await accounts.add(
        pool, email=f"person-{number}@example.org", name=f"Person {number} (sample)"
    )
    return Voter(person_id, await tokens.create(pool, person_id=person_id, scopes=["votes:write"]))


async def _join(store: EventStore, people: Sequence[UUID], now: datetime) -> None:
    await store.append_many(
        [
            Append(
                stream=person_stream(person_id),
                events=[PersonJoined(person_id=person_id, origin="account", occurred_at=now)],
                metadata=_METADATA,
                expected=0,
            )
            for person_id in people
        ]
    )


def _idea(number: int, community_id: UUID, author_id: UUID, now: datetime) -> IdeaLogged:
    return IdeaLogged(
        idea_id=new_id(),
        community_id=community_id,
        author_id=author_id,
        title=f"Idea {number} (sample)",
        problem="Something that should be otherwise.",
        proposal="What would make it so.",
        beneficiaries="Everybody here",
        themes=("SDG3",),
        places=("GB",),
        occurred_at=now,
    )
