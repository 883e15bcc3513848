"""What can be asked about hearing a party before a decision."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.case_party_hearing import HearingExemption
from events.document import Document
from events.ids import CaseId, DocumentId, MessageId, RoundId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPartyHearing:
    case_id: CaseId
    round: RoundId
    text: str
    material: tuple[DocumentId, ...]
    opened_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPartyHearing:
    case_id: CaseId
    round: RoundId
    message: MessageId
    text: str
    documents: tuple[Document, ...]
    is_final: bool
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseExpiredPartyHearing:
    """The party's last day has passed, says the clock."""

    case_id: CaseId
    round: RoundId
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptFromPartyHearing:
    case_id: CaseId
    ground: HearingExemption
    reason: str


PartyHearingCommand: TypeAlias = (
    OpenPartyHearing | AnswerPartyHearing | CloseExpiredPartyHearing | ExemptFromPartyHearing
)
