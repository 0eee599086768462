"""What the logs of the benchmarks hold: ideas in words of the sector, and votes by people who each vote once."""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate, islice
from typing import TypeAlias
from uuid import UUID

import asyncpg

from events.codec import CODEC
from events.codes.places import ENGLISH_REGIONS, name_of
from events.codes.themes import THEMES
from events.connections import open_pool
from events.contracts import (
    AnyEvent,
    CommunityOpened,
    IdeaLogged,
    Money,
    VoteCast,
    VoteWithdrawn,
    VotingRules,
)
from events.envelope import Append, Metadata, encode_metadata
from events.sealing.codec import SEALING
from events.sealing.keyring import Keys
from events.sealing.postgres import PostgresKeyring
from events.sealing.secret_key import SecretKey
from events.streams import community_id, community_stream, derived_id, idea_stream, new_id, vote_stream

COMMUNITY = "bench"
SECRET = "a key for the benchmarks and for nothing else"  # noqa: S105  # Opens what is made here and nothing else.
RARE_WORD = "zeppelin"
RARE_EVERY = 997
"""Every so many ideas have the rare word in their title."""

COMMON_RANK = 100
"""How frequent the word is that stands for a common one: about an eighth of all ideas have it."""

_SEED = 20
_COPIED_AT_ONCE = 50_000
_COMPOUNDS = 3_000
_DAYS = 200.0
_WITHDRAWN = 0.03
_WITHDRAWN_LATER = 500
_TITLE_WORDS, _PROBLEM_WORDS, _PROPOSAL_WORDS = (4, 8), (25, 60), (30, 80)

Row: TypeAlias = tuple[int, str, int, UUID, str, str, str, datetime]
"""Position, stream, version, id, type, data, metadata and moment of recording."""


def idea_id(number: int) -> UUID:
    """Give the identifier of the idea of a number."""
    return derived_id("bench", "idea", str(number))


def vote_requests(number: int, ideas: int = 2_000) -> list[Append]:
    """Prepare appends of votes, each by somebody new and so to a stream of its own."""
    ids = [idea_id(idea) for idea in range(ideas)]
    now = datetime.now(UTC)
    requests = []
    for vote in range(number):
        idea, person = ids[vote % ideas], new_id()
        event = VoteCast(idea_id=idea, person_id=person, occurred_at=now)
        requests.append(
            Append(
                stream=vote_stream(idea, person),
                events=[event],
                metadata=_metadata("CastVote", person),
                expected=0,
            )
        )
    return requests


def as_row(request: Append) -> tuple[str, int, UUID, str, str, str]:
    """Give what a plain INSERT needs for the first event of a request: the same bytes, ready to send."""
    event = request.events[0]
    return (
        request.stream,
        1,
        new_id(),
        type(event).__name__,
        CODEC.encode(event),
        encode_metadata(request.metadata).decode(),
    )


def _metadata(command: str, actor: UUID) -> Metadata:
    return Metadata(
        command=command, actor=actor, request_id="0123456789abcdef", correlation_id="0123456789abcdef0123"
    )


async def fill_log(
    database_url: str, events: int, ideas: int, *, say: Callable[[str], None] = lambda _: None
) -> None:
    """Copy a community, its ideas and votes for them into an empty log, as if they had been appended."""
    connection = await asyncpg.connect(database_url)
    try:
        rows = log_rows(events, ideas, await _made_keys(database_url, ideas))
        async with connection.transaction():
            while part := list(islice(rows, _COPIED_AT_ONCE)):
                await connection.copy_records_to_table("events", records=part)
                say(f"filling the log: {part[-1][0]:,} of {events:,} events")
            await connection.execute(
                "INSERT INTO streams (stream, version) SELECT stream, max(version) FROM events GROUP BY stream"
            )
        await connection.execute("VACUUM ANALYZE events, streams")
    finally:
        await connection.close()


async def _made_keys(database_url: str, ideas: int) -> Keys:
    async with open_pool(database_url, name="bench", size_max=1) as pool:
        keyring = PostgresKeyring(pool, SecretKey(SECRET))
        await keyring.begin()
        return await keyring.made([idea_id(number) for number in range(ideas)])


def log_rows(events: int, ideas: int, keys: Keys) -> Iterator[Row]:
    """Make the rows of a log, the same each time but for identifiers of events and people, and for seals."""
    recorded = datetime.now(UTC)
    began = recorded - timedelta(days=_DAYS)
    each = timedelta(days=_DAYS / max(events, 1))
    for position, (stream, version, event, metadata) in enumerate(_history(events, ideas, began, each), 1):
        event_id = new_id()
        yield (
            position,
            stream,
            version,
            event_id,
            type(event).__name__,
            SEALING.encode(event, str(event_id), keys),
            encode_metadata(metadata).decode(),
            recorded,
        )


