"""The only way from what runs by itself to an organisation's facts, people, documents and desk.

`may` is asked when a thing is handed over, so that a worker without the right ends before it has
begun; after that of each stream it reads, each person it looks up and each command it gives.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import structlog
from psycopg import Connection

from events.catalogue import Event
from events.envelope import Recorded
from services.actions import Action
from services.authorisation import Resource, may
from services.catalogue.organisation import Organisation
from services.core import Core, open_core
from services.database import Row, connect
from services.journal.writing import FolderContents
from services.people import Acquaintance
from services.ports import Stream
from services.privacy.key_ring import KeyRing
from services.privacy.opening import reading_connection
from services.request import Answered, Request
from services.wanted import COMMANDS, action_of_stream
from services.workers import Job, Worker

log = structlog.get_logger()


class NotEntrusted(Exception):
    """A worker asked for what does not stand in its row of `services/workers.py`."""

    def __init__(self, worker: Worker, what: str) -> None:
        super().__init__(f"{worker.id} may not {what} in {worker.organisation}.")
        self.worker = worker


def require(worker: Worker, action: Action, organisation: str) -> None:
    """Ask `may`.

    Raises:
        NotEntrusted: it says no, which is logged.
    """
    if not may(worker, action, Resource(organisation=organisation)):
        raise _refused(worker, action.value)


def _refused(worker: Worker, what: str) -> NotEntrusted:
    log.error("worker_refused", worker=worker.id, action=what, organisation=worker.organisation)
    return NotEntrusted(worker, what)


class EntrustedFacts:
    """The log, to be read: a store that takes nothing, and asks before it gives."""

    def __init__(self, core: Core, worker: Worker) -> None:
        self._store = core.store
        self._organisation = core.name
        self._worker = worker

    def read(self, stream: str, *, after: int = 0, up_to: int | None = None) -> Stream:
        self._require(stream, after, up_to)
        return self._store.read(stream, after=after, up_to=up_to)

    def read_recorded(
        self, stream: str, *, after: int = 0, up_to: int | None = None
    ) -> Sequence[Recorded]:
        self._require(stream, after, up_to)
        return self._store.read_recorded(stream, after=after, up_to=up_to)

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        """Who is told of some kinds of facts hears of them; the whole log is for who spreads it."""
        action = Action.HEAR_OF_FACTS if only else Action.SPREAD_LOG
        require(self._worker, action, self._organisation)
        return self._store.read_log(after=after, limit=limit, only=only)

    def read_log_kept(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        require(self._worker, Action.BUILD_VIEWS, self._organisation)
        return self._store.read_log_kept(after=after, limit=limit, only=only)

    def safe_position(self) -> int:
        return self._store.safe_position()

    def server(self) -> object:
        return self._store.server()

    def _require(self, stream: str, after: int, up_to: int | None) -> None:
        action = action_of_stream(stream, is_opening=(after, up_to) == (0, 1))
        if action is None:
            raise _refused(self._worker, "read a stream of another kind")
        require(self._worker, action, self._organisation)


class EntrustedDesk:
    """The desk, for the commands of one worker, who speaks in its own name."""

    def __init__(self, core: Core, worker: Worker) -> None:
        self._desk = core.desk
        self._organisation = core.name
        self._worker = worker

    async def perform(self, request: Request) -> Answered:
        """As `services.desk.Desk.perform`."""
        self._require(request)
        return await self._desk.perform(request)

    def hand_in(self, request: Request) -> "Future[Answered]":
        """As `services.desk.Desk.hand_in`."""
        self._require(request)
        return self._desk.hand_in(request)

    def _require(self, request: Request) -> None:
        action = COMMANDS.get(type(request.command))
        if action is None:
            raise _refused(self._worker, type(request.command).__name__)
        if request.envelope.actor != self._worker.id:
            raise _refused(self._worker, "speak as somebody else")
        require(self._worker, action, request.envelope.organisation)


class EntrustedPeople:
    """Who people are by name and number."""

    def __init__(self, core: Core, worker: Worker) -> None:
        self._people = core.people
        self._organisation = core.name
        self._worker = worker

    def one(self, person: str) -> Acquaintance | None:
        """As `services.people.People.one`."""
        require(self._worker, Action.KNOW_PARTIES, self._organisation)
        return self._people.one(person)


class Entrusted:
    """What one worker may have of an organisation.

    Every call raises `NotEntrusted` where the worker's row does not have what is asked for.
    """

    def __init__(self, core: Core, job: Job) -> None:
        self._core = core
        self.worker = Worker(job=job, organisation=core.name)

    @property
    def name(self) -> str:
        return self._core.name

    @property
    def catalogue(self) -> Organisation:
        return self._core.catalogue

    @property
    def conninfo(self) -> str:
        """For tables of the worker's own, which hold ids and codes; words are sealed to it."""
        return self._core.conninfo

    def facts(self, action: Action) -> EntrustedFacts:
        """The log, for whoever may do that with it."""
        self._require(action)
        return EntrustedFacts(self._core, self.worker)

    def desk(self, action: Action) -> EntrustedDesk:
        """The desk, for whoever may give such commands."""
        self._require(action)
        return EntrustedDesk(self._core, self.worker)

    def people(self) -> EntrustedPeople:
        self._require(Action.KNOW_PARTIES)
        return EntrustedPeople(self._core, self.worker)

    def documents(self, folder: Path) -> FolderContents:
        """What people have sent; `folder` is that of all organisations."""
        self._require(Action.READ_DOCUMENTS)
        return FolderContents(folder / self._core.name)

    def rows(self, action: Action) -> Callable[[], Connection[Row]]:
        """Connects to its tables, in which what is sealed stays so."""
        self._require(action)
        return partial(connect, self._core.conninfo, self._core.name)

    def views(self) -> Callable[[], Connection[Row]]:
        """The same, and what is sealed is opened."""
        self._require(Action.READ_VIEWS)
        core = self._core
        return partial(reading_connection, core.conninfo, core.name, core.keys)

    def _require(self, action: Action) -> None:
        require(self.worker, action, self._core.name)


class Premises:
    """One organisation as a process has it that works by itself: each job gets its own of it."""

    def __init__(self, core: Core) -> None:
        self._core = core

    @property
    def name(self) -> str:
        return self._core.name

    @property
    def conninfo(self) -> str:
        """For tables of ids and codes, as `Entrusted.conninfo`."""
        return self._core.conninfo

    def entrusted(self, job: Job) -> Entrusted:
        return Entrusted(self._core, job)


@contextmanager
def open_premises(conninfo: str, described: Organisation, ring: KeyRing) -> Iterator[Premises]:
    """As `services.core.open_core`, for what runs by itself."""
    with open_core(conninfo, described, ring) as core:
        yield Premises(core)
