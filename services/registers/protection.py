"""Whether somebody's name and address are protected, and that they are when nobody can say."""

import asyncio

import structlog

from events.ids import PartyId
from services.esdh.port import Company, Person
from services.parties import Parties
from services.registers.ports import Registers, RegisterUnavailable

log = structlog.get_logger()


async def is_protected(party: PartyId, parties: Parties, registers: Registers) -> bool:
    """As the register has it. A register that is down must not give anybody's address away."""
    match await asyncio.to_thread(parties.known, party):
        case Person(cpr=cpr):
            try:
                found = await registers.persons.person(cpr)
            except RegisterUnavailable as away:
                log.warning("protection_unknown", reason=away.reason)
                return True
            return found is None or found.protected
        case Company():
            # What a company is called and where it is, CVR-loven § 18 makes public.
            return False
        case None:
            return True