def _history(
    events: int, ideas: int, began: datetime, each: timedelta
) -> Iterator[tuple[str, int, AnyEvent, Metadata]]:
    draw = random.Random(_SEED)
    author = derived_id("bench", "author")
    community = community_id(COMMUNITY)
    yield (
        community_stream(community),
        1,
        CommunityOpened(
            community_id=community,
            slug=COMMUNITY,
            name="Benchmark",
            rules=VotingRules(support_threshold=100),
            occurred_at=began,
        ),
        _metadata("OpenCommunity", author),
    )
    for number in range(ideas):
        idea = _idea(number, draw, community, author, began)
        yield idea_stream(idea.idea_id), 1, idea, _metadata("LogIdea", author)
    yield from _votes(events - ideas - 1, ideas, began, each, draw)


def _votes(
    events: int, ideas: int, began: datetime, each: timedelta, draw: random.Random
) -> Iterator[tuple[str, int, AnyEvent, Metadata]]:
    """Cast votes, more for some ideas than for others, and take a few back a while later."""
    ids = [idea_id(number) for number in range(ideas)]
    popularity = list(accumulate(1 / (number + 10) for number in range(ideas)))
    regretted: deque[tuple[int, VoteCast]] = deque()
    for number, idea in enumerate(draw.choices(ids, cum_weights=popularity, k=max(events, 0))):
        at = began + each * number
        if regretted and number > regretted[0][0] + _WITHDRAWN_LATER:
            _, vote = regretted.popleft()
            withdrawn = VoteWithdrawn(
                idea_id=vote.idea_id, person_id=vote.person_id, cast_at=vote.occurred_at, occurred_at=at
            )
            stream = vote_stream(vote.idea_id, vote.person_id)
            yield stream, 2, withdrawn, _metadata("WithdrawVote", vote.person_id)
            continue
        person = new_id()
        cast = VoteCast(idea_id=idea, person_id=person, occurred_at=at)
        if draw.random() < _WITHDRAWN:
            regretted.append((number, cast))
        yield vote_stream(idea, person), 1, cast, _metadata("CastVote", person)


def _idea(number: int, draw: random.Random, community: UUID, author: UUID, began: datetime) -> IdeaLogged:
    rare = (RARE_WORD,) if number % RARE_EVERY == 0 else ()
    return IdeaLogged(
        idea_id=idea_id(number),
        community_id=community,
        author_id=author,
        title=_sentence(draw, _TITLE_WORDS, rare),
        problem=_sentence(draw, _PROBLEM_WORDS),
        proposal=_sentence(draw, _PROPOSAL_WORDS),
        beneficiaries=_sentence(draw, _TITLE_WORDS),
        themes=tuple(draw.sample(theme_codes(), 2)),
        places=(draw.choice(place_codes()),),
        ask=Money(amount_minor=draw.randrange(1_000, 50_000) * 100, currency="GBP"),
        occurred_at=began + timedelta(seconds=number),
    )


@cache
def theme_codes() -> list[str]:
    """List the themes that ideas are filed under."""
    return sorted(THEMES)


@cache
def place_codes() -> list[str]:
    """List the places that ideas are filed under."""
    return sorted(ENGLISH_REGIONS)


@cache
def words() -> list[str]:
    """List the words that ideas are written in, the most frequent first: those of the themes' and places' names."""
    named = [theme.name for theme in THEMES.values()] + [name_of(code) for code in place_codes()]
    known = sorted(
        {word.lower() for name in named for word in name.split() if word.isalpha() and len(word) > 3}
    )
    draw = random.Random(_SEED)
    draw.shuffle(known)
    # A language has thousands of words: the rest are compounds of those there are.
    compounds = {first + second for first, second in (draw.sample(known, 2) for _ in range(_COMPOUNDS))}
    return known + sorted(compounds)


@cache
def _frequencies() -> list[float]:
    return list(accumulate(1 / (rank + 3) for rank in range(len(words()))))


def _sentence(draw: random.Random, length: tuple[int, int], also: Iterable[str] = ()) -> str:
    chosen = draw.choices(words(), cum_weights=_frequencies(), k=draw.randint(*length))
    return " ".join([*chosen, *also]).capitalize()
