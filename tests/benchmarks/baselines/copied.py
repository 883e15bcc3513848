"""A timeline rebuilt by hand with COPY, as one would write it for that one table alone."""

import json
from collections.abc import Callable, Sequence
from typing import Final

import psycopg
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

PAGE: Final = 1_000
FAST: Final = "-c synchronous_commit=off"
"""As the projector of Julelys, for rows and checkpoint commit together."""

TABLE: Final = """
CREATE TABLE copied (
    case_id uuid NOT NULL, position bigint NOT NULL, at timestamptz NOT NULL, kind text NOT NULL,
    facts jsonb NOT NULL, actor text NOT NULL, documents jsonb NOT NULL,
    PRIMARY KEY (case_id, position)
)
"""
LOG: Final = """
SELECT notification_id, topic, state, recorded_at, metadata ->> 'actor' FROM {}.events
WHERE notification_id > %s AND topic LIKE 'case.%%' ORDER BY notification_id LIMIT %s
"""
COPY: Final = "COPY {} (case_id, position, at, kind, facts, actor, documents) FROM STDIN"
INSERT: Final = "INSERT INTO copied SELECT * FROM page"

Line = tuple[object, ...]


def by_hand(conninfo: str, schema: str) -> Callable[[], int]:
    """Pages of the log, decoded, copied beside and inserted at once; gives how many rows."""

    def run() -> int:
        with psycopg.connect(conninfo, autocommit=True, options=FAST) as db:
            _begin(db)
            log = SQL(LOG).format(Identifier(schema))
            position, count = 0, 0
            while page := db.execute(log, (position, PAGE), prepare=True, binary=True).fetchall():
                position = page[-1][0]
                lines = [_line(row) for row in page]
                with db.transaction():
                    db.execute("TRUNCATE page")
                    _copy(db, "page", lines)
                    db.execute(INSERT)
                    db.execute("UPDATE reached SET position = %s", (position,))
                count += len(lines)
            db.execute("CREATE INDEX ON copied (position)")
            return count

    return run


def ready(conninfo: str, schema: str) -> Callable[[], int]:
    """COPY of rows that lie ready in memory: no log, no decoding; gives how many rows."""
    with psycopg.connect(conninfo, autocommit=True) as db:
        log = SQL(LOG).format(Identifier(schema))
        lines = [_line(row) for row in db.execute(log, (0, 10**9), binary=True)]

    def run() -> int:
        with psycopg.connect(conninfo, autocommit=True, options=FAST) as db:
            _begin(db)
            for start in range(0, len(lines), PAGE):
                _copy(db, "copied", lines[start : start + PAGE])
            db.execute("CREATE INDEX ON copied (position)")
        return len(lines)

    return run


def _begin(db: psycopg.Connection[TupleRow]) -> None:
    db.execute("DROP TABLE IF EXISTS copied, reached")
    db.execute(TABLE)
    db.execute("CREATE TABLE reached AS SELECT 0::bigint AS position")
    db.execute("CREATE TEMPORARY TABLE page (LIKE copied)")


def _copy(db: psycopg.Connection[TupleRow], table: str, lines: Sequence[Line]) -> None:
    with db.cursor() as cursor, cursor.copy(SQL(COPY).format(Identifier(table))) as copy:
        for line in lines:
            copy.write_row(line)


def _line(row: TupleRow) -> Line:
    position, topic, state, recorded_at, actor = row
    facts = json.loads(state)
    case_id = facts.pop("case_id")
    kind = topic.split(".")[1]
    documents = json.dumps(facts.get("documents") or [])
    return (case_id, position, recorded_at, kind, json.dumps(facts), actor, documents)
