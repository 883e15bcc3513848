"""One organisation's event store in PostgreSQL: the port, on top of the library's parts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from eventsourcing.persistence import JSONTranscoder
from psycopg.sql import SQL, Identifier

from events.catalogue import WIRE_NAMES, Event
from events.envelope import Recorded
from events.older import UPCASTERS
from services import codec
from services.eventstore.batch import Batch, batch_of
from services.eventstore.datastore import Datastore
from services.eventstore.keeping import KeptFacts
from services.eventstore.mapper import Mapper, RecordedFact
from services.eventstore.recorder import LAST, RACED, REPEATED, Outcome, Recorder
from services.eventstore.sealing import FactSeals, opening
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
from services.privacy.key_ring import KeyRing
from services.privacy.sealed import SealBroken
from services.privacy.sealer import Sealer

# Also facts of older forms may be read as one of the wanted classes; which, decoding shows.
_OLD_NAMES: Final = tuple(UPCASTERS)


class PostgresEventStore:
    """`services.ports.EventStore` for one migrated organisation.

    Safe to share between threads; make it after forking. Connects at first use. What is personal
    lies there sealed, by keys that those of `ring` wrap.
    """

    def __init__(
        self,
        conninfo: str,
        organisation: str,
        ring: KeyRing,
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._datastore = Datastore(conninfo, organisation, deadline_seconds=deadline_seconds)
        self._recorder = Recorder(self._datastore)
        self._mapper = Mapper(JSONTranscoder())
        self._seals = FactSeals(organisation, ring)
        self._kept_facts = KeptFacts(organisation, ring)
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
        sealer = self._sealer([state for _, state, _ in rows])
        decode = codec.decode
        return Stream(
            tuple(
                [
                    decode(topic, state, opening(sealer, stream, version, topic))
                    for topic, state, version in rows
                ]
            ),
            rows[-1][2] if rows else after,
        )

    def read_recorded(
        self, stream: str, *, after: int = 0, up_to: int | None = None
    ) -> Sequence[Recorded]:
        last = LAST if up_to is None else up_to
        facts = self._recorder.stream_facts(stream, after, last)
        sealer = self._sealer([fact.state for fact in facts])
        return [self._recorded(fact, sealer) for fact in facts]

    def read_log(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        topics = [*(WIRE_NAMES[cls] for cls in only), *_OLD_NAMES] if only else []
        facts, reached = self._recorder.log_facts(after, limit, topics=topics)
        recorded, reached = self._decoded(facts, reached)
        if only and _OLD_NAMES:
            recorded = [fact for fact in recorded if type(fact.event) in only]
        return recorded, reached

    def read_log_kept(
        self, *, after: int, limit: int, only: Sequence[type[Event]] = ()
    ) -> tuple[Sequence[Recorded], int]:
        """As `read_log`, for views: what is personal in a fact is sealed words (ADR 25)."""
        facts, reached = self.read_log(after=after, limit=limit, only=only)
        kept = self._datastore.sessions.run(lambda session: self._kept_facts.of(session, facts))
        return kept, reached

    def _decoded(self, facts: Sequence[RecordedFact], reached: int) -> tuple[list[Recorded], int]:
        """Events of the facts, and the position reached; up to the first that cannot be read."""
        recorded: list[Recorded] = []
        sealer = self._sealer([fact.state for fact in facts])
        for fact in facts:
            try:
                recorded.append(self._recorded(fact, sealer))
            except Undecodable:
                if recorded:
                    return recorded, recorded[-1].position
                raise
        return recorded, reached

    def _sealer(self, states: Sequence[bytes]) -> Sealer:
        return self._seals.for_reading(self._datastore.sessions, states)

    def _recorded(self, fact: RecordedFact, sealer: Sealer) -> Recorded:
        stream = str(fact.originator_id)
        opens = opening(sealer, stream, fact.originator_version, fact.topic)
        try:
            return self._mapper.to_domain_event(fact, opens)
        except (codec.UnknownEvent, SealBroken, ValueError) as strange:
            raise Undecodable(
                name=fact.topic,
                stream=stream,
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
        is_first = True

        def make(session: Session) -> Batch:
            nonlocal is_first
            if not is_first:
                self._seals.forget()
            is_first = False
            return batch_of(writes, self._mapper, self._seals.for_batch(session, writes))

        outcomes, unanswered = self._recorder.append(make, server)
        return [
            self._outcome(write, outcome, unanswered=unanswered)
            for write, outcome in zip(writes, outcomes, strict=True)
        ]

    def repeated(self, command_id: UUID) -> Repeated | None:
        kept = self._recorder.kept(command_id)
        if kept is None:
            return None
        fingerprint, answer = self._kept(command_id, kept[0], kept[1])
        position = kept[2]
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

    def _outcome(self, write: CommandWrite, outcome: Outcome, *, unanswered: bool) -> WriteOutcome:
        kind, position, stream, actual, fingerprint, answer = outcome
        if kind == RACED:
            return Raced(stream=stream or "", actual_version=actual or 0)
        if kind == REPEATED:
            kept = self._kept(write.envelope.command_id, fingerprint or b"", answer or b"")
            if unanswered and kept == (write.fingerprint, write.answer):
                return Written(position=position)
            return Repeated(fingerprint=kept[0], answer=kept[1], position=position)
        return Written(position=position)

    def _kept(self, command_id: UUID, fingerprint: bytes, answer: bytes) -> tuple[bytes, bytes]:
        return self._seals.kept(self._datastore.sessions, command_id, fingerprint, answer)
