"""Pending logins, sessions and known persons in memory: fakes, held to the real ones' contract."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from events.ids import ActorId
from services.login.authorising import PendingLogin
from services.login.sessions import StoredSession
from services.people import Acquaintance


class MemoryPendingLogins:
    """`services.login.authorising.PendingLogins` for as long as the process lives."""

    def __init__(self) -> None:
        self.kept: dict[bytes, PendingLogin] = {}

    async def keep(self, state: bytes, pending: PendingLogin) -> None:
        self.kept[state] = pending

    async def take(self, state: bytes) -> PendingLogin | None:
        return self.kept.pop(state, None)


class MemorySessions:
    """`services.login.sessions.SessionStore` for as long as the process lives."""

    def __init__(self) -> None:
        self.kept: dict[bytes, StoredSession] = {}

    async def keep(self, key: bytes, session: StoredSession, *, replacing: bytes | None) -> None:
        if replacing is not None:
            self.kept.pop(replacing, None)
        self.kept[key] = session

    async def find(self, key: bytes) -> StoredSession | None:
        return self.kept.get(key)

    async def living(
        self, sessions: Collection[UUID], *, now: datetime, used_after: datetime
    ) -> set[UUID]:
        return {
            each.id
            for each in self.kept.values()
            if each.id in sessions and each.ends_at > now and each.used_at > used_after
        }

    async def note_use(self, key: bytes, at: datetime) -> None:
        if key in self.kept:
            found = self.kept[key]
            self.kept[key] = replace(found, used_at=max(found.used_at, at))

    async def swap(self, key: bytes, former: bytes, *, id: UUID, sealed: bytes) -> bool:  # noqa: A002 - its own name
        found = self.kept.get(key)
        if found is None or found.sealed != former:
            return False
        self.kept[key] = replace(found, id=id, sealed=sealed)
        return True

    async def end(self, key: bytes) -> bool:
        return self.kept.pop(key, None) is not None

    async def of(self, owner: ActorId) -> Sequence[StoredSession]:
        theirs = [each for each in self.kept.values() if each.owner == owner]
        return sorted(theirs, key=lambda each: (each.began_at, each.id), reverse=True)

    async def end_of(self, owner: ActorId, session: UUID) -> bool:
        return self._end_where(lambda each: each.owner == owner and each.id == session) > 0

    async def end_by_issuer(
        self,
        issuer: str,
        *,
        subjects: Collection[bytes] | None,
        sessions: Collection[bytes] | None,
        until: datetime,
    ) -> int:
        return self._end_where(
            lambda each: (
                each.issuer == issuer
                and each.began_at <= until
                and (subjects is None or each.subject in subjects)
                and (sessions is None or each.issuer_session in sessions)
            )
        )

    def _end_where(self, is_over: Callable[[StoredSession], bool]) -> int:
        over = [key for key, each in self.kept.items() if is_over(each)]
        for key in over:
            del self.kept[key]
        return len(over)


class MemoryAcquaintances:
    """`services.login.acquainting.Acquaintances` for as long as the process lives."""

    def __init__(self) -> None:
        self.told: dict[str, Acquaintance] = {}
        self.left: set[str] = set()

    async def note(self, who: Acquaintance) -> None:
        self.told[who.person] = who
        self.left.discard(who.person)

    async def leave(self, staff: ActorId) -> None:
        self.left.add(staff)


class MemoryKnownPersons:
    """`services.login.acting.KnownPersons` for as long as the process lives."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    async def name_of(self, pseudonyms: tuple[str, ...]) -> str:
        found = [self.names[each] for each in reversed(pseudonyms) if each in self.names]
        name = found[0] if found else pseudonyms[0]
        for each in pseudonyms:
            self.names.setdefault(each, name)
        return name

    async def introduce(self, pseudonyms: tuple[str, ...], name: str) -> None:
        for each in pseudonyms:
            self.names.setdefault(each, name)
