"""One organisation's outgoing post, put together: the ports meet their adapters here."""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import assert_never

from events.post import Channel
from services.bootstrap import Core
from services.config import Config, secrets_now
from services.journal.facts import StoreFacts
from services.journal.waking import Waking
from services.journal.writing import FolderContents, LetterWriter
from services.parties import known_parties
from services.ports import Clock
from services.post.contact_points import ContactPoints, known_contact_points
from services.post.description import PostEndpoint, PostFolder
from services.post.digital_post import DigitalPostMailer
from services.post.email import EmailMailer
from services.post.kombi import EndpointTransport, FolderTransport, Transport, client
from services.post.letters import PostLetters
from services.post.office import Mailer, PostOffice
from services.post.postgres import PostgresOutbox
from services.post.settings import FILE, PostSettings
from services.post.smtp import SmtpPost


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedPost:
    office: PostOffice
    waking: Waking


def post_settings(config: Config, organisation: str) -> PostSettings | None:
    """How the organisation tells its parties of news; None where it does not.

    Raises:
        CatalogueInvalid: with every mistake.
    """
    return FILE.load(config.organisations / organisation, secrets_now(config))


@asynccontextmanager
async def open_post(
    core: Core, config: Config, settings: PostSettings, clock: Clock
) -> AsyncIterator[OpenedPost]:
    """Everything outgoing post needs, for as long as the block lasts."""
    facts = StoreFacts(core.store)
    points = known_contact_points(config, known_parties(config, core.people))
    waking = Waking()
    async with AsyncExitStack() as stack:
        outbox = await stack.enter_async_context(PostgresOutbox(core.conninfo, core.name))
        mailers: dict[Channel, Mailer] = {
            Channel.EMAIL: _email(core, settings, facts, points, clock)
        }
        transport = await _transport(core, config, settings, clock, stack)
        described = settings.described.digital_post
        if transport is not None and described is not None:
            mailers[Channel.DIGITAL_POST] = DigitalPostMailer(
                organisation=core.catalogue,
                sender=described.sender,
                site=settings.described.site,
                kle_version=described.kle_version,
                letters=post_letters(core, config, facts),
                contact_points=points,
                transport=transport,
                clock=clock,
            )
        office = PostOffice(
            name=core.name,
            outbox=outbox,
            facts=facts,
            commands=core.desk,
            contact_points=points,
            mailers=mailers,
            clock=clock,
            digest_at=time(settings.described.digest_hour),
            wake=waking.ring,
        )
        yield OpenedPost(office=office, waking=waking)


def post_letters(core: Core, config: Config, facts: StoreFacts) -> PostLetters:
    contents = FolderContents(config.data / "documents" / core.name)
    return PostLetters(core.catalogue, facts, LetterWriter(core.catalogue, facts), contents)


def _email(
    core: Core, settings: PostSettings, facts: StoreFacts, points: ContactPoints, clock: Clock
) -> EmailMailer:
    described = settings.described
    smtp = described.smtp
    bundle = None if smtp.ca_bundle is None else settings.beside(smtp.ca_bundle)
    return EmailMailer(
        organisation=core.name,
        name=core.catalogue.name,
        sender=described.sender,
        bounces_to=described.bounces_to,
        site=described.site,
        server=SmtpPost(
            smtp,
            password=settings.secret_if_named(smtp.password_variable),
            tls=None if smtp.tls == "none" else ssl.create_default_context(cafile=bundle),
        ),
        facts=facts,
        contact_points=points,
        clock=clock,
    )


async def _transport(
    core: Core, config: Config, settings: PostSettings, clock: Clock, stack: AsyncExitStack
) -> Transport | None:
    match settings.described.digital_post:
        case None:
            return None
        case PostFolder():
            return FolderTransport(digital_post_folder(config, core.name))
        case PostEndpoint() as endpoint:
            bundle = None if endpoint.ca_bundle is None else settings.beside(endpoint.ca_bundle)
            http = await stack.enter_async_context(
                client(
                    settings.beside(endpoint.certificate), bundle, float(endpoint.request_seconds)
                )
            )
            token = settings.secret_if_named(endpoint.token_variable)
            return EndpointTransport(http, endpoint.url, token=token, clock=clock)
        case strange:
            assert_never(strange)


def digital_post_folder(config: Config, organisation: str) -> Path:
    return config.data / "digital-post" / organisation
