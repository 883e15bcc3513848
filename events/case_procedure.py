"""What else can happen on the way from opening a case to keeping it: notices, access, retention."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.document import Document
from events.ids import CaseId, DocumentId, MessageId
from events.personal import PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedCaseNamed:
    """The case that an access request or a complaint over service is about."""

    case_id: CaseId
    about: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class TacitlyAccepted:
    """Nobody objected to the notified activity in time, so it may begin."""

    case_id: CaseId
    accepted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedCopyAdded:
    """`document` may be shown to others where `original` may not; the envelope says by whom."""

    case_id: CaseId
    original: DocumentId
    document: Document
    reason: PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRead:
    """The other side has opened a message; the envelope says who and when."""

    case_id: CaseId
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionClassed:
    """How long the case will be kept once it is closed, by what rule."""

    case_id: CaseId
    years: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionBegan:
    """The case is closed; `kept_until` is the last day before it may be erased."""

    case_id: CaseId
    years: int
    basis: str
    kept_until: date


ProcedureEvent: TypeAlias = (
    RelatedCaseNamed
    | TacitlyAccepted
    | RedactedCopyAdded
    | MessageRead
    | RetentionClassed
    | RetentionBegan
)
