"""Finds the property of every case that has one, beside the submission and never before it.

What is still to be found is asked of a view (ADR 6), in the order the cases were opened. A case
whose answers name no property is passed over; a register that is away is waited for.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Final, Protocol
from uuid import NAMESPACE_OID, UUID

import structlog
from psycopg import Connection, OperationalError

from commands.refusal import Refused
from events.case import CaseOpened
from events.ids import ActorId, CaseId
from events.property import AddressId, BfeNumber
from projections import properties
from projections.properties import FoundRow, Unknown
from services.catalogue.organisation import Organisation
from services.config import Config
from services.ids import derived_id
from services.journal.work import Commands
from services.logs import described
from services.ports import Clock, StoreUnavailable, Stream, Undecodable
from services.registers.absent import NOT_CONFIGURED
from services.registers.configuring import open_registers
from services.registers.identifying import Sought, identify, sought
from services.registers.ports import Registers, RegisterUnavailable
from services.request import TooBusy, unattended
from services.streams import case_stream
from services.workers import Job

log = structlog.get_logger()

REGISTERS: Final = ActorId(Job.REGISTERS.value)
ROUND_SECONDS: Final = 1.0
AWAY_SECONDS: Final = 30.0
AT_ONCE: Final = 50


class Openings(Protocol):
    """How cases began, as `services.ports.EventStore` has it."""

    def read(self, stream: str, *, after: int = 0, up_to: int | None = None) -> Stream: ...

    def server(self) -> object: ...


@dataclass(slots=True)
class Finder:
    """One organisation's.

    All cases opened up to `reached` are settled, waiting, or not for us to settle. What waits is a
    line of text for each open case; a restart asks the view for all of it again.
    """

    organisation: Organisation
    store: Openings
    desk: Commands
    registers: Registers
    reached: int = 0
    waiting: dict[CaseId, tuple[Unknown, Sought]] = field(default_factory=dict)
    server: object = None

    async def round(self, db: Connection[tuple[object, ...]]) -> float:
        """Look at what is new and at what waits; how many seconds to pause before the next."""
        self._require_server(await asyncio.to_thread(self.store.server))
        asked = partial(properties.unknown, db, after=self.reached, limit=AT_ONCE)
        unknown = await asyncio.to_thread(asked)
        for case in unknown:
            wanted = await asyncio.to_thread(self._sought, case)
            if wanted is not None:
                self.waiting[case.case_id] = case, wanted
            self.reached = case.position
        is_answered = await self._settle_waiting()
        if len(unknown) == AT_ONCE:
            return 0.0
        return ROUND_SECONDS if is_answered else AWAY_SECONDS

    async def _settle_waiting(self) -> bool:
        """False when a register is away; it is asked no more in this round, and the other is.

        What it gave no answer to goes to the back, so that a text it never answers to does not
        keep those after it waiting.
        """
        away: set[bool] = set()
        for case_id, (case, wanted) in list(self.waiting.items()):
            is_number = wanted.bfe is not None
            if is_number in away:
                continue
            try:
                await self._settle(case, wanted)
            except RegisterUnavailable as unavailable:
                # One that is not configured stays so until a restart, which looks at all anew.
                if unavailable.reason != NOT_CONFIGURED:
                    log.warning("register_unavailable", reason=unavailable.reason)
                    away.add(is_number)
                    self.waiting[case_id] = self.waiting.pop(case_id)
                    continue
            del self.waiting[case_id]
        return not away

    async def _settle(self, case: Unknown, wanted: Sought) -> None:
        command = await identify(wanted, self.registers, self.organisation.municipality)
        request = unattended(
            command,
            command_id=_command_id(self.organisation.id, case),
            organisation=self.organisation.id,
            actor=REGISTERS,
        )
        try:
            await self.desk.perform(request)
        except Refused as refusal:
            log.info("property_refused", case=str(case.case_id), code=refusal.code)

    def _require_server(self, server: object) -> None:
        """Begin anew with another server: an older day may have been brought back, whose later
        cases were forgotten and have positions that we are past.
        """
        if server != self.server:
            self.reached = 0
            self.waiting.clear()
            self.server = server

    def _sought(self, case: Unknown) -> Sought | None:
        if case.property is not None:
            return _stated(case.case_id, case.property)
        service = self.organisation.versions.get((case.service, case.service_version))
        if service is None:
            return None
        try:
            history = self.store.read(case_stream(case.case_id), up_to=1).events
        except Undecodable as strange:
            log.warning("property_unreadable", error=described(strange))
            return None
        match history:
            case [CaseOpened() as opened]:
                return sought(opened, service)
            case _:
                return None


async def run(
    connect: Callable[[], Connection[tuple[object, ...]]],
    organisation: Organisation,
    store: Openings,
    desk: Commands,
    config: Config,
    clock: Clock,
    stop: Event,
) -> None:
    """A round every second until told to stop; whatever is away is waited for."""
    async with open_registers(config, clock) as registers:
        finder = Finder(organisation, store, desk, registers)
        pause = ROUND_SECONDS
        while not stop.is_set():
            try:
                with connect() as db:
                    while not await asyncio.to_thread(stop.wait, pause):
                        pause = await finder.round(db)
            except (OperationalError, StoreUnavailable, TooBusy) as away:
                log.warning("finding_interrupted", error=type(away).__name__)
                pause = ROUND_SECONDS
                await asyncio.to_thread(stop.wait, pause)


def _stated(case_id: CaseId, said: FoundRow) -> Sought:
    """What a caseworker has said while no register answered."""
    bfe, address = said["bfe"], said["address"]
    return Sought(
        case_id=case_id,
        text=said["text"],
        bfe=None if bfe is None else BfeNumber(bfe),
        address=None if address is None else AddressId(UUID(address)),
        is_typed=bfe is None and address is None,
    )


def _command_id(organisation: str, case: Unknown) -> UUID:
    """One command for a case, whoever gives it: what a register says first is what it said. A case
    that is opened again is another matter, for it may have been refused before, and so is what a
    caseworker states of it.
    """
    return derived_id(NAMESPACE_OID, f"{organisation} property {case.case_id} {case.position}")
