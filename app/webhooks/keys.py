"""The keys of endpoints at rest: each set sealed with its endpoint's own key, in a table beside the log.

A set is written before the event that names it. So what is signed can always be signed; a set that no event came to name
signs nothing, and goes after a day, as does one whose overlap has ended. Destroying an endpoint's key destroys all its
sets with it.
"""

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from app.webhooks.signing import EndpointKeys, private_key_of, read_keys, secret_of
from events.connections import Pool, unavailable_when_lost
from events.sealing.boxes import Box, BrokenBoxError, sealed
from events.sealing.keyring import Keyring
from projections.statements import statement

SQL = Path(__file__).parent / "sql"
UNNEEDED_FOR = timedelta(days=1)
"""How long a set stays that signs nothing: the event that names it is written within seconds, if it ever is."""
_KIND = "EndpointKeys"
_FORGOTTEN_AT_ONCE = 1_000


async def keep_keys(
    pool: Pool, keyring: Keyring, endpoint_id: UUID, key_id: UUID, keys: EndpointKeys
) -> None:
    """Seal and write a set of keys; the same identifier again changes nothing.

    Raises:
        LogUnavailableError: the database cannot be reached.
        SubjectErasedError: the endpoint's key was destroyed.
    """
    key = (await keyring.made([endpoint_id]))[endpoint_id]
    assert key is not None  # noqa: S101  # Made keys are there.
    texts = {"secret": secret_of(keys), "private_key": private_key_of(keys)}
    box = sealed(texts, key, subject=endpoint_id, event_id=key_id, type_name=_KIND)
    async with unavailable_when_lost():
        await pool.execute(
            "INSERT INTO webhook_keys (key_id, endpoint_id, sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            key_id,
            endpoint_id,
            box,
        )


async def kept_keys(
    pool: Pool, keyring: Keyring, endpoint_id: UUID, key_ids: Collection[UUID]
) -> dict[UUID, EndpointKeys]:
    """Open sets of keys of an endpoint; those that are not there, or whose key was destroyed, are left out.

    Raises:
        LogUnavailableError: the database cannot be reached.
    """
    async with unavailable_when_lost():
        rows = await pool.fetch(
            "SELECT key_id, sealed FROM webhook_keys WHERE endpoint_id = $1 AND key_id = ANY($2::uuid[])",
            endpoint_id,
            list(key_ids),
        )
    key = (await keyring.found([endpoint_id])).get(endpoint_id)
    if key is None:
        return {}
    return {row["key_id"]: opened for row in rows if (opened := _opened(row["sealed"], key, row["key_id"]))}


async def forget_unneeded(pool: Pool) -> int:
    """Remove sets of keys that sign nothing, a bounded number at a time, and tell how many.

    Those are sets that no event named, and those that ended beside newer ones, each for a day.

    Raises:
        OSError, asyncpg.PostgresError: the database is away or busy; the rest goes next time.
    """
    removed: int = await pool.fetchval(statement(SQL, "forget_keys"), UNNEEDED_FOR, _FORGOTTEN_AT_ONCE)
    return removed


def _opened(word: str, key: bytes, key_id: UUID) -> EndpointKeys | None:
    try:
        texts = Box.read(word).opened(key, event_id=key_id, type_name=_KIND)
    except BrokenBoxError:
        return None
    return read_keys(texts["secret"], texts["private_key"])
