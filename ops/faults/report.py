"""What a campaign found: its figures, and each invariant with how often it was checked and broken."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from app.cli.output import echo_table

EXAMPLES_MAX = 3


class Invariant(Struct, frozen=True, kw_only=True):
    """Something that must hold: how many times it was checked, how many times it did not, and where first."""

    name: str
    checked: int
    broken: int
    examples: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Tell whether it was checked at all, and never found broken."""
        return self.checked > 0 and self.broken == 0


class Report(Struct, frozen=True, kw_only=True):
    """The outcome of one campaign; `figures` are plain numbers with their unit in the name."""

    campaign: str
    seed: int
    figures: Mapping[str, float]
    invariants: tuple[Invariant, ...]

    @property
    def holds(self) -> bool:
        """Tell whether every invariant holds."""
        return all(invariant.holds for invariant in self.invariants)


class Breaches:
    """Counts how often one invariant was checked and broken, and remembers the first examples."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._broken = 0
        self._examples: list[str] = []
        self.checked = 0

    def note(self, example: str) -> None:
        """Remember that it was broken here."""
        self._broken += 1
        if len(self._examples) < EXAMPLES_MAX:
            self._examples.append(example)

    def note_all(self, examples: Iterable[str]) -> None:
        """Remember several places where it was broken."""
        for example in examples:
            self.note(example)

    def expect(self, holds: bool, example: str) -> None:  # noqa: FBT001  # Reads as a sentence at the call.
        """Check it once."""
        self.checked += 1
        if not holds:
            self.note(example)

    def invariant(self) -> Invariant:
        """Give the outcome."""
        return Invariant(
            name=self._name, checked=self.checked, broken=self._broken, examples=tuple(self._examples)
        )


def show(report: Report) -> None:
    """Print the figures and the invariants as two tables, and every example of a broken one."""
    echo_table(("figure", "value"), [(name, value) for name, value in report.figures.items()])
    click.echo()
    echo_table(
        ("invariant", "checked", "broken", ""),
        [(item.name, item.checked, item.broken, _word_for(item)) for item in report.invariants],
    )
    for item in report.invariants:
        for example in item.examples:
            click.echo(f"  {item.name}: {example}")


def save(report: Report, file: Path) -> None:
    """Write a report as JSON."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")


def _word_for(invariant: Invariant) -> str:
    if invariant.holds:
        return "holds"
    return "BROKEN" if invariant.broken else "NOT CHECKED"
