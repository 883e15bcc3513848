"""What a submission is about: a hearing it answers, a meeting it asks for, or another case."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID

from events.case import CaseKind
from events.hearing import HearingExtended, HearingPublished
from events.ids import CaseId, HearingId, SlotId, calendar_day_of
from gateway.asked import Asked
from gateway.problems import Problem, invalid
from gateway.seeing import parties_of, resource_of
from services.authorisation import Action, may
from services.catalogue.service import ComplaintOver, Service
from services.streams import hearing_stream
from services.submissions import HearingAnswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The hearing answered, the day of the meeting wanted, or the case that it is all about."""

    hearing: HearingAnswered | None = None
    meeting_on: date | None = None
    about: CaseId | None = None


async def occasion(
    asked: Asked, service: Service, *, about: UUID | None, slot: str | None
) -> Occasion:
    """What the service's kind needs beside the answers, and nothing that it has no use for."""
    if slot is not None and service.kind is not CaseKind.MEETING:
        raise invalid("slot", "input-unknown-field")
    match service.kind:
        case CaseKind.HEARING_RESPONSE:
            if about is None:
                raise invalid("about", "input-missing")
            return Occasion(hearing=await asyncio.to_thread(_hearing, asked, HearingId(about)))
        case CaseKind.MEETING:
            if slot is None:
                raise invalid("slot", "input-missing")
            _require_nothing_else(about)
            return Occasion(meeting_on=_meeting_on(service, slot))
        case CaseKind.COMPLAINT if service.complaint_over is ComplaintOver.DECISION:
            if about is None:
                raise invalid("about", "input-missing")
            return Occasion(about=await _own_case(asked, CaseId(about)))
        case CaseKind.COMPLAINT | CaseKind.ACCESS_REQUEST:
            return Occasion(about=None if about is None else await _own_case(asked, CaseId(about)))
        case CaseKind.APPLICATION | CaseKind.NOTICE:
            _require_nothing_else(about)
            return Occasion()
        case _:
            assert_never(service.kind)


def _require_nothing_else(about: UUID | None) -> None:
    if about is not None:
        raise invalid("about", "input-unknown-field")


async def _own_case(asked: Asked, case_id: CaseId) -> CaseId:
    """A case that whoever asks may look at; another's is not to be known to exist."""
    opened = await asked.gateway.opened[asked.organisation.name].find(case_id)
    if opened is None or not may(
        asked.actor,
        Action.LOOK_AT_CASE,
        await resource_of(asked, case_id, opened),
    ):
        raise Problem("case-not-found")
    represented = asked.acts_for
    if represented is not None and not (await parties_of(asked, case_id)).has(represented):
        # What somebody may look at for one party is not to be complained of for another.
        raise Problem("case-not-found")
    return case_id


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
