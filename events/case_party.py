"""Who else is a party to a case, and who acts for a party (forvaltningsloven § 8)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from events.ids import CaseId, DocumentId, PartyId
from events.personal import PersonalText


class PartyRole(StrEnum):
    """As what somebody is a party beside the one whose matter it is."""

    CO_APPLICANT = "co-applicant"
    OWNER = "owner"
    NEIGHBOUR = "neighbour"
    AFFECTED = "affected"


class Basis(StrEnum):
    """By what right somebody acts for a party."""

    POWER_OF_ATTORNEY = "power-of-attorney"
    GUARDIANSHIP = "guardianship"
    CUSTODY = "custody"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyJoined:
    """`protected` is whether their name and address are (CPR-loven § 28), or nobody knows."""

    case_id: CaseId
    party: PartyId
    role: PartyRole
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLeft:
    case_id: CaseId
    party: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionRecorded:
    """Whether the name and address of somebody on the case are protected, as of now."""

    case_id: CaseId
    party: PartyId
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeProposed:
    """A party asks that somebody may act for it; `document` is the power of attorney."""

    case_id: CaseId
    party: PartyId
    representative: PartyId
    basis: Basis
    document: DocumentId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeAppointed:
    """A caseworker has seen by what right, or they submitted it with a power of attorney
    enclosed. From now on they see the case and act in it.
    """

    case_id: CaseId
    party: PartyId
    representative: PartyId
    basis: Basis
    document: DocumentId | None
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeDeclined:
    case_id: CaseId
    party: PartyId
    representative: PartyId
    reason: PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationEnded:
    case_id: CaseId
    party: PartyId
    representative: PartyId


PartyEvent: TypeAlias = (
    PartyJoined
    | PartyLeft
    | ProtectionRecorded
    | RepresentativeProposed
    | RepresentativeAppointed
    | RepresentativeDeclined
    | RepresentationEnded
)
