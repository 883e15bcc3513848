"""One organisation's event store in PostgreSQL: the port, on top of the library's parts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from eventsourcing.persistence import JSONTranscoder
from psycopg.sql import SQL, Identifier

from events.catalogue import UPCASTERS, WIRE_NAMES, Event
from events.envelope import Recorded
from services import codec
from services.eventstore.batch import batch_of
from services.eventstore.datastore import Datastore
from services.eventstore.mapper import Mapper, RecordedFact
from services.eventstore.recorder import LAST, RACED, REPEATED, Outcome, Recorder
from services.eventstore.session import Session
from services.eventstore.sessions import DEADLINE_SECONDS
from services.ports import (
    CommandWrite,
    Raced,
    Repeated,
    Stream,
    Undecodable,
    WriteOutcome,
    Written,
)

# Also facts of older forms may be read as one of the wanted classes; which, decoding shows.
_OLD_NAMES: Final = tuple(UPCASTERS)


class PostgresEventStore:
    """`services.ports.EventStore` for one migrated organisation.

    Safe to share between threads; make it after forking. Connects at first use.
    """

    def __init__(
        self, conninfo: str, organisation: str, *, deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        self._datastore = Datastore(conninfo, organisation, deadline_seconds=deadline_seconds)
        self._recorder = Recorder(self._datastore)
        self._mapper = Mapper(JSONTranscoder())
        self._hold = SQL("SELECT {}.hold(%s)").format(Identifier(organisation))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._datastore.close()

    def read(self, stream: str, *, after: int = 0, up_to: int | None = None) -> Stream:
        rows = self._recorder.stream(stream, after, LAST if up_to is None else up_to)
        decode = codec.decode
        return Stream(
            tuple([decode(topic, state) for topic, state, _ in rows]),
            rows[-1][2] if rows else after,
        )

    def read_recorded(
        self, stream: str, *, after: int = 0, up_to: int | None = None
    ) -> Sequence[Recorded]:
        last = LAST if up_to is None else up_to
        return [self._recorded(fact) for fact in self._recorder.stream_facts(stream, after, last)]

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        topics = [*(WIRE_NAMES[cls] for cls in only), *_OLD_NAMES] if only else []
        facts, reached = self._recorder.log_facts(after, limit, topics=topics)
        recorded, reached = self._decoded(facts, reached)
        if only and _OLD_NAMES:
            recorded = [fact for fact in recorded if type(fact.event) in only]
        return recorded, reached

    def _decoded(self, facts: Sequence[RecordedFact], reached: int) -> tuple[list[Recorded], int]:
        """Events of the facts, and the position reached; up to the first that cannot be read."""
        recorded: list[Recorded] = []
        for fact in facts:
            try:
                recorded.append(self._recorded(fact))
            except Undecodable:
                if recorded:
                    return recorded, recorded[-1].position
                raise
        return recorded, reached

    def _recorded(self, fact: RecordedFact) -> Recorded:
        try:
            return self._mapper.to_domain_event(fact)
        except (codec.UnknownEvent, ValueError) as strange:
            raise Undecodable(
                name=fact.topic,
                stream=str(fact.originator_id),
                version=fact.originator_version,
                position=fact.id,
            ) from strange

    def safe_position(self) -> int:
        return self._recorder.safe_position()

    def server(self) -> object:
        return self._datastore.sessions.server()

    def append(
        self, writes: Sequence[CommandWrite], *, server: object = None
    ) -> list[WriteOutcome]:
        if not writes:
            return []
        outcomes, unanswered = self._recorder.append(batch_of(writes, self._mapper), server)
        return [
            _outcome(write, outcome, unanswered=unanswered)
            for write, outcome in zip(writes, outcomes, strict=True)
        ]

    def repeated(self, command_id: UUID) -> Repeated | None:
        kept = self._recorder.kept(command_id)
        if kept is None:
            return None
        fingerprint, answer, position = kept
        return Repeated(fingerprint=fingerprint, answer=answer, position=position)

    @contextmanager
    def exclusively(self, streams: Sequence[str]) -> Iterator[None]:
        """Keep every other writer from the streams, by the very locks that an append takes.

        They belong to a connection on which this thread then does all its work, so that its own
        appends pass and everybody else's wait. Should the connection break, the locks end with
        it and the expected versions alone keep an append right.

        Raises:
            StoreUnavailable: another holds one of the streams longer than the deadline.
        """

        def hold(session: Session) -> None:
            session.execute(self._hold, [list(streams)])

        with self._datastore.sessions.keep(hold, b"SELECT pg_advisory_unlock_all()"):
            yield


def _outcome(write: CommandWrite, outcome: Outcome, *, unanswered: bool) -> WriteOutcome:
    kind, position, stream, actual, fingerprint, answer = outcome
    if kind == RACED:
        return Raced(stream=stream or "", actual_version=actual or 0)
    if kind == REPEATED:
        kept = (fingerprint, answer)
        if unanswered and kept == (write.fingerprint, write.answer):
            return Written(position=position)
        return Repeated(fingerprint=fingerprint or b"", answer=answer or b"", position=position)
    return Written(position=position)
