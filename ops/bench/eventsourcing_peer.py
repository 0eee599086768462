"""The peer: PyPI `eventsourcing`, its PostgreSQL application recorder as it comes.

As it comes means: its factory, its own table and indexes, the default without database functions,
which locks the table for every insertion so that its readers miss nothing (`enable_db_functions` is
faster and lets readers lose events). Only its pool is raised from 5 connections to one a thread, so
that no thread waits for one. An event goes in by one call, with the version of its originator, its
state being the bytes of our data and metadata.
"""

import importlib.util
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

from ops.bench.loops import Window, threaded_loop

THREADS = 16
RATE_MAX = 6_000


def is_installed() -> bool:
    """Tell whether the peer can be measured here."""
    return all(importlib.util.find_spec(name) for name in ("eventsourcing", "psycopg_pool"))


def insert_events(
    database_url: str, rows: Sequence[tuple[str, int, UUID, str, str, str]], seconds: float
) -> Window:
    """Let sixteen threads insert one event at a time for a while."""
    from eventsourcing.persistence import InfrastructureFactory, StoredEvent  # noqa: PLC0415  # The peer may be absent.
    from eventsourcing.utils import Environment  # noqa: PLC0415  # The peer may be absent.

    address = urlsplit(database_url)
    environment = Environment(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": address.path.lstrip("/"),
            "POSTGRES_HOST": address.hostname or "",
            "POSTGRES_PORT": str(address.port or ""),
            "POSTGRES_USER": unquote(address.username or ""),
            "POSTGRES_PASSWORD": unquote(address.password or ""),
            "POSTGRES_POOL_SIZE": str(THREADS),
        }
    )
    stored = [
        StoredEvent(
            originator_id=uuid4(),
            originator_version=1,
            topic=f"events:{kind}",
            state=(data + metadata).encode(),
        )
        for _, _, _, kind, data, metadata in rows
    ]
    with InfrastructureFactory.construct(environment) as factory:
        recorder = factory.application_recorder()
        return threaded_loop(lambda event: recorder.insert_events([event]), THREADS, stored, seconds)
