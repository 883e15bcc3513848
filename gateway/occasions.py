"""What a submission is about: the hearing it answers, or the day of the meeting it asks for."""

import asyncio
from datetime import date
from typing import assert_never
from uuid import UUID

from events.case import CaseKind
from events.hearing import HearingExtended, HearingPublished
from events.ids import HearingId, SlotId, calendar_day_of
from gateway.asked import Asked
from gateway.problems import Problem, invalid
from services.catalogue.service import Service
from services.streams import hearing_stream
from services.submissions import HearingAnswered


async def occasion(
    asked: Asked, service: Service, *, about: UUID | None, slot: str | None
) -> tuple[HearingAnswered | None, date | None]:
    """What the service's kind needs beside the answers, and nothing that it has no use for."""
    match service.kind:
        case CaseKind.HEARING_RESPONSE:
            if slot is not None:
                raise invalid("slot", "input-unknown-field")
            if about is None:
                raise invalid("about", "input-missing")
            return await asyncio.to_thread(_hearing, asked, HearingId(about)), None
        case CaseKind.MEETING:
            if about is not None:
                raise invalid("about", "input-unknown-field")
            if slot is None:
                raise invalid("slot", "input-missing")
            return None, _meeting_on(service, slot)
        case _:
            assert_never(service.kind)


def _hearing(asked: Asked, hearing_id: HearingId) -> HearingAnswered:
    """Read from the log, so that a hearing just published or extended is seen as it is."""
    found: HearingAnswered | None = None
    for event in asked.organisation.store.read(hearing_stream(hearing_id)).events:
        match event:
            case HearingPublished():
                found = HearingAnswered(
                    hearing_id=hearing_id, title=event.title, closes_at=event.closes_at
                )
            case HearingExtended() if found is not None:
                found = HearingAnswered(
                    hearing_id=hearing_id, title=found.title, closes_at=event.closes_at
                )
            case _:
                pass
    if found is None:
        raise Problem("hearing-not-found")
    return found


def _meeting_on(service: Service, slot: str) -> date:
    team, _, day = calendar_day_of(SlotId(slot)).rpartition(".")
    if team != service.team:
        raise Problem("slot-not-found")
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise Problem("slot-not-found") from error
