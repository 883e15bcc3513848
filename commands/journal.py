"""What may be asked of a matter's journal: mostly by the ESDH sync, sometimes by a caseworker."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from events.ids import EntryId
from events.journal import (
    Candidate,
    ChoiceReason,
    DifferenceKind,
    EsdhCase,
    LinkedBy,
    Matter,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEsdhCase:
    matter: Matter
    esdh_case: EsdhCase
    by: LinkedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class RenumberEsdhCase:
    """The records system says that the linked case has this number now."""

    matter: Matter
    esdh_case: EsdhCase


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEsdhCaseChoice:
    matter: Matter
    reason: ChoiceReason
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseEsdhCase:
    """A caseworker says which case is right: by number, or None for a new one."""

    matter: Matter
    number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordJournalised:
    """As `events.journal.Journalised`."""

    matter: Matter
    fact: str
    about: UUID
    position: int
    esdh_case: EsdhCase
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordJournalisingRefused:
    """As `events.journal.JournalisingRefused`."""

    matter: Matter
    entry: EntryId
    position: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryJournalising:
    """A caseworker wants what was refused to be tried again."""

    matter: Matter
    entry: EntryId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordJournalDifference:
    matter: Matter
    difference: DifferenceKind
    reference: str
    esdh_case: EsdhCase


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleJournalDifference:
    matter: Matter
    difference: DifferenceKind
    reference: str


JournalCommand: TypeAlias = (
    LinkEsdhCase
    | RenumberEsdhCase
    | RequestEsdhCaseChoice
    | ChooseEsdhCase
    | RecordJournalised
    | RecordJournalisingRefused
    | RetryJournalising
    | RecordJournalDifference
    | SettleJournalDifference
)
