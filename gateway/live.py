"""Timelines as they grow: what is new is told to each reader of its case, as they may see it."""

from collections.abc import Sequence
from typing import Final, Self
from uuid import UUID

import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from starlette.types import Receive, Send

from events.ids import CaseId
from gateway.entries import Audience, frame
from gateway.followers import Followers, Living
from gateway.reader import Reader, Seat
from gateway.sentences import Names
from projections import timeline
from projections.timeline import Entry
from services.database import Row
from services.views import Views

log = structlog.get_logger()

VIEW: Final = "timeline"
RETRY_MILLISECONDS: Final = 1_000
SIGHT_CHANGES: Final = frozenset(
    {
        "party-joined",
        "party-left",
        "protection-recorded",
        "representative-proposed",
        "representative-appointed",
        "representative-declined",
        "representation-ended",
        "transferred",
    }
)
"""After one of these somebody may see more, or less, or nothing any longer."""

HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
]


class Hub:
    """One organisation's readers. Use it as an asynchronous context manager."""

    def __init__(
        self,
        organisation: str,
        views: Views,
        reads: AsyncConnectionPool[AsyncConnection[Row]],
        names: Names,
        sessions: Living | None = None,
    ) -> None:
        self._reads = reads
        self._names = names
        self._followers: Followers[Sequence[Entry]] = Followers(
            organisation,
            VIEW,
            views,
            fetch=self._fetch,
            tell=self._tell,
            look=self._look_of_staff,
            sessions=sessions,
        )

    async def __aenter__(self) -> Self:
        await self._followers.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._followers.__aexit__()

    @property
    def readers(self) -> int:
        return len(self._followers)

    async def serve(
        self,
        case_id: CaseId,
        seat: Seat,
        after: int,
        receive: Receive,
        send: Send,
        *,
        session: UUID | None = None,
    ) -> None:
        """Stream a case's entries after a position until the client leaves, or its right ends.

        Raises:
            ViewBehind: the database does not answer; nothing has been sent.
        """
        await self._followers.known()
        reader = Reader(case_id, seat, send, after, session)
        self._followers.add(reader)
        try:
            async with self._reads.connection() as db:
                backlog = await timeline.entries(db, case_id, after)
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send(_body(f"retry: {RETRY_MILLISECONDS}\n\n".encode()))
            # After the backlog was read: what is in it, this look knows.
            audience = await reader.look_again()
            if audience is None:
                reader.end()
            else:
                names = self._names
                frames = [(each.position, frame(each, audience, names)) for each in backlog]
                del backlog
                await reader.send_backlog(frames)
                frames.clear()
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._followers.forget(reader)
            reader.leave()

    async def _fetch(self, after: int, up_to: int) -> Sequence[Entry]:
        async with self._reads.connection() as db:
            entries = await timeline.since(db, after, up_to)
        await self._look_again(entries)
        return entries

    async def _tell(self, entries: Sequence[Entry], _: int) -> None:
        for entry in entries:
            frames: dict[Audience, bytes] = {}
            for reader in self._followers.of(entry.case_id):
                audience = reader.audience or await reader.look_again()
                if audience is None:
                    self._followers.let_go(reader)
                    continue
                text = frames.get(audience)
                if text is None:
                    text = frames[audience] = frame(entry, audience, self._names)
                if not reader.offer(entry.position, text):
                    log.warning("live_reader_dropped", case=str(entry.case_id))
                    self._followers.let_go(reader)

    async def _look_again(self, entries: Sequence[Entry]) -> None:
        """Before anything of a batch is told, see who may still be told it."""
        changed = {entry.case_id for entry in entries if entry.kind in SIGHT_CHANGES}
        for case_id in changed:
            for reader in self._followers.of(case_id):
                await self._look(reader)

    async def _look_of_staff(self, reader: Reader) -> None:
        # A reason to look at another team's case holds for a time only.
        if reader.audience is not None and reader.audience.sight is None:
            await self._look(reader)

    async def _look(self, reader: Reader) -> None:
        if await reader.look_again() is None:
            self._followers.let_go(reader)


def _body(content: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": content, "more_body": True}
