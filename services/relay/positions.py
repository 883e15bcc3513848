"""Who reads an organisation's log on behalf of everybody, and how far: a row and a lock."""

from contextlib import suppress
from typing import Final, Literal

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from services.database import Row, pinned
from services.relay.ports import Fenced, Tenure

log = structlog.get_logger()

_KEYS: Final = {"relay": "name", "feed_position": "consumer"}

# The numbers of our advisory locks have the topmost bit set, so that those of the event log,
# which are positive or pairs, never meet them.
_LOCK: Final = SQL(
    "SELECT pg_try_advisory_lock("
    "hashtextextended(current_schema() || '.{table}.' || %s, 0) | (1::bigint << 63))"
)
_BEGIN: Final = SQL(
    "INSERT INTO {table} ({key}, epoch) VALUES (%s, 1)"
    " ON CONFLICT ({key}) DO UPDATE SET epoch = {table}.epoch + 1 RETURNING epoch, position"
)
_ADVANCE: Final = SQL(
    "UPDATE {table} SET position = %s WHERE {key} = %s AND epoch = %s AND position = %s"
)


class PostgresRelayPositions:
    """`services.relay.ports.RelayPositions` as a row of `table` and an advisory lock.

    The lock belongs to a connection of its own, so that it falls free with its owner's process,
    however that ends. The row's epoch is what counts: a connection may have died without its
    owner's knowing, and what he then does must come to nothing. Not for several tasks at once.
    """

    def __init__(
        self,
        conninfo: str,
        schema: str,
        name: str = "kafka",
        *,
        table: Literal["relay", "feed_position"] = "relay",
    ) -> None:
        self._conninfo = pinned(conninfo, schema, application_name=f"julelys-{name}")
        self._name = name
        names = {"table": Identifier(table), "key": Identifier(_KEYS[table])}
        self._lock = _LOCK.format(table=SQL(table))
        self._begin = _BEGIN.format(**names)
        self._advance = _ADVANCE.format(**names)
        self._db: AsyncConnection[Row] | None = None
        self._answered = True

    async def take_over(self) -> Tenure | None:
        """Also None while the database does not answer."""
        try:
            if self._db is None:
                self._db = await AsyncConnection[Row].connect(self._conninfo, autocommit=True)
            asked = await self._db.execute(self._lock, [self._name])
            if await asked.fetchone() != (True,):
                return None
            begun = await self._db.execute(self._begin, [self._name])
            ((epoch, position),) = await begun.fetchall()
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            await self.give_up()
            if self._answered:
                log.warning("ownership_unknown", reader=self._name, error=type(error).__name__)
            self._answered = False
            return None
        self._answered = True
        return Tenure(epoch=int(str(epoch)), position=int(str(position)))

    async def advance(self, tenure: Tenure, position: int) -> Tenure:
        wanted = [position, self._name, tenure.epoch, tenure.position]
        try:
            if self._db is None:
                raise Fenced
            moved = await self._db.execute(self._advance, wanted)
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            # The lock went with the connection, whether or not the row was written.
            await self.give_up()
            raise Fenced from error
        if moved.rowcount != 1:
            await self.give_up()
            raise Fenced
        return Tenure(epoch=tenure.epoch, position=position)

    async def give_up(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            # Closing alone would do, but the server notices that a moment later.
            with suppress(psycopg.Error):
                await db.execute("SELECT pg_advisory_unlock_all()")
            await db.close()
