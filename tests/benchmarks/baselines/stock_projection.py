"""The library's own ProjectionRunner, filling a table like the timeline by its documentation."""

import time
from collections.abc import Callable
from typing import Any, Final

import psycopg
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.types.json import Jsonb

from tests.benchmarks.baselines import stock

TABLE: Final = """
CREATE TABLE stock_timeline (
    case_id uuid NOT NULL,
    position bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (case_id, position)
)
"""
PATIENCE_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.02


class NeverCaughtUp(Exception):
    """The runner did not reach the end of the log in two minutes."""


class TimelineView(PostgresTrackingRecorder):
    """One table beside the library's tracking, written in one transaction with it."""

    def add(self, event: stock.Case.Event, tracking: Tracking) -> None:
        facts = {
            name: str(value)
            for name, value in event.__dict__.items()
            if name not in {"originator_id", "originator_version", "timestamp"}
        }
        row = (
            event.originator_id,
            tracking.notification_id,
            event.timestamp,
            type(event).__name__,
            Jsonb(facts),
        )
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO stock_timeline (case_id, position, at, kind, facts)"
                " VALUES (%s, %s, %s, %s, %s)",
                row,
                prepare=True,
            )


class TimelineProjection(Projection[TimelineView]):
    name = "timeline"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:  # noqa: ANN401 - the library's signature
        self.view.add(domain_event, tracking)


def rebuilder(conninfo: str, last: int) -> Callable[[], float]:
    """A rebuild up to position `last`; it gives the seconds from start to the last row."""
    environment = stock.environment(conninfo, create=True)

    def run() -> float:
        _empty(conninfo)
        began = time.perf_counter()
        with ProjectionRunner(
            application_class=stock.Cases,
            projection_class=TimelineProjection,
            view_class=TimelineView,
            env=environment,
        ) as runner:
            until = began + PATIENCE_SECONDS
            while (runner.view.max_tracking_id(stock.Cases.name) or 0) < last:
                if time.perf_counter() > until:
                    raise NeverCaughtUp
                time.sleep(POLL_SECONDS)
            return time.perf_counter() - began

    return run


def _empty(conninfo: str) -> None:
    """Without its tracking the runner begins at the first event; it makes that table itself."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS stock_timeline, timeline_tracking")
        connection.execute(TABLE)
        connection.execute("CREATE INDEX ON stock_timeline (position)")
