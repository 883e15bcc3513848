"""Logging in, from the browser's first click to knowing who it is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

import structlog

from services.catalogue.service import LoginLevel
from services.login.authorising import (
    PENDING_FOR,
    Begun,
    PendingLogin,
    PendingLogins,
    Question,
    address_of,
    asking_for,
    hashed,
    is_secret,
    local_place,
    new_secret,
    nonce_of,
    verifier_of,
)
from services.login.id_token import Wanted
from services.login.levels import higher, level_of, require_level
from services.login.person import Person, identify
from services.login.provider import Provider
from services.login.pseudonyms import Pseudonyms
from services.login.refusal import LoginRefused
from services.login.response import code_in, parameters, require_sender
from services.login.tokens import Granted, exchange
from services.ports import Clock

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """Who has logged in, how surely, and by which session of the issuer's (None if it has none).

    `hint` is the ID token, where it may be shown to the issuer at logout. `refresh_token` is there
    where the issuer's settings say that it is asked again, and it gave one.
    """

    person: Person
    issuer: str
    subject: str
    session: str | None
    level: LoginLevel
    authenticated_at: datetime | None
    return_to: str
    hint: str | None
    refresh_token: str | None = None
    nonce: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """A question together with the browser it was asked through and the answer that came."""

    provider: Provider
    pending: PendingLogin
    browser: str
    state: str
    code: str


class RelyingParty:
    """Of one organisation; `providers` by the names that `login.yaml` gives them."""

    def __init__(
        self,
        organisation: str,
        providers: Mapping[str, Provider],
        pending: PendingLogins,
        pseudonyms: Pseudonyms,
        clock: Clock,
    ) -> None:
        self.organisation, self.providers, self.pseudonyms = organisation, providers, pseudonyms
        self._pending, self._clock = pending, clock

    async def begin(
        self,
        key: str,
        *,
        level: LoginLevel = LoginLevel.LOW,
        max_age: int | None = None,
        language: str = "da",
        return_to: str = "/",
    ) -> Begun:
        """Ask an issuer who somebody is.

        Raises:
            LoginRefused: there is no such issuer, or it cannot be asked now.
        """
        with self._told(key):
            return await self._begun(key, level, max_age, language, return_to)

    async def _begun(
        self, key: str, level: LoginLevel, max_age: int | None, language: str, return_to: str
    ) -> Begun:
        provider = self._provider(key)
        place = local_place(return_to)
        browser, state = new_secret(), new_secret()
        pending = PendingLogin(
            issuer=key,
            browser=hashed(browser),
            level=higher(level, provider.issuer.level),
            max_age=_younger(max_age, provider.issuer.max_age_seconds),
            return_to=place,
            expires_at=self._clock.now() + PENDING_FOR,
        )
        question = await _question(provider, pending, language)
        await self._pending.keep(hashed(state), pending)
        return Begun(address=address_of(question, browser, state), browser=browser)

    async def complete(
        self, key: str, answer: Sequence[tuple[str, str]], browser: str | None
    ) -> LoggedIn:
        """Take an issuer's answer, which the browser brought to this issuer's own address.

        Raises:
            LoginRefused: it is no answer to a question of ours, or not a good enough one.
        """
        with self._told(key):
            logged_in = await self._completed(key, answer, browser)
        log.info(
            "login_completed",
            organisation=self.organisation,
            issuer=key,
            level=logged_in.level.value,
            kind=type(logged_in.person).__name__.lower(),
        )
        return logged_in

    async def _completed(
        self, key: str, answer: Sequence[tuple[str, str]], browser: str | None
    ) -> LoggedIn:
        answered = await self._question_of(key, parameters(answer), browser)
        provider, pending = answered.provider, answered.pending
        granted, wanted = await self._granted(answered)
        believed, claims = await provider.told(granted, wanted)
        level = level_of(claims, provider.preset.levels)
        require_level(level, pending.level)
        session = next(
            (claims[name] for name in provider.preset.claims.session if claims.get(name)), None
        )
        return LoggedIn(
            person=identify(claims, provider.preset.claims, provider.issuer, self.pseudonyms),
            issuer=key,
            subject=believed.subject,
            session=session if isinstance(session, str) else None,
            level=level,
            authenticated_at=believed.authenticated_at,
            return_to=pending.return_to,
            hint=granted.id_token if provider.preset.keeps_hint else None,
            refresh_token=None
            if provider.issuer.renewed_every_minutes is None
            else granted.refresh_token,
            nonce=wanted.nonce,
        )

    async def _question_of(
        self, key: str, given: Mapping[str, str], browser: str | None
    ) -> _Answered:
        """The question that this is an answer to, if this browser asked it of this issuer."""
        provider = self._provider(key)
        state = given.get("state")
        if not state:
            raise LoginRefused("login-state-missing")
        pending = await self._pending.take(hashed(state))
        if pending is None:
            raise LoginRefused("login-state-unknown")
        if pending.expires_at <= self._clock.now():
            raise LoginRefused("login-expired")
        if pending.issuer != key:
            raise LoginRefused("login-callback-mismatch")
        if browser is None or not is_secret(browser):
            raise LoginRefused("login-browser-missing")
        if not compare_digest(hashed(browser), pending.browser):
            raise LoginRefused("login-browser-mismatch")
        await require_sender(provider, given.get("iss"))
        return _Answered(
            provider=provider, pending=pending, browser=browser, state=state, code=code_in(given)
        )

    async def _granted(self, answered: _Answered) -> tuple[Granted, Wanted]:
        """The tokens for the answer's code, and what they must say."""
        provider, now = answered.provider, self._clock.now()
        metadata = await provider.metadata()
        granted = await exchange(
            provider.calls,
            metadata.token_endpoint,
            await provider.proof(now),
            code=answered.code,
            verifier=verifier_of(answered.browser, answered.state),
            redirect_uri=provider.redirect_uri,
        )
        return granted, Wanted(
            issuer=provider.issuer.issuer,
            client_id=provider.issuer.client_id,
            nonce=nonce_of(answered.browser, answered.state),
            max_age=answered.pending.max_age,
            authenticated_at=provider.preset.claims.authenticated_at,
            access_token=granted.access_token,
            now=self._clock.now(),
        )

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """Whatever is refused in the block is logged by its code, and by nothing of the person."""
        try:
            yield
        except LoginRefused as refused:
            issuer = key if key in self.providers else None
            log.warning(
                "login_refused", organisation=self.organisation, issuer=issuer, code=refused.code
            )
            raise

    def _provider(self, key: str) -> Provider:
        if key not in self.providers:
            raise LoginRefused("login-issuer-not-found")
        return self.providers[key]


async def _question(provider: Provider, pending: PendingLogin, language: str) -> Question:
    issuer, preset = provider.issuer, provider.preset
    return Question(
        endpoint=(await provider.metadata()).authorization_endpoint,
        client_id=issuer.client_id,
        redirect_uri=provider.redirect_uri,
        scopes=preset.scopes,
        max_age=pending.max_age,
        language=language,
        extra={**issuer.parameters, **asking_for(pending.level, preset.asking)},
    )


def _younger(one: int | None, other: int | None) -> int | None:
    known = [each for each in (one, other) if each is not None]
    return min(known) if known else None
