"""From rows to state: one long stream, and the log from end to end."""

import time
from collections.abc import Callable
from contextlib import closing
from typing import Final

from aggregates import case
from events.ids import CaseId
from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from services.ports import EventStore
from services.streams import case_stream
from tests.benchmarks import julelys
from tests.benchmarks.baselines import stock
from tests.benchmarks.julelys_events import ORGANISATION, history
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, table
from tests.benchmarks.messages import TEXT
from tests.keys import RING

LENGTH: Final = 1_000
"""Events in the long stream, and on a page of the log."""

PAGES: Final = 10
STREAMS: Final = 20
SAVED_AT_ONCE: Final = 100


class Shortened(Exception):
    """Less was read than was written; the figure would be of another work."""


def measure(bench: Bench, _skipped: list[str]) -> list[Table]:
    stock_db, ours_db = bench.database("bench_stock"), bench.database("bench_julelys")
    stock.install(stock_db)
    julelys.install(ours_db)
    with (
        closing(stock.Cases(env=stock.environment(stock_db, create=False))) as app,
        PostgresEventStore(ours_db, ORGANISATION, RING) as store,
    ):
        of_stream = {"eventsourcing": _stock_stream(app), "Julelys": _our_stream(store)}
        of_log = {"eventsourcing": _stock_log(app), "Julelys": _our_log(store)}
        return [
            table(f"replay a stream of {LENGTH:,}", interleaved(bench, of_stream)),
            table("read the log", interleaved(bench, of_log)),
        ]


def _stock_stream(app: stock.Cases) -> Callable[[], Sample]:
    long = _long_stock_case(app)

    def run() -> Sample:
        began = time.perf_counter()
        for _ in range(STREAMS):
            found: stock.Case = app.repository.get(long.id)
            if found.messages != LENGTH - 1:
                raise Shortened
        return _rate(STREAMS * LENGTH, began)

    return run


def _long_stock_case(app: stock.Cases) -> stock.Case:
    long = stock.new_case()
    for number in range(1, LENGTH):
        long.write(message=new_id(), text=TEXT)
        # The library saves by a pipelined statement, and psycopg hangs on one above a megabyte.
        if number % SAVED_AT_ONCE == 0:
            app.save(long)
    app.save(long)
    return long


def _our_stream(store: EventStore) -> Callable[[], Sample]:
    stream = new_id()
    name = case_stream(CaseId(stream))
    julelys.record(store, julelys.history_of(stream, LENGTH))

    def run() -> Sample:
        began = time.perf_counter()
        for _ in range(STREAMS):
            found = store.read(name)
            state = case.decider.replay(history(found))
            if found.version != LENGTH or state.status is not case.Status.OPEN:
                raise Shortened
        return _rate(STREAMS * LENGTH, began)

    return run


def _stock_log(app: stock.Cases) -> Callable[[], Sample]:
    for _ in range(PAGES - 1):
        _long_stock_case(app)

    def run() -> Sample:
        began = time.perf_counter()
        start, count = 1, 0
        while page := app.recorder.select_notifications(start=start, limit=LENGTH):
            count += len([app.mapper.to_domain_event(each) for each in page])
            start = page[-1].id + 1
        if count != PAGES * LENGTH:
            raise Shortened
        return _rate(count, began)

    return run


def _our_log(store: EventStore) -> Callable[[], Sample]:
    for _ in range(PAGES - 1):
        julelys.record(store, julelys.history_of(new_id(), LENGTH))

    def run() -> Sample:
        began = time.perf_counter()
        after, count = 0, 0
        while True:
            facts, reached = store.read_log(after=after, limit=LENGTH)
            if reached == after:
                break
            after = reached
            count += len(facts)
        if count != PAGES * LENGTH:
            raise Shortened
        return _rate(count, began)

    return run


def _rate(count: int, began: float) -> Sample:
    return {"events/s": count / (time.perf_counter() - began)}
