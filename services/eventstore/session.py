"""One connection of the store's own, and the database it was opened to."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from os import dup

import psycopg
from psycopg import Connection, Cursor
from psycopg.pq import Format

from services.database import SERVER, Row
from services.eventstore.packing import register


@dataclass(frozen=True, slots=True)
class Server:
    """A database as it was when a connection to it was opened; `events` is its table's number."""

    system: object
    started: object
    events: object


class Session(Cursor[Row]):
    """A connection with its one cursor. `server` is known once it has been looked at."""

    server: Server = Server(None, None, None)

    def look_at_server(self) -> None:
        ((system, started, events),) = self.execute(SERVER).fetchall()
        self.server = Server(system, started, events)

    def cut(self) -> None:
        """End a call that is waited for in the kernel, by another thread."""
        with (
            suppress(psycopg.OperationalError, OSError),
            socket.socket(fileno=dup(self.connection.fileno())) as wire,
        ):
            wire.shutdown(socket.SHUT_RDWR)


def opened(conninfo: str, seconds: int) -> Session:
    """Raises:
    psycopg.OperationalError: no connection within the seconds.
    """
    connection = Connection[Row].connect(conninfo, autocommit=True, connect_timeout=seconds)
    register(connection)
    session = Session(connection)
    session.format = Format.BINARY
    return session
