"""What can happen to a public hearing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

from events.document import Document
from events.ids import CaseId, HearingId, PointId, TeamId
from events.personal import PUBLIC


class HearingKind(StrEnum):
    """What is heard decides how long it must be open (planloven §§ 20 and 24)."""

    MUNICIPAL_PLAN = "municipal-plan"
    MUNICIPAL_PLAN_MINOR = "municipal-plan-minor"
    LOCAL_PLAN = "local-plan"
    LOCAL_PLAN_MINOR = "local-plan-minor"
    NEIGHBOUR_NOTICE = "neighbour-notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingAnswer:
    """What the municipality answers on one theme, and the responses that raised it."""

    theme: str
    answer: str
    responses: tuple[CaseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingPublished:
    hearing_id: HearingId
    kind: HearingKind
    title: str
    description: str
    team: TeamId
    material: Annotated[tuple[Document, ...], PUBLIC]
    published_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingMaterialAdded:
    hearing_id: HearingId
    material: Annotated[tuple[Document, ...], PUBLIC]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingExtended:
    hearing_id: HearingId
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingConcluded:
    hearing_id: HearingId
    summary: str
    answers: tuple[HearingAnswer, ...]
    concluded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingCancelled:
    hearing_id: HearingId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingAnswerDrafted:
    """What the authority means to answer on a point; public only once the hearing is concluded."""

    hearing_id: HearingId
    point: PointId
    theme: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingAnswerDropped:
    hearing_id: HearingId
    point: PointId


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingResponseSorted:
    """The points that a response raises, all of them; none when it was taken out again."""

    hearing_id: HearingId
    case_id: CaseId
    points: tuple[PointId, ...]


HearingEvent: TypeAlias = (
    HearingPublished
    | HearingMaterialAdded
    | HearingExtended
    | HearingAnswerDrafted
    | HearingAnswerDropped
    | HearingResponseSorted
    | HearingConcluded
    | HearingCancelled
)
