"""The ESDH sync: takes in facts, and works on many matters at once, each by one worker."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from uuid import UUID

import structlog

from events.envelope import Recorded
from events.journal import Matter
from services.feed.port import FactRef, Feed, FeedUnavailable
from services.journal.filing import carry_out
from services.journal.intake import stream_of, take_in
from services.journal.ports import Claim
from services.journal.settling import refuse
from services.journal.work import Halt, Lane, LeaseLost, Office
from services.logs import described
from services.ports import Clock, StoreUnavailable, Undecodable
from services.request import TooBusy

log = structlog.get_logger()

CatchUp: TypeAlias = Callable[[], Awaitable[None]]

POLL_SECONDS: Final = 0.25
REST_SECONDS: Final = 1.0
SESSION_SECONDS: Final = 60 * 60.0
"""What was seen of the records system is looked at anew after this."""


@dataclass(slots=True)
class Held:
    """The matters that this worker has claimed and not let go."""

    epochs: dict[Matter, int] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    releases: set[asyncio.Task[None]] = field(default_factory=set)


async def hear(office: Office, feed: Feed, clock: Clock, stop: asyncio.Event) -> None:
    """Take in what the feed brings until told to stop."""
    refs: Sequence[FactRef] = ()
    while not stop.is_set():
        try:
            # What could not be written down is not given again, and is committed with what comes
            # after it; so nothing comes after it.
            refs = refs or await feed.read()
            await take_in(refs, office.facts, office.journal, office.organisation, clock)
            read, refs = len(refs), ()
            await feed.commit()
        except (FeedUnavailable, StoreUnavailable) as away:
            log.warning("intake_interrupted", error=type(away).__name__)
            await asyncio.sleep(REST_SECONDS)
            continue
        if not read:
            await asyncio.sleep(0)
    await feed.close()


async def work(office: Office, worker: UUID, stop: asyncio.Event, catch_up: CatchUp) -> None:
    """Carry out what is due until told to stop; what is being asked then is waited for.

    `catch_up` takes in what the feed may have told to rows of a later day than these.
    """
    held = Held()
    extending = asyncio.create_task(_extend(office, held))
    began = asyncio.get_running_loop().time()
    try:
        while not stop.is_set():
            if asyncio.get_running_loop().time() - began > SESSION_SECONDS:
                office.session.begin_anew()
                began = asyncio.get_running_loop().time()
            if not await _claim(office, held, worker, catch_up):
                await _next(office, held)
        await asyncio.gather(*held.tasks)
        await asyncio.gather(*held.releases)
    finally:
        extending.cancel()


async def _claim(office: Office, held: Held, worker: UUID, catch_up: CatchUp) -> bool:
    free = office.breaker.lets_through(office.timing.lanes - len(held.tasks))
    if free <= 0:
        return False
    try:
        claims = await office.journal.claim(worker, limit=free, lease_seconds=office.timing.lease)
        server = office.journal.server
        if server != office.session.server:
            await office.journal.release([(claim.matter, claim.epoch) for claim in claims])
            await catch_up()
            office.session.require_server(server)
            return True
    except StoreUnavailable as away:
        log.warning("claim_interrupted", error=type(away).__name__)
        office.session.begin_anew()
        await asyncio.sleep(REST_SECONDS)
        return False
    for claim in claims:
        held.epochs[claim.matter] = claim.epoch
        task = asyncio.create_task(_carry_out(office, held, claim))
        held.tasks.add(task)
        task.add_done_callback(held.tasks.discard)
    return bool(claims)


async def _next(office: Office, held: Held) -> None:
    """Until a lane is free again, or something new may be due."""
    waiting = asyncio.ensure_future(office.wait(POLL_SECONDS))
    await asyncio.wait({waiting, *held.tasks}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


async def _carry_out(office: Office, held: Held, claim: Claim) -> None:
    words = log.bind(matter=str(claim.matter.id), kind=claim.matter.kind.value)
    try:
        await _on_lane(office, claim)
    except Halt:
        pass
    except LeaseLost:
        # Whoever took over may have done what we have not seen.
        words.warning("lease_lost")
        office.session.begin_anew()
    except (StoreUnavailable, TooBusy) as away:
        words.warning("filing_interrupted", error=type(away).__name__)
        office.session.begin_anew()
    except Exception as bug:  # noqa: BLE001  # the lease runs out, and it is tried again
        words.error("filing_failed", error=described(bug))
        await asyncio.sleep(REST_SECONDS)
    finally:
        held.epochs.pop(claim.matter, None)
    # The lane need not wait for it, and is free for the next matter.
    release = asyncio.create_task(_release(office, claim))
    held.releases.add(release)
    release.add_done_callback(held.releases.discard)


async def _release(office: Office, claim: Claim) -> None:
    try:
        await office.journal.release([(claim.matter, claim.epoch)])
    except StoreUnavailable as away:
        log.warning("release_interrupted", error=type(away).__name__)


async def _on_lane(office: Office, claim: Claim) -> None:
    reading = _history(office, claim.matter)
    state, history = await asyncio.gather(office.facts.journal(claim.matter), reading)
    if history is None:
        if claim.entries:
            lane = Lane(claim, state, ())
            detail = "This version of the program cannot read the matter's facts."
            await refuse(office, lane, claim.entries[0], "fact-unreadable", detail)
        return
    await carry_out(office, Lane(claim, state, history))


async def _history(office: Office, matter: Matter) -> Sequence[Recorded] | None:
    """The matter's own stream, None while this version cannot read it."""
    try:
        return await office.facts.history(stream_of(matter))
    except Undecodable:
        return None


async def _extend(office: Office, held: Held) -> None:
    while True:
        await asyncio.sleep(office.timing.lease / 3)
        if held.epochs:
            try:
                await office.journal.extend(
                    list(held.epochs.items()), lease_seconds=office.timing.lease
                )
            except StoreUnavailable as away:
                log.warning("extending_interrupted", error=type(away).__name__)
