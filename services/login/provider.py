"""One issuer that an organisation trusts: its settings over its preset, its keys, its answers."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.catalogue.service import LoginLevel
from services.login.calls import IssuerCalls, new_client
from services.login.client_proof import Proof, proof
from services.login.description import Issuer, Secret
from services.login.discovery import Discovery, Metadata
from services.login.id_token import Believed, Wanted, believe
from services.login.json_text import Members
from services.login.keys import IssuerKeys
from services.login.levels import LevelClaim
from services.login.presets import PRESETS, Preset
from services.login.refusal import LoginRefused
from services.login.settings import LoginSettings
from services.login.tokens import Granted, user_info

OFFLINE: Final = "offline_access"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """`key` is its name in `login.yaml`, `redirect_uri` where it sends browsers back to: one of
    its own, so that no other's answer comes there (RFC 9700 § 4.4.2).
    """

    key: str
    issuer: Issuer
    preset: Preset
    redirect_uri: str
    secret: str
    calls: IssuerCalls
    discovery: Discovery
    keys: IssuerKeys

    async def metadata(self) -> Metadata:
        return await self.discovery.metadata()

    async def proof(self, now: datetime) -> Proof:
        found = await self.metadata()
        return proof(self.issuer, self.secret, found.token_endpoint, now)

    async def believed(self, id_token: str, wanted: Wanted) -> Believed:
        """What an ID token of this issuer says, once everything about it is found good.

        Raises:
            LoginRefused: something is not.
        """
        token, claims = await self.keys.signed(id_token, frozenset(self.issuer.algorithms))
        return believe(token, claims, wanted)

    async def told(self, granted: Granted, wanted: Wanted) -> tuple[Believed, Members]:
        """All that the issuer tells; what it signed counts more than what it says beside it.

        Raises:
            LoginRefused: something of it is not good.
        """
        believed = await self.believed(granted.id_token, wanted)
        if not self.preset.user_info:
            return believed, believed.claims
        endpoint = (await self.metadata()).userinfo_endpoint
        if endpoint is None:
            raise LoginRefused("login-discovery-unusable")
        beside = await user_info(self.calls, endpoint, granted.access_token, believed.subject)
        return believed, {**beside, **believed.claims}


def preset_of(issuer: Issuer) -> Preset:
    """The broker's preset with what the settings say in its place."""
    preset = PRESETS[issuer.preset]
    named = {name: value for name, value in issuer.claims if value is not None}
    own: dict[LoginLevel, dict[str, str]] | None = issuer.asking
    return replace(
        preset,
        claims=replace(preset.claims, **named),
        scopes=_scopes(issuer, issuer.scopes or preset.scopes),
        levels=preset.levels
        if issuer.levels is None
        else tuple(LevelClaim(name=name, values=each) for name, each in issuer.levels.items()),
        asking=preset.asking if own is None else own,
    )


def _scopes(issuer: Issuer, scopes: tuple[str, ...]) -> tuple[str, ...]:
    """With what lets us ask again, where the settings say that we do (OpenID Connect Core § 11)."""
    if issuer.renewed_every_minutes is None or OFFLINE in scopes:
        return scopes
    return (*scopes, OFFLINE)


async def open_providers(
    settings: LoginSettings, stack: AsyncExitStack, seconds: Callable[[], float]
) -> dict[str, Provider]:
    """Those of `login.yaml`, by name; their connections are closed with `stack`."""
    found = {}
    for key, issuer in settings.described.issuers.items():
        bundle = None if issuer.ca_bundle is None else settings.beside(issuer.ca_bundle)
        client = await stack.enter_async_context(new_client(bundle))
        found[key] = provider(settings, key, IssuerCalls(client), seconds)
    return found


def provider(
    settings: LoginSettings, key: str, calls: IssuerCalls, seconds: Callable[[], float]
) -> Provider:
    issuer = settings.described.issuers[key]
    by = issuer.authentication
    discovery = Discovery(issuer, calls, seconds)

    async def published() -> bytes:
        return await calls.get((await discovery.metadata()).jwks_uri)

    return Provider(
        key=key,
        issuer=issuer,
        preset=preset_of(issuer),
        redirect_uri=redirect_uri(settings, key),
        secret=settings.secret(by.secret_variable if isinstance(by, Secret) else by.key_variable),
        calls=calls,
        discovery=discovery,
        keys=IssuerKeys(published, seconds),
    )


def redirect_uri(settings: LoginSettings, key: str) -> str:
    """What the issuer must know as the place of answers."""
    return f"{_home(settings)}/login/callback/{key}"


def ended_uri(settings: LoginSettings) -> str:
    """What the issuer must know as the place after a logout."""
    return f"{_home(settings)}/login/ended"


def back_channel_uri(settings: LoginSettings, key: str) -> str:
    """What the issuer must know as the place for its logout tokens."""
    return f"{_home(settings)}/login/back-channel/{key}"


def _home(settings: LoginSettings) -> str:
    """Where everything of the organisation stands on our site."""
    return f"{settings.described.site}/api/v1/{settings.organisation}"
