"""What happens on the way to the records system (ESDH): found, filed, or given to a person.

Each case, hearing and tender has a journal stream of its own, so that filing never makes stale what
somebody at a form has seen of the case.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from events.ids import EntryId
from events.personal import PersonalText


class MatterKind(StrEnum):
    CASE = "case"
    HEARING = "hearing"
    TENDER = "tender"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What has a journal and outgoing post: a case, a hearing or a tender of ours, by its id."""

    kind: MatterKind
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EsdhCase:
    """A case in the records system. `id` is its own lasting id; `number` is what people read.

    The number may change there; the id never does.
    """

    id: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A case that might be the right one; `status` is open, dormant or closed."""

    esdh_case: EsdhCase
    title: PersonalText
    status: str


class LinkedBy(StrEnum):
    CREATED = "created"
    MATCHED = "matched"
    CHOSEN = "chosen"


class ChoiceReason(StrEnum):
    """Why a person must say which case is the right one."""

    SEVERAL = "several"
    CLOSED = "closed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class EsdhCaseLinked:
    """The matter's case in the records system is known."""

    matter: Matter
    esdh_case: EsdhCase
    by: LinkedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class EsdhCaseRenumbered:
    """The linked case was given another number in the records system."""

    matter: Matter
    esdh_case: EsdhCase
    former_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EsdhCaseChoiceRequested:
    matter: Matter
    reason: ChoiceReason
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EsdhCaseChosen:
    """`esdh_case` is None when a new case is to be opened there."""

    matter: Matter
    esdh_case: EsdhCase | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journalised:
    """One fact of the matter, with all its documents, lies in the records system.

    `fact`, `about` and `position` are the fact's wire name, event id and place in the log;
    `receipts` are the ids that the records system gave, in the order of the fact's entries.
    """

    matter: Matter
    fact: str
    about: UUID
    position: int
    esdh_case: EsdhCase
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalisingRefused:
    """The records system said no for good, or nobody can know whether it took it.

    A person must act. `code` is permanent, `detail` is for the person and holds no personal data.
    """

    matter: Matter
    entry: EntryId
    position: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalisingRetried:
    """A caseworker has asked for another attempt."""

    matter: Matter
    entry: EntryId


class DifferenceKind(StrEnum):
    """How the records system and our journal may disagree."""

    MISSING_THERE = "missing-there"
    UNKNOWN_HERE = "unknown-here"
    FILED_TWICE = "filed-twice"
    OTHER_CASE = "other-case"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalDifferenceFound:
    """Reconciliation saw the two disagree. `reference` is that of the entry, as written there."""

    matter: Matter
    difference: DifferenceKind
    reference: str
    esdh_case: EsdhCase


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalDifferenceSettled:
    """Reconciliation looked again and the two agree."""

    matter: Matter
    difference: DifferenceKind
    reference: str


JournalEvent: TypeAlias = (
    EsdhCaseLinked
    | EsdhCaseRenumbered
    | EsdhCaseChoiceRequested
    | EsdhCaseChosen
    | Journalised
    | JournalisingRefused
    | JournalisingRetried
    | JournalDifferenceFound
    | JournalDifferenceSettled
)
