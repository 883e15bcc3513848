"""A projection rebuilt from the first event to the last."""

import time
from collections.abc import Callable
from contextlib import closing
from typing import Final

from projections import timeline
from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from services.ports import EventStore
from services.projecting.generations import ensure
from services.projecting.rebuilding import rebuild
from tests.benchmarks import julelys
from tests.benchmarks.baselines import copied, stock, stock_projection
from tests.benchmarks.julelys_events import ORGANISATION
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, table
from tests.benchmarks.messages import EVENTS_PER_STREAM
from tests.keys import RING

OUR_CASES: Final = 4_000
STOCK_CASES: Final = 300
"""Fewer, for a round of the stock runner would take half a minute; its pace does not change."""


class Shortened(Exception):
    """Fewer rows came out than there are events."""


def measure(bench: Bench, _skipped: list[str]) -> list[Table]:
    stock_db, ours_db = bench.database("bench_stock"), bench.database("bench_julelys")
    _fill_stock(stock_db)
    julelys.install(ours_db)
    ensure(ours_db, ORGANISATION, [timeline.projection])
    with PostgresEventStore(ours_db, ORGANISATION, RING) as store:
        _fill(store)
        bench.analyze()
        runs = {
            "eventsourcing ProjectionRunner": _stock(stock_db),
            "hand-written COPY": _counted(copied.by_hand(ours_db, ORGANISATION)),
            "COPY of ready rows": _counted(copied.ready(ours_db, ORGANISATION)),
            "Julelys": _ours(ours_db, store),
        }
        return [table("rebuild the timeline", interleaved(bench, runs))]


def _ours(conninfo: str, store: EventStore) -> Callable[[], Sample]:
    def run() -> Sample:
        began = time.perf_counter()
        found = rebuild(conninfo, ORGANISATION, store, timeline.projection)
        if found.position != store.safe_position():
            raise Shortened
        return {"events/s": OUR_CASES * EVENTS_PER_STREAM / (time.perf_counter() - began)}

    return run


def _counted(work: Callable[[], int]) -> Callable[[], Sample]:
    def run() -> Sample:
        began = time.perf_counter()
        count = work()
        if count != OUR_CASES * EVENTS_PER_STREAM:
            raise Shortened(count)
        return {"events/s": count / (time.perf_counter() - began)}

    return run


def _stock(conninfo: str) -> Callable[[], Sample]:
    count = STOCK_CASES * EVENTS_PER_STREAM
    work = stock_projection.rebuilder(conninfo, last=count)
    return lambda: {"events/s": count / work()}


def _fill_stock(conninfo: str) -> None:
    stock.install(conninfo)
    with closing(stock.Cases(env=stock.environment(conninfo, create=False))) as app:
        for _ in range(STOCK_CASES):
            app.save(stock.new_case(EVENTS_PER_STREAM))


def _fill(store: EventStore) -> None:
    for _ in range(OUR_CASES):
        julelys.record(store, julelys.history_of(new_id(), EVENTS_PER_STREAM))
