"""One look of a member of staff at citizens' cases: what was shown, to whom, and what for.

Kept so that each citizen can be told (GDPR article 15, as C-579/21 and Datatilsynet's practice of
2 July 2024 read it) and misuse be found (Datatilsynet's catalogue of measures, logging).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from events.ids import ActorId, CaseId

REASON_LASTS: Final = timedelta(hours=1)


class Shown(StrEnum):
    """Of one case, or in a list of many."""

    CASE = "case"
    TIMELINE = "timeline"
    DOCUMENT = "document"
    LETTER = "letter"
    MEETING = "meeting"
    PARTIES = "parties"
    PROPERTY = "property"
    NOTES = "notes"
    ESDH_CASES = "esdh-cases"
    EVENTS = "events"
    LOOKUPS = "lookups"
    QUEUE = "queue"
    RESPONSES = "responses"
    JOURNAL = "journal"
    POST = "post"


class Purpose(StrEnum):
    """The first of a team's own cases, the last of auditors; the others are said beforehand."""

    CASEWORK = "casework"
    ACCESS_REQUEST = "access-request"
    COVERING = "covering"
    SUPERVISION = "supervision"
    EMERGENCY = "emergency"
    AUDIT = "audit"


SAID: Final = tuple(each for each in Purpose if each not in {Purpose.CASEWORK, Purpose.AUDIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    purpose: Purpose
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """`team` is the one in whose name it was looked, "" for none; `criteria` those of a search.

    `is_outside` is true of somebody who belongs neither to the case's team nor to the auditors.
    """

    at: datetime
    person: ActorId
    team: str
    shown: Shown
    why: Why
    is_outside: bool
    cases: Sequence[CaseId]
    criteria: Mapping[str, object] = field(default_factory=dict)
