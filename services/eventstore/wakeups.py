"""Word that the log has grown: sent after a commit, never within one, and waited for by readers.

It only saves waiting. Each process looks where the log stands every quarter of a second, once for
all that wait in it, and wakes them where it has moved without a word.
"""

import threading
import time
from types import TracebackType
from typing import Final, Self

import psycopg
import structlog
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from services.database import Row, pinned, schema_name

log = structlog.get_logger()

POLL_SECONDS: Final = 0.25
REST_SECONDS: Final = 1.0
"""How long whoever waits for word waits without any: while the listener has no connection."""
DEBOUNCE_SECONDS: Final = 0.02
FIRST_BACK_OFF_SECONDS: Final = 0.05
LONGEST_BACK_OFF_SECONDS: Final = 2.0


def channel(schema: str) -> str:
    return f"{schema_name(schema)}_events"


class Announcer:
    """Tells listeners, soon after `announce`, that something was appended.

    On a thread and a connection of its own: a NOTIFY within the append would take a lock that
    the whole server shares. Many appends at once become one word.
    """

    def __init__(self, conninfo: str, schema: str) -> None:
        # Losing a word in a crash harms nobody, so its commit waits for no disk.
        self._conninfo = pinned(
            conninfo,
            schema,
            application_name="julelys-announcer",
            options="-c synchronous_commit=off",
        )
        self._notify = SQL("NOTIFY {}").format(Identifier(channel(schema)))
        self._due = threading.Event()
        self._closed = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def announce(self) -> None:
        self._due.set()
        if self._thread is None:
            self._start()

    def close(self) -> None:
        self._closed.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        back_off = FIRST_BACK_OFF_SECONDS
        while not self._closed.is_set():
            try:
                with Connection[Row].connect(self._conninfo, autocommit=True) as connection:
                    while self._due.wait() and not self._closed.is_set():
                        self._due.clear()
                        connection.execute(self._notify)
                        back_off = FIRST_BACK_OFF_SECONDS
                        self._closed.wait(DEBOUNCE_SECONDS)
            except (psycopg.Error, OSError) as error:
                self._due.set()
                log.warning("announcer_disconnected", error=type(error).__name__)
                self._closed.wait(back_off)
                back_off = min(back_off * 2, LONGEST_BACK_OFF_SECONDS)


class Wakeups:
    """Lets any number of threads of one process sleep until the log may have grown."""

    def __init__(self, conninfo: str, schema: str) -> None:
        self._conninfo = pinned(conninfo, schema, application_name="julelys-listener")
        self._listen = SQL("LISTEN {}").format(Identifier(channel(schema)))
        # What may be read changes without a new event, too, when an append is given up.
        self._stand = SQL(
            "SELECT {schema}.safe_position(), (SELECT max(notification_id) FROM {schema}.events)"
        ).format(schema=Identifier(schema))
        self._heard = threading.Condition()
        self._words = 0
        self._seen = threading.local()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wakeups", daemon=True)
        self._thread.start()

    def wait(self, timeout: float = REST_SECONDS) -> None:
        """Return when word came since this thread last returned from here, or when time is up.

        So nothing is missed that is announced between a thread's look at the log and its wait.
        A thread's first call returns at once.
        """
        seen = getattr(self._seen, "words", -1)
        # At the same moments for all, so that what one of them reads then is read for all.
        until_the_next = REST_SECONDS - time.monotonic() % REST_SECONDS
        with self._heard:
            self._heard.wait_for(lambda: self._words != seen, min(timeout, until_the_next))
            self._seen.words = self._words

    def close(self) -> None:
        self._closed.set()
        self._wake()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _wake(self) -> None:
        with self._heard:
            self._words += 1
            self._heard.notify_all()

    def _run(self) -> None:
        back_off = FIRST_BACK_OFF_SECONDS
        while not self._closed.is_set():
            try:
                with Connection[Row].connect(self._conninfo, autocommit=True) as connection:
                    connection.execute(self._listen)
                    back_off = FIRST_BACK_OFF_SECONDS
                    # What was announced before we listened is looked for now.
                    self._wake()
                    self._hear(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("listener_disconnected", error=type(error).__name__)
                self._closed.wait(back_off)
                back_off = min(back_off * 2, LONGEST_BACK_OFF_SECONDS)

    def _hear(self, connection: Connection[Row]) -> None:
        stood = connection.execute(self._stand).fetchall()
        while not self._closed.is_set():
            heard = [*connection.notifies(timeout=POLL_SECONDS, stop_after=1)]
            if heard:
                self._wake()
            stands = connection.execute(self._stand).fetchall()
            if not heard and stands != stood:
                self._wake()
            stood = stands
