"""The figures as a page: docs/benchmarks.md, and the same on the screen."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.goals import verdicts
from tests.benchmarks.measurement import Table
from tests.benchmarks.words import FOREWORD, SECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One benchmark's outcome and under what conditions it was had.

    `busy` is the share of the machine's processor time, in percent, that others used in the five
    seconds before; `skipped` names the baselines that could not be had, and why.
    """

    name: str
    measured_on: str
    machine: str
    busy: float
    rounds: int
    seconds: float
    tables: tuple[Table, ...]
    skipped: tuple[str, ...]


def keep(section: Section, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{section.name}.json").write_text(json.dumps(asdict(section), indent=1))


def written_page(folder: Path) -> str:
    """The whole page, from every benchmark's latest outcome on this machine."""
    return "\n".join([FOREWORD, *(_latest(name, folder) for name in SECTIONS)])


def _latest(name: str, folder: Path) -> str:
    path = folder / f"{name}.json"
    if path.exists():
        return text(_section(path))
    return "\n".join([_heading(name), "No figures from this machine yet.\n", _goals(name, ())])


def _section(path: Path) -> Section:
    found = json.loads(path.read_text())
    tables = tuple(
        Table(
            work=each["work"],
            rows=each["rows"],
            spread={name: (low, high) for name, (low, high) in each["spread"].items()},
        )
        for each in found.pop("tables")
    )
    return Section(tables=tables, **{**found, "skipped": tuple(found["skipped"])})


def text(section: Section) -> str:
    parts = [_heading(section.name)]
    parts.append(
        f"{section.measured_on}, {section.machine}; medians of {section.rounds} rounds of"
        f" {section.seconds:g} s; the processors were"
        f" {section.busy:.0f} % busy with other work just before.\n"
    )
    parts.extend(f"**Not measured: {each}.**\n" for each in section.skipped)
    parts.extend(_table(each) for each in section.tables)
    parts.append(_goals(section.name, section.tables))
    parts.extend(
        f"Missed: {each.work}, {each.goal}. {each.where_time_goes}\n"
        for each in verdicts(section.name, section.tables)
        if each.is_met is False
    )
    return "\n".join(parts)


def _heading(name: str) -> str:
    return f"## {SECTIONS[name].title}\n\n{SECTIONS[name].what}\n"


def _table(found: Table) -> str:
    metrics = list(dict.fromkeys(metric for row in found.rows.values() for metric in row))
    lines = [
        f"| {found.work} | {' | '.join(metrics)} | lowest to highest |",
        "|---" * (len(metrics) + 2) + "|",
    ]
    for contender, row in found.rows.items():
        cells = " | ".join(_number(row.get(metric)) for metric in metrics)
        low, high = found.spread[contender]
        lines.append(f"| {contender} | {cells} | {_number(low)} to {_number(high)} |")
    return "\n".join([*lines, ""])


def _goals(name: str, tables: Sequence[Table]) -> str:
    marks = {True: "met", False: "**missed**", None: "not measured"}
    lines = ["| goal | wanted | reached | |", "|---|---|---|---|"]
    lines += [
        f"| {each.work} | {each.goal} | {each.reached} | {marks[each.is_met]} |"
        for each in verdicts(name, tables)
    ]
    return "\n".join([*lines, ""])


_TENS: Final = 10
_HUNDREDS: Final = 100


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if abs(value) < _TENS:
        return f"{value:.2f}"
    return f"{value:.1f}" if abs(value) < _HUNDREDS else f"{value:,.0f}"
