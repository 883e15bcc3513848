"""One organisation's schema, as the library's recorders reach it."""

from typing import Final

from eventsourcing.postgres import PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from services.database import pinned
from services.eventstore.sessions import DEADLINE_SECONDS, Sessions
from services.eventstore.wakeups import Announcer, Wakeups

NAME: Final = "julelys-store"


class Datastore(PostgresDatastore):
    """Our own connections in place of the library's pool, which is made but never opened."""

    def __init__(
        self, conninfo: str, schema: str, *, deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        given = {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}
        super().__init__(
            dbname=given.get("dbname", ""),
            host=given.get("host", ""),
            port=given.get("port", ""),
            user=given.get("user", ""),
            password=given.get("password", ""),
            schema=schema,
            originator_id_type="text",
        )
        self._conninfo = conninfo
        ours = pinned(conninfo, schema, application_name=NAME, statement_seconds=deadline_seconds)
        self.sessions = Sessions(ours, deadline_seconds=deadline_seconds)
        self.announcer = Announcer(conninfo, schema)

    def register_type_adapters(self) -> None:
        """Nothing to register: only arrays of plain types are sent."""

    def wakeups(self) -> Wakeups:
        return Wakeups(self._conninfo, self.schema)

    def close(self) -> None:
        self.sessions.close()
        self.announcer.close()
        super().close()
