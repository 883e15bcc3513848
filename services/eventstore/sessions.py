"""The store's own connections: few, warm, and replaced when they break."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Final, TypeVar

import psycopg

from services.eventstore.session import Server, Session, opened
from services.ports import StoreUnavailable

T = TypeVar("T")

DEADLINE_SECONDS: Final = 5.0
ATTEMPTS: Final = 10
FIRST_PAUSE_SECONDS: Final = 0.02
LONGEST_PAUSE_SECONDS: Final = 0.8
WATCH_SECONDS: Final = 0.25

# The server or the way to it failed; also a statement that took too long, and a server that
# has become a replica since we connected to it.
_PASSING: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
)


class Sessions:
    """At most `size` connections, the last used lent first because its statements are prepared.

    Safe to share between threads, not between processes.
    """

    def __init__(
        self, conninfo: str, *, size: int = 8, deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        self.conninfo = conninfo
        self._seconds = deadline_seconds
        self._free = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[Session] = []
        self._busy: dict[Session, float] = {}
        self._kept = threading.local()
        self._server: Server | None = None
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None

    def server(self) -> Server:
        """The database that the newest connection was opened to.

        Raises:
            StoreUnavailable: no connection within the deadline.
        """
        with self._lock:
            found = self._server
        return found or self.run(lambda session: session.server)

    def begin_anew(self) -> None:
        """The database behind the connections is another one by now."""
        with self._lock:
            self._server = None
        self._drop_idle()

    def run(self, work: Callable[[Session], T]) -> T:
        """Do `work` on a connection, and again on a new one while the failure may pass.

        A write must reckon with having been done by an attempt that got no answer. A thread that
        keeps a connection uses that one, for what was begun on it.

        Raises:
            StoreUnavailable: no success within the deadline.
        """
        kept: Session | None = getattr(self._kept, "session", None)
        if kept is not None:
            try:
                with self._watched(kept):
                    return work(kept)
            except _PASSING:
                # What was begun has ended with it; expected versions still keep writes right.
                self._kept.session = None
        session, result = self._until_deadline(work)
        self._give(session)
        return result

    @contextmanager
    def keep(self, begin: Callable[[Session], object], end: bytes) -> Iterator[None]:
        """Keep the connection on which `begin` was done, for the block; then execute `end`.

        All that this thread runs within the block, it runs on that connection.

        Raises:
            StoreUnavailable: `begin` had no success within the deadline.
        """
        session, _ = self._until_deadline(begin)
        with self._lock:
            del self._busy[session]
        self._kept.session = session
        try:
            yield
        finally:
            self._kept.session = None
            with self._lock:
                self._busy[session] = time.monotonic() + self._seconds
            try:
                session.execute(end)
            except _PASSING:
                # The server ends with the connection what was begun on it.
                self._discard(session)
            else:
                self._give(session)

    @contextmanager
    def _watched(self, session: Session) -> Iterator[None]:
        with self._lock:
            self._busy[session] = time.monotonic() + self._seconds
        try:
            yield
        finally:
            with self._lock:
                del self._busy[session]

    def _until_deadline(self, work: Callable[[Session], T]) -> tuple[Session, T]:
        ends = time.monotonic() + self._seconds
        for attempt in count():
            try:
                return self._once(work, ends)
            except _PASSING as error:
                pause = min(FIRST_PAUSE_SECONDS * 2**attempt, LONGEST_PAUSE_SECONDS)
                if attempt + 1 == ATTEMPTS or time.monotonic() + pause >= ends:
                    raise StoreUnavailable(type(error).__name__) from error
                self._drop_idle()
                time.sleep(pause)
        raise AssertionError("count() has no end")

    def _once(self, work: Callable[[Session], T], ends: float) -> tuple[Session, T]:
        session = self._take(ends)
        try:
            return session, work(session)
        except BaseException:
            # Whatever happened, the next user shall not meet what is left of it.
            self._discard(session)
            raise

    def close(self) -> None:
        """Close what is idle now, and what is lent as soon as it comes back."""
        self._closed.set()
        self._drop_idle()

    def _take(self, ends: float) -> Session:
        if not self._free.acquire(timeout=max(0.0, ends - time.monotonic())):
            raise StoreUnavailable("every connection is in use")
        with self._lock:
            if self._idle:
                session = self._idle.pop()
                self._busy[session] = ends
                return session
        try:
            session = self._connect(ends)
        except BaseException:
            self._free.release()
            raise
        with self._lock:
            self._busy[session] = ends
            if self._watch is None:
                self._watch = threading.Thread(
                    target=self._cut_what_hangs, name="store-watch", daemon=True
                )
                self._watch.start()
        try:
            self._look_at_server(session)
        except BaseException:
            self._discard(session)
            raise
        return session

    def _look_at_server(self, session: Session) -> None:
        session.look_at_server()
        with self._lock:
            is_another, self._server = self._server != session.server, session.server
        if is_another:
            self._drop_idle()

    def _connect(self, ends: float) -> Session:
        seconds = max(2, round(ends - time.monotonic()))
        return opened(self.conninfo, seconds)

    def _give(self, session: Session) -> None:
        with self._lock:
            del self._busy[session]
            keep = not self._closed.is_set() and session.server == self._server
            if keep:
                self._idle.append(session)
        if not keep:
            session.connection.close()
        self._free.release()

    def _discard(self, session: Session) -> None:
        with self._lock:
            del self._busy[session]
        session.connection.close()
        self._free.release()

    def _drop_idle(self) -> None:
        """One dead connection is seldom alone."""
        with self._lock:
            idle, self._idle = self._idle, []
        for session in idle:
            session.connection.close()

    def _cut_what_hangs(self) -> None:
        """End calls that the server neither answers nor refuses.

        A server that is stopped or a host that vanished leaves the client waiting in the kernel,
        where no statement timeout reaches it.
        """
        while not self._closed.wait(WATCH_SECONDS):
            with self._lock:
                now = time.monotonic()
                for session, ends in self._busy.items():
                    if now > ends:
                        session.cut()
