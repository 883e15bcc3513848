"""How a case's row in the caseload follows from its events, its journal's and its post's."""

from collections.abc import Sequence
from typing import TypedDict, assert_never, cast

from psycopg.sql import Identifier

from events.case import (
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseReopened,
    CaseWithdrawn,
    CaseworkerAddedDocument,
    CaseworkerWrote,
    HearingResponseAnswered,
    MeetingBooked,
    MeetingCancelled,
    MeetingGivenFromWaitingList,
    MeetingMissed,
    MeetingMoved,
    NextStepsAnnounced,
    PartyAddedDocument,
    PartyWrote,
    PutOnWaitingList,
    TakenOffWaitingList,
    ThingsToBringListed,
)
from events.case_assignment import (
    CaseAssigned,
    CaseAssignmentEvent,
    CaseReleased,
    CaseTransferred,
)
from events.case_deadline import DeadlineEvent, DeadlineKind
from events.case_party import PartyEvent, PartyLeft, RepresentativeProposed
from events.case_procedure import TacitlyAccepted
from events.case_property import PropertyEvent
from events.envelope import Recorded
from events.journal import JournalEvent
from events.post import PostEvent
from projections.case_facts import case_of
from projections.caseload_deadlines import DeadlineRow, counted, earliest, passed
from projections.caseload_journal import JournalRow, journal_of_new_case, state_of, tell
from projections.caseload_parts import (
    MeetingRow,
    NextStepRow,
    meeting_row,
    next_step_row,
)
from projections.caseload_post import undelivered
from projections.caseload_turns import Turn, heard_by, next_turn, unheard
from projections.projection import Rows
from projections.rows import kept, upsert


class CaseRow(TypedDict):
    """A row as plain JSON: dates and times as ISO 8601, ids as text.

    `esdh_number` and `journal` are what readers ask of `journalling`; `post_failed` is how many are
    `undelivered`.
    """

    case_id: str
    reference: str
    kind: str
    service: str
    service_version: int
    team: str
    party: str
    subject: str
    received_on: str
    due_on: str | None
    deadlines: list[DeadlineRow]
    status: str
    assigned_to: str | None
    waiting_for: str | None
    hearing_of: dict[str, bool]
    hearing: str | None
    meeting: MeetingRow | None
    waiting_day: str | None
    next_steps: list[NextStepRow]
    esdh_number: str | None
    journal: str
    journalling: JournalRow
    undelivered: list[str]
    post_failed: int
    version: int
    position: int


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    """Fold the batch onto the rows of its cases, and put them back."""
    facts = [(each, case_id) for each in batch if (case_id := case_of(each.event)) is not None]
    opened = {case_id for recorded, case_id in facts if isinstance(recorded.event, CaseOpened)}
    known = kept(db, table, "case_id", {case_id for _, case_id in facts} - opened)
    # The rows are our own, as the upsert of an earlier batch left them.
    rows = {row["case_id"]: row for row in cast("list[CaseRow]", known)}
    for recorded, case_id in facts:
        event = recorded.event
        if isinstance(event, CaseOpened):
            rows[str(case_id)] = _opened(event, recorded.position)
        row = rows[str(case_id)]
        if isinstance(event, CaseEvent):
            _evolve(row, event)
            row["due_on"] = earliest(row["deadlines"]) if row["status"] == "open" else None
            # Journal and post have streams of their own, so that neither makes an ETag stale.
            row["version"] = recorded.version
            row["position"] = recorded.position
        elif isinstance(event, JournalEvent):
            tell(row["journalling"], event)
            row["esdh_number"] = row["journalling"]["number"]
            row["journal"] = state_of(row["journalling"])
        elif isinstance(event, PostEvent):
            row["undelivered"] = undelivered(row["undelivered"], event)
            row["post_failed"] = len(row["undelivered"])
    upsert(db, table, ["case_id"], rows.values())


def _opened(event: CaseOpened, position: int) -> CaseRow:
    journalling = journal_of_new_case(position)
    return CaseRow(
        case_id=str(event.case_id),
        reference=event.reference,
        kind=event.kind.value,
        service=event.service,
        service_version=event.service_version,
        team=event.team,
        party=event.party,
        subject=event.subject,
        received_on=event.received_on.isoformat(),
        due_on=None,
        deadlines=[],
        status="open",
        assigned_to=None,
        waiting_for="caseworker" if event.hearing is None else "hearing",
        hearing_of={},
        hearing=None if event.hearing is None else str(event.hearing),
        meeting=None,
        waiting_day=None,
        next_steps=[],
        esdh_number=None,
        journal=state_of(journalling),
        journalling=journalling,
        undelivered=[],
        post_failed=0,
        version=0,
        position=0,
    )


