"""What can be asked of a hearing."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from events.document import Document
from events.hearing import HearingAnswer, HearingKind
from events.ids import CaseId, HearingId, PointId, TeamId


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishHearing:
    """Both times carry the offset of Europe/Copenhagen, for the weeks are counted there."""

    hearing_id: HearingId
    kind: HearingKind
    title: str
    description: str
    team: TeamId
    material: tuple[Document, ...]
    published_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMaterial:
    hearing_id: HearingId
    material: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendHearing:
    hearing_id: HearingId
    closes_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptResponse:
    """May a response be received now? Changes nothing: the response is a case of its own."""

    hearing_id: HearingId
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAnswer:
    """What is to be answered on a point, new or known; `answer` may still be empty."""

    hearing_id: HearingId
    point: PointId
    theme: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropAnswer:
    hearing_id: HearingId
    point: PointId


@dataclass(frozen=True, slots=True, kw_only=True)
class SortResponse:
    """Under the points that it raises, in place of those it was sorted under before."""

    hearing_id: HearingId
    case_id: CaseId
    points: tuple[PointId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeHearing:
    """`answers` are those that were drafted when it is None."""

    hearing_id: HearingId
    summary: str
    answers: tuple[HearingAnswer, ...] | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelHearing:
    hearing_id: HearingId
    reason: str


HearingCommand: TypeAlias = (
    PublishHearing
    | AddMaterial
    | ExtendHearing
    | AcceptResponse
    | DraftAnswer
    | DropAnswer
    | SortResponse
    | ConcludeHearing
    | CancelHearing
)
