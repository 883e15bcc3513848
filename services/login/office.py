"""Logging in to one organisation: all that a route needs, from the first click to goodbye."""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from services.identity import Actor
from services.login import logout
from services.login.acquainting import Acquaintances, told_by
from services.login.acting import KnownPersons, actor_of
from services.login.authorising import PendingLogins, new_secret
from services.login.logout import end_by_logout_token
from services.login.person import Person
from services.login.postgres import (
    Pool,
    PostgresAcquaintances,
    PostgresKnownPersons,
    PostgresPendingLogins,
    PostgresSessions,
)
from services.login.provider import ended_uri, open_providers
from services.login.pseudonyms import open_pseudonyms
from services.login.refusal import LoginRefused
from services.login.relying_party import RelyingParty
from services.login.renewal import PASSING, ask_again
from services.login.sealing import Renewable
from services.login.sessions import Session, Sessions, SessionStore
from services.login.settings import LoginSettings
from services.ports import Clock
from services.privacy.person_keys import PersonKeys

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """`cookie` is for the browser alone, `return_to` the place of ours that it came from."""

    cookie: str
    actor: Actor
    return_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginOffice:
    """`party.begin` sends a browser away; what it comes back with is for `enter`.

    `site` is where browsers meet us, `ended_uri` where an issuer sends one after its own logout.
    """

    party: RelyingParty
    sessions: Sessions
    known: KnownPersons
    acquaintances: Acquaintances
    clock: Clock
    site: str
    ended_uri: str

    async def enter(
        self,
        issuer: str,
        answer: Sequence[tuple[str, str]],
        *,
        browser: str | None,
        former: str | None,
    ) -> Entered:
        """Take an issuer's answer; the browser's `former` session ends with it.

        Raises:
            LoginRefused: it is not good enough; whoever was logged in before still is.
        """
        try:
            found = await self.party.complete(issuer, answer, browser)
        except LoginRefused as refused:
            await self._parted(refused)
            raise
        actor = await self._acquainted(found.person)
        groups = self._groups(issuer)
        cookie = await self.sessions.begin(found, actor, replacing=former, groups=groups)
        return Entered(cookie=cookie, actor=actor, return_to=found.return_to)

    async def session_of(self, cookie: str) -> Session | None:
        """The session of a cookie, whose roles are as the issuer and our settings have them now.

        None when it is over, also because the issuer will not say any longer who it is.
        """
        session = await self.sessions.find(cookie)
        if session is None or session.stored.issuer not in self.party.providers:
            return None
        issuer, renewable = session.stored.issuer, session.held.renewable
        is_settled = session.held.groups == self._groups(issuer)
        every = self.party.providers[issuer].issuer.renewed_every_minutes
        if renewable is None or every is None:
            return session if is_settled else await self._end(session)
        due = renewable.asked_at + timedelta(minutes=every)
        if is_settled and self.clock.now() < due:
            return session
        return await self._renewed(session, renewable)

    async def _renewed(self, session: Session, renewable: Renewable) -> Session | None:
        """Of several requests at once one asks: a refresh token may be good only once."""
        now = replace(renewable, asked_at=self.clock.now())
        issuer = session.stored.issuer
        asking = replace(session.held, renewable=now, groups=self._groups(issuer))
        claimed = await self.sessions.hold(session, asking)
        if claimed is None:
            return await self.sessions.find(session.cookie)
        provider = self.party.providers[issuer]
        try:
            found = await ask_again(provider, now, self.party.pseudonyms, self.clock)
        except LoginRefused as refused:
            await self._parted(refused)
            log.info("session_not_renewed", issuer=issuer, code=refused.code)
            return claimed if refused.code in PASSING else await self._end(session)
        actor = await self._acquainted(found.person)
        is_same = session.stored.subject in self.sessions.subjects(issuer, found.subject)
        if actor.id != session.actor.id or not is_same:
            return await self._end(session)
        held = replace(
            asking, actor=actor, renewable=replace(now, refresh_token=found.refresh_token)
        )
        return await self.sessions.hold(claimed, held)

    async def _acquainted(self, person: Person) -> Actor:
        actor = await actor_of(person, self.party.organisation, self.known)
        for who in told_by(person, actor):
            await self.acquaintances.note(who)
        return actor

    async def _parted(self, refused: LoginRefused) -> None:
        """Whoever has no role any longer is given no more cases."""
        if refused.nobody_now is not None:
            await self.acquaintances.leave(refused.nobody_now)

    async def _end(self, session: Session) -> Session | None:
        await self.sessions.end(session.cookie)
        return None

    def _groups(self, issuer: str) -> str:
        """What each group is good for, told apart: whoever came by other settings comes again."""
        groups = self.party.providers[issuer].issuer.groups
        told = sorted((name, group.model_dump_json()) for name, group in groups.items())
        return hashlib.sha256(repr(told).encode()).hexdigest()

    async def leave(self, cookie: str) -> str | None:
        """End a session; where the browser goes to end the issuer's as well, if it can.

        Ours is over whether the issuer can be reached or not.
        """
        session = await self.sessions.find(cookie)
        await self.sessions.end(cookie)
        if session is None or session.stored.issuer not in self.party.providers:
            return None
        provider = self.party.providers[session.stored.issuer]
        try:
            return await logout.address_of(
                provider, hint=session.hint, return_to=self.ended_uri, state=new_secret()
            )
        except LoginRefused:
            return None

    async def ended_by_issuer(self, issuer: str, token: str) -> int:
        """End the sessions that an issuer's logout token is about; how many there were.

        Raises:
            LoginRefused: it is none of that issuer's.
        """
        if issuer not in self.party.providers:
            raise LoginRefused("login-issuer-not-found")
        provider = self.party.providers[issuer]
        return await end_by_logout_token(
            provider, token, self.sessions, self.clock, self.party.organisation
        )


@asynccontextmanager
async def open_login(
    settings: LoginSettings,
    pool: Pool,
    keys: PersonKeys,
    clock: Clock,
    seconds: Callable[[], float],
) -> AsyncIterator[LoginOffice]:
    """The office of an organisation, whose schema `pool` is pinned to; `keys` are its persons'."""
    async with AsyncExitStack() as stack:
        providers = await open_providers(settings, stack, seconds)
        pending: PendingLogins = PostgresPendingLogins(pool)
        store: SessionStore = PostgresSessions(pool)
        pseudonyms = open_pseudonyms(settings)
        limits = settings.described.sessions
        yield LoginOffice(
            party=RelyingParty(settings.organisation, providers, pending, pseudonyms, clock),
            sessions=Sessions(settings.organisation, store, limits, pseudonyms, clock),
            known=PostgresKnownPersons(pool),
            acquaintances=PostgresAcquaintances(pool, keys),
            clock=clock,
            site=settings.described.site,
            ended_uri=ended_uri(settings),
        )
