"""Faults planted on purpose, each of which a campaign must notice: the proof that its checks can fail."""

from datetime import UTC, datetime
from uuid import UUID

import psycopg

from events.contracts import VoteCast
from events.envelope import Append, Metadata
from events.postgres import open_store
from events.streams import new_id, vote_stream

_TAKE = """
CREATE SEQUENCE planted_position MINVALUE 0 START 0;
SELECT nextval('planted_position');
CREATE FUNCTION planted_take(size integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  before bigint;
BEGIN
  -- A lock of the session, given back before the commit: numbers go out one after the other and commit in any order.
  PERFORM pg_advisory_lock(7199);
  SELECT last_value INTO before FROM planted_position;
  PERFORM setval('planted_position', before + size);
  PERFORM pg_advisory_unlock(7199);
  RETURN before;
END $$;
"""
_MISTRUST = """
CREATE FUNCTION planted_mistrust() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever presumes a position is refused, so that every event takes the planted way.
  IF current_query() NOT LIKE '%append_group%' THEN
    RAISE unique_violation;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER planted_mistrust BEFORE INSERT OR UPDATE ON streams FOR EACH ROW EXECUTE FUNCTION planted_mistrust();
"""
_LOCK = "PERFORM pg_advisory_xact_lock(7101);"
_COMMIT_ORDER = "SELECT e.position INTO head FROM events e ORDER BY e.position DESC LIMIT 1;"
_NO_ORDER = "head := planted_take(cardinality(e_id));"


def plant_bare_sequence(url: str) -> None:
    """Number events as they come, as a bare sequence does, and not in commit order: readers skip what commits late."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TAKE)
        connection.execute(_MISTRUST)
        row = connection.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'append_group'"
        ).fetchone()
        source = str(row[0]) if row else ""
        if source.count(_LOCK) != 1 or source.count(_COMMIT_ORDER) != 1:
            raise LookupError("append_group no longer takes positions as this planted fault expects.")
        connection.execute(source.replace(_LOCK, "").replace(_COMMIT_ORDER, _NO_ORDER).encode())


def plant_lazy_commit(url: str) -> None:
    """Acknowledge before the disk has it: a crash then takes back what was promised."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in (
            "synchronous_commit = off",
            "wal_writer_delay = '10s'",
            "wal_writer_flush_after = '1GB'",
        ):
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")


async def plant_vote(url: str) -> None:
    """Append a vote that nobody cast, for some idea."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT data->>'idea_id' FROM events WHERE type = 'IdeaLogged' LIMIT 1"
        ).fetchone()
    idea_id, person_id = UUID(str(row[0]) if row else ""), new_id()
    vote = VoteCast(idea_id=idea_id, person_id=person_id, occurred_at=datetime.now(UTC))
    async with open_store(url, name="planted") as store:
        metadata = Metadata(command="FaultCampaign")
        await store.append(Append(stream=vote_stream(idea_id, person_id), events=[vote], metadata=metadata))
