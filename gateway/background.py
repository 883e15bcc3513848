"""The processes behind the gateway: the relay to Kafka, the ESDH sync and the outgoing post."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Final, TypeAlias

import structlog

from events.catalogue import CLASSES
from gateway.processes import SWITCH_SECONDS
from services.actions import Action
from services.catalogue.organisation import Organisation
from services.clock import SystemClock
from services.config import Config
from services.database import server
from services.entrusting import Entrusted, Premises, open_premises
from services.esdh.port import EsdhUnavailable
from services.esdh.settings import EsdhSettings
from services.feed.kafka_feed import KafkaFeed
from services.feed.log_feed import LogFeed
from services.feed.port import Feed
from services.ids import new_id
from services.journal import sync
from services.journal.intake import ACTED, TO_JOURNALISE
from services.journal.office import esdh_settings, open_office
from services.journal.reconciling import catch_up, reconcile_now_and_then
from services.journal.work import Office
from services.post import running
from services.post.intake import FOLLOWED
from services.post.opening import open_post, post_settings
from services.post.settings import PostSettings
from services.privacy.key_ring import open_ring
from services.pulse import beat
from services.relay.configuring import kafka_settings
from services.relay.log_reader import Log
from services.relay.running import relay_all
from services.relay.settings import KafkaSettings
from services.roster import LEFT_OUT, LOOK_SECONDS, Roster
from services.workers import Job

log = structlog.get_logger()

Work: TypeAlias = Callable[[asyncio.Event], Awaitable[None]]
"""Goes on for one organisation until told to stop."""
Opening: TypeAlias = Callable[[Organisation], AbstractContextManager[Premises]]
Preparing: TypeAlias = Callable[[Premises], Work]
"""Reads what the work needs of an organisation's own files; raises what `LEFT_OUT` names."""

CONSUMER: Final = "esdh-sync"
RECORDS_SYSTEM: Final = "esdh"
POST_CONSUMER: Final = "post"
ONLY: Final = tuple(CLASSES[name] for name in sorted(CLASSES.keys() & (TO_JOURNALISE | ACTED)))
ASK_AGAIN_SECONDS: Final = 1.0
CHECK_AGAIN_SECONDS: Final = 60.0


def run_relay(config: Config) -> None:
    """Spread every organisation's log to Kafka until told to stop; others may stand by.

    Raises:
        KafkaMissing: no broker is named.
    """
    _run(config, partial(relaying, kafka_settings(config)))


def run_esdh_sync(config: Config) -> None:
    """File what is to be filed until told to stop; any number may run at once."""
    _run(config, partial(filing, config))


def run_post(config: Config) -> None:
    """Tell parties of news until told to stop; any number may run at once."""
    _run(config, partial(telling, config))


def _run(config: Config, prepare: Preparing) -> None:
    """Do the same for every organisation, and for each that is added, until told to stop."""
    sys.setswitchinterval(SWITCH_SECONDS)
    ring = open_ring(config)
    with (
        server(config) as conninfo,
        Roster(conninfo, config.organisations) as roster,
    ):
        opening = partial(open_premises, conninfo, ring=ring)
        asyncio.run(_until_told(partial(for_each, opening, roster, prepare)))


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
            premises = await asyncio.to_thread(stack.enter_context, opening(described))
            work = await asyncio.to_thread(prepare, premises)
        except LEFT_OUT as error:
            roster.leave_out(described.id, error)
            return
        roster.taken_up(premises.name)
        await work(stop)


def relaying(settings: KafkaSettings, premises: Premises) -> Work:
    entrusted = premises.entrusted(Job.RELAY)
    # Asked for now: who may not is told before anything has begun.
    stores = {premises.name: entrusted.facts(Action.SPREAD_LOG)}
    return partial(_relay_one, entrusted, stores, settings)


