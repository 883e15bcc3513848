"""The rules of an application beside its decision: complete, inspected, finished.

Building: BR18 § 40 and the vejledning to it (færdigmelding, ibrugtagningstilladelse); the service
targets of 2015 run from the day the application is fully informed.
"""

from dataclasses import replace
from typing import assert_never

from aggregates.case_information import nothing_awaited
from aggregates.case_state import Case, require_new_documents, require_open
from aggregates.requirement import require
from commands.case_application import (
    AcceptCompletion,
    ApplicationCommand,
    CompleteApplication,
    NotifyCompletion,
    RecordInspection,
    ScheduleInspection,
)
from commands.refusal import Refused
from events.case import CaseEvent, CaseKind
from events.case_application import (
    ApplicationCompleted,
    ApplicationEvent,
    CompletionAccepted,
    CompletionNotified,
    InspectionHeld,
    InspectionScheduled,
)
from events.case_deadline import DeadlineSet


def decide(command: ApplicationCommand, case: Case) -> list[CaseEvent]:
    require_open(case)
    if case.kind is not CaseKind.APPLICATION:
        raise Refused("not-an-application", "Only an application is completed and inspected.")
    match command:
        case CompleteApplication():
            return _complete(command, case)
        case ScheduleInspection():
            return _schedule(command, case)
        case RecordInspection():
            return _inspect(command, case)
        case NotifyCompletion():
            return _notify(command, case)
        case AcceptCompletion():
            return _accept(command, case)
        case _:
            assert_never(command)


def _complete(command: CompleteApplication, case: Case) -> list[CaseEvent]:
    if case.works.is_complete:
        return []
    require([nothing_awaited(case)])
    promised = [
        DeadlineSet(
            case_id=command.case_id,
            deadline=promise.deadline,
            due_on=promise.due_on,
            unit=promise.unit,
        )
        for promise in command.deadlines
    ]
    return [
        ApplicationCompleted(case_id=command.case_id, complete_on=command.complete_on),
        *promised,
    ]


def _schedule(command: ScheduleInspection, case: Case) -> list[CaseEvent]:
    if command.inspection in case.works.inspections:
        raise Refused("inspection-already-scheduled", "This inspection is already planned.")
    return [
        InspectionScheduled(
            case_id=command.case_id,
            inspection=command.inspection,
            on=command.on,
            place=command.place,
        )
    ]


def _inspect(command: RecordInspection, case: Case) -> list[CaseEvent]:
    if command.inspection not in case.works.inspections:
        raise Refused("inspection-not-found", "No such inspection is planned.")
    if case.works.inspections[command.inspection] is not None:
        raise Refused("inspection-already-held", "Plan another inspection instead.")
    if not command.is_approved and not command.remarks.strip():
        raise Refused("remarks-missing", "Say what is wrong, so that it can be put right.")
    return [
        InspectionHeld(
            case_id=command.case_id,
            inspection=command.inspection,
            is_approved=command.is_approved,
            remarks=command.remarks,
            held_on=command.held_on,
        )
    ]


def _notify(command: NotifyCompletion, case: Case) -> list[CaseEvent]:
    decided = case.decision
    if decided is None or not decided.is_dispatched or not decided.needs_completion:
        raise Refused("completion-not-expected", "No permit of this case asks for completion.")
    if case.works.is_accepted:
        raise Refused("completion-already-accepted", "The completion is accepted already.")
    require_new_documents(case, command.documents)
    return [
        CompletionNotified(
            case_id=command.case_id,
            message=command.message,
            text=command.text,
            documents=command.documents,
            completed_on=command.completed_on,
        )
    ]


def _accept(command: AcceptCompletion, case: Case) -> list[CaseEvent]:
    if case.works.is_accepted:
        return []
    if not case.works.is_notified:
        raise Refused("completion-not-notified", "The party has not said that the work is done.")
    held = [approved for approved in case.works.inspections.values() if approved is not None]
    if len(held) < len(case.works.inspections):
        raise Refused("inspection-outstanding", "A planned inspection is still to be held.")
    if held and not held[-1]:
        raise Refused("inspection-not-approved", "The last inspection found something wrong.")
    return [CompletionAccepted(case_id=command.case_id, accepted_on=command.accepted_on)]


def evolve(case: Case, event: ApplicationEvent) -> Case:
    works = case.works
    match event:
        case ApplicationCompleted():
            return replace(case, works=replace(works, is_complete=True))
        case InspectionScheduled():
            planned = {**works.inspections, event.inspection: None}
            return replace(case, works=replace(works, inspections=planned))
        case InspectionHeld():
            # Held last is found last, whenever it was planned.
            others = {k: v for k, v in works.inspections.items() if k != event.inspection}
            held = {**others, event.inspection: event.is_approved}
            return replace(case, works=replace(works, inspections=held))
        case CompletionNotified():
            added = {document.document_id for document in event.documents}
            notified = replace(works, is_notified=True)
            return replace(case, works=notified, documents=case.documents | added)
        case CompletionAccepted():
            return replace(case, works=replace(works, is_accepted=True))
        case _:
            assert_never(event)
