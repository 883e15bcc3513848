"""Load, decide, append: one command after the other, in one and in eight writer processes."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Final

from tests.benchmarks import julelys
from tests.benchmarks.baselines import emmett, message_db, raw, stock
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, table
from tests.benchmarks.writers import Writers, python_writers, writers

WRITERS: Final = 8


def measure(bench: Bench, skipped: list[str]) -> list[Table]:
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(writers(commands))
            for name, commands in _command_lines(bench, skipped).items()
        }
        tables = []
        for count in (1, WRITERS):
            runs = {name: _run(each, count, bench) for name, each in started.items()}
            plural = "writer" if count == 1 else "writers"
            tables.append(table(f"append, {count} {plural}", interleaved(bench, runs)))
        return tables


def _run(started: Writers, count: int, bench: Bench) -> Callable[[], Sample]:
    return partial(started.run, count, bench.seconds)


def _command_lines(bench: Bench, skipped: list[str]) -> Mapping[str, list[list[str]]]:
    raw_db, stock_db, ours_db = (bench.database(f"bench_{n}") for n in ("raw", "stock", "julelys"))
    raw.install(raw_db)
    stock.install(stock_db)
    julelys.install(ours_db)
    lines = {
        "raw INSERT": python_writers("raw", raw_db, WRITERS),
        "eventsourcing": python_writers("stock", stock_db, WRITERS),
        "Julelys": python_writers("julelys", ours_db, WRITERS),
        "Julelys, by the desk": python_writers("julelys-desk", ours_db, WRITERS),
    }
    try:
        node = emmett.packages(bench.folder / "node")
    except emmett.NodeMissing as missing:
        skipped.append(f"Emmett and Message DB: {missing}")
        return lines
    emmett_db, message_db_db = bench.database("bench_emmett"), bench.database("bench_message_db")
    emmett.install(node, emmett_db)
    message_db.install(node, message_db_db)
    lines["Emmett"] = emmett.writers(node, emmett_db, WRITERS)
    lines["Message DB, a category each"] = python_writers("message-db", message_db_db, WRITERS)
    lines["Message DB, one category"] = python_writers("message-db-one", message_db_db, WRITERS)
    return lines
