"""The durable ledger of one municipality: a SQLite file, committed before anything is answered."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Generic, TypeAlias, TypeVar

T = TypeVar("T")
Job: TypeAlias = Callable[[sqlite3.Connection], T]

_AT_ONCE: Final = 100
"""At most this many jobs share a commit, so that the first does not wait long for the last."""

SCHEMA: Final = (Path(__file__).parent / "ledger.sql").read_text(encoding="utf-8")


class Ledger:
    """Runs jobs, each whole or not at all. Opened at once, closed by `close`."""

    def __init__(self, path: Path, *, begin: Job[None]) -> None:
        """`begin` is done to every ledger that is opened, new or not."""
        db = _opened(path)
        db.executescript(SCHEMA)
        begin(db)
        db.close()
        self._writer = _Line(path, begin="BEGIN IMMEDIATE")
        self._reader = _Line(path, begin="BEGIN")

    async def write(self, job: Job[T]) -> T:
        """Do a job; it is on the disk when this returns."""
        return await asyncio.wrap_future(self._writer.take(job))

    async def read(self, job: Job[T]) -> T:
        """Ask something; everything that was written before the call is seen."""
        return await asyncio.wrap_future(self._reader.take(job))

    def close(self) -> None:
        """Finish what was asked for, and let the file go."""
        self._writer.close()
        self._reader.close()


class _Asked(Generic[T]):
    """A job and whoever waits for it."""

    def __init__(self, job: Job[T]) -> None:
        self._job = job
        self.future: Future[T] = Future()
        self.settle: Callable[[], None] = lambda: None

    def run(self, db: sqlite3.Connection) -> None:
        """Do it, and keep how it went until the commit."""
        db.execute("SAVEPOINT one")
        try:
            result = self._job(db)
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            db.execute("ROLLBACK TO one")
            refusal = error
            self.settle = lambda: self.future.set_exception(refusal)
        else:
            self.settle = lambda: self.future.set_result(result)
        db.execute("RELEASE one")


class _Line:
    """One thread with one connection. What waits at the same time shares a commit."""

    def __init__(self, path: Path, *, begin: str) -> None:
        self._path = path
        self._begin = begin
        self._waiting: SimpleQueue[_Asked[object] | None] = SimpleQueue()
        # A daemon, as a test's application may end without its lifespan.
        self._thread = Thread(target=self._run, name=f"ledger {path.stem}", daemon=True)
        self._thread.start()

    def take(self, job: Job[T]) -> Future[T]:
        asked = _Asked(job)
        self._waiting.put(asked)  # type: ignore[arg-type]  # it settles its own future
        return asked.future

    def close(self) -> None:
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        db = _opened(self._path)
        while True:
            batch, ended = self._next()
            wanted = [each for each in batch if each.future.set_running_or_notify_cancel()]
            if wanted:
                self._do(db, wanted)
            if ended:
                db.close()
                return

    def _next(self) -> tuple[list[_Asked[object]], bool]:
        """Whatever waits, one at least, and whether that was the last."""
        batch: list[_Asked[object]] = []
        asked = self._waiting.get()
        while asked is not None:
            batch.append(asked)
            if len(batch) == _AT_ONCE:
                return batch, False
            try:
                asked = self._waiting.get_nowait()
            except Empty:
                return batch, False
        return batch, True

    def _do(self, db: sqlite3.Connection, batch: list[_Asked[object]]) -> None:
        try:
            db.execute(self._begin)
            for each in batch:
                each.run(db)
            db.execute("COMMIT")
        except sqlite3.Error as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            for each in batch:
                each.future.set_exception(error)
            return
        for each in batch:
            each.settle()


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=30.0, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    return db
