"""Ids and requests of the demo: the same at every run, so that nothing is done twice."""

from collections.abc import Mapping
from typing import Final
from uuid import NAMESPACE_OID, UUID

from events.ids import ActorId, PartyId
from services.command_handling import Command
from services.ids import derived_id
from services.request import Request, unattended

COMPANY: Final = PartyId("company:99999991")


COMPANIES: Final[Mapping[ActorId, PartyId]] = {
    ActorId("person:tomrer"): COMPANY,
    ActorId("person:anlaeg"): PartyId("company:99999974"),
    ActorId("person:kloak"): PartyId("company:99999966"),
}
"""Whom people act for."""


def demo_id(organisation: str, name: str) -> UUID:
    return derived_id(NAMESPACE_OID, f"{organisation} demo {name}")


def demo_request(organisation: str, name: str, actor: ActorId, command: Command) -> Request:
    return unattended(
        command,
        command_id=demo_id(organisation, f"command {name}"),
        organisation=organisation,
        actor=actor,
        on_behalf_of=COMPANIES.get(actor),
    )
