"""The records system as one process reaches it: slow, busy, out of reach, or answering too late."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from events.journal import EsdhCase
from services.esdh.memory import MemoryEsdh
from services.esdh.memory_ledger import Ledger
from services.esdh.port import (
    CaseOutcome,
    CaseStanding,
    CaseStatus,
    EsdhParty,
    EsdhUnavailable,
    NewCase,
    NewDocument,
    NewNote,
    NewReminder,
    Opened,
    Outcome,
    Refused,
    Retry,
)
from tests.simulation.faults import TIMING
from tests.simulation.passage import Outside, Passage

T = TypeVar("T")
O = TypeVar("O", Outcome, CaseOutcome)  # noqa: E741  # an outcome

POISON: Final = "cannot be filed"
BUSY_SECONDS: Final = 0.5
REJECTED: Final = Refused(code="esdh-rejected", detail="It was not accepted.")


@dataclass(frozen=True, slots=True)
class OpenedBeside:
    """A case was opened with our reference while others of the same title words were open."""

    esdh_case: EsdhCase
    reference: str
    others: tuple[str, ...]


@dataclass(slots=True)
class WatchedLedger(Ledger):
    """Remembers what cannot be seen afterwards. `closed` are cases that ever were."""

    beside: list[OpenedBeside] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    def open(
        self,
        template: str,
        title: str,
        *,
        reference: str | None = None,
        kle: tuple[str, str] = ("00.00.00", "A00"),
        parties: Sequence[EsdhParty] = (),
    ) -> EsdhCase:
        others = tuple(
            esdh_id
            for esdh_id, case in self.cases.items()
            if case.template == template
            and case.standing.status is not CaseStatus.CLOSED
            and esdh_id not in self.closed
            and about(case.standing.title) == about(title) is not None
        )
        # Ledger.open by name: a class with slots is made anew, which zero-argument super misses.
        opened = Ledger.open(self, template, title, reference=reference, kle=kle, parties=parties)
        if reference is not None:
            self.beside.append(OpenedBeside(opened, reference, others))
        return opened

    def set_status(self, esdh_id: str, status: CaseStatus) -> None:
        if status is CaseStatus.CLOSED:
            self.closed.add(esdh_id)
        Ledger.set_status(self, esdh_id, status)


def about(title: str) -> str | None:
    """The property that a title ends with, as our cases are titled."""
    _, bracket, words = title.partition("(BFE ")
    return words.rstrip(")") if bracket else None


class SimulatedEsdh:
    """`services.esdh.port.Esdh` for one process.

    A request leaves when it is asked for, in one piece with the check before it; what the process
    suffers later changes nothing of its effect.
    """

    can_look_up = True

    def __init__(self, esdh: MemoryEsdh, passage: Passage) -> None:
        self.inner, self.passage = esdh, passage
        self._outside: Outside = passage.outside

    async def check(self) -> Sequence[str]:
        return await self._question("check", self.inner.check)

    async def find_case(self, reference: str) -> CaseStanding | None:
        return await self._question("find_case", lambda: self.inner.find_case(reference))

    async def cases_about(self, words: str, template: str) -> Sequence[CaseStanding]:
        return await self._question(
            f"cases_about {words}", lambda: self.inner.cases_about(words, template)
        )

    async def case(self, esdh_id: str) -> CaseStanding | None:
        return await self._question(f"case {esdh_id[-2:]}", lambda: self.inner.case(esdh_id))

    async def references_on(self, esdh_id: str) -> Mapping[str, str]:
        return await self._question(
            f"references_on {esdh_id[-2:]}", lambda: self.inner.references_on(esdh_id)
        )

    async def is_protected(self, party: EsdhParty) -> bool | None:
        return await self._question("is_protected", lambda: self.inner.is_protected(party))

    async def open_case(self, new: NewCase) -> CaseOutcome:
        return await self._change(
            f"open_case {new.reference[-6:]}", lambda: self.inner.open_case(new)
        )

    async def file_document(self, esdh_id: str, new: NewDocument) -> Outcome:
        if new.title == POISON:
            return REJECTED
        what = f"file_document {new.reference[-6:]} on {esdh_id[-2:]}"
        return await self._change(what, lambda: self.inner.file_document(esdh_id, new))

    async def add_note(self, esdh_id: str, new: NewNote) -> Outcome:
        what = f"add_note {new.reference[-6:]} on {esdh_id[-2:]}"
        return await self._change(what, lambda: self.inner.add_note(esdh_id, new))

    async def add_reminder(self, esdh_id: str, new: NewReminder) -> Outcome:
        what = f"add_reminder {new.reference[-6:]} on {esdh_id[-2:]}"
        return await self._change(what, lambda: self.inner.add_reminder(esdh_id, new))

    async def finish_reminder(self, esdh_id: str, reference: str) -> Outcome:
        return await self._change(
            "finish_reminder", lambda: self.inner.finish_reminder(esdh_id, reference)
        )

    async def set_status(self, esdh_id: str, status: CaseStatus, comment: str) -> Outcome:
        what = f"set_status {esdh_id[-2:]} {status}"
        return await self._change(what, lambda: self.inner.set_status(esdh_id, status, comment))

    async def change_handler(self, esdh_id: str, user: str) -> Outcome:
        return await self._change(
            "change_handler", lambda: self.inner.change_handler(esdh_id, user)
        )

    async def add_party(self, esdh_id: str, party: EsdhParty) -> Outcome:
        return await self._change("add_party", lambda: self.inner.add_party(esdh_id, party))

    async def _question(self, what: str, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(TIMING.request):
                return await self.passage.through(what, ask, EsdhUnavailable, database=False)
        except TimeoutError:
            raise EsdhUnavailable("timeout") from None

    async def _change(self, what: str, do: Callable[[], Awaitable[O]]) -> O:
        self.passage.require_alive()
        if self._outside.chances.happens(0.03):
            await asyncio.sleep(BUSY_SECONDS)
            self.passage.note(f"{what}: busy")
            return Retry(reason="busy", may_have_happened=False, after=BUSY_SECONDS)
        outcome = await do()
        self.passage.note(f"{what}: {_word(outcome)}")
        if isinstance(outcome, Retry) and self._outside.chances.happens(0.5):
            await asyncio.sleep(2 * TIMING.request)
        await self.passage.hold()
        return outcome


def _word(outcome: Outcome | CaseOutcome) -> str:
    match outcome:
        case Opened():
            return f"opened {outcome.esdh_case.id[-2:]}"
        case Retry():
            return outcome.reason
        case Refused():
            return outcome.code
        case _:
            return "done"
