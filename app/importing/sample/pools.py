"""The invented pools of the sample with their pledges and milestones, read from `pools.toml`."""

from importlib.resources import files
from typing import Annotated

import msgspec
from msgspec import Meta

from app.importing.sample.content import DaysAgo, Key, Pence, Title
from events.contracts import PledgeConditions


class SamplePledge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an invented funder promises; it waits for others by their keys."""

    funder: Key
    amount: Pence
    days_ago: DaysAgo
    description: str = ""
    waits_for: tuple[Key, ...] = ()
    conditions: PledgeConditions = PledgeConditions()
    confirmed_days_ago: DaysAgo | None = None


class SampleMilestone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a part of the commitments is released for, and how far it is."""

    key: Key
    title: Title
    amount: Pence
    days_ago: DaysAgo
    note: str = ""
    reached_days_ago: DaysAgo | None = None
    released_days_ago: DaysAgo | None = None


class SamplePool(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pool for an idea of the sample, opened by its author, for how many days; amounts are in pence.

    One with milestones commits just after its last pledge, so its pledges have to come to its target.
    """

    idea: Key
    days_ago: DaysAgo
    days_open: Annotated[int, Meta(gt=0)]
    minimum: Pence
    target: Pence
    pledges: tuple[SamplePledge, ...]
    ceiling: Pence | None = None
    milestones: tuple[SampleMilestone, ...] = ()


class _PoolsFile(msgspec.Struct, forbid_unknown_fields=True):
    pools: tuple[SamplePool, ...]


def read_sample_pools() -> tuple[SamplePool, ...]:
    """Read the pools of the sample.

    Raises `msgspec.ValidationError` where a field is missing, unknown or out of its bounds.
    """
    return msgspec.toml.decode(files(__package__).joinpath("pools.toml").read_bytes(), type=_PoolsFile).pools
