"""Streams `person-<id>`: somebody with an account, or a pseudonym from imported data."""

from typing import Literal, TypeAlias
from uuid import UUID

from events.contracts.base import Event, TextOfPerson

VerifiedHow: TypeAlias = Literal["email", "oidc", "invitation", "passkey", "age"]
"""What makes it likely that a person is one person: an address that answers, an identity provider, an
organisation that invited them, a passkey, or some time in good standing."""


class PersonJoined(Event, frozen=True, kw_only=True):
    """A person came to be known here.

    `origin` tells an account from a pseudonym that an import or the sample data made up, which has no name.
    An e-mail address is never part of an event.
    """

    person_id: UUID
    origin: Literal["account", "import", "sample"]
    name: TextOfPerson = ""


class PersonProfileRevised(Event, frozen=True, kw_only=True):
    """A person goes by another name from now on."""

    person_id: UUID
    name: TextOfPerson


class PersonVerified(Event, frozen=True, kw_only=True):
    """A person was verified in one more way."""

    person_id: UUID
    how: VerifiedHow


PersonEvent: TypeAlias = PersonJoined | PersonProfileRevised | PersonVerified
