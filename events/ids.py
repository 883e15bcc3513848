"""Identities that appear in stored facts."""

from typing import NewType
from uuid import UUID

ActorId = NewType("ActorId", str)
"""Who did it: `person:…`, `company:…`, `staff:…` or `system:…`."""

PartyId = NewType("PartyId", str)
"""Whose matter it is: the citizen or company itself, whoever acted for it."""

CaseId = NewType("CaseId", UUID)
HearingId = NewType("HearingId", UUID)
DocumentId = NewType("DocumentId", UUID)
MessageId = NewType("MessageId", UUID)
HoldId = NewType("HoldId", UUID)
RequestId = NewType("RequestId", UUID)
RoundId = NewType("RoundId", UUID)
DecisionId = NewType("DecisionId", UUID)
InspectionId = NewType("InspectionId", UUID)
NoteId = NewType("NoteId", UUID)
TeamId = NewType("TeamId", str)

AbsenceId = NewType("AbsenceId", UUID)

NotificationId = NewType("NotificationId", UUID)
"""One person told of one fact; follows from the two."""

EntryId = NewType("EntryId", UUID)
"""One thing to be filed in the records system; follows from the fact that it comes from."""

CalendarDayId = NewType("CalendarDayId", str)
"""One team's meeting day: `byggeri-natur.2026-12-01`."""

SlotId = NewType("SlotId", str)
"""One slot of a day, by local start time and track: `byggeri-natur.2026-12-01.0900-1`."""


def calendar_day_of(slot: SlotId) -> CalendarDayId:
    return CalendarDayId(slot.rpartition(".")[0])
