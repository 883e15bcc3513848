"""How the rows of what falls due follow from facts: there while it is awaited, gone after."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias, TypedDict, assert_never

from psycopg.sql import SQL, Identifier

from events.calendar_day import (
    HoldExpired,
    HoldReleased,
    SlotBooked,
    SlotGivenFromWaitingList,
    SlotHeld,
)
from events.case import CaseClosed, CaseWithdrawn
from events.case_deadline import (
    DeadlineExtended,
    DeadlineKind,
    DeadlineMet,
    DeadlineMissed,
    DeadlineResumed,
    DeadlineSet,
    DeadlineSuspended,
)
from events.case_information import InformationRequested, InformationRequestEnded
from events.case_party_hearing import PartyHearingClosed, PartyHearingOpened
from events.case_procedure import TacitlyAccepted
from events.envelope import Recorded
from events.ids import CaseId
from projections.projection import Rows
from projections.rows import upsert

ClockFact: TypeAlias = (
    DeadlineSet
    | DeadlineResumed
    | DeadlineExtended
    | DeadlineSuspended
    | DeadlineMet
    | DeadlineMissed
    | TacitlyAccepted
)
TurnFact: TypeAlias = (
    InformationRequested
    | InformationRequestEnded
    | PartyHearingOpened
    | PartyHearingClosed
    | CaseClosed
    | CaseWithdrawn
)
HoldFact: TypeAlias = SlotHeld | HoldReleased | HoldExpired | SlotBooked | SlotGivenFromWaitingList


class DueRow(TypedDict):
    """One of: a deadline of a case, what a party is to answer, a hold on a slot.

    What the others have is None.
    """

    key: str
    case_id: str | None
    deadline: str | None
    request: str | None
    round: str | None
    due_on: str | None
    day: str | None
    slot: str | None
    expires_at: str | None


@dataclass(slots=True)
class _Changes:
    """What a batch comes to: rows to put in place, after others have gone."""

    rows: dict[str, DueRow] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    cases: set[str] = field(default_factory=set)
    slots: set[str] = field(default_factory=set)

    def key_gone(self, key: str) -> None:
        self.rows.pop(key, None)
        self.keys.add(key)

    def case_gone(self, case_id: str) -> None:
        self.rows = {key: row for key, row in self.rows.items() if row["case_id"] != case_id}
        self.cases.add(case_id)

    def slot_gone(self, slot: str) -> None:
        self.rows = {key: row for key, row in self.rows.items() if row["slot"] != slot}
        self.slots.add(slot)


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    changes = _Changes()
    for recorded in batch:
        event = recorded.event
        if isinstance(event, ClockFact):
            _count(changes, event)
        elif isinstance(event, TurnFact):
            _turn(changes, event)
        elif isinstance(event, HoldFact):
            _hold(changes, event)
    if changes.keys or changes.cases or changes.slots:
        statement = SQL(
            "DELETE FROM {} WHERE key = ANY(%s) OR case_id = ANY(%s::uuid[]) OR slot = ANY(%s)"
        )
        gone = [list(changes.keys), list(changes.cases), list(changes.slots)]
        db.execute(statement.format(table), gone)
    upsert(db, table, ["key"], changes.rows.values())


def _count(changes: _Changes, event: ClockFact) -> None:
    match event:
        case DeadlineSet() | DeadlineResumed() | DeadlineExtended():
            row = _row(f"{event.case_id}/{event.deadline}", event.case_id, event.due_on)
            row["deadline"] = event.deadline.value
            changes.rows[row["key"]] = row
        case DeadlineSuspended() | DeadlineMet() | DeadlineMissed():
            changes.key_gone(f"{event.case_id}/{event.deadline}")
        case TacitlyAccepted():
            changes.key_gone(f"{event.case_id}/{DeadlineKind.OBJECTION}")
        case _:
            assert_never(event)


def _turn(changes: _Changes, event: TurnFact) -> None:
    match event:
        case InformationRequested():
            row = _row(f"{event.case_id}/{event.request}", event.case_id, event.due_on)
            row["request"] = str(event.request)
            changes.rows[row["key"]] = row
        case PartyHearingOpened():
            row = _row(_hearing(event), event.case_id, event.due_on)
            row["round"] = str(event.round)
            changes.rows[row["key"]] = row
        case InformationRequestEnded():
            changes.key_gone(f"{event.case_id}/{event.request}")
        case PartyHearingClosed():
            changes.key_gone(_hearing(event))
        case CaseClosed() | CaseWithdrawn():
            changes.case_gone(str(event.case_id))
        case _:
            assert_never(event)


def _hearing(event: PartyHearingOpened | PartyHearingClosed) -> str:
    """Each party's own, so that a round stands here until the last of them has ended."""
    return f"{event.case_id}/{event.round}/{event.party or 'first'}"


def _row(key: str, case_id: CaseId | None, due_on: date | None) -> DueRow:
    return DueRow(
        key=key,
        case_id=None if case_id is None else str(case_id),
        deadline=None,
        request=None,
        round=None,
        due_on=None if due_on is None else due_on.isoformat(),
        day=None,
        slot=None,
        expires_at=None,
    )


def _hold(changes: _Changes, event: HoldFact) -> None:
    match event:
        case SlotHeld():
            row = _row(str(event.hold), None, None)
            row["day"], row["slot"] = event.day, event.slot
            row["expires_at"] = event.expires_at.isoformat()
            changes.rows[row["key"]] = row
        case HoldReleased() | HoldExpired():
            changes.key_gone(str(event.hold))
        case SlotBooked() | SlotGivenFromWaitingList():
            changes.slot_gone(event.slot)
        case _:
            assert_never(event)
