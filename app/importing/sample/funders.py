"""The invented funders of the sample and what they are open to, read from `funders.toml`."""

from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta

from app.importing.sample.content import DaysAgo, Key, Text, Title
from events.contracts import FundableStage, MandateMode, PledgeConditions, Thresholds

_Pence = Annotated[int, Meta(gt=0)]


class SampleFunder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented organisation that gives money; its name says that it is one."""

    key: Key
    name: Annotated[str, Meta(pattern=r" \(sample\)$")]
    admin: Key
    days_ago: DaysAgo


class SampleMandate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an invented funder is open to, for how many days; amounts are in pence."""

    key: Key
    funder: Key
    title: Title
    terms: Text
    days_ago: DaysAgo
    days_open: Annotated[int, Meta(gt=0)]
    ticket_min: _Pence
    ticket_max: _Pence
    budget: _Pence
    themes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    stages: tuple[FundableStage, ...] = ()
    mode: MandateMode = "notify"
    thresholds: Thresholds = Thresholds()
    conditions: PledgeConditions = PledgeConditions()


class SampleFunders(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All funders and mandates of the sample."""

    funders: tuple[SampleFunder, ...]
    mandates: tuple[SampleMandate, ...]


def read_sample_funders() -> SampleFunders:
    """Read the funders and mandates of the sample.

    Raises `msgspec.ValidationError` where a field is missing, unknown or out of its bounds.
    """
    return msgspec.toml.decode(files(__package__).joinpath("funders.toml").read_bytes(), type=SampleFunders)
