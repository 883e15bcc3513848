"""How a case's row in the procedure follows from its events."""

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeAlias, assert_never, cast, get_args

from psycopg.sql import Identifier

from events.case import CaseReopened
from events.case_application import ApplicationEvent
from events.case_complaint import ComplaintEvent
from events.case_decision import DecisionEvent
from events.case_information import (
    InformationDelivered,
    InformationEvent,
    InformationRequested,
    InformationRequestEnded,
)
from events.case_party import PartyLeft
from events.case_party_hearing import PartyHearingEvent
from events.case_procedure import (
    RelatedCaseNamed,
    RetentionBegan,
    RetentionClassed,
    TacitlyAccepted,
)
from events.catalogue import Event
from events.envelope import Recorded
from projections.procedure_decisions import decide, unsettle
from projections.procedure_hearing import hear, leave
from projections.procedure_matters import complain, work
from projections.procedure_parts import (
    ItemRow,
    ProcedureRow,
    RequestRow,
    RetentionRow,
    untouched,
)
from projections.projection import Rows
from projections.rows import kept, upsert

OtherFact: TypeAlias = (
    RelatedCaseNamed
    | TacitlyAccepted
    | RetentionClassed
    | RetentionBegan
    | CaseReopened
    | PartyLeft
)
Fact: TypeAlias = (
    InformationEvent
    | PartyHearingEvent
    | DecisionEvent
    | ApplicationEvent
    | ComplaintEvent
    | OtherFact
)
FACTS: Final[tuple[type[Event], ...]] = get_args(Fact)


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    """Fold the batch onto the rows of its cases, and put them back."""
    facts = [(recorded, recorded.event) for recorded in batch if isinstance(recorded.event, Fact)]
    cases = {event.case_id for _, event in facts}
    # The rows are our own, as the upsert of an earlier batch left them.
    found = cast("list[ProcedureRow]", kept(db, table, "case_id", cases))
    rows = {str(case_id): untouched(str(case_id)) for case_id in cases}
    rows |= {row["case_id"]: row for row in found}
    for recorded, event in facts:
        _tell(rows[str(event.case_id)], recorded, event)
    upsert(db, table, ["case_id"], rows.values())


def _tell(row: ProcedureRow, recorded: Recorded, event: Fact) -> None:
    if isinstance(event, InformationEvent):
        _ask(row["requests"], event)
    elif isinstance(event, PartyHearingEvent):
        hear(row, recorded, event)
    elif isinstance(event, DecisionEvent):
        decide(row["decisions"], event)
    elif isinstance(event, ApplicationEvent):
        work(row["works"], event)
    elif isinstance(event, ComplaintEvent):
        complain(row, event)
    else:
        _go_on(row, event)


def _ask(requests: list[RequestRow], event: InformationEvent) -> None:
    match event:
        case InformationRequested():
            items = [
                ItemRow(item=each.item, text=each.text, is_delivered=False) for each in event.items
            ]
            row = RequestRow(
                request=str(event.request),
                items=items,
                requested_on=event.requested_on.isoformat(),
                due_on=event.due_on.isoformat(),
                state="open",
                ended_on=None,
            )
            requests.append(row)
        case InformationDelivered():
            for asked in _of(requests, str(event.request)):
                for item in asked["items"]:
                    item["is_delivered"] |= item["item"] in event.items
        case InformationRequestEnded():
            for asked in _of(requests, str(event.request)):
                asked["state"] = event.because.value
                asked["ended_on"] = event.ended_on.isoformat()
        case _:
            assert_never(event)


def _of(requests: list[RequestRow], request: str) -> list[RequestRow]:
    return [row for row in requests if row["request"] == request]


def _go_on(row: ProcedureRow, event: OtherFact) -> None:
    match event:
        case RelatedCaseNamed():
            row["about"] = str(event.about)
        case TacitlyAccepted():
            row["tacitly_accepted_on"] = event.accepted_on.isoformat()
        case RetentionClassed():
            row["retention"] = _retention(event, None)
        case RetentionBegan():
            row["retention"] = _retention(event, event.kept_until)
        case CaseReopened():
            unsettle(row)
        case PartyLeft():
            leave(row, event.party)
        case _:
            assert_never(event)


def _retention(event: RetentionClassed | RetentionBegan, kept_until: date | None) -> RetentionRow:
    return RetentionRow(
        years=event.years,
        basis=event.basis,
        kept_until=None if kept_until is None else kept_until.isoformat(),
    )
