"""Connections whose cursors open what is sealed in the rows that they read.

So no query, and nobody who asks one, needs to know what of a row is sealed.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final, Self, TypeVar, cast

from psycopg import AsyncConnection, AsyncCursor, Connection, Cursor
from psycopg.pq.abc import PGresult
from psycopg.rows import AsyncRowFactory, RowFactory, RowMaker
from psycopg_pool import AsyncConnectionPool

from services.database import Row, async_pool, connect
from services.privacy import words
from services.privacy.person_keys import PersonKeys
from services.privacy.sealer import Sealer

R = TypeVar("R")

_NO_KEYS: Final = Sealer({})


def open_what_is_read(db: AsyncConnection[Row], keys: PersonKeys) -> None:
    """From now on, for all that is read on the connection."""
    # It is called as the class is: with a connection and a row factory.
    db.cursor_factory = cast("type[AsyncCursor[Row]]", partial(_AsyncOpening, keys=keys))


def open_what_is_read_here(db: Connection[Row], keys: PersonKeys) -> None:
    """The same for a connection that waits."""
    db.cursor_factory = cast("type[Cursor[Row]]", partial(_Opening, keys=keys))


def reading_connection(conninfo: str, organisation: str, keys: PersonKeys) -> Connection[Row]:
    """One connection, in autocommit, that opens what it reads."""
    db = connect(conninfo, organisation)
    open_what_is_read_here(db, keys)
    return db


def reading_pool(
    conninfo: str, organisation: str, keys: PersonKeys
) -> AsyncConnectionPool[AsyncConnection[Row]]:
    """A pool that is not open yet, of connections that open what they read."""

    async def configure(db: AsyncConnection[Row]) -> None:
        open_what_is_read(db, keys)

    return async_pool(conninfo, organisation, configure=configure)


class _AsyncOpening(AsyncCursor[R]):
    """Raises `SealBroken` for a row that holds what belongs to another, or was changed."""

    def __init__(
        self,
        connection: AsyncConnection[Any],
        *,
        row_factory: AsyncRowFactory[R],
        keys: PersonKeys,
    ) -> None:
        self._keys = keys
        self.sealer = _NO_KEYS

        def opening(cursor: AsyncCursor[Any]) -> RowMaker[R]:
            return _maker(self, row_factory(cursor))

        super().__init__(connection, row_factory=opening)

    async def execute(self, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401  # as it is given on
        await super().execute(*args, **kwargs)
        key_ids = _key_ids(self.pgresult)
        if key_ids:
            self.sealer = await self._keys.load_async(self.connection, key_ids)
        return self


class _Opening(Cursor[R]):
    """As `_AsyncOpening`."""

    def __init__(
        self, connection: Connection[Any], *, row_factory: RowFactory[R], keys: PersonKeys
    ) -> None:
        self._keys = keys
        self.sealer = _NO_KEYS

        def opening(cursor: Cursor[Any]) -> RowMaker[R]:
            return _maker(self, row_factory(cursor))

        super().__init__(connection, row_factory=opening)

    def execute(self, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401  # as it is given on
        super().execute(*args, **kwargs)
        key_ids = _key_ids(self.pgresult)
        if key_ids:
            self.sealer = self._keys.load(self.connection, key_ids)
        return self


def _key_ids(result: PGresult | None) -> set[int]:
    if result is None:
        return set()
    cells = (
        cell
        for row in range(result.ntuples)
        for column in range(result.nfields)
        if (cell := result.get_value(row, column)) is not None and words.MARK in cell
    )
    return set[int]().union(*map(words.key_ids, cells))


def _maker(cursor: _AsyncOpening[Any] | _Opening[Any], make: RowMaker[R]) -> RowMaker[R]:
    """Makes rows of what is opened; the keys are in hand by the time that any is made."""
    columns = [column.name for column in cursor.description or ()]

    def made(values: Sequence[Any]) -> R:
        sealer = cursor.sealer
        if sealer is _NO_KEYS:
            return make(values)
        row = dict(zip(columns, values, strict=True))
        return make([words.opened(value, sealer, row) for value in values])

    return made
