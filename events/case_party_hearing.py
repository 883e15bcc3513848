"""What can happen when a party is heard before a decision (forvaltningsloven §§ 19-21).

`party` is None for the one whose matter it is, as in what was recorded while nobody else could be
heard; whoever joined the case is named.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from events.document import Document
from events.ids import CaseId, DocumentId, MessageId, PartyId, RoundId
from events.personal import PersonalText


class HearingExemption(StrEnum):
    """Why a party need not be heard: forvaltningsloven § 19, stk. 1, and stk. 2, nr. 1-6."""

    NOTHING_NEW = "nothing-new"
    UNOBJECTIONABLE = "unobjectionable"
    STATUTORY_DEADLINE = "statutory-deadline"
    OVERRIDING_INTEREST = "overriding-interest"
    NO_ACCESS = "no-access"
    WIDE_CIRCLE = "wide-circle"
    SPECIAL_RULES = "special-rules"


class HearingEnd(StrEnum):
    """`EXPIRED`: the last day has passed, answered or not. `ANSWERED`: nothing more will come.

    `LEFT`: whoever was heard is no longer a party.
    """

    ANSWERED = "answered"
    EXPIRED = "expired"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyHearingOpened:
    """`text` tells the facts that speak against the party; `material` is what they rest on.

    Several may be heard in one round, each with an opening, an answer and an end of their own.
    """

    case_id: CaseId
    round: RoundId
    party: PartyId | None
    text: PersonalText
    material: tuple[DocumentId, ...]
    opened_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyHearingAnswered:
    """`is_final`: the party has nothing to add, so that nobody need wait for the last day."""

    case_id: CaseId
    round: RoundId
    party: PartyId | None
    message: MessageId
    text: PersonalText
    documents: tuple[Document, ...]
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyHearingClosed:
    case_id: CaseId
    round: RoundId
    party: PartyId | None
    because: HearingEnd
    closed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyHearingExempted:
    case_id: CaseId
    party: PartyId | None
    ground: HearingExemption
    reason: PersonalText


PartyHearingEvent: TypeAlias = (
    PartyHearingOpened | PartyHearingAnswered | PartyHearingClosed | PartyHearingExempted
)
