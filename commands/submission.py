"""What people ask that touches several streams at once; done whole or not at all."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from commands.case import OpenCase
from events.case_complaint import Reassessment
from events.ids import CaseId, SlotId


class IfTaken(StrEnum):
    """What someone wants who asks for a slot that another has."""

    REFUSE = "refuse"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitHearingResponse:
    """Open the response's own case, provided that its hearing is open now."""

    case: OpenCase
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitMeeting:
    """Open the meeting's case and book its slot, or wait for one that day."""

    case: OpenCase
    slot: SlotId
    if_taken: IfTaken
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitComplaint:
    """Open a complaint over the decision that the case `case.about` was sent last."""

    case: OpenCase


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassessDecision:
    """Look again at what a complaint is over; a changed decision reopens its case."""

    case_id: CaseId
    outcome: Reassessment
    text: str
    reassessed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RescheduleMeeting:
    case_id: CaseId
    slot: SlotId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCase:
    """The party takes the matter back; a booked slot or a waiting place is given free."""

    case_id: CaseId
    reason: str | None
    now: datetime


Submission: TypeAlias = (
    SubmitHearingResponse
    | SubmitMeeting
    | SubmitComplaint
    | ReassessDecision
    | RescheduleMeeting
    | WithdrawCase
)
