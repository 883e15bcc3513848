"""Keeps every view of every organisation up to date until told to stop."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import psycopg
import structlog

from projections.catalogue import PROJECTIONS
from projections.projection import Projection
from services.eventstore.wakeups import REST_SECONDS, Wakeups
from services.logs import described
from services.ports import StoreUnavailable
from services.projecting.generations import NotEnsured, ensure, views_channel
from services.projecting.kept_log import Keeping, KeptLog
from services.projecting.passing import Passing
from services.projecting.projector import BATCH, OtherVersion, Projector
from services.projecting.rebuilding import RebuildStopped, RebuildUnderWay, rebuild
from services.projecting.shared_log import Log, SharedLog, WholeLog

STANDBY_SECONDS: Final = 0.5
FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 10.0
REBUILD_AGAIN_SECONDS: Final = 60.0
COURTESY_SECONDS: Final = 0.005
"""What the projections that nobody watches let the urgent ones go before them."""


def run(
    conninfo: str,
    stores: Mapping[str, Keeping],
    stop: threading.Event,
    projections: Sequence[Projection] = PROJECTIONS,
) -> None:
    """Work for the organisations of these stores; return when `stop` is set and all is put down.

    Each projection of each organisation has a thread and a connection of its own. Many processes
    may run at once: one works on a projection and the others stand by. A thread finishes the
    batch that it is at when told to stop.
    """
    wakeups = {schema: Wakeups(conninfo, schema) for schema in stores}
    kept = {schema: KeptLog(store) for schema, store in stores.items()}
    logs = {schema: SharedLog(log) for schema, log in kept.items()}
    passing = {schema: Passing(views_channel(schema)) for schema in stores}
    threads = [
        threading.Thread(
            target=_Keeper(
                conninfo=conninfo,
                schema=schema,
                kept=kept[schema],
                log=logs[schema],
                projection=projection,
                passing=passing[schema],
                wait=wakeups[schema].wait,
                stop=stop,
            ).keep,
            name=f"{schema} {projection.name}",
        )
        for schema in stores
        for projection in projections
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in wakeups.values():
        each.close()


class _Keeper:
    """One thread's work: one projection of one organisation, whatever happens."""

    def __init__(
        self,
        *,
        conninfo: str,
        schema: str,
        kept: WholeLog,
        log: Log,
        projection: Projection,
        passing: Passing,
        wait: Callable[[float], None],
        stop: threading.Event,
    ) -> None:
        self._conninfo = conninfo
        self._schema = schema
        self._kept = kept
        self._projection = projection
        self._passing = passing
        self._wait = wait
        self._stop = stop
        self._pause = FIRST_PAUSE_SECONDS
        self._shared = log
        self._words = structlog.get_logger().bind(organisation=schema, projection=projection.name)

    def keep(self) -> None:
        while not self._stop.is_set():
            try:
                self._work()
            except NotEnsured:
                self._prepare()
            except OtherVersion as other:
                self._mend(other)
            except Exception as error:  # noqa: BLE001  # a dead thread would leave its view behind
                self._rest(error)

    def _work(self) -> None:
        with Projector(
            self._conninfo, self._schema, self._shared, self._projection, self._passing
        ) as projector:
            while not projector.elect():
                if self._stop.wait(STANDBY_SECONDS):
                    return
            self._words.info("projection_started")
            while not self._stop.is_set():
                if projector.step() < BATCH:
                    self._wait(REST_SECONDS)
                    if not self._projection.urgent:
                        self._stop.wait(COURTESY_SECONDS)
                self._pause = FIRST_PAUSE_SECONDS
        self._words.info("projection_stopped")

    def _prepare(self) -> None:
        try:
            ensure(self._conninfo, self._schema, [self._projection])
        except psycopg.Error as error:
            self._rest(error)

    def _mend(self, other: OtherVersion) -> None:
        """Rebuild what older code wrote; leave alone what newer code wrote."""
        if other.live_version > other.our_version:
            self._words.warning("projection_superseded", live_version=other.live_version)
            self._stop.wait(LONGEST_PAUSE_SECONDS)
            return
        try:
            rebuild(self._conninfo, self._schema, self._kept, self._projection)
        except RebuildUnderWay:
            self._stop.wait(STANDBY_SECONDS)
        except RebuildStopped as stopped:
            self._words.error("rebuild_stopped", after=stopped.after, error=str(stopped))
            self._stop.wait(REBUILD_AGAIN_SECONDS)
        except (psycopg.Error, StoreUnavailable) as error:
            self._rest(error)

    def _rest(self, error: Exception) -> None:
        self._words.warning("projection_interrupted", error=described(error), pause=self._pause)
        self._stop.wait(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
