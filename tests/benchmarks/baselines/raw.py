"""The floor: psycopg inserting the row that Julelys stores, prepared, and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import psycopg

from services.codec import encode
from services.ids import new_id
from tests.benchmarks import julelys_events

TABLE: Final = """
CREATE TABLE raw_events (
    notification_id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1),
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    event_id uuid NOT NULL UNIQUE,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    originator_id text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    metadata jsonb NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (originator_id, originator_version),
    UNIQUE (notification_id)
)
"""

INSERT: Final = """
INSERT INTO raw_events (originator_id, originator_version, topic, state, event_id, metadata)
VALUES (%b, %b, %b, %b, %b, %t)
"""


def install(conninfo: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(TABLE)


@contextmanager
def writer(conninfo: str, _number: int) -> Iterator[Callable[[UUID, int], None]]:
    topic, state = encode(julelys_events.message(new_id()))
    metadata = julelys_events.metadata()
    with psycopg.connect(conninfo, autocommit=True, prepare_threshold=0) as connection:
        cursor = connection.cursor()

        def write(stream: UUID, step: int) -> None:
            row = (f"case-{stream}", step + 1, topic, state, new_id(), metadata)
            cursor.execute(INSERT, row)

        yield write
