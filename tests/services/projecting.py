"""A log with cases in it, and projections that fail when they are told to."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from psycopg.sql import Identifier

from events.case import CaseEvent, CaseOpened, PartyWrote
from events.catalogue import Event
from events.envelope import Recorded
from events.ids import CaseId, MessageId
from projections import timeline
from projections.projection import Projection, Rows
from services.database import connect
from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from services.ports import CommandWrite, StreamWrite, Written
from services.privacy.opening import reading_connection
from services.privacy.person_keys import PersonKeys
from services.projecting.generations import ensure, require_live
from services.projecting.kept_log import KeptLog
from services.projecting.parking import Parked, parked_facts
from services.projecting.projector import Projector
from services.projecting.retrying import Retried, retry
from services.projecting.shared_log import WholeLog
from services.projecting.verifying import verify
from services.streams import case_stream
from tests.examples import case_assigned, envelope, meeting_case_opened, processing_set
from tests.keys import RING

POISON = "poison"


def write(store: PostgresEventStore, stream: str, expected: int, *written: Event) -> int:
    """Append to a stream; give the position."""
    command = CommandWrite(
        envelope=replace(envelope, command_id=new_id()),
        fingerprint=b"",
        answer=b"",
        streams=[StreamWrite(stream=stream, expected_version=expected, events=written)],
    )
    (outcome,) = store.append([command])
    assert isinstance(outcome, Written), outcome
    return outcome.position


def opened(case_id: CaseId) -> CaseOpened:
    return replace(meeting_case_opened, case_id=case_id)


def said(case_id: CaseId, text: str) -> PartyWrote:
    return PartyWrote(case_id=case_id, message=MessageId(new_id()), text=text, documents=())


@dataclass
class Case:
    """A case in the log, to which more is added."""

    store: PostgresEventStore
    case_id: CaseId = field(default_factory=lambda: CaseId(new_id()))
    version: int = 0

    def happens(self, *written: CaseEvent) -> int:
        position = write(self.store, self.stream, self.version, *written)
        self.version += len(written)
        return position

    def opens(self) -> int:
        return self.happens(opened(self.case_id))

    def says(self, *texts: str) -> int:
        return self.happens(*(said(self.case_id, text) for text in texts))

    @property
    def stream(self) -> str:
        return case_stream(self.case_id)


def many_cases(store: PostgresEventStore, count: int) -> None:
    """Append cases of six facts each, a hundred at a time."""
    for start in range(0, count, 100):
        commands = []
        for _ in range(start, min(start + 100, count)):
            case_id = CaseId(new_id())
            written = (
                opened(case_id),
                replace(processing_set, case_id=case_id),
                replace(case_assigned, case_id=case_id),
                said(case_id, "Må jeg?"),
                said(case_id, "Må jeg så?"),
                said(case_id, "Tak."),
            )
            stream = StreamWrite(stream=case_stream(case_id), expected_version=0, events=written)
            commands.append(
                CommandWrite(
                    envelope=replace(envelope, command_id=new_id()),
                    fingerprint=b"",
                    answer=b"",
                    streams=[stream],
                )
            )
        store.append(commands)


@dataclass
class Fault:
    """A timeline that raises `error` at every message that says POISON, while it is there."""

    error: Exception | None = field(default_factory=lambda: ValueError("a bug"))

    @property
    def projection(self) -> Projection:
        return replace(timeline.projection, project=self._project)

    def _project(self, batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
        for fact in batch:
            if isinstance(fact.event, PartyWrote) and fact.event.text == POISON and self.error:
                raise self.error
        timeline.project(batch, db, table)


@dataclass
class Town:
    """An organisation with its log and its views.

    `log` is what the views are made from: what is sealed for a worker's, what was said where a test
    is about how they are made.
    """

    conninfo: str
    schema: str
    store: PostgresEventStore
    log: WholeLog

    def projector(self, projection: Projection) -> Projector:
        return Projector(self.conninfo, self.schema, self.log, projection)

    def catch_up(self, projection: Projection) -> None:
        with self.projector(projection) as projector:
            while projector.step():
                pass

    def parked(self, name: str = "timeline") -> list[Parked]:
        with connect(self.conninfo, self.schema) as db:
            return parked_facts(db, name, require_live(db, name).generation)

    def position(self, name: str = "timeline") -> int:
        with connect(self.conninfo, self.schema) as db:
            return require_live(db, name).position

    def retry(self, projection: Projection, stream: str | None = None) -> Retried:
        return retry(self.conninfo, self.schema, self.log, projection, stream)

    def texts(self, case: Case) -> list[str]:
        """What the timeline shows that the party wrote on a case."""
        keys = PersonKeys(self.schema, RING)
        with reading_connection(self.conninfo, self.schema, keys) as db:
            found = db.execute(
                "SELECT case_id, facts->>'text' FROM timeline"
                " WHERE case_id = %s AND kind = 'party-wrote' ORDER BY position",
                (case.case_id,),
            )
            return [str(text) for _, text in found]

    def differing(self, projection: Projection) -> int:
        return verify(self.conninfo, self.schema, self.log, projection).differing


@contextmanager
def open_town(conninfo: str, schema: str, *, kept: bool = False) -> Iterator[Town]:
    """With `kept` its views are as a worker keeps them."""
    ensure(conninfo, schema)
    with PostgresEventStore(conninfo, schema, RING) as store:
        yield Town(conninfo, schema, store, KeptLog(store) if kept else store)
