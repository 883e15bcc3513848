"""The parts a run is put together from: what we ship, unless one of them is replaced."""

from collections.abc import Callable
from dataclasses import dataclass, field

from services.esdh.port import Esdh
from services.feed.port import Feed
from services.journal.memory import MemoryJournal
from services.journal.ports import Journal
from services.journal.session import Session
from services.journal.sync import CatchUp
from services.journal.timing import Timing
from services.ports import Clock
from tests.simulation.faults import TIMING
from tests.simulation.owners import Ownership, Page
from tests.simulation.store import SimulatedStore


def _journal_as_it_is(journal: Journal, session: Session) -> Journal:
    del session
    return journal


def _esdh_as_it_is(esdh: Esdh) -> Esdh:
    return esdh


def _feed_as_it_is(feed: Feed) -> Feed:
    return feed


def _catch_up_as_it_is(catch_up: CatchUp) -> CatchUp:
    return catch_up


def _proven_page(store: SimulatedStore, after: int, limit: int) -> Page:
    return store.read_log(after=after, limit=limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Each is made once for a process, but for `rows` and `ownership`, which are the database's."""

    timing: Timing = TIMING
    rows: Callable[[Clock], MemoryJournal] = MemoryJournal
    session: Callable[[], Session] = Session
    journal: Callable[[Journal, Session], Journal] = _journal_as_it_is
    esdh: Callable[[Esdh], Esdh] = _esdh_as_it_is
    feed: Callable[[Feed], Feed] = _feed_as_it_is
    catch_up: Callable[[CatchUp], CatchUp] = _catch_up_as_it_is
    page: Callable[[SimulatedStore, int, int], Page] = _proven_page
    ownership: Callable[[], Ownership] = field(default=Ownership)


SHIPPED = Parts()
