"""Queues as they change: whoever looks at a team's cases is told at once which to look at again.

What has become of a case is not told here: a page asks for it, and is answered by the rights that
it has then.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Self, TypeAlias
from uuid import UUID

import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from starlette.types import Receive, Send

from events.case_assignment import CaseTransferred
from events.ids import CaseId, TeamId
from gateway.entries import Audience
from gateway.followers import Followers, Living
from gateway.language import Language
from gateway.live import HEADERS, RETRY_MILLISECONDS
from gateway.reader import Reader
from projections import caseload
from services.changed_cases import changed_cases
from services.database import Row
from services.ports import EventStore
from services.views import Views

log = structlog.get_logger()

VIEW: Final = "caseload"
_MOVED_AT_ONCE: Final = 500

Changes: TypeAlias = Mapping[TeamId, Sequence[CaseId]]
"""Which cases of which teams are to be looked at again."""

_COLLEAGUES: Final = Audience(Language.DANISH, None)


class QueueHub:
    """One organisation's open queues. Use it as an asynchronous context manager."""

    def __init__(
        self,
        organisation: str,
        views: Views,
        reads: AsyncConnectionPool[AsyncConnection[Row]],
        store: EventStore,
        sessions: Living | None = None,
    ) -> None:
        self._reads = reads
        self._store = store
        self._followers: Followers[Changes] = Followers(
            organisation, VIEW, views, fetch=self._fetch, tell=self._tell, sessions=sessions
        )

    async def __aenter__(self) -> Self:
        await self._followers.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._followers.__aexit__()

    async def serve(
        self,
        team: TeamId,
        receive: Receive,
        send: Send,
        *,
        session: UUID | None = None,
    ) -> None:
        """Tell of changes from now on, until the client leaves or its right ends.

        Raises:
            ViewBehind: the database does not answer; nothing has been sent.
        """
        await self._followers.known()
        reader = Reader(team, _staff, send, 0, session)
        self._followers.add(reader)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            # Who opens a queue has it as it was a moment ago, so they are told where that was.
            opening = f"retry: {RETRY_MILLISECONDS}\n\n{_told(self._followers.position, ())}"
            await send({"type": "http.response.body", "body": opening.encode(), "more_body": True})
            await reader.send_backlog([])
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._followers.forget(reader)
            reader.leave()

    async def _fetch(self, after: int, up_to: int) -> Changes:
        async with self._reads.connection() as db:
            changed = await changed_cases(db, after, up_to)
            teams = await caseload.teams_of(db, list(changed))
        told: dict[TeamId, list[CaseId]] = {}
        for case_id, team in [*teams.items(), *await self._left(after, up_to)]:
            told.setdefault(team, []).append(case_id)
        return told

    async def _tell(self, changes: Changes, up_to: int) -> None:
        for team, cases in changes.items():
            frame = _told(up_to, cases).encode()
            for reader in self._followers.of(team):
                if not reader.offer(up_to, frame):
                    self._followers.let_go(reader)

    async def _left(self, after: int, up_to: int) -> list[tuple[CaseId, TeamId]]:
        """Cases that another team has got, with the team that has them no longer."""
        moved, _ = await asyncio.to_thread(
            self._store.read_log, after=after, limit=_MOVED_AT_ONCE, only=[CaseTransferred]
        )
        return [
            (each.event.case_id, each.event.from_team)
            for each in moved
            if isinstance(each.event, CaseTransferred) and each.position <= up_to
        ]


async def _staff() -> Audience | None:
    """The same for all who are let in: their roles are those of their session, which ends with
    them.
    """
    return _COLLEAGUES


def _told(position: int, cases: Iterable[CaseId]) -> str:
    data = json.dumps({"position": position, "cases": sorted(map(str, cases))})
    return f"id: {position}\ndata: {data}\n\n"
