"""Which organisations a process serves: those that were added and whose files it has, as they come.

A look at a table every other second says which were added. Nothing is announced and nothing is
watched: a process that was away, or whose files come later than the row, finds the same.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psycopg
import structlog
from psycopg import Connection

from services.catalogue.loading import load_one
from services.catalogue.mistakes import CatalogueInvalid
from services.catalogue.organisation import Organisation
from services.database import Row, shared
from services.logs import described
from services.migrating import MigrationsMissing, WrongSchema, added, require_current
from services.ports import StoreUnavailable
from services.privacy.key_ring import KekMissing

log = structlog.get_logger()

LOOK_SECONDS: Final = 2.0
"""So late, at most, does a process see that an organisation was added."""
LONGEST_PAUSE_SECONDS: Final = 60.0
"""So late does it see that the files of one which it had to leave out were mended."""

LEFT_OUT: Final = (
    CatalogueInvalid,
    WrongSchema,
    KekMissing,
    StoreUnavailable,
    psycopg.Error,
    OSError,
)
"""What keeps one organisation from being taken up, and is no reason to stop serving others."""


@dataclass(frozen=True, slots=True)
class Left:
    """Why an organisation is left out for now; `pause` and `until` are in seconds."""

    error: Exception
    pause: float
    until: float


class Roster:
    """What one process serves. Use it as a context manager; not for several threads at once."""

    def __init__(
        self, conninfo: str, folder: Path, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._conninfo = conninfo
        self._folder = folder
        self._now = now
        self._db: Connection[Row] | None = None
        self._taken: dict[str, Organisation] = {}
        self._left: dict[str, Left] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._disconnect()

    @property
    def left_out(self) -> Mapping[str, str]:
        """Those that were added and are not served here, and what kind of thing is wrong."""
        return {name: type(left.error).__name__ for name, left in dict(self._left).items()}

    def first(self) -> Sequence[Organisation]:
        """Whom to begin with: at least one organisation.

        Raises:
            CatalogueInvalid, WrongSchema: there is none, and why.
            psycopg.Error: the database does not answer.
        """
        arrived = self._look()
        if not arrived:
            for left in self._left.values():
                raise left.error
            raise MigrationsMissing(
                f"No organisation of {self._folder} is in the database. "
                "Run: python -m gateway migrate"
            )
        return arrived

    def arrivals(self) -> Sequence[Organisation]:
        """Those to take up now, the first added first. Each is given once, unless left out."""
        try:
            return self._look()
        except (psycopg.Error, OSError) as away:
            log.warning("roster_unread", error=type(away).__name__)
            self._disconnect()
            return ()

    def leave_out(self, name: str, error: Exception) -> None:
        """It could not be taken up after all; it is given again, more and more seldom."""
        before = self._left.get(name)
        pause = LOOK_SECONDS if before is None else min(before.pause * 2, LONGEST_PAUSE_SECONDS)
        self._taken.pop(name, None)
        self._left[name] = Left(error, pause, self._now() + pause)
        if before is None or str(before.error) != str(error):
            log.error("organisation_left_out", organisation=name, **_reasons(error))

    def _look(self) -> list[Organisation]:
        if self._db is None or self._db.closed:
            self._db = shared(self._conninfo, application_name="julelys-roster")
        arrived = []
        for name in added(self._db):
            if name in self._taken or not (self._folder / name).is_dir():
                continue
            left = self._left.get(name)
            if left is not None and self._now() < left.until:
                continue
            try:
                found = load_one(self._folder / name, self._taken.values())
                require_current(self._conninfo, name)
            except LEFT_OUT as error:
                self.leave_out(name, error)
            else:
                self._taken[name] = found
                arrived.append(found)
        return arrived

    def taken_up(self, name: str) -> None:
        """It is served now."""
        self._left.pop(name, None)
        log.info("organisation_taken_up", organisation=name)

    def _disconnect(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def _reasons(error: Exception) -> dict[str, object]:
    """Files and schemas hold nothing personal, so what is wrong with them is said in full."""
    match error:
        case CatalogueInvalid():
            return {"mistakes": [str(mistake) for mistake in error.mistakes]}
        case WrongSchema() | KekMissing():
            return {"remedy": str(error)}
        case _:
            return {"error": described(error)}
