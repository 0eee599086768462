"""What a benchmark found: values by case and round, their medians and ratios, as a table and as JSON."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ops.bench.catalogue import Bench, Target


class Report:
    """Collects what is measured; a case that was never measured is left out, and so are ratios with it."""

    def __init__(self, name: str, benches: Sequence[Bench], machine: Mapping[str, object]) -> None:
        self.name = name
        self.machine = dict(machine)
        self.notes: list[str] = []
        self._benches = benches
        self._described = {case: said for bench in benches for case, said in bench.cases.items()}
        self._rounds: dict[str, list[float]] = {}

    def add(self, values: Mapping[str, float]) -> None:
        """Take the values that one round gave.

        Raises:
            KeyError: the catalogue knows no such case.
        """
        for case, value in values.items():
            if case not in self._described:
                raise KeyError(case)
            self._rounds.setdefault(case, []).append(value)

    def note(self, sentence: str) -> None:
        """Keep a sentence about how things were measured, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def rounds(self, case: str) -> Sequence[float]:
        """Give what every round measured of a case, in their order."""
        return self._rounds.get(case, [])

    @property
    def medians(self) -> dict[str, float]:
        """Give the median of every case that was measured, in the catalogue's order."""
        return {
            case: statistics.median(self._rounds[case]) for case in self._described if case in self._rounds
        }

    @property
    def ratios(self) -> dict[str, float]:
        """Give every ratio of two medians that were measured."""
        medians = self.medians
        return {
            name: medians[ratio.over] / medians[ratio.under]
            for bench in self._benches
            for name, ratio in bench.ratios.items()
            if ratio.over in medians and medians.get(ratio.under)
        }

    @property
    def targets(self) -> dict[str, tuple[Target, float, bool]]:
        """Give every target whose ratio or case was measured, with the value and whether it is met."""
        found = {**self.medians, **self.ratios}
        return {
            name: (target, found[name], target.met_by(found[name]))
            for bench in self._benches
            for name, target in bench.targets.items()
            if name in found
        }

    @property
    def missed(self) -> list[str]:
        """Name the targets that were measured and not met."""
        return [name for name, (_, _, met) in self.targets.items() if not met]

    def as_json(self) -> dict[str, Any]:
        """Give the report in the published form."""
        return {
            "bench": self.name,
            "machine": self.machine,
            "cases": [
                {
                    "name": case,
                    "unit": self._described[case][0],
                    "median": round(median, 3),
                    "rounds": [round(value, 3) for value in self._rounds[case]],
                }
                for case, median in self.medians.items()
            ],
            "ratios": {name: round(ratio, 3) for name, ratio in self.ratios.items()},
            "targets": {
                name: {
                    **({"at_least": target.at_least} if target.at_least is not None else {}),
                    **({"at_most": target.at_most} if target.at_most is not None else {}),
                    "met": met,
                }
                for name, (target, _, met) in self.targets.items()
            },
            "notes": self.notes,
        }

    def as_table(self) -> Group:
        """Lay the report out for a terminal."""
        cases = Table(title=f"bench {self.name}", title_justify="left", box=None, pad_edge=False)
        for heading in ("case", "median", "unit", "rounds", "what"):
            cases.add_column(heading, justify="right" if heading in {"median", "rounds"} else "left")
        for case, median in self.medians.items():
            unit, meaning = self._described[case]
            rounds = " ".join(shown(value) for value in self._rounds[case])
            cases.add_row(case, shown(median), unit, Text(rounds, style="dim"), Text(meaning, style="dim"))
        parts: list[Table | Text] = [cases]
        if self.ratios:
            parts += [Text(), self._ratio_table()]
        if self.targets:
            parts += [Text(), self._target_table()]
        parts += [Text(f"{name}: {value}", style="dim") for name, value in self.machine.items()]
        parts += [Text(note) for note in self.notes]
        return Group(*parts)

    def _ratio_table(self) -> Table:
        meanings = {name: ratio.meaning for bench in self._benches for name, ratio in bench.ratios.items()}
        table = Table(box=None, pad_edge=False)
        table.add_column("ratio")
        table.add_column("", justify="right")
        table.add_column("what")
        for name, ratio in self.ratios.items():
            table.add_row(name, f"{ratio:.2f}", Text(meanings[name], style="dim"))
        return table

    def _target_table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        table.add_column("target")
        for heading in ("wanted", "measured"):
            table.add_column(heading, justify="right")
        table.add_column("")
        for name, (target, value, met) in self.targets.items():
            wanted = " and ".join(
                f"{sign} {shown(bound)}"
                for sign, bound in (("≥", target.at_least), ("≤", target.at_most))
                if bound is not None
            )
            verdict = Text("met", style="green") if met else Text("missed", style="bold red")
            table.add_row(name, wanted, shown(value), verdict)
        return table


def shown(value: float) -> str:
    """Write a number with as many digits as are worth reading."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"
