"""All that governs closing a case."""

from datetime import date
from typing import assert_never

from aggregates import case_deadlines
from aggregates.case_information import require_nothing_awaited
from aggregates.case_party_hearing import require_no_open_round
from aggregates.case_state import Case, Status, require_open
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
    require_nothing_awaited(case)
    require_no_open_round(case)
    match case.kind:
        case CaseKind.HEARING_RESPONSE:
            # A response that was answered and then reopened may be closed again by hand.
            _require_answered(case)
        case CaseKind.MEETING:
            _require_meeting_behind(case, command.closed_on)
        case CaseKind.APPLICATION:
            _require_dispatched(case)
            _require_completed(case)
        case CaseKind.ACCESS_REQUEST:
            _require_dispatched(case)
        case CaseKind.NOTICE:
            if not case.is_tacitly_accepted:
                _require_dispatched(case)
        case CaseKind.COMPLAINT:
            _require_complaint_settled(case)
        case None:
            pass  # every open case has a kind
        case _:
            assert_never(case.kind)
    return closed(command.case_id, case, command.closed_on)


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


def _require_answered(case: Case) -> None:
    if not case.is_answered:
        raise Refused("response-not-answered", "The conclusion of the hearing closes a response.")


def _require_meeting_behind(case: Case, closed_on: date) -> None:
    if case.waiting is not None:
        raise Refused("still-waiting", "The case waits for a meeting.")
    # Meetings carry the offset of Europe/Copenhagen, so their date is the local one.
    if case.meeting is not None and case.meeting.starts_at.date() > closed_on:
        raise Refused("meeting-not-held", "The meeting of the case is still to come.")


def _require_dispatched(case: Case) -> None:
    """A decision takes effect by being sent, so nothing is closed on one that lies here."""
    if case.decision is None:
        raise Refused("case-undecided", "Decide the case first.")
    if not case.decision.is_dispatched:
        raise Refused("decision-not-dispatched", "The party has not got the decision yet.")


def _require_completed(case: Case) -> None:
    if case.decision is not None and case.decision.needs_completion and not case.works.is_accepted:
        raise Refused("completion-not-accepted", "The permit ends when completion is accepted.")


def _require_complaint_settled(case: Case) -> None:
    complaint = case.complaint
    if complaint.over is None:
        if not complaint.is_answered:
            raise Refused("complaint-not-answered", "Answer the complaint first.")
    elif not complaint.is_decided_by_board and complaint.reassessed is not Reassessment.CHANGED:
        raise Refused("complaint-not-settled", "Neither the board nor we have settled it yet.")
