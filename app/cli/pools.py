"""`open-impact pools`: work pools out offline, for what-if questions and for checking us."""

from collections.abc import Iterator
from typing import Annotated, BinaryIO

import click
import msgspec
from msgspec import Meta, Struct

from app.cli.errors import CommandError
from domain.decider import DomainError
from domain.pledge_resolution import ConditionalPledge, ratio_of, resolve, scale

_Amount = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class OfflinePledge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One pledge of a line; amounts in minor units, ratios as decimal strings."""

    id: str
    funder: str
    amount: _Amount
    min_total: _Amount | None = None
    min_funders: _Amount | None = None
    with_funders: tuple[str, ...] | None = None
    max_share: str | None = None
    match_ratio: str | None = None
    match_cap: _Amount | None = None


class OfflinePool(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the file."""

    pledges: list[OfflinePledge]
    ceiling: _Amount | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """What a pool's pledges come to, and what remains of them under its ceiling."""

    amounts: dict[str, int]
    total: int
    scaled: dict[str, int]


class BadPoolError(ValueError):
    """A pool says something that no pool can say; the message is a sentence."""


_DECODER = msgspec.json.Decoder(OfflinePool)


@click.group()
def pools() -> None:
    """Work pools out offline."""


_RESOLVE_EXAMPLE = """\b
Example:
    open-impact pools resolve FILE.jsonl
    echo '{"ceiling": null, "pledges": [{"id": "a", "funder": "F1", "amount": 5000, "max_share": "0.5"},
        {"id": "b", "funder": "F2", "amount": 2000, "min_funders": 2}]}' | tr -d '\\n' | open-impact pools resolve -
"""


@pools.command("resolve", epilog=_RESOLVE_EXAMPLE)
@click.argument("file", metavar="FILE.jsonl", type=click.File("rb"))
def resolve_(file: BinaryIO) -> None:
    """Resolve the pools of a file, one JSON object a line, and answer one a line; - is the standard input.

    \b
    A line in:
      {"ceiling": 100000 or null, "pledges": [{"id": "a", "funder": "F1", "amount": 5000, …}]}
      with any of these conditions in a pledge:
      "min_total": 9000, "min_funders": 3, "with_funders": ["F2"], "max_share": "0.5",
      "match_ratio": "1", "match_cap": 2000
    A line out:
      {"amounts": {"a": 5000}, "total": 5000, "scaled": {"a": 5000}}

    Amounts are whole minor units (pence, cents). `amounts` is the most that satisfies every pledge's conditions;
    `scaled` is what remains of it under the ceiling. Needs no database.
    """
    for number, line in _lines(file):
        try:
            answer = answered(line)
        except (msgspec.MsgspecError, UnicodeError, DomainError, BadPoolError) as error:
            where = getattr(file, "name", "<stdin>")
            raise CommandError(f"{where}, line {number}: {_sentence(error)}") from error
        click.echo(msgspec.json.encode(answer))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(file, start=1) if line.strip())


def answered(line: bytes) -> Answer:
    """Answer one line; raises DomainError, BadPoolError or msgspec's errors."""
    pool = _DECODER.decode(line)
    ids = [pledge.id for pledge in pool.pledges]
    if len(set(ids)) < len(ids):
        raise BadPoolError("Two pledges have the same id; give each its own.")
    resolution = resolve([_pledge(pledge) for pledge in pool.pledges])
    return Answer(
        amounts=dict(resolution.amounts),
        total=resolution.total,
        scaled=dict(scale(resolution, pool.ceiling)),
    )


def _pledge(said: OfflinePledge) -> ConditionalPledge:
    share = None if said.max_share is None else ratio_of(said.max_share)
    if share is not None and share > 1:
        raise BadPoolError(f"Pledge {said.id!r} asks for more than all of the total; max_share goes up to 1.")
    return ConditionalPledge(
        id=said.id,
        funder=said.funder,
        amount=said.amount,
        min_total=said.min_total,
        min_funders=said.min_funders,
        with_funders=said.with_funders or (),
        max_share=share,
        match_ratio=None if said.match_ratio is None else ratio_of(said.match_ratio),
        match_cap=said.match_cap,
    )


def _sentence(error: Exception) -> str:
    said = str(error).rstrip(".")
    return f"{said}."
