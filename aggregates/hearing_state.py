"""What the rules of a public hearing know of it, and how facts change that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from typing import assert_never

from events.document import Document
from events.hearing import (
    HearingAnswerDrafted,
    HearingAnswerDropped,
    HearingCancelled,
    HearingConcluded,
    HearingEvent,
    HearingExtended,
    HearingMaterialAdded,
    HearingPublished,
    HearingResponseSorted,
)
from events.ids import CaseId, DocumentId, PointId


class Status(Enum):
    UNKNOWN = auto()
    PUBLISHED = auto()
    CONCLUDED = auto()
    CANCELLED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    theme: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """`closes_at` is the first instant at which no response is taken; None before publication.

    `drafts` are the answers that are being written, in the order in which they were begun, and
    `sorted_under` the points that each response raises.
    """

    status: Status = Status.UNKNOWN
    closes_at: datetime | None = None
    material: frozenset[DocumentId] = frozenset()
    drafts: Mapping[PointId, Draft] = field(default_factory=dict)
    sorted_under: Mapping[CaseId, tuple[PointId, ...]] = field(default_factory=dict)

    def is_closed(self, now: datetime) -> bool:
        return self.closes_at is not None and now >= self.closes_at

    def raised(self, point: PointId) -> tuple[CaseId, ...]:
        """The responses that raise a point."""
        return tuple(case for case, points in self.sorted_under.items() if point in points)


def evolve(hearing: Hearing, event: HearingEvent) -> Hearing:
    match event:
        case HearingPublished():
            return Hearing(
                status=Status.PUBLISHED, closes_at=event.closes_at, material=ids(event.material)
            )
        case HearingMaterialAdded():
            return replace(hearing, material=hearing.material | ids(event.material))
        case HearingExtended():
            return replace(hearing, closes_at=event.closes_at)
        case HearingAnswerDrafted() | HearingAnswerDropped() | HearingResponseSorted():
            return _drafted(hearing, event)
        case HearingConcluded():
            return replace(hearing, status=Status.CONCLUDED)
        case HearingCancelled():
            return replace(hearing, status=Status.CANCELLED)
        case _:
            assert_never(event)


def _drafted(
    hearing: Hearing, event: HearingAnswerDrafted | HearingAnswerDropped | HearingResponseSorted
) -> Hearing:
    match event:
        case HearingAnswerDrafted(point=point):
            draft = Draft(theme=event.theme, answer=event.answer)
            return replace(hearing, drafts={**hearing.drafts, point: draft})
        case HearingAnswerDropped(point=point):
            left = {each: draft for each, draft in hearing.drafts.items() if each != point}
            return replace(hearing, drafts=left)
        case HearingResponseSorted():
            under = {**hearing.sorted_under, event.case_id: event.points}
            return replace(hearing, sorted_under=under)
        case _:
            assert_never(event)


def ids(material: Iterable[Document]) -> frozenset[DocumentId]:
    return frozenset(document.document_id for document in material)
