"""Citizens who submit, caseworkers who answer, and people at work in the records system."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Final, cast
from uuid import NAMESPACE_OID

from aggregates import journal
from commands.case import (
    AddPartyDocuments,
    CloseCase,
    OpenCase,
    ReopenCase,
    WriteToAuthority,
    WriteToParty,
)
from commands.case_assignment import AssignCase
from commands.case_deadline import Deadline
from commands.hearing import AddMaterial, ExtendHearing
from commands.journal import ChooseEsdhCase, RetryJournalising
from commands.refusal import Refused
from commands.submission import SubmitHearingResponse, WithdrawCase
from events.case import Answer, CaseKind
from events.case_deadline import DeadlineKind
from events.day_unit import DayUnit
from events.document import Document
from events.ids import CaseId, DocumentId, MessageId
from events.journal import JournalEvent, Matter
from services.command_handling import Command
from services.esdh.memory_ledger import Ledger
from services.esdh.port import CaseStatus
from services.ids import derived_id
from services.ports import StoreUnavailable
from services.request import TooBusy, unattended
from services.streams import journal_stream
from tests import examples
from tests.simulation.desk import SteppedDesk
from tests.simulation.records import POISON
from tests.simulation.store import SimulatedStore

PROPERTIES: Final = (1000, 1000, 10006)
"""Two matters about one property, and one about another whose number begins like it."""
NEW_CASE: Final = "counsel"
TEMPLATE: Final = "1737"
ATTEMPTS: Final = 3
"""How often a caseworker has what was refused tried again."""


class Desk:
    """Puts commands, and repeats them until they are answered."""

    def __init__(self, name: str, desk: SteppedDesk) -> None:
        self._name, self._desk = name, desk
        self._asked = 0

    async def put(self, command: Command) -> None:
        """Give up only where a rule says no, as somebody does who reads the answer."""
        self._asked += 1
        asked = unattended(
            command,
            command_id=derived_id(NAMESPACE_OID, f"{self._name} {self._asked}"),
            organisation=examples.ORGANISATION,
            actor=examples.KAREN,
        )
        while True:
            try:
                await self._desk.perform(asked)
            except (StoreUnavailable, TooBusy):
                await asyncio.sleep(0.5)
            except Refused:
                return
            else:
                return


class Writer:
    """Hearings, responses and meetings, and what is written about them afterwards."""

    def __init__(self, desk: Desk, chance: Random, seconds: float, *, poison: bool) -> None:
        self._desk, self._chance = desk, chance
        self._pause = min(seconds, 30.0) / 30
        self._poison = poison
        self._documents = 0

    async def write(self) -> None:
        cases = self._cases()
        await self._desk.put(replace(examples.publish_hearing, material=self._uploads(1)))
        for case in cases:
            await self._rest()
            if case.hearing is None:
                await self._desk.put(case)
            else:
                await self._desk.put(SubmitHearingResponse(case=case, now=examples.at(12, 10)))
            if self._chance.random() < 0.5:
                await self._follow_up(cases)
        for _ in range(6):
            await self._rest()
            await self._follow_up(cases)
        if self._poison:
            await self._desk.put(self._message(cases[0], POISON))
            await self._desk.put(self._message(cases[0], "and this waits behind it"))

    def _cases(self) -> Sequence[OpenCase]:
        found = [_meeting(number, "building-meeting", bfe) for number, bfe in enumerate(PROPERTIES)]
        found.append(_meeting(10, NEW_CASE, None))
        found += [_response(number) for number in (20, 21)]
        self._chance.shuffle(found)
        return found[: self._chance.randint(3, len(found))]

    async def _follow_up(self, cases: Sequence[OpenCase]) -> None:
        case = self._chance.choice(cases)
        id_ = case.case_id
        today = date(2026, 12, 12)
        documents = self._uploads(self._chance.randint(0, 2))
        wanted: Sequence[Command] = (
            self._message(case, "hello"),
            WriteToAuthority(
                case_id=id_, message=self._message_id(), text="hello", documents=documents
            ),
            WriteToParty(
                case_id=id_,
                message=self._message_id(),
                text="hello",
                documents=documents,
                written_on=today,
            ),
            AddPartyDocuments(case_id=id_, documents=self._uploads(1)),
            AssignCase(case_id=id_, team=examples.TEAM, to=examples.KAREN),
            CloseCase(case_id=id_, closed_on=today),
            ReopenCase(case_id=id_, reason="more came"),
            ExtendHearing(
                hearing_id=examples.HEARING, closes_at=examples.EXTENDED_TO, now=examples.at(12, 11)
            ),
            AddMaterial(hearing_id=examples.HEARING, material=self._uploads(2)),
            WithdrawCase(case_id=id_, reason=None, now=examples.at(12, 11)),
        )
        await self._desk.put(self._chance.choice(wanted))

    def _message(self, case: OpenCase, text: str) -> WriteToAuthority:
        return WriteToAuthority(
            case_id=case.case_id, message=self._message_id(), text=text, documents=()
        )

    def _message_id(self) -> MessageId:
        self._documents += 1
        return MessageId(derived_id(NAMESPACE_OID, f"message {self._documents}"))

    def _uploads(self, count: int) -> tuple[Document, ...]:
        uploads = []
        for _ in range(count):
            self._documents += 1
            document_id = DocumentId(derived_id(NAMESPACE_OID, f"document {self._documents}"))
            uploads.append(replace(examples.plan, document_id=document_id))
        return tuple(uploads)

    async def _rest(self) -> None:
        await asyncio.sleep(self._chance.expovariate(1 / self._pause))


class Caseworker:
    """Answers which case is right, and has what was refused tried again, after a while."""

    def __init__(self, desk: Desk, store: SimulatedStore, chance: Random) -> None:
        self._desk, self._store, self._chance = desk, store, chance
        self._tried: dict[object, int] = {}

    async def attend(self, matters: Iterable[Matter]) -> None:
        for matter in matters:
            found = self._store.read(journal_stream(matter)).events
            state = journal.decider.replay(cast("Sequence[JournalEvent]", found))
            choice = state.choice
            if choice is not None and not choice.made and self._chance.random() < 0.5:
                numbers = [each.esdh_case.number for each in choice.candidates]
                number = self._chance.choice([*numbers, None])
                await self._desk.put(ChooseEsdhCase(matter=matter, number=number))
            for entry in list(state.refused):
                self._tried[entry] = self._tried.get(entry, 0) + 1
                if self._tried[entry] <= ATTEMPTS:
                    await self._desk.put(RetryJournalising(matter=matter, entry=entry))


def act_by_hand(ledger: Ledger, chance: Random) -> str:
    """Somebody closes a case in the records system, opens it again, renumbers or deletes it."""
    if not ledger.cases:
        return "nothing"
    esdh_id = chance.choice(list(ledger.cases))
    match chance.randrange(8):
        case 0 | 1 | 2:
            ledger.set_status(esdh_id, CaseStatus.CLOSED)
            return f"closes {esdh_id[-2:]}"
        case 3 | 4:
            ledger.set_status(esdh_id, CaseStatus.OPEN)
            return f"opens {esdh_id[-2:]}"
        case 5 | 6:
            ledger.renumber(esdh_id, f"02.34.02-P19-{chance.randrange(10_000, 100_000)}-26")
            return f"renumbers {esdh_id[-2:]}"
        case _:
            ledger.delete(esdh_id)
            return f"deletes {esdh_id[-2:]}"


def cases_before(ledger: Ledger, chance: Random) -> None:
    """What people had opened there before, for the same properties."""
    for bfe in (1000, 1000, 10006):
        if chance.random() < 0.5:
            ledger.open(TEMPLATE, f"Byggesag (BFE {bfe})")


def _meeting(number: int, service: str, bfe: int | None) -> OpenCase:
    answers = (Answer(field="address", value="Nørregade 1"),)
    return replace(
        examples.open_meeting_case,
        case_id=CaseId(derived_id(NAMESPACE_OID, f"case {number}")),
        kind=CaseKind.MEETING,
        service=service,
        service_version=2,
        answers=answers if bfe is None else (*answers, Answer(field="bfe", value=bfe)),
        subject=f"Carport {number}",
        documents=(),
        deadlines=(
            Deadline(
                deadline=DeadlineKind.PROCESSING,
                due_on=date(2026, 12, 22),
                unit=DayUnit.WORKING_DAYS,
            ),
        ),
    )


def _response(number: int) -> OpenCase:
    return replace(
        examples.open_response_case,
        case_id=CaseId(derived_id(NAMESPACE_OID, f"case {number}")),
        service_version=1,
        subject=f"Svar {number}",
        deadlines=(),
    )
