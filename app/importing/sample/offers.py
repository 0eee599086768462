"""The invented organisations of the sample, what ideas need, and what is offered for it, read from `offers.toml`."""

from datetime import date
from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta

from app.importing.sample.content import DaysAgo, Key, Reason, Text, Title
from events.contracts import NeedKind, Standing

_Cost = Annotated[int, Meta(ge=0)]


class SampleOrganisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented organisation; its name says that it is one."""

    key: Key
    name: Annotated[str, Meta(pattern=r" \(sample\)$")]
    admin: Key
    days_ago: DaysAgo


class SampleNeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part that an idea of the sample lacks; `cost` is in pence."""

    key: Key
    idea: Key
    kind: NeedKind
    title: Title
    days_ago: DaysAgo
    description: str = ""
    size: str = ""
    cost: _Cost | None = None


class SampleService(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An offer as a public service."""

    name: str
    languages: str = ""
    eligibility: str = ""
    fees: str = ""
    schedule: str = ""


class SampleAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of an offer: its standing or why it was declined, and when it was delivered, if it was."""

    days_ago: DaysAgo
    standing: Standing | None = None
    declined: Reason | None = None
    delivered_days_ago: DaysAgo | None = None
    link: str | None = None


class SampleOffer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody offers for needs of an idea of the sample; costs are in pence."""

    key: Key
    idea: Key
    by: Key
    needs: tuple[Key, ...]
    kind: NeedKind
    title: Title
    description: Text
    days_ago: DaysAgo
    organisation: Key | None = None
    runs_at: str = ""
    users: str = ""
    running_since: date | None = None
    cost_to_adapt: _Cost | None = None
    weeks_to_adapt: _Cost | None = None
    licence: str = ""
    links: tuple[str, ...] = ()
    service: SampleService | None = None
    answer: SampleAnswer | None = None


class SampleOffers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All organisations, needs and offers of the sample."""

    organisations: tuple[SampleOrganisation, ...]
    needs: tuple[SampleNeed, ...]
    offers: tuple[SampleOffer, ...]


def read_sample_offers() -> SampleOffers:
    """Read the organisations, needs and offers of the sample.

    Raises `msgspec.ValidationError` where a field is missing, unknown or out of its bounds.
    """
    return msgspec.toml.decode(files(__package__).joinpath("offers.toml").read_bytes(), type=SampleOffers)
