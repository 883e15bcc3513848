"""The processes of a running system: the gateway, and the worker."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from threading import Event, Thread
from typing import Final

import structlog
import uvicorn

from gateway.ports import require_free
from services import clockwork
from services.actions import Action
from services.bootstrap import application, open_scanner
from services.catalogue.organisation import Organisation
from services.clock import SystemClock
from services.config import Config
from services.database import server
from services.documents import rescanning
from services.documents.sweep import sweep
from services.entrusting import Premises, open_premises
from services.form_drafts import sweep_drafts
from services.login.sweeping import sweep_logins
from services.lookups.retention import forget_old
from services.ports import Clock
from services.privacy.key_ring import open_ring
from services.projecting import worker
from services.registers import finding
from services.roster import LEFT_OUT, LOOK_SECONDS, Roster
from services.workers import Job

log = structlog.get_logger()

SWITCH_SECONDS: Final = 0.0005
"""How long one thread may keep the interpreter from another that wants it. Ours wait for the
database most of the time, and what they do between is shorter than Python's 5 ms."""


def serve(config: Config) -> None:
    """Answer HTTP until told to stop; requests under way are finished first.

    Raises:
        KekMissing, PortTaken: there is no key to seal personal data with, or somebody else listens
            there; say what to do.
    """
    from gateway.app import create_app  # noqa: PLC0415  # the worker does without
    from gateway.listening import listening  # noqa: PLC0415

    # Before the server, which would show them as crashes of its own.
    open_ring(config)
    require_free(config.host, config.port)
    sys.setswitchinterval(SWITCH_SECONDS)
    uvicorn.Server(listening(create_app(partial(application, config)), config)).run()


def work(config: Config) -> None:
    """Keep the views up to date and do what is due, until told to stop.

    Any number of workers may run: each view has one owner and what is due is done once.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    ring = open_ring(config)
    with ExitStack() as stack:
        conninfo = stack.enter_context(server(config))
        opening = partial(open_premises, conninfo, ring=ring)
        roster = stack.enter_context(Roster(conninfo, config.organisations))
        arrived = roster.first()
        threads: list[Thread] = []
        log.info("worker_started")
        try:
            while True:
                for described in arrived:
                    threads += _taken_up(roster, stack, opening, described, config, stop)
                if stop.wait(LOOK_SECONDS):
                    break
                arrived = roster.arrivals()
        finally:
            # Whatever ends us: what they use is closed after them.
            stop.set()
            for thread in threads:
                thread.join()
    log.info("worker_stopped")


def _taken_up(
    roster: Roster,
    stack: ExitStack,
    opening: Callable[[Organisation], AbstractContextManager[Premises]],
    described: Organisation,
    config: Config,
    stop: Event,
) -> list[Thread]:
    """What works for an organisation, begun; nothing for one that is left out after all."""
    try:
        premises = stack.enter_context(opening(described))
    except LEFT_OUT as error:
        roster.leave_out(described.id, error)
        return []
    roster.taken_up(premises.name)
    return at_work(premises, config, stop)


def at_work(premises: Premises, config: Config, stop: Event) -> list[Thread]:
    """All that the worker does for one organisation, begun."""
    clock = SystemClock()
    views = premises.entrusted(Job.VIEWS)
    viewing = (views.conninfo, {views.name: views.facts(Action.BUILD_VIEWS)}, stop)
    threads = [
        Thread(target=worker.run, args=viewing, name=f"views.{views.name}"),
        _chores(premises, clock, config, stop),
        _findings(premises, clock, config, stop),
    ]
    if config.clamav is not None:
        threads.append(_rescans(premises, clock, config, stop))
    for thread in threads:
        thread.start()
    return threads


def _chores(premises: Premises, clock: Clock, config: Config, stop: Event) -> Thread:
    due = premises.entrusted(Job.CLOCK)
    folder = config.data / "documents" / due.name
    desks = {
        clockwork.CLOCK: due.desk(Action.DO_WHAT_IS_DUE),
        clockwork.CONCLUSIONS: premises.entrusted(Job.CONCLUSIONS).desk(Action.ANSWER_RESPONSES),
    }
    sweeps = (
        lambda db, now: sweep(db, folder, now),
        lambda db, now: forget_old(db, due.catalogue.lookup_months, now),
        sweep_logins,
        sweep_drafts,
    )
    connecting = due.rows(Action.SEE_WHAT_IS_DUE)
    arguments = (connecting, desks, clock, due.name, due.catalogue.calendar, stop, sweeps)
    return Thread(target=clockwork.run, args=arguments, name=f"clockwork.{due.name}")


def _rescans(premises: Premises, clock: Clock, config: Config, stop: Event) -> Thread:
    scanning = premises.entrusted(Job.SCANNER)
    folder = config.data / "documents" / scanning.name
    arguments = (scanning.rows(Action.SCAN_UPLOADS), folder, open_scanner(config))
    name = f"rescanning.{scanning.name}"
    return Thread(target=rescanning.run, args=(*arguments, clock, stop), name=name)


def _findings(premises: Premises, clock: Clock, config: Config, stop: Event) -> Thread:
    by = premises.entrusted(Job.REGISTERS)
    openings, desk = by.facts(Action.READ_OPENING), by.desk(Action.RECORD_PROPERTY)
    arguments = (by.views(), by.catalogue, openings, desk, config, clock, stop)
    # Registers are asked from an event loop, of which this thread has its own.
    return Thread(target=lambda: asyncio.run(finding.run(*arguments)), name=f"registers.{by.name}")
