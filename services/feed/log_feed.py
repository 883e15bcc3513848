"""The feed without a broker: the event log itself, followed by one owner at a time."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import psycopg

from events.catalogue import WIRE_NAMES, Event
from events.envelope import Recorded
from services.database import connect
from services.feed.port import FactRef, FeedUnavailable
from services.ports import StoreUnavailable, Undecodable
from services.relay.log_reader import Log, StoreLogReader
from services.relay.ports import Fenced, Tenure
from services.relay.positions import PostgresRelayPositions

PAGE: Final = 200
STANDBY_SECONDS: Final = 0.25


class LogFeed:
    """`services.feed.port.Feed` over an event store; `consumer` names who has come how far.

    Any number may be open under one name: one of them is given the facts, the others none until
    it is gone. With `only`, facts of other classes are left out. A fact that cannot be decoded
    is given like any other, for a reference does not say what it holds.
    """

    def __init__(
        self,
        store: Log,
        conninfo: str,
        schema: str,
        consumer: str,
        only: Sequence[type[Event]] = (),
    ) -> None:
        self._conninfo = conninfo
        self._schema = schema
        self._positions = PostgresRelayPositions(conninfo, schema, consumer, table="feed_position")
        self._log = StoreLogReader(store, conninfo, schema, only)
        self._tenure: Tenure | None = None
        self._reached = 0
        self._given = False

    async def read(self) -> Sequence[FactRef]:
        tenure = self._tenure or await self._begin()
        if tenure is None:
            await asyncio.sleep(STANDBY_SECONDS)
            return ()
        before = self._reached
        try:
            facts, self._reached = await self._page(before)
            if facts:
                self._given = True
            elif self._reached > before and not self._given:
                # Nothing of it was for us, so nobody has to take it in.
                await self.commit()
            elif self._reached == before:
                await self._log.wait()
        except (StoreUnavailable, psycopg.Error) as error:
            raise FeedUnavailable from error
        return facts

    async def commit(self) -> None:
        if self._tenure is None or self._reached == self._tenure.position:
            return
        tenure, self._tenure = self._tenure, None
        try:
            self._tenure = await self._positions.advance(tenure, self._reached)
        except Fenced as fenced:
            raise FeedUnavailable from fenced
        self._given = False

    async def close(self) -> None:
        self._tenure = None
        await self._positions.give_up()
        await self._log.close()

    async def _begin(self) -> Tenure | None:
        self._tenure = await self._positions.take_over()
        if self._tenure is not None:
            self._reached = self._tenure.position
            self._given = False
        return self._tenure

    async def _page(self, after: int) -> tuple[Sequence[FactRef], int]:
        try:
            facts, reached = await self._log.read(after=after, limit=PAGE)
        except Undecodable as strange:
            event_id = await asyncio.to_thread(self._event_id, strange.position)
            return [_ref_of_strange(strange, event_id)], strange.position
        return [_ref(fact) for fact in facts], reached

    def _event_id(self, position: int) -> UUID:
        with connect(self._conninfo, self._schema) as db:
            ((event_id,),) = db.execute(
                "SELECT event_id FROM events WHERE notification_id = %s", [position]
            ).fetchall()
        return UUID(str(event_id))


def _ref(fact: Recorded) -> FactRef:
    return FactRef(
        event_id=fact.event_id,
        stream=fact.stream,
        version=fact.version,
        position=fact.position,
        name=WIRE_NAMES[type(fact.event)],
    )


def _ref_of_strange(strange: Undecodable, event_id: UUID) -> FactRef:
    return FactRef(
        event_id=event_id,
        stream=strange.stream,
        version=strange.version,
        position=strange.position,
        name=strange.name,
    )
