"""The rules of a public hearing: how long it is open, who may still answer, how it ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, assert_never

from aggregates.decider import Decider
from aggregates.hearing_state import Draft, Hearing, Status, evolve
from commands.hearing import (
    AcceptResponse,
    AddMaterial,
    CancelHearing,
    ConcludeHearing,
    DraftAnswer,
    DropAnswer,
    ExtendHearing,
    HearingCommand,
    PublishHearing,
    SortResponse,
)
from commands.refusal import Refused
from events.document import Document
from events.hearing import (
    HearingAnswer,
    HearingAnswerDrafted,
    HearingAnswerDropped,
    HearingCancelled,
    HearingConcluded,
    HearingEvent,
    HearingExtended,
    HearingKind,
    HearingMaterialAdded,
    HearingPublished,
    HearingResponseSorted,
)

__all__ = ["MINIMUM_WEEKS", "Hearing", "decider"]

MINIMUM_WEEKS: Final = {
    HearingKind.MUNICIPAL_PLAN: 8,  # planloven § 24(3)
    HearingKind.MUNICIPAL_PLAN_MINOR: 4,  # planloven § 24(4), a minor change of the plan
    HearingKind.LOCAL_PLAN: 4,  # planloven § 24(5)
    HearingKind.LOCAL_PLAN_MINOR: 2,  # planloven § 24(6), a local plan of minor importance
    HearingKind.NEIGHBOUR_NOTICE: 2,  # planloven § 20
}


ANSWERS_AT_MOST: Final = 200
"""A conclusion with more could not be read by anybody."""


def decide(command: HearingCommand, hearing: Hearing) -> list[HearingEvent]:
    match command:
        case PublishHearing():
            return _publish(command, hearing)
        case AcceptResponse():
            return _accept_response(command, hearing)
        case ExtendHearing():
            return _extend(command, hearing)
        case AddMaterial():
            return _add_material(command, hearing)
        case DraftAnswer() | DropAnswer() | SortResponse() | ConcludeHearing():
            return _decide_answers(command, hearing)
        case CancelHearing():
            return _cancel(command, hearing)
        case _:
            assert_never(command)


def _publish(command: PublishHearing, hearing: Hearing) -> list[HearingEvent]:
    if hearing.status is not Status.UNKNOWN:
        raise Refused("hearing-already-published", "The hearing is already published.")
    if not command.title.strip():
        raise Refused("title-missing", "A hearing must have a title.")
    _require_long_enough(command)
    _require_new(command.material, hearing)
    return [
        HearingPublished(
            hearing_id=command.hearing_id,
            kind=command.kind,
            title=command.title,
            description=command.description,
            team=command.team,
            material=command.material,
            published_at=command.published_at,
            closes_at=command.closes_at,
        )
    ]


def _require_long_enough(command: PublishHearing) -> None:
    """Whole weeks from the day of publication to the day of closing, both as written locally."""
    weeks = MINIMUM_WEEKS[command.kind]
    earliest = command.published_at.date() + timedelta(weeks=weeks)
    if command.closes_at.date() < earliest:
        raise Refused(
            "hearing-period-too-short",
            f"A hearing of this kind is open for at least {weeks} weeks, until {earliest}.",
            weeks=str(weeks),
            earliest=earliest.isoformat(),
        )


def _accept_response(command: AcceptResponse, hearing: Hearing) -> list[HearingEvent]:
    _require_not_ended(hearing)
    _require_not_closed(hearing, command.now)
    return []


def _extend(command: ExtendHearing, hearing: Hearing) -> list[HearingEvent]:
    _require_not_ended(hearing)
    _require_not_closed(hearing, command.now)
    if hearing.closes_at is not None and command.closes_at <= hearing.closes_at:
        raise Refused("hearing-deadline-not-later", "A hearing is only ever extended.")
    return [HearingExtended(hearing_id=command.hearing_id, closes_at=command.closes_at)]


def _add_material(command: AddMaterial, hearing: Hearing) -> list[HearingEvent]:
    _require_not_ended(hearing)
    _require_new(command.material, hearing)
    if not command.material:
        return []
    return [HearingMaterialAdded(hearing_id=command.hearing_id, material=command.material)]


def _decide_answers(
    command: DraftAnswer | DropAnswer | SortResponse | ConcludeHearing, hearing: Hearing
) -> list[HearingEvent]:
    _require_not_ended(hearing)
    match command:
        case DraftAnswer():
            return _draft(command, hearing)
        case DropAnswer():
            if command.point not in hearing.drafts:
                return []
            return [HearingAnswerDropped(hearing_id=command.hearing_id, point=command.point)]
        case SortResponse():
            return _sort(command, hearing)
        case ConcludeHearing():
            return _conclude(command, hearing)
        case _:
            assert_never(command)


def _draft(command: DraftAnswer, hearing: Hearing) -> list[HearingEvent]:
    if not command.theme.strip():
        raise Refused("theme-missing", "A point says what it is about.")
    if command.point not in hearing.drafts and len(hearing.drafts) >= ANSWERS_AT_MOST:
        raise Refused(
            "points-too-many", "A hearing has too many points.", limit=str(ANSWERS_AT_MOST)
        )
    if hearing.drafts.get(command.point) == Draft(theme=command.theme, answer=command.answer):
        return []
    return [
        HearingAnswerDrafted(
            hearing_id=command.hearing_id,
            point=command.point,
            theme=command.theme,
            answer=command.answer,
        )
    ]


def _sort(command: SortResponse, hearing: Hearing) -> list[HearingEvent]:
    points = tuple(dict.fromkeys(command.points))
    if not hearing.drafts.keys() >= set(points):
        raise Refused("point-not-found", "The hearing has no such point.")
    if hearing.sorted_under.get(command.case_id, ()) == points:
        return []
    return [
        HearingResponseSorted(hearing_id=command.hearing_id, case_id=command.case_id, points=points)
    ]


def _as_drafted(hearing: Hearing) -> tuple[HearingAnswer, ...]:
    return tuple(
        HearingAnswer(theme=draft.theme, answer=draft.answer, responses=hearing.raised(point))
        for point, draft in hearing.drafts.items()
    )


def _conclude(command: ConcludeHearing, hearing: Hearing) -> list[HearingEvent]:
    if not hearing.is_closed(command.now):
        raise Refused("hearing-not-closed", "A hearing is concluded after it has closed.")
    if not command.summary.strip():
        raise Refused("summary-missing", "A conclusion sums the responses up.")
    answers = _as_drafted(hearing) if command.answers is None else command.answers
    if not all(answer.theme.strip() and answer.answer.strip() for answer in answers):
        raise Refused("answer-empty", "Every answer names its theme and says something.")
    return [
        HearingConcluded(
            hearing_id=command.hearing_id,
            summary=command.summary,
            answers=answers,
            concluded_at=command.now,
        )
    ]


def _cancel(command: CancelHearing, hearing: Hearing) -> list[HearingEvent]:
    if hearing.status is Status.CANCELLED:
        return []
    _require_not_ended(hearing)
    if not command.reason.strip():
        raise Refused("reason-missing", "A hearing is cancelled for a reason.")
    return [HearingCancelled(hearing_id=command.hearing_id, reason=command.reason)]


def _require_not_ended(hearing: Hearing) -> None:
    match hearing.status:
        case Status.PUBLISHED:
            return
        case Status.UNKNOWN:
            raise Refused("hearing-not-found", "There is no such hearing.")
        case Status.CONCLUDED:
            raise Refused("hearing-concluded", "The hearing is concluded.")
        case Status.CANCELLED:
            raise Refused("hearing-cancelled", "The hearing is cancelled.")
        case _:
            assert_never(hearing.status)


def _require_not_closed(hearing: Hearing, now: datetime) -> None:
    if hearing.is_closed(now):
        raise Refused("hearing-closed", "The hearing has closed.")


def _require_new(material: Iterable[Document], hearing: Hearing) -> None:
    known = set(hearing.material)
    for document in material:
        if document.document_id in known:
            raise Refused("document-already-added", "The hearing already has this document.")
        known.add(document.document_id)


decider = Decider(initial=Hearing(), decide=decide, evolve=evolve)
