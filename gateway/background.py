"""The processes behind the gateway: the relay to Kafka, the ESDH sync and the outgoing post."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Final, TypeAlias

import structlog

from events.catalogue import CLASSES
from gateway.processes import SWITCH_SECONDS
from services.bootstrap import Core, open_core
from services.catalogue.organisation import Organisation
from services.clock import SystemClock
from services.config import Config
from services.database import server
from services.esdh.port import Esdh, EsdhUnavailable
from services.esdh.settings import EsdhSettings
from services.feed.kafka_feed import KafkaFeed
from services.feed.log_feed import LogFeed
from services.feed.port import Feed
from services.ids import new_id
from services.journal import sync
from services.journal.intake import ACTED, TO_JOURNALISE
from services.journal.office import esdh_settings, open_office
from services.journal.reconciling import catch_up, reconcile_now_and_then
from services.post import running
from services.post.intake import FOLLOWED
from services.post.opening import open_post, post_settings
from services.post.settings import PostSettings
from services.privacy.key_ring import open_ring
from services.relay.configuring import kafka_settings
from services.relay.running import relay_all
from services.roster import LEFT_OUT, LOOK_SECONDS, Roster

log = structlog.get_logger()

Work: TypeAlias = Callable[[asyncio.Event], Awaitable[None]]
"""Goes on for one organisation until told to stop."""
Opening: TypeAlias = Callable[[Organisation], AbstractContextManager[Core]]
Preparing: TypeAlias = Callable[[Core], Work]
"""Reads what the work needs of an organisation's own files; raises what `LEFT_OUT` names."""

CONSUMER: Final = "esdh-sync"
POST_CONSUMER: Final = "post"
ONLY: Final = tuple(CLASSES[name] for name in sorted(CLASSES.keys() & (TO_JOURNALISE | ACTED)))
ASK_AGAIN_SECONDS: Final = 1.0
CHECK_AGAIN_SECONDS: Final = 60.0


def run_relay(config: Config) -> None:
    """Spread every organisation's log to Kafka until told to stop; others may stand by.

    Raises:
        KafkaMissing: no broker is named.
    """
    settings = kafka_settings(config)

    def relay(core: Core) -> Work:
        return partial(relay_all, core.conninfo, {core.name: core.store}, settings)

    _run(config, relay)


def run_esdh_sync(config: Config) -> None:
    """File what is to be filed until told to stop; any number may run at once."""
    _run(config, partial(_filing, config))


def run_post(config: Config) -> None:
    """Tell parties of news until told to stop; any number may run at once."""
    _run(config, partial(_telling, config))


def _run(config: Config, prepare: Preparing) -> None:
    """Do the same for every organisation, and for each that is added, until told to stop."""
    sys.setswitchinterval(SWITCH_SECONDS)
    ring = open_ring(config)
    with (
        server(config) as conninfo,
        Roster(conninfo, config.organisations) as roster,
    ):
        asyncio.run(
            _until_told(partial(for_each, partial(open_core, conninfo, ring=ring), roster, prepare))
        )


async def for_each(
    opening: Opening, roster: Roster, prepare: Preparing, stop: asyncio.Event
) -> None:
    """Work for whoever is there and whoever comes.

    Raises:
        CatalogueInvalid, WrongSchema: there is nobody to begin with, and why.
    """
    arrived = await asyncio.to_thread(roster.first)
    async with asyncio.TaskGroup() as group:
        while True:
            for organisation in arrived:
                group.create_task(_for_one(opening, roster, organisation, prepare, stop))
            await _pause(stop, LOOK_SECONDS)
            if stop.is_set():
                return
            arrived = await asyncio.to_thread(roster.arrivals)


async def _for_one(
    opening: Opening,
    roster: Roster,
    described: Organisation,
    prepare: Preparing,
    stop: asyncio.Event,
) -> None:
    """Whatever keeps one organisation from being taken up leaves the others alone."""
    with ExitStack() as stack:
        try:
            core = await asyncio.to_thread(stack.enter_context, opening(described))
            work = await asyncio.to_thread(prepare, core)
        except LEFT_OUT as error:
            roster.leave_out(described.id, error)
            return
        roster.taken_up(core.name)
        await work(stop)


def _telling(config: Config, core: Core) -> Work:
    settings = post_settings(config, core.name)
    if settings is None:
        log.warning("post_not_described", organisation=core.name)
        return _nothing
    return partial(_post_one, core, config, settings)


def _filing(config: Config, core: Core) -> Work:
    settings = esdh_settings(config, core.name)
    if settings is None:
        log.warning("esdh_not_described", organisation=core.name)
        return _nothing
    return partial(_sync_one, core, config, settings)


async def _nothing(_: asyncio.Event) -> None:
    """For an organisation that has none of it."""


async def _post_one(
    core: Core, config: Config, settings: PostSettings, stop: asyncio.Event
) -> None:
    feed = LogFeed(core.store, core.conninfo, core.name, POST_CONSUMER, FOLLOWED)
    async with open_post(core, config, settings, SystemClock()) as opened:
        log.info("post_started", organisation=core.name)
        async with asyncio.TaskGroup() as group:
            group.create_task(running.hear(opened.office, feed, stop))
            group.create_task(running.work(opened.office, opened.waking.wait, stop))
    log.info("post_stopped", organisation=core.name)


async def _until_told(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await work(stop)


async def _sync_one(
    core: Core, config: Config, settings: EsdhSettings, stop: asyncio.Event
) -> None:
    clock = SystemClock()
    async with open_office(core, config, settings, clock) as office:
        # Taken in from the start: what the records system lacks must not keep a fact waiting.
        hearing = asyncio.create_task(sync.hear(office, _feed(core, config), clock, stop))
        if await _is_ready(core.name, office.esdh, stop):
            log.info("esdh_sync_started", organisation=core.name)
            async with asyncio.TaskGroup() as group:
                caught_up = partial(catch_up, office, core.conninfo, clock)
                group.create_task(sync.work(office, new_id(), stop, caught_up))
                group.create_task(reconcile_now_and_then(office, core.conninfo, clock, stop))
        await hearing
    log.info("esdh_sync_stopped", organisation=core.name)


async def _is_ready(organisation: str, esdh: Esdh, stop: asyncio.Event) -> bool:
    """Nothing is filed before the records system has all that the settings name."""
    while not stop.is_set():
        try:
            missing = await esdh.check()
        except EsdhUnavailable:
            log.warning("esdh_unavailable", organisation=organisation)
            await _pause(stop, ASK_AGAIN_SECONDS)
            continue
        if not missing:
            return True
        for sentence in missing:
            log.error("esdh_setting_not_there", organisation=organisation, remedy=sentence)
        await _pause(stop, CHECK_AGAIN_SECONDS)
    return False


def _feed(core: Core, config: Config) -> Feed:
    if config.feed == "kafka":
        return KafkaFeed(kafka_settings(config), core.name, CONSUMER, ONLY)
    return LogFeed(core.store, core.conninfo, core.name, CONSUMER, ONLY)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
