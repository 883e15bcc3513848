"""How a figure is taken: contenders side by side, in turn, round after round, and the medians."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeAlias

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

Sample: TypeAlias = Mapping[str, float]
"""One contender's figures of one round, by metric: `commands/s`, `p50 ms`, ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One work as every contender did it: the median over the rounds of each metric.

    `spread` is the lowest and the highest round of the first metric.
    """

    work: str
    rows: Mapping[str, Sample]
    spread: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where and how long to measure. `conninfo` names the server's own database."""

    conninfo: str
    folder: Path
    rounds: int
    seconds: float

    def database(self, name: str) -> str:
        """Make an empty database for one contender; give its connection string."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(Identifier(name)))
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return make_conninfo(self.conninfo, dbname=name)

    def analyze(self) -> None:
        """Fresh statistics in every database: a table filled at once is scanned whole without."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE NOT datistemplate"
            ).fetchall()
        for (name,) in rows:
            with psycopg.connect(
                make_conninfo(self.conninfo, dbname=name), autocommit=True
            ) as connection:
                connection.execute("ANALYZE")


def interleaved(
    bench: Bench, contenders: Mapping[str, Callable[[], Sample]]
) -> dict[str, list[Sample]]:
    """Let every contender run once per round, in turn, after a round that does not count."""
    for run in contenders.values():
        run()
    samples: dict[str, list[Sample]] = {name: [] for name in contenders}
    for _ in range(bench.rounds):
        bench.analyze()
        for name, run in contenders.items():
            samples[name].append(run())
    return samples


def table(work: str, samples: Mapping[str, Sequence[Sample]]) -> Table:
    rows: dict[str, Sample] = {}
    spread: dict[str, tuple[float, float]] = {}
    for contender, rounds in samples.items():
        first = next(iter(rounds[0]))
        rows[contender] = {metric: median(each[metric] for each in rounds) for metric in rounds[0]}
        spread[contender] = (min(r[first] for r in rounds), max(r[first] for r in rounds))
    return Table(work=work, rows=rows, spread=spread)


def quantiles(seconds: Sequence[float]) -> dict[str, float]:
    """The middle and the slowest hundredth, in milliseconds."""
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return {
        "p50 ms": ordered[last // 2] * 1000,
        "p99 ms": ordered[min(last, round(last * 0.99))] * 1000,
    }


@contextmanager
def prepared(
    named: Mapping[str, Callable[[ExitStack], Callable[[], Sample]]],
) -> Iterator[dict[str, Callable[[], Sample]]]:
    """Set every contender up, and take all of them down however the measuring ends."""
    with ExitStack() as stack:
        yield {name: make(stack) for name, make in named.items()}
