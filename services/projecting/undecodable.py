"""Finds out which fact of the log cannot be read, without reading what it says."""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import tuple_row

from events.catalogue import UPCASTERS, WIRE_NAMES, Event
from services.database import Row
from services.ports import Undecodable


def undecodable(db: Connection[Row], after: int, only: Sequence[type[Event]]) -> Undecodable:
    """The first fact of those classes after a position, as the error that says it is strange."""
    names = [*(WIRE_NAMES[cls] for cls in only), *UPCASTERS]
    with db.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            "SELECT topic, originator_id, originator_version, notification_id FROM events"
            " WHERE notification_id > %s AND topic = ANY(%s) ORDER BY notification_id LIMIT 1",
            (after, names),
        )
        ((name, stream, version, position),) = cursor.fetchall()
    return Undecodable(name=name, stream=stream, version=version, position=position)