def _evolve(row: CaseRow, event: CaseEvent) -> None:
    match event:
        case PartyWrote() | PartyAddedDocument() | CaseworkerWrote():
            _say(row, event)
        case MeetingBooked() | MeetingMoved() | MeetingGivenFromWaitingList():
            row["meeting"] = meeting_row(event.meeting)
            row["waiting_day"], row["waiting_for"] = None, "meeting"
        case MeetingCancelled() | PutOnWaitingList() | TakenOffWaitingList():
            _lack_meeting(row, event)
        case MeetingMissed():
            row["waiting_for"] = "caseworker"
        case CaseClosed() | CaseWithdrawn() | CaseReopened():
            _turn(row, event)
        case CaseAssigned() | CaseReleased() | CaseTransferred():
            _hand_over(row, event)
        case NextStepsAnnounced():
            row["next_steps"] = [next_step_row(step) for step in event.steps]
        case CaseOpened() | ThingsToBringListed():
            pass
        case CaseworkerAddedDocument() | HearingResponseAnswered():
            pass
        case _:
            _proceed(row, event)


def _proceed(row: CaseRow, event: DeadlineEvent | Turn | PartyEvent | PropertyEvent) -> None:
    if isinstance(event, DeadlineEvent):
        row["deadlines"] = counted(row["deadlines"], event)
        return
    if isinstance(event, PartyEvent | PropertyEvent):
        _concern(row, event)
        return
    if isinstance(event, TacitlyAccepted):
        row["deadlines"] = passed(row["deadlines"], DeadlineKind.OBJECTION)
    row["hearing_of"] = heard_by(row["hearing_of"], event)
    if row["status"] == "open":
        row["waiting_for"] = next_turn(event, row["waiting_for"], row["hearing_of"])


def _concern(row: CaseRow, event: PartyEvent | PropertyEvent) -> None:
    if isinstance(event, RepresentativeProposed) and row["status"] == "open":
        # Somebody must look at the power of attorney.
        row["waiting_for"] = "caseworker"
    if isinstance(event, PartyLeft):
        row["hearing_of"] = unheard(row["hearing_of"], event.party)


def _hand_over(row: CaseRow, event: CaseAssignmentEvent) -> None:
    match event:
        case CaseAssigned():
            row["assigned_to"] = event.to
        case CaseReleased():
            row["assigned_to"] = None
        case CaseTransferred():
            row["team"], row["assigned_to"] = event.to_team, None
        case _:
            assert_never(event)


def _say(row: CaseRow, event: PartyWrote | PartyAddedDocument | CaseworkerWrote) -> None:
    match event:
        case PartyWrote():
            row["waiting_for"] = "caseworker"
        case CaseworkerWrote():
            row["waiting_for"] = "party"
        case PartyAddedDocument():
            # Documents also come with the submission itself, and are then nobody's turn.
            if row["waiting_for"] == "party":
                row["waiting_for"] = "caseworker"
        case _:
            assert_never(event)


def _lack_meeting(
    row: CaseRow, event: MeetingCancelled | PutOnWaitingList | TakenOffWaitingList
) -> None:
    row["meeting"] = None
    match event:
        case PutOnWaitingList():
            row["waiting_day"] = event.day
            row["waiting_for"] = "slot"
        case MeetingCancelled() | TakenOffWaitingList():
            row["waiting_day"] = None
            row["waiting_for"] = "caseworker"
        case _:
            assert_never(event)


def _turn(row: CaseRow, event: CaseClosed | CaseWithdrawn | CaseReopened) -> None:
    match event:
        case CaseClosed():
            row["status"], row["waiting_for"] = "closed", None
        case CaseWithdrawn():
            row["status"], row["waiting_for"] = "withdrawn", None
        case CaseReopened():
            row["status"], row["waiting_for"] = "open", "caseworker"
            row["hearing_of"] = {}
        case _:
            assert_never(event)
