"""One organisation's outgoing post, put together: the ports meet their adapters here."""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import assert_never

from events.post import Channel
from services.actions import Action
from services.config import Config, secrets_now
from services.entrusting import Entrusted
from services.journal.facts import StoreFacts
from services.journal.waking import Waking
from services.journal.writing import LetterWriter
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
from services.post.tender_letters import TenderLetters


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
    by: Entrusted, config: Config, settings: PostSettings, clock: Clock
) -> AsyncIterator[OpenedPost]:
    """Everything outgoing post needs, for as long as the block lasts."""
    facts = StoreFacts(by.facts(Action.READ_CASE))
    points = known_contact_points(config, known_parties(config, by.people()))
    waking = Waking()
    async with AsyncExitStack() as stack:
        outbox = await stack.enter_async_context(PostgresOutbox(by.conninfo, by.name))
        mailers: dict[Channel, Mailer] = {Channel.EMAIL: _email(by, settings, facts, points, clock)}
        transport = await _transport(by, config, settings, clock, stack)
        described = settings.described.digital_post
        if transport is not None and described is not None:
            mailers[Channel.DIGITAL_POST] = DigitalPostMailer(
                organiser=by.catalogue.name.da,
                sender=described.sender,
                site=settings.described.site,
                kle_version=described.kle_version,
                letters=post_letters(by, config, facts),
                contact_points=points,
                transport=transport,
                clock=clock,
            )
        office = PostOffice(
            name=by.name,
            outbox=outbox,
            facts=facts,
            commands=by.desk(Action.RECORD_POST),
            contact_points=points,
            mailers=mailers,
            clock=clock,
            digest_at=time(settings.described.digest_hour),
            wake=waking.ring,
        )
        yield OpenedPost(office=office, waking=waking)


def post_letters(by: Entrusted, config: Config, facts: StoreFacts) -> PostLetters:
    contents = by.documents(config.data / "documents")
    tenders = TenderLetters(by.catalogue, facts, known_parties(config, by.people()))
    writer = LetterWriter(by.catalogue, facts)
    return PostLetters(by.catalogue, facts, writer, contents, tenders)


def _email(
    by: Entrusted,
    settings: PostSettings,
    facts: StoreFacts,
    points: ContactPoints,
    clock: Clock,
) -> EmailMailer:
    described = settings.described
    smtp = described.smtp
    bundle = None if smtp.ca_bundle is None else settings.beside(smtp.ca_bundle)
    return EmailMailer(
        organisation=by.name,
        name=by.catalogue.name,
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
    by: Entrusted,
    config: Config,
    settings: PostSettings,
    clock: Clock,
    stack: AsyncExitStack,
) -> Transport | None:
    match settings.described.digital_post:
        case None:
            return None
        case PostFolder():
            return FolderTransport(digital_post_folder(config, by.name))
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
