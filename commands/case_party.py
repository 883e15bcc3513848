"""What can be asked about the parties of a case and those who act for them."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from events.case_party import Basis, PartyRole
from events.document import Document
from events.ids import CaseId, DocumentId, PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who submits for the party; `document` is the power of attorney, one of those submitted."""

    representative: PartyId
    document: DocumentId | None
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinParty:
    """`first_protected` is the same of the one whose matter it is, as far as it is known now."""

    case_id: CaseId
    party: PartyId
    role: PartyRole
    protected: bool
    first_protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveParty:
    case_id: CaseId
    party: PartyId
    removed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtection:
    """What a register or a caseworker says of somebody on the case."""

    case_id: CaseId
    party: PartyId
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRepresentative:
    """`document` is the power of attorney, which comes to the case with this."""

    case_id: CaseId
    party: PartyId
    representative: PartyId
    basis: Basis
    document: Document | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointRepresentative:
    """Without `document`, the one that came with the proposal."""

    case_id: CaseId
    party: PartyId
    representative: PartyId
    basis: Basis
    document: DocumentId | None
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineRepresentative:
    case_id: CaseId
    party: PartyId
    representative: PartyId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRepresentation:
    case_id: CaseId
    party: PartyId
    representative: PartyId


PartyCommand: TypeAlias = (
    JoinParty
    | RemoveParty
    | RecordProtection
    | ProposeRepresentative
    | AppointRepresentative
    | DeclineRepresentative
    | EndRepresentation
)
