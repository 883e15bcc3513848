"""Ids and requests of the demo: the same at every run, so that nothing is done twice."""

from typing import Final
from uuid import NAMESPACE_OID, UUID

from events.envelope import Envelope
from events.ids import ActorId, PartyId
from services.command_handling import Command
from services.ids import derived_id
from services.request import Request

COMPANY: Final = PartyId("company:99999991")


def demo_id(organisation: str, name: str) -> UUID:
    return derived_id(NAMESPACE_OID, f"{organisation} demo {name}")


def demo_request(organisation: str, name: str, actor: ActorId, command: Command) -> Request:
    command_id = demo_id(organisation, f"command {name}")
    return Request(
        command=command,
        envelope=Envelope(
            organisation=organisation,
            actor=actor,
            on_behalf_of=COMPANY if actor == "person:tomrer" else None,
            command_id=command_id,
            correlation_id=command_id,
            causation_id=None,
            service_version=None,
            traceparent=None,
        ),
        fingerprint=command_id.bytes,
        expected_version=None,
        status=204,
        location=None,
        render=lambda _: b"",
    )
