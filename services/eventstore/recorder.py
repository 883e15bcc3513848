"""The library's recorder, with an append that locks no table and a log that skips nothing."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.sql import Identifier

from services.database import Row
from services.eventstore.batch import Batch, batch_of_stored
from services.eventstore.datastore import Datastore
from services.eventstore.mapper import RecordedFact
from services.eventstore.session import Session
from services.eventstore.subscription import LogSubscription
from services.ids import new_id
from services.ports import StoreUnavailable

Outcome: TypeAlias = tuple[int, int, str | None, int | None, bytes | None, bytes | None]
"""Which of the three below; position; the stream lost and where it stands; what was kept."""

WRITTEN: Final = 0
REPEATED: Final = 1
RACED: Final = 2

TABLE: Final = "events"
LAST: Final = 2**63 - 1
"""Above every version and every position."""

APPEND: Final = """
    SELECT * FROM {schema}.append(%b::uuid[], %b::bytea[], %b::bytea[], %b::int[], %b::text[],
        %b::bigint[], %b::int[], %b::text[], %b::uuid[], %b::text[], %b::bytea[])
    WHERE '{schema}.events'::regclass = %b::oid AND (SELECT count(*) FROM {schema}.person_key
        WHERE key_id = ANY (%b::bigint[]) AND destroyed_at IS NULL) = %b::bigint"""
"""Nothing is done, and no row comes back, in a schema made anew since the connection was opened, or
when a key that has sealed something of it was destroyed or is not there."""
_POSITIONS: Final = """
    SELECT notification_id FROM {schema}.events JOIN unnest(%b::uuid[]) WITH ORDINALITY
        AS wanted (event_id, place) USING (event_id) ORDER BY place"""
_KEPT: Final = """
    SELECT fingerprint, answer, position FROM {schema}.command WHERE command_id = %b::uuid"""
_SAFE: Final = "SELECT {schema}.safe_position()"
_STREAM: Final = """
    SELECT topic, state, originator_version FROM {schema}.events
    WHERE originator_id = %b AND originator_version > %b::bigint
    AND originator_version <= %b::bigint ORDER BY originator_version"""
_FACTS: Final = """
    SELECT originator_id, originator_version, topic, state, notification_id, event_id,
        recorded_at, metadata::text
    FROM {schema}.events WHERE """
_OF_STREAM: Final = f"""{_FACTS} originator_id = %b AND originator_version > %b::bigint
    AND originator_version <= %b::bigint ORDER BY originator_version"""
_IN_LOG: Final = f"""{_FACTS} notification_id > %b::bigint AND notification_id <= %b::bigint
    ORDER BY notification_id LIMIT %b::bigint"""
_IN_LOG_OF_TOPICS: Final = f"""{_FACTS} notification_id > %b::bigint
    AND notification_id <= %b::bigint AND topic = ANY(%b::text[])
    ORDER BY notification_id LIMIT %b::bigint"""


class Recorder(PostgresApplicationRecorder):
    """Reads and writes rows; what they mean is the mapper's business.

    Every call may raise `StoreUnavailable`.
    """

    datastore: Datastore

    def __init__(self, datastore: Datastore, *, events_table_name: str = TABLE) -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        quoted = Identifier(datastore.schema).as_string()
        (
            self._append,
            self._positions,
            self._kept,
            self._safe,
            self._stream,
            self._of_stream,
            self._in_log,
            self._in_log_of_topics,
        ) = (
            statement.replace("{schema}", quoted).encode()
            for statement in (
                APPEND,
                _POSITIONS,
                _KEPT,
                _SAFE,
                _STREAM,
                _OF_STREAM,
                _IN_LOG,
                _IN_LOG_OF_TOPICS,
            )
        )

    def append(
        self, make: Callable[[Session], Batch], server: object = None
    ) -> tuple[list[Outcome], bool]:
        """Append a batch in one call; one outcome for each command, in order.

        It is made on the connection that it goes to, anew for each attempt, for what has sealed it
        is known to that database. `server` is the only one it may go to, unless it is None.

        The flag says that an earlier attempt was sent and its answer lost: a command that is
        then found repeated may have been written by this very call.
        """
        sent, has_facts = 0, False

        def send(session: Session) -> list[Row]:
            nonlocal sent, has_facts
            if server not in (None, session.server):
                raise StoreUnavailable("another server")
            batch = make(session)
            has_facts = bool(batch.facts)
            sent += 1
            parameters = batch.sent(session.server.events)
            rows = session.execute(self._append, parameters, prepare=True).fetchall()
            if not rows:
                sent -= 1
                self.datastore.sessions.begin_anew()
                raise psycopg.OperationalError("The schema or a key is another one by now.")
            return rows

        rows = self.datastore.sessions.run(send)
        if has_facts:
            self.datastore.announcer.announce()
        return cast("list[Outcome]", rows), sent > 1  # the columns that `append` returns

    def kept(self, command_id: UUID) -> tuple[bytes, bytes, int] | None:
        """Fingerprint, answer and position of a command that was appended."""
        rows = self._rows(self._kept, (command_id,))
        return cast("tuple[bytes, bytes, int]", rows[0]) if rows else None  # the columns named

    def stream(self, name: str, after: int, up_to: int) -> list[tuple[str, bytes, int]]:
        """Topic, state and version of a stream's facts, oldest first."""
        rows = self._rows(self._stream, (name, after, up_to))
        return cast("list[tuple[str, bytes, int]]", rows)

    def stream_facts(self, name: str, after: int = 0, up_to: int = LAST) -> list[RecordedFact]:
        return _facts(self._rows(self._of_stream, (name, after, up_to)))

    def log_rows(
        self, after: int, limit: int, stop: int = LAST, topics: Sequence[str] = ()
    ) -> tuple[list[Row], int]:
        """At most `limit` rows of the log above `after`, and the position then reached.

        Reached is passed also by what `topics` leaves out.
        """

        def read(session: Session) -> tuple[list[Row], int]:
            # Two statements, each with a snapshot of its own: the bound must be known before
            # the facts are looked at.
            safe = session.execute(self._safe, prepare=True).fetchall()
            bound = min(cast("int", safe[0][0]), stop)
            if bound <= after:
                return [], after
            if topics:
                wanted = (after, bound, list(topics), limit)
                rows = session.execute(self._in_log_of_topics, wanted, prepare=True).fetchall()
            else:
                rows = session.execute(self._in_log, (after, bound, limit), prepare=True).fetchall()
            return rows, bound if len(rows) < limit else cast("int", rows[-1][4])

        return ([], after) if limit < 1 else self.datastore.sessions.run(read)

    def log_facts(
        self, after: int, limit: int, stop: int = LAST, topics: Sequence[str] = ()
    ) -> tuple[list[RecordedFact], int]:
        rows, reached = self.log_rows(after, limit, stop, topics)
        return _facts(rows), reached

    def safe_position(self) -> int:
        ((position,),) = self._rows(self._safe, ())
        return cast("int", position)

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        command_id: UUID | None = None,
        **_: Any,  # noqa: ANN401  # the library's signature
    ) -> Sequence[int]:
        """Append the facts as one command; their positions.

        Raises:
            IntegrityError: a stream stands elsewhere, or the command id was used before.
        """
        if not stored_events:
            return []
        command_id = command_id or new_id()
        batch = batch_of_stored(stored_events, command_id)
        [(outcome, _position, stream, actual, *_kept)], _unanswered = self.append(
            lambda _session: batch
        )
        if outcome == RACED:
            raise IntegrityError(f"{stream} stands at version {actual}")
        event_ids = [fact.event_id for fact in batch.facts]
        found = [cast("int", row[0]) for row in self._rows(self._positions, (event_ids,))]
        if len(found) < len(stored_events):
            raise IntegrityError(f"command {command_id} was recorded before")
        return found

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        facts = self.stream_facts(str(originator_id), gt or 0, LAST if lte is None else lte)
        return (facts[::-1] if desc else facts)[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[RecordedFact]:
        after = (start or 0) - (1 if inclusive_of_start and start is not None else 0)
        return self.log_facts(after, limit, LAST if stop is None else stop, topics)[0]

    def max_notification_id(self) -> int | None:
        return self.safe_position() or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LogSubscription:
        def read(after: int, limit: int) -> tuple[list[RecordedFact], int]:
            return self.log_facts(after, limit, topics=topics)

        return LogSubscription(self, read, self.datastore.wakeups(), gt, topics)

    def _rows(self, statement: bytes, parameters: Sequence[object]) -> list[Row]:
        def read(session: Session) -> list[Row]:
            return session.execute(statement, parameters, prepare=True).fetchall()

        return self.datastore.sessions.run(read)


def _facts(rows: Sequence[Row]) -> list[RecordedFact]:
    columns = cast("Sequence[tuple[Any, ...]]", rows)  # in the order of _FACTS
    return [
        RecordedFact(stream, version, topic, state, position, event_id, at, metadata)
        for stream, version, topic, state, position, event_id, at, metadata in columns
    ]
