"""The port of the keys: one random key a subject, made before the first text is sealed with it."""

from collections.abc import Collection, Mapping
from secrets import token_bytes
from typing import Protocol, TypeAlias
from uuid import UUID

from events.sealing.boxes import KEY_BYTES
from events.sealing.errors import NoSecretKeyError, SubjectErasedError

Keys: TypeAlias = Mapping[UUID, bytes | None]
"""Keys by subject; None for one that was destroyed. Who is not in it has none."""

NO_KEYS: Keys = {}


class Keyring(Protocol):
    """Finds, makes and destroys keys."""

    async def found(self, subjects: Collection[UUID]) -> Keys:
        """Give the keys of subjects, as far as there are any.

        Raises:
            LogUnavailableError: the keys cannot be reached just now.
        """
        ...

    async def made(self, subjects: Collection[UUID]) -> Keys:
        """Give the keys of subjects, and make those that are missing, so that they last.

        Raises:
            SubjectErasedError: a key was destroyed, and nothing may be sealed with it again.
            LogUnavailableError: the keys cannot be reached just now.
        """
        ...

    async def destroy(self, subjects: Collection[UUID]) -> None:
        """Destroy keys for ever: what was sealed with them reads as empty."""
        ...


class MemoryKeyring:
    """The keys in a dictionary, for tests and what-if runs."""

    def __init__(self) -> None:
        self.keys: dict[UUID, bytes | None] = {}

    async def found(self, subjects: Collection[UUID]) -> Keys:
        """Give the keys of subjects; see the port."""
        return {subject: self.keys[subject] for subject in subjects if subject in self.keys}

    async def made(self, subjects: Collection[UUID]) -> Keys:
        """Give the keys of subjects, made where they were missing; see the port."""
        for subject in subjects:
            if self.keys.setdefault(subject, token_bytes(KEY_BYTES)) is None:
                raise SubjectErasedError(subject)
        return await self.found(subjects)

    async def destroy(self, subjects: Collection[UUID]) -> None:
        """Destroy keys; see the port."""
        self.keys.update(dict.fromkeys(subjects))


class NoKeyring:
    """No keys, for whoever looks at the log without the secret key: what is sealed stays so."""

    async def found(self, subjects: Collection[UUID]) -> Keys:
        """Refuse to open anything (`NoSecretKeyError`)."""
        if subjects:
            raise NoSecretKeyError
        return NO_KEYS

    made = found

    async def destroy(self, subjects: Collection[UUID]) -> None:
        """Refuse to destroy anything (`NoSecretKeyError`)."""
        await self.found(subjects)
