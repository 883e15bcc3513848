"""Sessions of browsers: the cookie has 256 random bits, the store their hash (ASVS 5.0, 7.2).

What a session holds of a person is sealed by a key that follows from the cookie, so whoever reads
the database learns from it neither names nor how to be somebody.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from events.ids import ActorId
from services.catalogue.service import LoginLevel
from services.identity import Actor, Login
from services.ids import new_id
from services.login.authorising import hashed, is_secret, new_secret
from services.login.description import SessionLimits
from services.login.pseudonyms import Pseudonyms
from services.login.relying_party import LoggedIn
from services.login.sealing import Held, Renewable, seal, unseal
from services.ports import Clock

NOTED_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use is known: not each request is to be a write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """`id` is what people call a session by, to end it; it lets nobody in.

    `subject` and `issuer_session` are keyed hashes of what the issuer calls the person and its own
    session. `ends_at` comes however much it is used.
    """

    id: UUID
    owner: ActorId
    issuer: str
    subject: bytes
    issuer_session: bytes | None
    level: LoginLevel
    authenticated_at: datetime | None
    began_at: datetime
    used_at: datetime
    ends_at: datetime
    sealed: bytes


class SessionStore(Protocol):
    """Rows by the hash of their cookie."""

    async def keep(self, key: bytes, session: StoredSession, *, replacing: bytes | None) -> None:
        """Keep it, and in the same step end the one that it replaces."""
        ...

    async def find(self, key: bytes) -> StoredSession | None: ...

    async def living(
        self, sessions: Collection[UUID], *, now: datetime, used_after: datetime
    ) -> set[UUID]:
        """Those that there are, that end after `now` and were last used after `used_after`."""
        ...

    async def note_use(self, key: bytes, at: datetime) -> None: ...

    async def swap(self, key: bytes, former: bytes, *, id: UUID, sealed: bytes) -> bool:  # noqa: A002 - its own name
        """Whether it held `former` until now, and holds `sealed` from now on."""
        ...

    async def end(self, key: bytes) -> bool:
        """Whether there was one."""
        ...

    async def of(self, owner: ActorId) -> Sequence[StoredSession]:
        """The last begun first."""
        ...

    async def end_of(self, owner: ActorId, session: UUID) -> bool:
        """Whether the person had that one."""
        ...

    async def end_by_issuer(
        self,
        issuer: str,
        *,
        subjects: Collection[bytes] | None,
        sessions: Collection[bytes] | None,
        until: datetime,
    ) -> int:
        """End those of that subject and that session of the issuer (None is any) that began at
        `until` or before; how many there were.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session that somebody is in now."""

    stored: StoredSession
    held: Held = field(repr=False)
    cookie: str = field(repr=False)

    @property
    def actor(self) -> Actor:
        return self.held.actor

    @property
    def hint(self) -> str | None:
        return self.held.hint

    @property
    def login(self) -> Login:
        return Login(level=self.stored.level, authenticated_at=self.stored.authenticated_at)


class Sessions:
    """Of one organisation."""

    def __init__(
        self,
        organisation: str,
        store: SessionStore,
        limits: SessionLimits,
        pseudonyms: Pseudonyms,
        clock: Clock,
    ) -> None:
        self._organisation, self._store, self._clock = organisation, store, clock
        self._idle = timedelta(minutes=limits.idle_minutes)
        self._absolute = timedelta(minutes=limits.absolute_minutes)
        self._pseudonyms = pseudonyms

    async def begin(
        self, logged_in: LoggedIn, actor: Actor, *, replacing: str | None, groups: str = ""
    ) -> str:
        """A new session, always by a new cookie; the browser's former one ends (ASVS 7.2.4)."""
        cookie, now = new_secret(), self._clock.now()
        stored = StoredSession(
            id=new_id(),
            owner=actor.id,
            issuer=logged_in.issuer,
            subject=self.subjects(logged_in.issuer, logged_in.subject)[0],
            issuer_session=None
            if logged_in.session is None
            else self.issuer_sessions(logged_in.issuer, logged_in.session)[0],
            level=logged_in.level,
            authenticated_at=logged_in.authenticated_at,
            began_at=now,
            used_at=now,
            ends_at=now + self._absolute,
            sealed=b"",
        )
        held = Held(
            actor=actor, hint=logged_in.hint, groups=groups, renewable=_renewable(logged_in, now)
        )
        sealed = seal(held, cookie, self._bound_to(stored))
        former = hashed(replacing) if replacing is not None and is_secret(replacing) else None
        await self._store.keep(hashed(cookie), replace(stored, sealed=sealed), replacing=former)
        return cookie

    async def find(self, cookie: str) -> Session | None:
        """The session of a cookie, None when there is none or it is over."""
        if not is_secret(cookie):
            return None
        key, now = hashed(cookie), self._clock.now()
        stored = await self._store.find(key)
        if stored is None:
            return None
        if not self._is_alive(stored, now):
            await self._store.end(key)
            return None
        held = unseal(stored.sealed, cookie, self._bound_to(stored))
        if held is None:
            return None
        if now - stored.used_at >= NOTED_EVERY:
            await self._store.note_use(key, now)
        return Session(stored=stored, held=held, cookie=cookie)

    async def hold(self, session: Session, held: Held) -> Session | None:
        """Have a session hold something else; None when it holds something new already, or is over.

        With another actor it gets another id, so that whatever was let in by it is not any longer.
        """
        stored = session.stored
        known = stored.id if held.actor == session.actor else new_id()
        now = replace(stored, id=known)
        sealed = seal(held, session.cookie, self._bound_to(now))
        key = hashed(session.cookie)
        if not await self._store.swap(key, stored.sealed, id=known, sealed=sealed):
            return None
        return Session(stored=replace(now, sealed=sealed), held=held, cookie=session.cookie)

    async def living(self, sessions: Collection[UUID]) -> set[UUID]:
        """Which of them are not over; being asked about is no use of them."""
        now = self._clock.now()
        return await self._store.living(sessions, now=now, used_after=now - self._idle)

    async def end(self, cookie: str) -> bool:
        return is_secret(cookie) and await self._store.end(hashed(cookie))

    async def of(self, owner: ActorId) -> list[StoredSession]:
        """Those that a person is in, on whichever device; the last begun first."""
        now = self._clock.now()
        return [each for each in await self._store.of(owner) if self._is_alive(each, now)]

    async def end_of(self, owner: ActorId, session: UUID) -> bool:
        return await self._store.end_of(owner, session)

    async def end_by_issuer(
        self, issuer: str, *, subject: str | None, session: str | None, until: datetime
    ) -> int:
        """End what an issuer says is over, whichever key it was noted by; how many there were."""
        return await self._store.end_by_issuer(
            issuer,
            subjects=None if subject is None else self.subjects(issuer, subject),
            sessions=None if session is None else self.issuer_sessions(issuer, session),
            until=until,
        )

    def subjects(self, issuer: str, subject: str) -> list[bytes]:
        return [each.encode() for each in self._pseudonyms.of("subject", issuer, subject)]

    def issuer_sessions(self, issuer: str, session: str) -> list[bytes]:
        return [each.encode() for each in self._pseudonyms.of("session", issuer, session)]

    def ends_at(self, stored: StoredSession) -> datetime:
        """When it is over if it is not used again."""
        return min(stored.ends_at, stored.used_at + self._idle)

    def _is_alive(self, stored: StoredSession, now: datetime) -> bool:
        return now < self.ends_at(stored)

    def _bound_to(self, stored: StoredSession) -> bytes:
        """What a sealed content belongs to, so that no row can be given another's."""
        told = [self._organisation, str(stored.id), stored.owner, stored.issuer, stored.level.value]
        return json.dumps(told).encode()


def _renewable(logged_in: LoggedIn, now: datetime) -> Renewable | None:
    token = logged_in.refresh_token
    if token is None:
        return None
    return Renewable(refresh_token=token, nonce=logged_in.nonce, asked_at=now)
