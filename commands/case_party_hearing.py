"""What can be asked about hearing a party before a decision."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.case_decision import Outcome
from events.case_party_hearing import HearingExemption
from events.document import Document
from events.ids import CaseId, DocumentId, MessageId, PartyId, RoundId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPartyHearing:
    """`parties` are those to hear; where nobody is named, all whom the `planned` outcome goes
    against, and all there are while nobody can say yet what the outcome will be.
    """

    case_id: CaseId
    round: RoundId
    parties: tuple[PartyId, ...]
    planned: Outcome | None
    text: str
    material: tuple[DocumentId, ...]
    opened_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPartyHearing:
    """`party` is the one who is heard, also when somebody else answers for them."""

    case_id: CaseId
    round: RoundId
    party: PartyId
    message: MessageId
    text: str
    documents: tuple[Document, ...]
    is_final: bool
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseExpiredPartyHearing:
    """The last day of the round has passed, says the clock, for all who are still heard in it."""

    case_id: CaseId
    round: RoundId
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptFromPartyHearing:
    """`parties` are those who need not be heard, for this one reason; all where nobody is named."""

    case_id: CaseId
    parties: tuple[PartyId, ...]
    ground: HearingExemption
    reason: str


PartyHearingCommand: TypeAlias = (
    OpenPartyHearing | AnswerPartyHearing | CloseExpiredPartyHearing | ExemptFromPartyHearing
)
