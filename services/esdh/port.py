"""What we need from any records system, in our own words.

Every operation that adds something carries our own `reference`, which the system must let us find
again: that, and an intent written down before the request, is how nothing is filed twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from events.journal import EsdhCase


class Direction(StrEnum):
    """Offentlighedsloven § 15: received, sent, or internal."""

    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class CaseStatus(StrEnum):
    """SBSYS: `Aktiv`, `Hvilende`, `Afsluttet`."""

    OPEN = "open"
    DORMANT = "dormant"
    CLOSED = "closed"


class EsdhUnavailable(Exception):
    """A question was not answered: nothing was changed, ask again later. No personal data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It lies there. `receipt` is the system's own id of it, as a string."""

    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The case exists now."""

    esdh_case: EsdhCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Handed over for good, but the system tells its outcome later or never (the e-mail route)."""

    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Not now. `may_have_happened` unless it is certain that nothing was changed.

    `after` in seconds where the system said so (HTTP `Retry-After`). `reason` is a short code.
    """

    reason: str
    may_have_happened: bool
    after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No, and asking again the same will not help. `code` is permanent; no personal data.

    Codes the sync acts on: `case-closed`, `case-gone`. Others go to a caseworker as they are.
    """

    code: str
    detail: str


Outcome: TypeAlias = Done | Pending | Retry | Refused
CaseOutcome: TypeAlias = Opened | Pending | Retry | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStanding:
    """A case as it stands there now."""

    esdh_case: EsdhCase
    title: str
    status: CaseStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`cpr` is ten digits without hyphen (databeskyttelsesloven § 11 lets an authority use it)."""

    cpr: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """`cvr` is eight digits."""

    cvr: str
    name: str


EsdhParty: TypeAlias = Person | Company


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case to open from a template. `parties` begins with the primary one, and may be empty.

    `kle` is subject and facet (`02.34.02`, `G01`), which override the template's.
    """

    reference: str
    template: str
    title: str
    kle: tuple[str, str]
    parties: Sequence[EsdhParty]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """`access` False keeps it from being handed out under aktindsigt without being looked at.

    `category` names the sub-folder, None where the case has none. `date` is that of receipt or
    dispatch (offentlighedsloven § 15). `case` is what the matter's case was or would be opened
    with, for a system that is told of a case by its documents (the e-mail route).
    """

    reference: str
    title: str
    file_name: str
    media_type: str
    content: bytes
    direction: Direction
    access: bool
    date: date
    category: str | None = None
    case: NewCase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """`text` is plain; the adapter escapes it for a system that wants HTML."""

    reference: str
    heading: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReminder:
    """Something to be done on the case by the end of `due_on`, Europe/Copenhagen."""

    reference: str
    name: str
    due_on: date


class Esdh(Protocol):
    """One organisation's records system.

    `can_look_up` is False where references cannot be found again; what may have happened is then
    given to a person instead of being repeated. Questions raise `EsdhUnavailable`; what changes
    something answers with an outcome and raises nothing but bugs.
    """

    @property
    def can_look_up(self) -> bool: ...

    async def check(self) -> Sequence[str]:
        """What of the settings does not exist there, each as a sentence that says where to mend
        it; empty when all is well.

        Raises:
            EsdhUnavailable: it could not be asked.
        """
        ...

    async def find_case(self, reference: str) -> CaseStanding | None:
        """The case that was opened with our reference."""
        ...

    async def cases_about(self, words: str, template: str) -> Sequence[CaseStanding]:
        """Cases of a template, closed ones too, whose title has these words in it."""
        ...

    async def case(self, esdh_id: str) -> CaseStanding | None:
        """A case by its lasting id; None when it is gone, or was never there."""
        ...

    async def references_on(self, esdh_id: str) -> Mapping[str, str]:
        """Every reference of ours found on a case's documents, notes and reminders, with receipt.

        A reference found twice is given with both receipts, joined by a space.
        """
        ...

    async def is_protected(self, party: EsdhParty) -> bool | None:
        """Whether name and address are protected (navne- og adressebeskyttelse, CPR-loven § 28).

        None where it is not known there: then nothing is handed out unseen, but who wrote a letter
        still stands on it, for the caseworker must know.
        """
        ...

    async def open_case(self, new: NewCase) -> CaseOutcome: ...

    async def file_document(self, esdh_id: str, new: NewDocument) -> Outcome: ...

    async def add_note(self, esdh_id: str, new: NewNote) -> Outcome: ...

    async def add_reminder(self, esdh_id: str, new: NewReminder) -> Outcome: ...

    async def finish_reminder(self, esdh_id: str, reference: str) -> Outcome:
        """May be repeated. Done also when there is no such reminder."""
        ...

    async def set_status(self, esdh_id: str, status: CaseStatus, comment: str) -> Outcome:
        """May be repeated."""
        ...

    async def change_handler(self, esdh_id: str, user: str) -> Outcome:
        """May be repeated. `user` is the system's own log-on name."""
        ...

    async def add_party(self, esdh_id: str, party: EsdhParty) -> Outcome:
        """May be repeated: a party that is there already stays there once."""
        ...
