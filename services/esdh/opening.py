"""From an organisation's settings to its records system, ready to be asked."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, assert_never

import httpx

from services.esdh.description import Email, Sbsys
from services.esdh.email_route import EmailEsdh
from services.esdh.port import Esdh
from services.esdh.sbsys import SbsysEsdh
from services.esdh.sbsys_calls import SbsysCalls
from services.esdh.settings import EsdhSettings
from services.esdh.smtp import SmtpSender
from services.esdh.tokens import Tokens
from services.ports import Clock

CONNECTIONS: Final = 64
KEEPALIVE_SECONDS: Final = 15.0
"""Shorter than servers and firewalls keep a silent connection: a request on one that is dead has
an unknown outcome, and costs a wait."""

CONNECT_SECONDS: Final = 5.0


@asynccontextmanager
async def open_esdh(settings: EsdhSettings, *, clock: Clock) -> AsyncIterator[Esdh]:
    """The system and its connections; nothing is asked of it yet.

    Raises:
        ssl.SSLError: the CA bundle is no certificate.
    """
    match settings.described:
        case Sbsys() as system:
            async with client(system, settings.file.parent) as http:
                yield sbsys(settings, system, http)
        case Email() as system:
            yield _email(settings, system, clock)
        case _:
            assert_never(settings.described)


def client(system: Sbsys, folder: Path) -> httpx.AsyncClient:
    """Each operation has a deadline of its own; here is only what tells that nothing was sent.

    Proxies and certificates come from our settings, never from the environment.
    """
    connect = min(CONNECT_SECONDS, system.timings.request_seconds / 2)
    return httpx.AsyncClient(
        verify=_tls(folder, system.ca_bundle),
        timeout=httpx.Timeout(None, connect=connect, pool=connect),
        limits=httpx.Limits(
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=KEEPALIVE_SECONDS,
        ),
        trust_env=False,
    )


def sbsys(settings: EsdhSettings, system: Sbsys, http: httpx.AsyncClient) -> SbsysEsdh:
    token = system.token
    tokens = Tokens(
        http,
        token,
        client_secret=settings.secret(token.client_secret_variable),
        password=settings.secret_if_named(token.password_variable),
        request_seconds=float(system.timings.request_seconds),
    )
    return SbsysEsdh(SbsysCalls(http, system, tokens), system, settings.file)


def _email(settings: EsdhSettings, system: Email, clock: Clock) -> EmailEsdh:
    smtp = system.smtp
    sender = SmtpSender(
        smtp,
        password=settings.secret_if_named(smtp.password_variable),
        tls=None if smtp.tls == "none" else _tls(settings.file.parent, smtp.ca_bundle),
        request_seconds=float(system.timings.request_seconds),
    )
    return EmailEsdh(
        system, sender, organisation=settings.organisation, file=settings.file, clock=clock
    )


def _tls(folder: Path, ca_bundle: str | None) -> ssl.SSLContext:
    """With a bundle only its certificates are believed; without, those of the machine."""
    return ssl.create_default_context(cafile=None if ca_bundle is None else folder / ca_bundle)
