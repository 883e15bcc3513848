"""How far a case has come, as steps with dates: what was, where it is now, and what is to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from events.case import DECIDED, CaseKind
from gateway.case_shapes import CaseShape, EntryShape
from gateway.language import Language
from gateway.web.words import translations

Day = date | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`on` is when it was reached, or `by` when it is meant to be."""

    title: str
    on: Day = None
    by: Day = None
    is_reached: bool
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    title: str
    on: Day = None
    by: Day = None


def course_of(case: CaseShape, entries: Sequence[EntryShape], language: Language) -> list[Step]:
    """The steps of a case's kind; the first that is not reached is where it is now."""
    stages = list(_stages(case, entries, language))
    is_over = case.status != "open"
    current = next((place for place, each in enumerate(stages) if each.on is None), len(stages))
    return [
        Step(
            title=each.title,
            on=each.on,
            by=each.by if each.on is None and not is_over else None,
            is_reached=each.on is not None,
            is_current=place == current and not is_over,
        )
        for place, each in enumerate(stages)
        # What a case that is over never came to is not to come any more.
        if each.on is not None or not is_over
    ]


def _stages(case: CaseShape, entries: Sequence[EntryShape], language: Language) -> Iterator[_Stage]:
    _ = translations(language).gettext
    yield _Stage(title=_("Received"), on=case.received_on)
    if case.kind == CaseKind.MEETING:
        yield from _of_meeting(case, entries, language)
    elif case.kind == CaseKind.HEARING_RESPONSE:
        yield _Stage(title=_("Answered"), on=_at(entries, "hearing-response-answered"))
    elif case.kind == CaseKind.COMPLAINT:
        yield _Stage(title=_("Taken up"), on=_at(entries, "assigned"))
        yield _Stage(title=_("Answered"), on=_complaint_answered(case), by=case.due_on)
    elif case.kind in DECIDED:
        yield from _of_decided(case, entries, language)
    if case.status == "withdrawn":
        yield _Stage(title=_("Withdrawn"), on=_at(entries, "withdrawn"))
    else:
        closed = _at(entries, "closed") if case.status == "closed" else None
        yield _Stage(title=_("Finished"), on=closed)


def _of_meeting(
    case: CaseShape, entries: Sequence[EntryShape], language: Language
) -> Iterator[_Stage]:
    _ = translations(language).gettext
    meeting = case.meeting
    starts_at = None if meeting is None else meeting.starts_at
    yield _Stage(title=_("Time agreed"), on=_last(entries, _AGREED) if meeting else None)
    is_held = case.status == "closed" and starts_at is not None
    yield _Stage(title=_("Meeting"), on=starts_at if is_held else None, by=starts_at)


def _of_decided(
    case: CaseShape, entries: Sequence[EntryShape], language: Language
) -> Iterator[_Stage]:
    _ = translations(language).gettext
    decision = case.decision
    decided = case.tacitly_accepted_on or (None if decision is None else decision.dispatched_on)
    if case.kind == CaseKind.APPLICATION:
        yield _Stage(title=_("Fully informed"), on=case.complete_on or decided)
    else:
        yield _Stage(title=_("Taken up"), on=_at(entries, "assigned") or decided)
    yield _Stage(title=_("Decided"), on=decided, by=case.due_on)
    if decision is not None and decision.needs_completion:
        accepted = None if case.completion is None else case.completion.accepted_on
        yield _Stage(title=_("Work accepted"), on=accepted)


def _complaint_answered(case: CaseShape) -> Day:
    complaint = case.complaint
    if complaint is None:
        return None
    if complaint.answer is not None:
        return complaint.answer.answered_on
    if complaint.board_decision is not None:
        return complaint.board_decision.decided_on
    return None if complaint.reassessment is None else complaint.reassessment.reassessed_on


_AGREED = ("meeting-booked", "meeting-moved", "meeting-given-from-waiting-list")


def _at(entries: Sequence[EntryShape], kind: str) -> Day:
    return _last(entries, (kind,))


def _last(entries: Sequence[EntryShape], kinds: Sequence[str]) -> Day:
    return next((each.at for each in reversed(entries) if each.kind in kinds), None)
