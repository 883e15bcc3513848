"""The benchmark's words in Julelys's own terms: a case, its messages, and who writes them."""

import json
from datetime import date
from typing import Final, cast
from uuid import UUID

from commands.case import OpenCase, WriteToAuthority
from events.case import CaseEvent, CaseKind, PartyWrote
from events.envelope import Envelope
from events.ids import ActorId, CaseId, MessageId, PartyId, TeamId
from services.ids import new_id
from services.ports import Stream
from tests.benchmarks.messages import TEXT

ORGANISATION: Final = "hjorring"
ACTOR: Final = ActorId("person:anna")


def envelope() -> Envelope:
    command_id = new_id()
    return Envelope(
        organisation=ORGANISATION,
        actor=ACTOR,
        on_behalf_of=None,
        command_id=command_id,
        correlation_id=command_id,
        causation_id=None,
        service_version="building-meeting.1",
        traceparent=None,
    )


def opening(stream: UUID) -> OpenCase:
    return OpenCase(
        case_id=CaseId(stream),
        kind=CaseKind.MEETING,
        service="building-meeting",
        service_version=1,
        reference="HJ-2026-000001",
        team=TeamId("byggeri-natur"),
        party=PartyId("person:anna"),
        subject=TEXT,
        answers=(),
        documents=(),
        received_on=date(2026, 11, 20),
        hearing=None,
        next_steps=(),
        things_to_bring=(),
        deadlines=(),
    )


def writing(stream: UUID) -> WriteToAuthority:
    return WriteToAuthority(
        case_id=CaseId(stream), message=MessageId(new_id()), text=TEXT, documents=()
    )


def message(stream: UUID) -> PartyWrote:
    return PartyWrote(case_id=CaseId(stream), message=MessageId(new_id()), text=TEXT, documents=())


def metadata() -> str:
    """An envelope as JSON, of the size that is stored with every event."""
    words = envelope()
    return json.dumps(
        {
            "organisation": words.organisation,
            "actor": words.actor,
            "command_id": str(words.command_id),
            "correlation_id": str(words.correlation_id),
            "service_version": words.service_version,
        }
    )


def history(found: Stream) -> list[CaseEvent]:
    """The events of a stream that only holds a case's."""
    return cast("list[CaseEvent]", found.events)
