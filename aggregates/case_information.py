"""The rules of asking the party for more: a shared to-do list, and a clock that waits for it.

The authority informs the case itself (officialprincippet) and may ask the party to help; the days
the party takes are not the authority's.
"""

from dataclasses import replace
from datetime import date
from typing import assert_never

from aggregates import case_deadlines
from aggregates.case_state import (
    Awaited,
    Case,
    require_new_documents,
    require_open,
    require_reachable,
)
from aggregates.requirement import Requirement
from commands.case_deadline import DaysOff
from commands.case_information import (
    DeliverInformation,
    EndOverdueRequest,
    InformationCommand,
    RequestInformation,
    WithdrawInformationRequest,
)
from commands.refusal import Refused
from events.case import CaseEvent, PartyAddedDocument
from events.case_deadline import DeadlineKind
from events.case_information import (
    InformationDelivered,
    InformationEvent,
    InformationRequested,
    InformationRequestEnded,
    RequestEnd,
)
from events.ids import CaseId, RequestId


def decide(command: InformationCommand, case: Case) -> list[CaseEvent]:
    require_open(case)
    match command:
        case RequestInformation():
            return _request(command, case)
        case DeliverInformation():
            return _deliver(command, case)
        case WithdrawInformationRequest():
            _require_awaited(case, command.request)
            on, days_off = command.withdrawn_on, command.days_off
            return _end(command.case_id, case, command.request, RequestEnd.WITHDRAWN, on, days_off)
        case EndOverdueRequest():
            return _end_overdue(command, case)
        case _:
            assert_never(command)


def nothing_awaited(case: Case) -> Requirement:
    return Requirement(
        Refused("information-awaited", "The party has still to deliver what was asked for."),
        is_met=not case.awaited,
    )


def given_up(case_id: CaseId, case: Case, on: date) -> list[CaseEvent]:
    """What is still asked for is not waited for any longer. No clock runs on: the case closes."""
    return [
        InformationRequestEnded(
            case_id=case_id, request=request, because=RequestEnd.WITHDRAWN, ended_on=on
        )
        for request in case.awaited
    ]


def _request(command: RequestInformation, case: Case) -> list[CaseEvent]:
    if command.request in case.awaited:
        return []
    require_reachable(case.party)
    names = [item.item for item in command.items]
    if not names or len(set(names)) < len(names) or any(not i.text.strip() for i in command.items):
        raise Refused("request-items-invalid", "A request lists different things, each in words.")
    if command.due_on <= command.requested_on:
        raise Refused("due-date-not-ahead", "The party needs time; the last day is still to come.")
    requested = InformationRequested(
        case_id=command.case_id,
        request=command.request,
        items=command.items,
        requested_on=command.requested_on,
        due_on=command.due_on,
    )
    first_reply = case_deadlines.fulfil(
        command.case_id, case, DeadlineKind.FIRST_REPLY, command.requested_on
    )
    stopped = case_deadlines.suspend(command.case_id, case, command.requested_on)
    return [requested, *first_reply, *stopped]


def _deliver(command: DeliverInformation, case: Case) -> list[CaseEvent]:
    awaited = _require_awaited(case, command.request)
    if not awaited.items.issuperset(command.items) or len(set(command.items)) < len(command.items):
        raise Refused("request-item-unknown", "This is not on the list of what is asked for.")
    if not command.items:
        raise Refused("delivery-empty", "Say which of the things asked for this is.")
    if not command.documents and not command.text.strip():
        raise Refused("delivery-empty", "Send a document or write an answer.")
    require_new_documents(case, command.documents)
    delivered = InformationDelivered(
        case_id=command.case_id,
        request=command.request,
        message=command.message,
        items=command.items,
        text=command.text,
        documents=tuple(document.document_id for document in command.documents),
    )
    happened: list[CaseEvent] = [
        PartyAddedDocument(case_id=command.case_id, document=document)
        for document in command.documents
    ]
    happened.append(delivered)
    if awaited.items == set(command.items):
        on, days_off = command.delivered_on, command.days_off
        happened += _end(command.case_id, case, command.request, RequestEnd.DELIVERED, on, days_off)
    return happened


def _end_overdue(command: EndOverdueRequest, case: Case) -> list[CaseEvent]:
    awaited = case.awaited.get(command.request)
    if awaited is None or command.today <= awaited.due_on:
        return []
    on, days_off = command.today, command.days_off
    return _end(command.case_id, case, command.request, RequestEnd.OVERDUE, on, days_off)


def _end(
    case_id: CaseId,
    case: Case,
    request: RequestId,
    because: RequestEnd,
    on: date,
    days_off: DaysOff,
) -> list[CaseEvent]:
    ended = InformationRequestEnded(case_id=case_id, request=request, because=because, ended_on=on)
    is_last = len(case.awaited) == 1
    return [ended, *(case_deadlines.resume(case_id, case, on, days_off) if is_last else ())]


def _require_awaited(case: Case, request: RequestId) -> Awaited:
    awaited = case.awaited.get(request)
    if awaited is None:
        raise Refused("request-not-open", "There is no such request, or it has ended.")
    return awaited


def evolve(case: Case, event: InformationEvent) -> Case:
    match event:
        case InformationRequested():
            items = frozenset(item.item for item in event.items)
            asked = Awaited(items=items, due_on=event.due_on)
            return replace(case, awaited={**case.awaited, event.request: asked})
        case InformationDelivered():
            awaited = case.awaited[event.request]
            rest = replace(awaited, items=awaited.items.difference(event.items))
            return replace(case, awaited={**case.awaited, event.request: rest})
        case InformationRequestEnded():
            others = {name: each for name, each in case.awaited.items() if name != event.request}
            return replace(case, awaited=others)
        case _:
            assert_never(event)
