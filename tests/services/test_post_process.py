"""The whole way once: a command, the log, the rows, real conversations, and the case is told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from aiosmtpd.smtp import SMTP

from events.catalogue import Event
from events.ids import CaseId
from events.journal import Matter, MatterKind
from services.actions import Action
from services.catalogue.loading import load
from services.clock import SystemClock
from services.config import ROOT, Config
from services.core import Core, open_core
from services.entrusting import Entrusted
from services.feed.log_feed import LogFeed
from services.ids import new_id
from services.migrating import migrate
from services.post import running
from services.post.intake import FOLLOWED
from services.post.memo import MEMO
from services.post.opening import OpenedPost, digital_post_folder, open_post
from services.post.receipts import Delivery, Receipt
from services.post.settings import FILE, PostSettings
from services.post.telling_later import record_receipt
from services.request import unattended
from services.streams import post_stream
from services.workers import Job
from tests.examples import (
    ANNA,
    KAREN,
    MEETING_CASE,
    RESPONSE_CASE,
    answer_response,
    open_meeting_case,
    open_response_case,
)
from tests.keys import ENVIRONMENT, RING
from tests.services.test_email_route import Mailbox

PATIENCE_SECONDS = 20.0


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        data=tmp_path,
        database_url=None,
        organisations=ROOT / "organisations",
        host="127.0.0.1",
        port=0,
        demo=True,
        secrets=ENVIRONMENT,
    )


def settings(port: int) -> PostSettings:
    found = FILE.load(ROOT / "organisations/hjorring", {})
    assert found is not None
    smtp = found.described.smtp.model_copy(update={"port": port})
    return replace(found, described=found.described.model_copy(update={"smtp": smtp}))


def told(core: Core, case_id: CaseId) -> list[Event]:
    matter = Matter(kind=MatterKind.CASE, id=case_id)
    return [fact.event for fact in core.store.read_recorded(post_stream(matter))]


def names(core: Core, case_id: CaseId) -> list[str]:
    return [type(each).__name__.removeprefix("Notification") for each in told(core, case_id)]


async def until(reached: Callable[[], bool]) -> None:
    ends = monotonic() + PATIENCE_SECONDS
    while not reached():
        assert monotonic() < ends
        await asyncio.sleep(0.02)


async def at_work(
    core: Core,
    config: Config,
    mailbox: Mailbox,
    scenario: Callable[[OpenedPost], Awaitable[None]],
) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(mailbox, loop=loop, hostname="mail.example"), "127.0.0.1", 0
    )
    stop, by = asyncio.Event(), Entrusted(core, Job.POST)
    async with server:
        wanted = settings(server.sockets[0].getsockname()[1])
        feed = LogFeed(by.facts(Action.HEAR_OF_FACTS), core.conninfo, core.name, "post", FOLLOWED)
        async with (
            open_post(by, config, wanted, SystemClock()) as opened,
            asyncio.TaskGroup() as group,
        ):
            group.create_task(running.hear(opened.office, feed, stop))
            group.create_task(running.work(opened.office, opened.waking.wait, stop))
            await scenario(opened)
            stop.set()


def test_a_party_is_told_by_e_mail_and_by_digital_post(database: str, config: Config) -> None:
    migrate(database, "hjorring")
    organisation = load(config.organisations).organisations["hjorring"]
    mailbox = Mailbox()

    with open_core(database, organisation, RING) as core:

        async def scenario(opened: OpenedPost) -> None:
            for command in (
                open_meeting_case,
                replace(open_response_case, party=ANNA),
                answer_response,
            ):
                request = unattended(
                    command, command_id=new_id(), organisation="hjorring", actor=KAREN
                )
                await core.desk.perform(request)
            await until(lambda: names(core, MEETING_CASE) == ["Queued", "Sent"])
            await until(lambda: names(core, RESPONSE_CASE).count("Sent") == 2)

            (written,) = digital_post_folder(config, "hjorring").iterdir()
            message = ET.parse(written).getroot()[1]  # noqa: S314  # our own
            recipient = message.findtext(f".//{{{MEMO}}}recipientID")
            assert recipient == "6101700002"
            assert message.findtext(f".//{{{MEMO}}}encodingFormat") == "application/pdf"
            mail = await opened.office.outbox.find(UUID(written.stem))
            assert mail is not None
            receipt = Receipt(
                message=mail.mail,
                delivery=Delivery.AVAILABLE,
                at=SystemClock().now(),
                error=None,
            )
            assert await record_receipt(opened.office, receipt)
            assert names(core, RESPONSE_CASE)[-1] == "Delivered"

        asyncio.run(at_work(core, config, mailbox, scenario))

    assert len(mailbox.received) == 2
    assert {tuple(envelope.rcpt_tos) for envelope in mailbox.received} == {("anna@borger.example",)}
