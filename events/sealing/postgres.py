"""The keys in PostgreSQL, each wrapped; unwrapped ones are kept in memory for a while.

A page of the log is opened with one look-up for all keys that are not at hand. Keys at hand are bounded in number
and in age: a key that another process destroyed opens nothing here after a minute.
"""

from collections.abc import Collection
from secrets import token_bytes
from time import monotonic
from uuid import UUID

import asyncpg

from events.connections import Pool, unavailable_when_lost
from events.sealing.boxes import KEY_BYTES
from events.sealing.errors import SecretKeyRotatedError, SubjectErasedError, WrongSecretKeyError
from events.sealing.keyring import Keys
from events.sealing.secret_key import InstallationSecret, SecretKey
from events.sql import statement

KEPT_MAX = 20_000
KEPT_SECONDS = 60.0


class PostgresKeyring:
    """The `Keyring` in PostgreSQL."""

    def __init__(self, pool: Pool, secret_key: SecretKey) -> None:
        self._pool = pool
        self._secret_key = secret_key
        self._kept: dict[UUID, bytes] = {}
        self._kept_until = 0.0

    async def begin(self) -> InstallationSecret:
        """Make sure that the secret key is this database's, and give the installation's own secret.

        An empty database takes on the secret key with which it is opened first.

        Raises:
            WrongSecretKeyError: it is another database's.
            OSError, asyncpg.PostgresError: the database is away, or has not this release's schema.
        """
        row = await self._pool.fetchrow(statement("secret_key"))
        if row is None:
            drawn = self._secret_key.wrap_installation(token_bytes(KEY_BYTES))
            await self._pool.execute(statement("begin_secret_key"), self._secret_key.key_id, drawn)
            row = await self._pool.fetchrow(statement("secret_key"))
        if row is None or row["key_id"] != self._secret_key.key_id:
            raise WrongSecretKeyError
        return InstallationSecret(self._secret_key.unwrap_installation(row["installation"]))

    async def found(self, subjects: Collection[UUID]) -> Keys:
        """Give the keys of subjects; see the port."""
        kept = self._at_hand()
        keys: dict[UUID, bytes | None] = {one: kept[one] for one in subjects if one in kept}
        if missing := [subject for subject in subjects if subject not in keys]:
            async with unavailable_when_lost():
                rows = await self._pool.fetch(statement("subject_keys"), missing)
            keys |= {subject: self._unwrapped(subject, wrapped, key_id) for subject, wrapped, key_id in rows}
            self._keep(keys)
        return keys

    async def made(self, subjects: Collection[UUID]) -> Keys:
        """Give the keys of subjects, made where they were missing; see the port."""
        kept = self._at_hand()
        keys: dict[UUID, bytes | None] = {one: kept[one] for one in subjects if one in kept}
        if missing := [subject for subject in subjects if subject not in keys]:
            keys |= await self._drawn(missing)
            # Who has one already kept it, or somebody else was faster.
            keys |= await self.found([subject for subject in missing if subject not in keys])
            self._keep(keys)
        for subject, key in keys.items():
            if key is None:
                raise SubjectErasedError(subject)
        return keys

    async def destroy(self, subjects: Collection[UUID]) -> None:
        """Destroy keys; see the port."""
        async with unavailable_when_lost():
            await self._pool.execute(
                statement("destroy_subject_keys"), sorted(subjects), self._secret_key.key_id
            )
        self.forget()

    def forget(self) -> None:
        """Let go of all keys that are kept at hand."""
        self._kept.clear()

    async def _drawn(self, subjects: Collection[UUID]) -> dict[UUID, bytes | None]:
        """Draw keys and record those that are the first of their subject."""
        # Always in the same order, so that two who make the same keys do not wait for each other.
        drawn = {subject: token_bytes(KEY_BYTES) for subject in sorted(subjects)}
        wrapped = [self._secret_key.wrap(key, subject) for subject, key in drawn.items()]
        try:
            async with unavailable_when_lost():
                rows = await self._pool.fetch(
                    statement("make_subject_keys"), list(drawn), wrapped, self._secret_key.key_id
                )
        except asyncpg.ForeignKeyViolationError as error:
            raise SecretKeyRotatedError from error
        return {subject: drawn[subject] for (subject,) in rows}

    def _unwrapped(self, subject: UUID, wrapped: bytes | None, key_id: bytes) -> bytes | None:
        if wrapped is None:
            return None
        if key_id != self._secret_key.key_id:
            raise SecretKeyRotatedError
        return self._secret_key.unwrap(wrapped, subject)

    def _at_hand(self) -> dict[UUID, bytes]:
        if monotonic() > self._kept_until:
            self._kept.clear()
            self._kept_until = monotonic() + KEPT_SECONDS
        return self._kept

    def _keep(self, keys: Keys) -> None:
        if len(self._kept) + len(keys) > KEPT_MAX:
            self._kept.clear()
        room = KEPT_MAX - len(self._kept)
        self._kept.update([(subject, key) for subject, key in keys.items() if key is not None][:room])
