"""Rotation: every key wrapped anew under another secret key, in one transaction.

What is sealed stays as it is: only the keys change their wrapping. Whoever wants to make a key meanwhile waits for the
end, and is then refused under the secret key that was rotated away.
"""

from collections.abc import Callable

from events.connections import Connection
from events.sealing.errors import WrongSecretKeyError
from events.sealing.secret_key import SecretKey

PAGE_KEYS = 5_000
_PAGE_SECONDS = 600.0

_NEXT = """
SELECT subject, wrapped FROM subject_keys WHERE $1::uuid IS NULL OR subject > $1 ORDER BY subject LIMIT $2
"""
_REWRAP = """
UPDATE subject_keys k SET wrapped = new.wrapped, key_id = $3
  FROM unnest($1::uuid[], $2::bytea[]) new(subject, wrapped) WHERE k.subject = new.subject
"""


async def rotate(
    connection: Connection, old: SecretKey, new: SecretKey, *, progress: Callable[[int, int], None]
) -> int | None:
    """Wrap all keys under a new secret key; give how many, or None when the new one holds already.

    Raises:
        WrongSecretKeyError: the database was sealed with neither of the two.
    """
    async with connection.transaction():
        await connection.execute("SET CONSTRAINTS subject_keys_key_id DEFERRED")
        # Held until the end: who makes a key looks at this row, and so waits.
        row = await connection.fetchrow(
            "SELECT key_id, installation FROM secret_key FOR UPDATE", timeout=_PAGE_SECONDS
        )
        if row is not None and row["key_id"] == new.key_id:
            return None
        if row is None or row["key_id"] != old.key_id:
            raise WrongSecretKeyError
        await connection.execute(
            "UPDATE secret_key SET key_id = $1, installation = $2, since = now()",
            new.key_id,
            new.wrap_installation(old.unwrap_installation(row["installation"])),
        )
        return await _rewrap(connection, old, new, progress)


async def _rewrap(
    connection: Connection, old: SecretKey, new: SecretKey, progress: Callable[[int, int], None]
) -> int:
    total: int = await connection.fetchval("SELECT count(*) FROM subject_keys", timeout=_PAGE_SECONDS)
    done, last = 0, None
    while page := await connection.fetch(_NEXT, last, PAGE_KEYS, timeout=_PAGE_SECONDS):
        last = page[-1]["subject"]
        wrapped = [
            None if kept is None else new.wrap(old.unwrap(kept, subject), subject) for subject, kept in page
        ]
        await connection.execute(
            _REWRAP, [row["subject"] for row in page], wrapped, new.key_id, timeout=_PAGE_SECONDS
        )
        done += len(page)
        progress(done, max(done, total))
    return done