def telling(config: Config, premises: Premises) -> Work:
    settings = post_settings(config, premises.name)
    if settings is None:
        log.warning("post_not_described", organisation=premises.name)
        return _nothing
    return partial(_post_one, premises.entrusted(Job.POST), config, settings)


def filing(config: Config, premises: Premises) -> Work:
    settings = esdh_settings(config, premises.name)
    if settings is None:
        log.warning("esdh_not_described", organisation=premises.name)
        return _nothing
    return partial(_sync_one, premises.entrusted(Job.FILING), config, settings)


async def _nothing(_: asyncio.Event) -> None:
    """For an organisation that has none of it."""


async def _relay_one(
    entrusted: Entrusted, stores: Mapping[str, Log], settings: KafkaSettings, stop: asyncio.Event
) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(beat(entrusted.conninfo, entrusted.name, Job.RELAY, stop))
        group.create_task(relay_all(entrusted.conninfo, stores, settings, stop))


async def _post_one(
    entrusted: Entrusted, config: Config, settings: PostSettings, stop: asyncio.Event
) -> None:
    name, conninfo = entrusted.name, entrusted.conninfo
    facts = entrusted.facts(Action.HEAR_OF_FACTS)
    feed = LogFeed(facts, conninfo, name, POST_CONSUMER, FOLLOWED)
    async with open_post(entrusted, config, settings, SystemClock()) as opened:
        log.info("post_started", organisation=entrusted.name)
        async with asyncio.TaskGroup() as group:
            group.create_task(running.hear(opened.office, feed, stop))
            group.create_task(running.work(opened.office, opened.waking.wait, stop))
            unanswering = opened.office.unanswering
            group.create_task(beat(conninfo, name, Job.POST, stop, unanswering))
    log.info("post_stopped", organisation=entrusted.name)


async def _until_told(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await work(stop)


async def _sync_one(
    entrusted: Entrusted, config: Config, settings: EsdhSettings, stop: asyncio.Event
) -> None:
    clock = SystemClock()
    async with open_office(entrusted, config, settings, clock) as office:
        feed = _feed(entrusted, config)
        async with asyncio.TaskGroup() as group:
            # Taken in from the start: what the records system lacks must not keep a fact waiting.
            group.create_task(sync.hear(office, feed, clock, stop))
            unanswering = partial(_unanswering, office)
            group.create_task(
                beat(entrusted.conninfo, entrusted.name, Job.FILING, stop, unanswering)
            )
            if await _is_ready(office, stop):
                log.info("esdh_sync_started", organisation=entrusted.name)
                caught_up = partial(catch_up, office, entrusted.conninfo, clock)
                group.create_task(sync.work(office, new_id(), stop, caught_up))
                group.create_task(reconcile_now_and_then(office, entrusted.conninfo, clock, stop))
    log.info("esdh_sync_stopped", organisation=entrusted.name)


def _unanswering(office: Office) -> Sequence[str]:
    return [RECORDS_SYSTEM] if office.breaker.is_open else []


async def _is_ready(office: Office, stop: asyncio.Event) -> bool:
    """Nothing is filed before the records system has all that the settings name."""
    while not stop.is_set():
        try:
            missing = await office.esdh.check()
        except EsdhUnavailable:
            log.warning("esdh_unavailable", organisation=office.name)
            office.breaker.trouble()
            await _pause(stop, ASK_AGAIN_SECONDS)
            continue
        office.breaker.success()
        if not missing:
            return True
        for sentence in missing:
            log.error("esdh_setting_not_there", organisation=office.name, remedy=sentence)
        await _pause(stop, CHECK_AGAIN_SECONDS)
    return False


def _feed(entrusted: Entrusted, config: Config) -> Feed:
    if config.feed == "kafka":
        return KafkaFeed(kafka_settings(config), entrusted.name, CONSUMER, ONLY)
    facts = entrusted.facts(Action.HEAR_OF_FACTS)
    return LogFeed(facts, entrusted.conninfo, entrusted.name, CONSUMER, ONLY)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
