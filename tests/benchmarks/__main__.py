"""`python -m tests.benchmarks [name…]`: measure, print, and rewrite docs/benchmarks.md."""

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from os import getpid
from pathlib import Path
from typing import Final, cast

import psutil
import psycopg
import structlog
from rich.console import Console
from rich.markdown import Markdown

from services import database
from services.clock import COPENHAGEN, SystemClock
from services.config import ROOT, Config
from tests.benchmarks import report
from tests.benchmarks.measurement import Bench, Table
from tests.benchmarks.words import SECTIONS

FOLDER: Final = ROOT / ".bench"
RESULTS: Final = FOLDER / "results"
PAGE: Final = ROOT / "docs" / "benchmarks.md"
DEFAULT_ROUNDS: Final = 5
DEFAULT_SECONDS: Final = 3.0

log = structlog.get_logger()


class NotDurable(Exception):
    """The server would answer before a commit is on disk; no figure would mean anything."""


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(SECTIONS))
    parser.add_argument("--page-only", action="store_true", help="write the page of what is kept")
    parser.add_argument("--rounds", type=int, default=DEFAULT_ROUNDS)
    parser.add_argument("--seconds", type=float, default=DEFAULT_SECONDS)
    given = parser.parse_args(arguments)
    if given.page_only:
        _write_page()
        return
    names = given.names or list(SECTIONS)
    if unknown := [name for name in names if name not in SECTIONS]:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    is_final = given.rounds >= DEFAULT_ROUNDS and given.seconds >= DEFAULT_SECONDS
    console = Console(width=120)
    with _fresh_folder() as data, database.server(_config(data)) as conninfo:
        bench = Bench(conninfo=conninfo, folder=FOLDER, rounds=given.rounds, seconds=given.seconds)
        machine = _machine(bench)
        for name in names:
            section = _measure(name, bench, machine)
            console.print(Markdown(report.text(section)))
            if is_final:
                report.keep(section, RESULTS)
    if is_final:
        _write_page()


def _write_page() -> None:
    PAGE.write_text(report.written_page(RESULTS))
    log.info("page_written", path=str(PAGE.relative_to(ROOT)))


def _measure(name: str, bench: Bench, machine: str) -> report.Section:
    skipped: list[str] = []
    busy = psutil.cpu_percent(interval=5.0)
    log.info("benchmark_started", name=name, busy_percent=busy)
    # Each is imported when its turn comes, so that one that cannot run leaves the others be.
    measure = cast(
        "Callable[[Bench, list[str]], list[Table]]",  # what every benchmark module has
        import_module(f"tests.benchmarks.{SECTIONS[name].module}").measure,
    )
    tables = measure(bench, skipped)
    for each in skipped:
        log.warning("baseline_skipped", name=name, what=each)
    return report.Section(
        name=name,
        measured_on=SystemClock().now().astimezone(COPENHAGEN).date().isoformat(),
        machine=machine,
        busy=busy,
        rounds=bench.rounds,
        seconds=bench.seconds,
        tables=tuple(tables),
        skipped=tuple(skipped),
    )


def _config(data: Path) -> Config:
    return Config(
        data=data,
        database_url=None,
        organisations=ROOT / "organisations",
        host="127.0.0.1",
        port=0,
        demo=True,
    )


@contextmanager
def _fresh_folder() -> Iterator[Path]:
    """A data folder of this run alone: a run that was killed may have left a server in its own."""
    data = FOLDER / f"run-{getpid()}"
    try:
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _machine(bench: Bench) -> str:
    """Describe the machine.

    Raises:
        NotDurable: the server does not wait for the disk.
    """
    with psycopg.connect(bench.conninfo) as connection:
        settings: dict[str, str] = dict(
            connection.execute(
                "SELECT name, setting FROM pg_settings"
                " WHERE name IN ('fsync', 'synchronous_commit', 'server_version')"
            ).fetchall()
        )
    if settings["fsync"] != "on" or settings["synchronous_commit"] != "on":
        raise NotDurable(settings)
    python = ".".join(str(each) for each in sys.version_info[:3])
    return f"{psutil.cpu_count()} cores, PostgreSQL {settings['server_version']}, Python {python}"


if __name__ == "__main__":
    main(sys.argv[1:])
