"""Citizens and caseworkers who go on submitting, each document with content of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import count
from random import Random

from commands.calendar_day import PublishSlots
from commands.case import WriteToAuthority, WriteToParty
from commands.hearing import PublishHearing
from commands.submission import IfTaken, SubmitHearingResponse, SubmitMeeting
from events.calendar_day import Slot
from events.document import Document
from events.hearing import HearingKind
from events.ids import (
    ActorId,
    CalendarDayId,
    CaseId,
    DocumentId,
    HearingId,
    MessageId,
    PartyId,
    SlotId,
    TeamId,
)
from services.clock import COPENHAGEN, SystemClock
from services.command_handling import Command
from services.deadlines import local_date
from services.ids import new_id
from services.request import unattended
from services.submissions import HearingAnswered, Submission, open_case
from tests.gateway.running import MEETING_ANSWERS, RESPONSE_ANSWERS
from tests.services.killing import Town

TEAM = TeamId("byggeri-natur")
CITIZENS = ("anna", "bo")
CASEWORKER = ActorId("staff:karen")
PROPERTIES = (100063828, 100063829, 100063830)
SLOTS = 12


@dataclass(slots=True)
class People:
    """`belongs` says of each document's hash what the title of its case there must have in it."""

    town: Town
    chance: Random
    belongs: dict[str, str] = field(default_factory=dict)
    hearings: list[PublishHearing] = field(default_factory=list)
    cases: list[tuple[CaseId, str, str]] = field(default_factory=list)
    meetings: int = 0
    done: int = 0

    def publish_hearings(self, how_many: int) -> None:
        now = SystemClock().now().astimezone(COPENHAGEN)
        last_day = now.date() + timedelta(weeks=8)
        for number in range(how_many):
            title = f"Lokalplan {number} for havnen"
            hearing = PublishHearing(
                hearing_id=HearingId(new_id()),
                kind=HearingKind.LOCAL_PLAN,
                title=title,
                description="Planen giver plads til boder og ophold ved vandet.",
                team=TEAM,
                material=self._documents(1, title),
                published_at=now,
                closes_at=datetime.combine(last_day + timedelta(days=1), time(), COPENHAGEN),
            )
            self._ask(CASEWORKER, hearing)
            self.hearings.append(hearing)

    def publish_days(self) -> None:
        for on in self._days():
            day = CalendarDayId(f"{TEAM}.{on}")
            slots = tuple(_slot(day, on, number) for number in range(SLOTS))
            now = SystemClock().now()
            self._ask(CASEWORKER, PublishSlots(day=day, slots=slots, now=now))

    def submit(self) -> None:
        """Whatever somebody may do now: something new, or a word on a case that is there."""
        if not self.cases or self.chance.random() < 0.6:
            self._begin()
        else:
            self._write()
        self.done += 1

    def respond(self) -> CaseId:
        """A response with up to two documents."""
        hearing = self.chance.choice(self.hearings)
        heard = HearingAnswered(
            hearing_id=hearing.hearing_id, title=hearing.title, closes_at=hearing.closes_at
        )
        documents = self._documents(self.chance.randrange(3), hearing.title)
        citizen, submission = self._submission("hearing-response", documents, heard=heard)
        opened, now = open_case(submission), submission.received_at
        self._ask(ActorId(f"person:{citizen}"), SubmitHearingResponse(case=opened, now=now))
        self.cases.append((opened.case_id, citizen, hearing.title))
        return opened.case_id

    def ask_for_meeting(self) -> CaseId:
        """About one of few properties, each of which is to have one case there."""
        bfe = self.chance.choice(PROPERTIES)
        # One slot after the other, for whoever waits must find the whole day taken.
        days = self._days()
        slot, on = self.meetings // len(days) % SLOTS, days[self.meetings % len(days)]
        self.meetings += 1
        citizen, submission = self._submission("building-meeting", (), bfe=bfe, on=on)
        meeting = SubmitMeeting(
            case=open_case(submission),
            slot=SlotId(f"{TEAM}.{on}.{slot}-1"),
            if_taken=IfTaken.WAIT,
            now=submission.received_at,
        )
        self._ask(ActorId(f"person:{citizen}"), meeting)
        self.cases.append((meeting.case.case_id, citizen, f"BFE {bfe}"))
        return meeting.case.case_id

    def _begin(self) -> None:
        if self.chance.random() < 0.8:
            self.respond()
        else:
            self.ask_for_meeting()

    def _write(self) -> None:
        case_id, citizen, of = self.chance.choice(self.cases)
        documents = self._documents(self.chance.randrange(2), of)
        message, text = MessageId(new_id()), "Her er mere om sagen."
        if self.chance.random() < 0.5:
            write = WriteToAuthority(
                case_id=case_id, message=message, text=text, documents=documents
            )
            self._ask(ActorId(f"person:{citizen}"), write)
        else:
            today = SystemClock().now().astimezone(COPENHAGEN).date()
            answer = WriteToParty(
                case_id=case_id, message=message, text=text, documents=documents, written_on=today
            )
            self._ask(CASEWORKER, answer)

    def _submission(
        self,
        service_id: str,
        documents: Sequence[Document],
        *,
        heard: HearingAnswered | None = None,
        bfe: int | None = None,
        on: date | None = None,
    ) -> tuple[str, Submission]:
        organisation = self.town.core.catalogue
        service = organisation.services[service_id]
        answers = RESPONSE_ANSWERS if bfe is None else {**MEETING_ANSWERS, "bfe": bfe}
        citizen = self.chance.choice(CITIZENS)
        received_at = SystemClock().now()
        return citizen, Submission(
            organisation=organisation,
            service=service,
            case_id=CaseId(new_id()),
            party=PartyId(f"person:{citizen}"),
            answers=service.read_answers(answers, local_date(received_at)),
            documents=documents,
            received_at=received_at,
            hearing=heard,
            meeting_on=on,
        )

    def _documents(self, how_many: int, of: str) -> tuple[Document, ...]:
        return tuple(self._document(of) for _ in range(how_many))

    def _document(self, of: str) -> Document:
        """The bytes lie there before a fact refers to them, as when somebody uploads them."""
        document_id = DocumentId(new_id())
        content = f"Bilag {document_id}\n".encode()
        digest = sha256(content).hexdigest()
        path = self.town.documents / digest[:2] / digest[2:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.belongs[digest] = of
        return Document(
            document_id=document_id,
            sha256=digest,
            name=f"bilag-{next(_numbers)}.txt",
            media_type="text/plain",
            size=len(content),
        )

    def _days(self) -> list[date]:
        today = SystemClock().now().astimezone(COPENHAGEN).date()
        return [today + timedelta(days=ahead) for ahead in range(10, 15)]

    def _ask(self, actor: ActorId, command: Command) -> None:
        core = self.town.core
        asked = unattended(command, command_id=new_id(), organisation=core.name, actor=actor)
        core.desk.hand_in(asked).result(timeout=60)


_numbers = count(1)


def _slot(day: CalendarDayId, on: date, number: int) -> Slot:
    starts_at = datetime.combine(on, time(8), COPENHAGEN) + timedelta(minutes=30 * number)
    return Slot(
        slot=SlotId(f"{day}.{number}-1"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        place="Springvandspladsen 5",
    )
