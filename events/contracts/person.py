"""Streams `person-<id>`: somebody with an account, or a pseudonym from imported data."""

from typing import Literal, TypeAlias
from uuid import UUID

from events.contracts.base import Event


class PersonJoined(Event, frozen=True, kw_only=True):
    """A person came to be known here.

    Nothing personal is in the event: name and e-mail address stay outside the log.
    `origin` tells an account from a pseudonym that an import or the sample data made up.
    """

    person_id: UUID
    origin: Literal["account", "import", "sample"]


PersonEvent: TypeAlias = PersonJoined
