"""What is to be said of messages that came in: who takes them, who refuses copies, and whether they say what happened."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from msgspec import Struct

from app.webhooks.schemas import CLOUDEVENT_ANCHOR
from app.webhooks.signing import EndpointKeys
from ops.faults.contract_reader import Registered, Schemas
from ops.faults.drawn_events import MARK
from ops.faults.npm_reader import Found, NpmReader, Question
from ops.faults.received import Received, tampered
from ops.faults.report import Breaches, Invariant
from ops.faults.signature_check import holds_by_the_library, holds_v1, holds_v1a, is_recent

_PYPI, _NPM = "standardwebhooks from PyPI", "standardwebhooks from npm"
_V1, _V1A = "a check of v1 with nothing but HMAC", "a check of v1a with the public key"
_READERS = (_PYPI, _NPM, _V1, _V1A)
_MILLISECOND = timedelta(milliseconds=1)
"""Dates of JavaScript know no less."""
Event = Mapping[str, Any]


class _Case(Struct, frozen=True):
    """A message and the keys to check it with; `fault` says why it must be refused, and is empty where it must be taken."""

    got: Received
    secret: str
    public_key: str
    fault: str = ""


class MessageCheck:
    """Checks messages against what the owner of their endpoint knows, and counts; `keys` are those that sign."""

    def __init__(
        self,
        endpoints: Sequence[Registered],
        keys: Sequence[Sequence[EndpointKeys]],
        *,
        schemas: Schemas,
        npm: NpmReader,
        source: str,
        chance: random.Random,
    ) -> None:
        self._endpoints = endpoints
        self._keys = keys
        self._schemas = schemas
        self._npm = npm
        self._source = source
        self._chance = chance
        self._takes = {reader: Breaches(f"{reader} takes every message") for reader in _READERS}
        self._refuses = {reader: Breaches(f"{reader} refuses every copy") for reader in _READERS}
        self._valid = Breaches("every body is valid by its published schema")
        self._same = Breaches("every message says what the public log says")
        self._thin = Breaches("no text that somebody wrote is in a message")
        self._pypi_reads = Breaches("cloudevents from PyPI reads every event, in both modes")
        self._npm_reads = Breaches("cloudevents from npm reads every event, in both modes")
        self.copies = 0

    async def check(self, batch: Sequence[Received], log: Mapping[str, Event]) -> None:
        """Check some messages; `log` is what the public log says of them and of others."""
        cases = [case for got in batch for case in self._cases(got)]
        self.copies += sum(1 for case in cases if case.fault)
        questions = [Question(case.got, case.secret, read=self._is_event(case)) for case in cases]
        answers, _ = await asyncio.gather(
            self._npm.answers(questions), asyncio.to_thread(self._by_python, cases)
        )
        for case, answer in zip(cases, answers, strict=True):
            self._note(_NPM, case, takes=answer.signed)
            if self._is_event(case):
                self._read_by_npm(case.got, answer, log[case.got.id])
        for got in batch:
            self._read(got, log[got.id])

    def invariants(self) -> list[Invariant]:
        """Give what was found."""
        checks = (*self._takes.values(), *self._refuses.values(), self._valid, self._same, self._thin)
        return [check.invariant() for check in (*checks, self._pypi_reads, self._npm_reads)]

    def _cases(self, got: Received) -> list[_Case]:
        """Give a message as it came, for each key that signs it, and copies with the first of them."""
        own = self._endpoints[got.endpoint]
        known = [(own.secrets[key_id], own.public_keys[key_id]) for key_id in own.secrets]
        copies = tampered(got, self._keys[got.endpoint], self._chance)
        other = self._endpoints[(got.endpoint + 1) % len(self._endpoints)]
        key_id = next(iter(other.secrets))
        return [
            *(_Case(got, *pair) for pair in known),
            *(_Case(copy, *known[0], fault) for fault, copy in copies.items()),
            _Case(got, other.secrets[key_id], other.public_keys[key_id], "with another endpoint's keys"),
        ]

    def _is_event(self, case: _Case) -> bool:
        return not case.fault and self._endpoints[case.got.endpoint].written_as != "standard"

    def _by_python(self, cases: Sequence[_Case]) -> None:
        for case in cases:
            headers, body = case.got.headers, case.got.body
            recent = is_recent(headers)
            self._note(_PYPI, case, takes=holds_by_the_library(headers, body, case.secret))
            self._note(_V1, case, takes=recent and holds_v1(headers, body, case.secret))
            self._note(_V1A, case, takes=recent and holds_v1a(headers, body, case.public_key))

    def _note(self, reader: str, case: _Case, *, takes: bool) -> None:
        if case.fault:
            self._refuses[reader].expect(not takes, f"{case.got.id} was taken: {case.fault}")
        else:
            self._takes[reader].expect(takes, f"{case.got.id} to endpoint {case.got.endpoint}")

    def _read(self, got: Received, logged: Event) -> None:
        """Check what a message says, as its schema has it and as the log has it."""
        written_as, body = self._endpoints[got.endpoint].written_as, _decoded(got.body)
        self._thin.expect(MARK.encode() not in got.body and MARK not in str(got.headers), got.id)
        whole = self._schemas.address_of(logged["type"])
        match written_as:
            case "standard":
                self._valid_by(got, body, whole)
                envelope = {"timestamp": logged["recorded_at"], **logged, "data": body.get("data")}
                same = body == envelope and _is_part(body.get("data"), logged["data"])
                self._same.expect(same, f"{got.id} to endpoint {got.endpoint}")
            case "cloudevents_structured":
                self._valid_by(got, body, f"{whole}#{CLOUDEVENT_ANCHOR}")
                self._valid_by(got, body.get("data"), body.get("dataschema", whole))
                self._read_by_pypi(got, logged)
            case "cloudevents_binary":
                self._valid_by(got, body, got.headers.get("ce-dataschema", whole))
                self._read_by_pypi(got, logged)

    def _valid_by(self, got: Received, said: Any, address: str) -> None:
        faults = self._schemas.faults(said, address)
        self._valid.expect(not faults, f"{got.id} to endpoint {got.endpoint}: {faults}")

    def _read_by_pypi(self, got: Received, logged: Event) -> None:
        try:
            read = from_http_event(HTTPMessage(headers=dict(got.headers), body=got.body))
            said = {**read.get_attributes(), "data": read.get_data()}
        except Exception as error:  # noqa: BLE001  # Whatever a library raises, the message was not read.
            self._pypi_reads.expect(False, f"{got.id}: {error!r}")  # noqa: FBT003  # As in a sentence.
            return
        at = said.pop("time", None)
        held = self._says(said, logged) and at == datetime.fromisoformat(logged["occurred_at"])
        self._pypi_reads.expect(held, f"{got.id}: {said}")
        self._same.expect(held, f"{got.id} to endpoint {got.endpoint}")

    def _read_by_npm(self, got: Received, answer: Found, logged: Event) -> None:
        said = dict(answer.event or {})
        at, true = said.pop("time", ""), datetime.fromisoformat(logged["occurred_at"])
        held = self._says(said, logged) and abs(datetime.fromisoformat(at) - true) < _MILLISECOND
        self._npm_reads.expect(held, f"{got.id}: {answer.unread or said}")

    def _says(self, said: Event, logged: Event) -> bool:
        """Tell whether a CloudEvent, its time aside, says what the log says."""
        expected = {
            "specversion": "1.0",
            "id": logged["id"],
            "source": self._source,
            "type": logged["type"],
            "subject": logged["stream"],
            "datacontenttype": "application/json",
            "dataschema": f"{self._schemas.address_of(logged['type'])}#data",
            "sequence": f"{logged['version']:019}",
            "position": str(logged["position"]),
            "recordedtime": logged["recorded_at"],
        }
        data = said.get("data")
        return {**said, "data": None} == {**expected, "data": None} and _is_part(data, logged["data"])


def _is_part(said: Any, logged: Event) -> bool:
    """Tell whether something is there and says nothing but what the log says."""
    return isinstance(said, dict) and bool(said) and {**logged, **said} == logged


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}
