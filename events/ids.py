"""Identities that appear in stored facts."""

from typing import Final, NewType
from uuid import UUID

ActorId = NewType("ActorId", str)
"""Who did it: `person:…`, `company:…`, `staff:…`, `system:…`; `anonymous:…` is nobody known."""

PartyId = NewType("PartyId", str)
"""Whose matter it is: the citizen or company itself, whoever acted for it; or `anonymous:…`."""

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
PointId = NewType("PointId", UUID)
"""Of what responses to a hearing raised and the authority answers as one."""

TeamId = NewType("TeamId", str)

TenderId = NewType("TenderId", UUID)
QuestionId = NewType("QuestionId", UUID)
BidId = NewType("BidId", UUID)
SittingId = NewType("SittingId", UUID)
ReplacementId = NewType("ReplacementId", UUID)
LotId = NewType("LotId", str)
"""One lot of a tender: `1`, `2`; a tender that is not divided has `1` alone."""

KeyId = NewType("KeyId", str)
"""A committee member's public key: the first 16 hexadecimal digits of its SHA-256."""

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


_ANONYMOUS: Final = "anonymous:"


def anonymous_party(case_id: CaseId) -> PartyId:
    """Whose matter a case is that somebody opened without saying who they are.

    Made of the case, so that no two are taken for one person, and nobody logs in as one.
    """
    return PartyId(f"{_ANONYMOUS}{case_id}")


def is_anonymous(somebody: PartyId | ActorId) -> bool:
    return somebody.startswith(_ANONYMOUS)
