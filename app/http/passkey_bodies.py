"""What browsers send of passkeys, in the JSON of Web Authentication Level 3 (`toJSON`), and how they are named."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct, field

from app.access.passkeys import NAME_LENGTH_MAX
from app.http.bodies import Body, text_faults
from app.http.problems import FieldProblem

_Word: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100_000, pattern="^[A-Za-z0-9_-]+$")]
_ShortWord: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1_400, pattern="^[A-Za-z0-9_-]+$")]
_Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH_MAX)]


class MadeResponse(Struct, frozen=True, kw_only=True):
    """What an authenticator says of a passkey it made; browsers may add fields, which are not looked at."""

    client_data: _Word = field(name="clientDataJSON")
    attestation: _Word = field(name="attestationObject")
    transports: Annotated[list[Annotated[str, Meta(max_length=50)]], Meta(max_length=10)] = []


class ShownResponse(Struct, frozen=True, kw_only=True):
    """What an authenticator says of a passkey it shows; browsers may add fields, which are not looked at."""

    client_data: _Word = field(name="clientDataJSON")
    authenticator_data: _Word = field(name="authenticatorData")
    signature: _ShortWord
    user_handle: _ShortWord | None = field(name="userHandle", default=None)


class MadeCredential(Struct, frozen=True, kw_only=True):
    """A passkey that was made: a `PublicKeyCredential` of the browser, in base64url."""

    id: _ShortWord
    raw_id: _ShortWord = field(name="rawId")
    type: Literal["public-key"]
    response: MadeResponse


class ShownCredential(Struct, frozen=True, kw_only=True):
    """A passkey that is shown: a `PublicKeyCredential` of the browser, in base64url."""

    id: _ShortWord
    raw_id: _ShortWord = field(name="rawId")
    type: Literal["public-key"]
    response: ShownResponse


class NewPasskey(Body, frozen=True, kw_only=True):
    """A passkey to add, and the name by which its owner knows it."""

    credential: MadeCredential
    name: _Name = "Passkey"

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the name."""
        yield from text_faults("name", self.name, NAME_LENGTH_MAX)


class ShownPasskey(Body, frozen=True, kw_only=True):
    """A passkey that is shown."""

    credential: ShownCredential


class PasskeyName(Body, frozen=True, kw_only=True):
    """Another name for a passkey."""

    name: _Name

    def faults(self) -> Iterator[FieldProblem]:
        """List what is wrong with the name."""
        yield from text_faults("name", self.name, NAME_LENGTH_MAX)


def as_json(credential: MadeCredential | ShownCredential) -> dict[str, Any]:
    """Give a credential as the dictionary that the browser sent."""
    written: dict[str, Any] = msgspec.to_builtins(credential)
    return written
