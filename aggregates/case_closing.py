"""All that governs closing a case."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from aggregates import case_deadlines
from aggregates.case_information import nothing_awaited
from aggregates.case_party_hearing import no_open_round
from aggregates.case_state import Case, Status, require_open
from aggregates.requirement import Requirement, require
from commands.case import CloseCase
from commands.refusal import Refused
from events.case import CaseClosed, CaseEvent, CaseKind
from events.case_complaint import Reassessment
from events.case_procedure import RetentionBegan
from events.ids import CaseId


def close(command: CloseCase, case: Case) -> list[CaseEvent]:
    """By hand. A hearing response is closed by its answer, which has no other condition."""
    if case.status is Status.CLOSED:
        return []
    require_open(case)
    require(requirements(case, command.closed_on))
    return closed(command.case_id, case, command.closed_on)


def requirements(case: Case, closed_on: date) -> Sequence[Requirement]:
    """What each kind of case must have behind it."""
    return (nothing_awaited(case), no_open_round(case), *_of_kind(case, closed_on))


def _of_kind(case: Case, closed_on: date) -> Sequence[Requirement]:
    match case.kind:
        case CaseKind.HEARING_RESPONSE:
            # A response that was answered and then reopened may be closed again by hand.
            return (_answered(case),)
        case CaseKind.MEETING:
            return (_not_waiting(case), _meeting_held(case, closed_on))
        case CaseKind.APPLICATION:
            return (_decided(case), _dispatched(case), *_completed(case))
        case CaseKind.ACCESS_REQUEST | CaseKind.NOTICE:
            return () if case.is_tacitly_accepted else (_decided(case), _dispatched(case))
        case CaseKind.COMPLAINT:
            return (_complaint_settled(case),)
        case None:
            return ()  # every open case has a kind
        case _:
            assert_never(case.kind)


def closed(case_id: CaseId, case: Case, closed_on: date) -> list[CaseEvent]:
    """Finishing the matter fulfils whatever is still promised, in time or too late."""
    promised = [
        fulfilled
        for kind in case.outstanding
        for fulfilled in case_deadlines.fulfil(case_id, case, kind, closed_on)
    ]
    return [
        *promised,
        CaseClosed(case_id=case_id, closed_on=closed_on),
        *_retention(case_id, case, closed_on),
    ]


def _retention(case_id: CaseId, case: Case, closed_on: date) -> list[CaseEvent]:
    if case.keeping is None:
        return []
    return [
        RetentionBegan(
            case_id=case_id,
            years=case.keeping.years,
            basis=case.keeping.basis,
            kept_until=_years_later(closed_on, case.keeping.years),
        )
    ]


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _answered(case: Case) -> Requirement:
    return Requirement(
        Refused("response-not-answered", "The conclusion of the hearing closes a response."),
        is_met=case.is_answered,
    )


def _not_waiting(case: Case) -> Requirement:
    return Requirement(
        Refused("still-waiting", "The case waits for a meeting."), is_met=case.waiting is None
    )


def _meeting_held(case: Case, closed_on: date) -> Requirement:
    # Meetings carry the offset of Europe/Copenhagen, so their date is the local one.
    return Requirement(
        Refused("meeting-not-held", "The meeting of the case is still to come."),
        is_met=case.meeting is None or case.meeting.starts_at.date() <= closed_on,
    )


def _decided(case: Case) -> Requirement:
    return Requirement(
        Refused("case-undecided", "Decide the case first."), is_met=case.decision is not None
    )


def _dispatched(case: Case) -> Requirement:
    """A decision takes effect by being sent, so nothing is closed on one that lies here."""
    return Requirement(
        Refused("decision-not-dispatched", "The party has not got the decision yet."),
        is_met=case.decision is not None and case.decision.is_dispatched,
    )


def _completed(case: Case) -> Sequence[Requirement]:
    if case.decision is None or not case.decision.needs_completion:
        return ()
    return (
        Requirement(
            Refused("completion-not-accepted", "The permit ends when completion is accepted."),
            is_met=case.works.is_accepted,
        ),
    )


def _complaint_settled(case: Case) -> Requirement:
    complaint = case.complaint
    if complaint.over is None:
        return Requirement(
            Refused("complaint-not-answered", "Answer the complaint first."),
            is_met=complaint.is_answered,
        )
    return Requirement(
        Refused("complaint-not-settled", "Neither the board nor we have settled it yet."),
        is_met=complaint.is_decided_by_board or complaint.reassessed is Reassessment.CHANGED,
    )
