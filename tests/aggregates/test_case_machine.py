"""A case under random commands, beside a model that is a folder with notes on its cover."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aggregates.case import Case, Status, decider
from commands.case import (
    AddCaseworkerDocuments,
    AddPartyDocuments,
    AnswerResponse,
    CaseCommand,
    CloseCase,
    OpenCase,
    RecordGivenMeeting,
    RecordMeeting,
    RecordMissedMeeting,
    RecordMove,
    RecordWaiting,
    RecordWithdrawal,
    ReopenCase,
    WriteToAuthority,
    WriteToParty,
)
from commands.case_assignment import AssignCase, ClaimCase, ReleaseCase, TransferCase
from commands.case_deadline import Deadline, MissDeadline
from events.case import CaseEvent, CaseKind, Meeting
from events.case_deadline import DeadlineKind, DeadlineMet, DeadlineMissed
from events.day_unit import DayUnit
from events.document import Document
from events.ids import ActorId, CalendarDayId, DocumentId, HearingId, SlotId, TeamId
from tests.aggregates.subject import MACHINE, Subject, names
from tests.examples import (
    MESSAGE,
    OTHER_TEAM,
    TEAM,
    at,
    drawing,
    numbered,
    open_meeting_case,
    open_response_case,
)

NOTHING: Final[list[str]] = []
OPENED_ON = date(2026, 12, 1)
TEXTS = st.sampled_from(["", "\n", "Noget", "Noget", "Noget", "Noget"])
FILES = st.lists(st.integers(min_value=1, max_value=30), max_size=2)
DAYS = st.sampled_from(["01", "08", "15"])
HOURS = st.sampled_from(["0900", "1000"])
WHO = st.sampled_from(["karen", "niels"])
TEAMS = st.sampled_from([TEAM, TEAM, OTHER_TEAM])


@dataclass
class Folder:
    """`meeting` and `waiting` are slot and day as text; `due` maps a deadline to its last day."""

    shelf: str = "nowhere"
    is_response: bool = False
    worker: str | None = None
    team: str = ""
    files: list[int] = field(default_factory=list)
    meeting: str | None = None
    missed: str | None = None
    waiting: str | None = None
    due: dict[str, date] = field(default_factory=dict)
    is_answered: bool = False


def documents(numbers: list[int]) -> tuple[Document, ...]:
    return tuple(replace(drawing, document_id=DocumentId(numbered(n))) for n in numbers)


def slot_name(day: str, hour: str) -> str:
    return f"byggeri-natur.2026-12-{day}.{hour}-1"


def meeting_at(day: str, hour: str) -> Meeting:
    starts_at = at(12, int(day), int(hour[:2]))
    return Meeting(
        slot=SlotId(slot_name(day, hour)),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        place="Rådhuset",
    )


def day_of(slot: str) -> str:
    return slot[:-7]


class CaseMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.case: Subject[CaseCommand, Case, CaseEvent] = Subject(decider)
        self.folder = Folder()
        self.today = OPENED_ON
        self.example = open_meeting_case

    def _expect(self, command: CaseCommand, *candidates: str | list[str] | None) -> bool:
        """The first candidate that applies is what must come out; True when it is no refusal."""
        expected = next(candidate for candidate in candidates if candidate is not None)
        assert names(self.case.ask(command)) == expected
        return not isinstance(expected, str)

    def _missing(self) -> str | None:
        return "case-not-found" if self.folder.shelf == "nowhere" else None

    def _not_open(self) -> str | None:
        return self._missing() or ("case-not-open" if self.folder.shelf != "open" else None)

    def _no_meetings(self) -> str | None:
        return self._not_open() or ("not-a-meeting" if self.folder.is_response else None)

    def _doubled(self, numbers: list[int]) -> str | None:
        together = self.folder.files + numbers
        return "document-already-added" if len(together) > len(set(together)) else None

    def _finish(self) -> list[str]:
        return [*(self._fulfilled(name) for name in self.folder.due), "CaseClosed"]

    def _fulfilled(self, name: str) -> str:
        return "DeadlineMissed" if self.today > self.folder.due[name] else "DeadlineMet"

    @initialize(
        is_response=st.booleans(),
        is_there=st.sampled_from([True, True, True, False]),
        due=st.sets(st.sampled_from(DeadlineKind)),
    )
    def begin(self, *, is_response: bool, is_there: bool, due: set[DeadlineKind]) -> None:
        self.example = open_response_case if is_response else open_meeting_case
        if is_there:
            self.open([], due)

    @rule(files=FILES, due=st.sets(st.sampled_from(DeadlineKind)))
    def open(self, files: list[int], due: set[DeadlineKind]) -> None:
        deadlines = tuple(
            Deadline(
                deadline=kind, due_on=self.today + timedelta(days=3), unit=DayUnit.WORKING_DAYS
            )
            for kind in sorted(due)
        )
        command: OpenCase = replace(self.example, documents=documents(files), deadlines=deadlines)
        happened = ["CaseOpened", *("PartyAddedDocument" for _ in files)]
        happened += ["DeadlineSet" for _ in due]
        if command.next_steps:
            happened += ["ThingsToBringListed", "NextStepsAnnounced"]
        is_new = self.folder.shelf == "nowhere"
        if self._expect(
            command, None if is_new else "case-already-opened", self._doubled(files), happened
        ):
            self.folder = Folder(
                shelf="open",
                is_response=self.example is open_response_case,
                team=TEAM,
                files=list(files),
                due={kind.value: self.today + timedelta(days=3) for kind in sorted(due)},
            )

    @rule(days=st.sampled_from([1, 3, 8]))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(days=st.sampled_from([-1, 0]))
    def the_meeting_comes(self, days: int) -> None:
        if self.folder.meeting is not None:
            day = date.fromisoformat(self.folder.meeting[14:24]) + timedelta(days=days)
            self.today = max(self.today, day)

    def _not_ours(self, team: str) -> str | None:
        return self._missing() or (None if self.folder.team == team else "case-in-another-team")

    @rule(who=WHO, team=TEAMS)
    def assign(self, who: str, team: TeamId) -> None:
        is_same = NOTHING if self.folder.worker == who else None
        command = AssignCase(case_id=self.example.case_id, team=team, to=ActorId(who))
        if self._expect(command, self._not_ours(team), is_same, self._not_open(), ["CaseAssigned"]):
            self.folder.worker = who

    @rule(who=WHO, team=TEAMS)
    def claim(self, who: str, team: TeamId) -> None:
        is_mine = NOTHING if self.folder.worker == who else None
        is_theirs = "case-assigned-to-another" if self.folder.worker else None
        command = ClaimCase(case_id=self.example.case_id, team=team, by=ActorId(who))
        if self._expect(
            command,
            self._not_ours(team),
            is_mine,
            self._not_open(),
            is_theirs,
            ["CaseAssigned"],
        ):
            self.folder.worker = who

    @rule(team=TEAMS)
    def release(self, team: TeamId) -> None:
        is_free = NOTHING if self.folder.worker is None else None
        command = ReleaseCase(case_id=self.example.case_id, team=team)
        if self._expect(command, self._not_ours(team), is_free, self._not_open(), ["CaseReleased"]):
            self.folder.worker = None

    @rule(team=TEAMS, to_team=TEAMS, reason=TEXTS)
    def transfer(self, team: TeamId, to_team: TeamId, reason: str) -> None:
        is_there = NOTHING if self.folder.team == to_team else None
        command = TransferCase(
            case_id=self.example.case_id, team=team, to_team=to_team, reason=reason
        )
        if (
            self._expect(
                command,
                self._not_ours(team),
                is_there,
                self._not_open(),
                None if reason.strip() else "transfer-reason-missing",
                ["CaseTransferred"],
            )
            and is_there is None
        ):
            self.folder.team, self.folder.worker = to_team, None

    @rule(text=TEXTS, files=FILES, by_party=st.booleans())
    def write(self, text: str, files: list[int], *, by_party: bool) -> None:
        case_id, sent = self.example.case_id, documents(files)
        command: WriteToAuthority | WriteToParty
        if by_party:
            command = WriteToAuthority(case_id=case_id, message=MESSAGE, text=text, documents=sent)
        else:
            command = WriteToParty(
                case_id=case_id,
                message=MESSAGE,
                text=text,
                documents=sent,
                written_on=self.today,
            )
        happened = ["PartyWrote" if by_party else "CaseworkerWrote"]
        if not by_party and "first-reply" in self.folder.due:
            happened += [self._fulfilled("first-reply")]
        empty = None if text.strip() else "message-empty"
        if self._expect(command, self._not_open(), self._doubled(files), empty, happened):
            self.folder.files += files
            if not by_party:
                self.folder.due.pop("first-reply", None)

    @rule(files=FILES, by_party=st.booleans())
    def add_documents(self, files: list[int], *, by_party: bool) -> None:
        kind = AddPartyDocuments if by_party else AddCaseworkerDocuments
        command = kind(case_id=self.example.case_id, documents=documents(files))
        name = "PartyAddedDocument" if by_party else "CaseworkerAddedDocument"
        if self._expect(command, self._not_open(), self._doubled(files), [name for _ in files]):
            self.folder.files += files

    @rule(day=DAYS, hour=HOURS)
    def book(self, day: str, hour: str) -> None:
        command = RecordMeeting(case_id=self.example.case_id, meeting=meeting_at(day, hour))
        has_one = "meeting-already-booked" if self.folder.meeting else None
        off = ["TakenOffWaitingList"] if self.folder.waiting else []
        if self._expect(command, self._no_meetings(), has_one, [*off, "MeetingBooked"]):
            self.folder.meeting, self.folder.waiting = slot_name(day, hour), None

    @rule(day=DAYS, hour=HOURS)
    def move(self, day: str, hour: str) -> None:
        command = RecordMove(case_id=self.example.case_id, meeting=meeting_at(day, hour))
        has_none = None if self.folder.meeting else "meeting-not-booked"
        is_same = NOTHING if self.folder.meeting == slot_name(day, hour) else None
        if self._expect(command, self._no_meetings(), has_none, is_same, ["MeetingMoved"]):
            self.folder.meeting = slot_name(day, hour)

    @rule(day=DAYS)
    def miss_meeting(self, day: str) -> None:
        now = meeting_at(day, "12").ends_at
        command = RecordMissedMeeting(case_id=self.example.case_id, now=now)
        slot = self.folder.meeting
        has_none = None if slot else "meeting-not-booked"
        is_done = NOTHING if slot and slot == self.folder.missed else None
        is_early = "meeting-not-begun" if slot and day_of(slot)[-2:] > day else None
        if self._expect(
            command, self._no_meetings(), has_none, is_done, is_early, ["MeetingMissed"]
        ):
            self.folder.missed = slot

    @rule(day=DAYS)
    def wait(self, day: str) -> None:
        name = f"byggeri-natur.2026-12-{day}"
        command = RecordWaiting(case_id=self.example.case_id, day=CalendarDayId(name))
        has_one = "meeting-already-booked" if self.folder.meeting else None
        is_same = NOTHING if self.folder.waiting == name else None
        off = ["TakenOffWaitingList"] if self.folder.waiting else []
        happened = [*off, "PutOnWaitingList"]
        if self._expect(command, self._no_meetings(), has_one, is_same, happened):
            self.folder.waiting = name

    @rule(day=DAYS, hour=HOURS)
    def give(self, day: str, hour: str) -> None:
        command = RecordGivenMeeting(case_id=self.example.case_id, meeting=meeting_at(day, hour))
        slot = slot_name(day, hour)
        elsewhere = None if self.folder.waiting == day_of(slot) else "not-waiting"
        if self._expect(command, self._no_meetings(), elsewhere, ["MeetingGivenFromWaitingList"]):
            self.folder.meeting, self.folder.waiting = slot, None

    @rule(hearing=st.sampled_from([11, 11, 12]))
    def answer(self, hearing: int) -> None:
        command = AnswerResponse(
            case_id=self.example.case_id,
            hearing=HearingId(numbered(hearing)),
            answers=("Tak.",),
            answered_on=self.today,
        )
        other_kind = None if self.folder.is_response else "not-a-hearing-response"
        other_hearing = None if hearing == 11 else "hearing-mismatch"
        is_done = NOTHING if self.folder.is_answered else None
        happened = ["HearingResponseAnswered", *self._finish()]
        if (
            self._expect(
                command,
                self._missing(),
                other_kind,
                other_hearing,
                is_done,
                self._not_open(),
                happened,
            )
            and is_done is None
        ):
            self.folder.shelf, self.folder.is_answered, self.folder.due = "closed", True, {}

    @rule(kind=st.sampled_from(DeadlineKind))
    def miss(self, kind: DeadlineKind) -> None:
        command = MissDeadline(case_id=self.example.case_id, deadline=kind, today=self.today)
        due_on = self.folder.due.get(kind.value)
        in_time = NOTHING if due_on is None or self.today <= due_on else None
        unkept = "TacitlyAccepted" if kind is DeadlineKind.OBJECTION else "DeadlineMissed"
        if self._expect(command, self._not_open(), in_time, [unkept]):
            self.folder.due = {
                name: day
                for name, day in self.folder.due.items()
                if name != kind.value or self.today <= day
            }

    @rule()
    def close(self) -> None:
        command = CloseCase(case_id=self.example.case_id, closed_on=self.today)
        folder = self.folder
        is_done = NOTHING if folder.shelf == "closed" else None
        unanswered = folder.is_response and not folder.is_answered
        is_ahead = folder.meeting is not None and folder.meeting[14:24] > self.today.isoformat()
        if self._expect(
            command,
            self._missing(),
            is_done,
            self._not_open(),
            "response-not-answered" if unanswered else None,
            "still-waiting" if folder.waiting else None,
            "meeting-not-held" if is_ahead else None,
            self._finish(),
        ):
            folder.shelf, folder.due = "closed", {}

    @rule(reason=TEXTS)
    def reopen(self, reason: str) -> None:
        command = ReopenCase(case_id=self.example.case_id, reason=reason)
        by_shelf = {"withdrawn": "case-withdrawn", "open": "case-not-closed"}.get(self.folder.shelf)
        empty = None if reason.strip() else "reason-missing"
        if self._expect(command, self._missing(), by_shelf, empty, ["CaseReopened"]):
            self.folder.shelf = "open"

    # Rare, for whatever is withdrawn has nothing more to tell.
    @rule(chance=st.integers(min_value=1, max_value=3))
    def withdraw(self, chance: int) -> None:
        if chance > 1 and self.folder.shelf == "open":
            return
        command = RecordWithdrawal(case_id=self.example.case_id, reason=None)
        is_done = NOTHING if self.folder.shelf == "withdrawn" else None
        given_up = ["MeetingCancelled"] if self.folder.meeting else []
        given_up += ["TakenOffWaitingList"] if self.folder.waiting else []
        happened = [*given_up, "CaseWithdrawn"]
        if self._expect(command, self._missing(), is_done, self._not_open(), happened):
            self.folder.shelf = "withdrawn"
            self.folder.meeting = self.folder.waiting = None

    @invariant()
    def the_state_is_what_happened(self) -> None:
        self.case.check()

    @invariant()
    def the_rules_and_the_folder_agree(self) -> None:
        state, folder = self.case.state, self.folder
        shelves = {
            Status.UNKNOWN: "nowhere",
            Status.OPEN: "open",
            Status.CLOSED: "closed",
            Status.WITHDRAWN: "withdrawn",
        }
        assert shelves[state.status] == folder.shelf
        assert (state.kind is CaseKind.HEARING_RESPONSE) == folder.is_response
        assert state.assigned_to == folder.worker
        assert state.team == folder.team
        assert state.documents == {numbered(number) for number in folder.files}
        assert (state.meeting.slot if state.meeting else None) == folder.meeting
        assert state.waiting == folder.waiting
        due = {kind.value: promise.due_on for kind, promise in state.outstanding.items()}
        assert due == folder.due
        assert state.is_answered == folder.is_answered

    @invariant()
    def a_case_is_booked_or_waiting_but_never_both(self) -> None:
        state = self.case.state
        assert state.meeting is None or state.waiting is None

    @invariant()
    def a_deadline_is_met_or_missed_once(self) -> None:
        ended = [
            event.deadline
            for event in self.case.history
            if isinstance(event, DeadlineMet | DeadlineMissed)
        ]
        assert len(ended) == len(set(ended))


TestCase = CaseMachine.TestCase
TestCase.settings = MACHINE
