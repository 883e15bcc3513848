"""A records system in memory that can be told to fail: for tests and for the simulation.

It files a second time what is sent a second time, as SBSYS does: nothing here hides a mistake.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar, assert_never

from services.esdh.memory_ledger import Item, Ledger
from services.esdh.port import (
    CaseOutcome,
    CaseStanding,
    CaseStatus,
    Done,
    EsdhParty,
    EsdhUnavailable,
    NewCase,
    NewDocument,
    NewNote,
    NewReminder,
    Opened,
    Outcome,
    Person,
    Retry,
)
from services.esdh.port import Refused as RefusedThere

T = TypeVar("T", Opened, Done)


class Fault(StrEnum):
    """`late`: no answer, and the effect comes with `settle_late`, if the case still takes it."""

    TIMEOUT_BEFORE = "timeout-before"
    TIMEOUT_AFTER = "timeout-after"
    LATE = "late"
    UNAVAILABLE = "unavailable"
    REJECTED = "rejected"
    CLOSED = "closed"


GONE: Final = RefusedThere(code="case-gone", detail="The case is gone.")
CLOSED: Final = RefusedThere(code="case-closed", detail="The case is closed.")
REJECTED: Final = RefusedThere(code="esdh-rejected", detail="It was not accepted.")
NO_TEMPLATE: Final = RefusedThere(code="esdh-setting-missing", detail="There is no such template.")


def no_fault(_operation: str) -> Fault | None:
    return None


class MemoryEsdh:
    """`fault` is asked once per operation, by the port's name for it; whoever tests may replace it.

    `now` and `lateness`, in seconds, say when a late effect is due. `templates` None knows all;
    `protected` holds civil registration numbers.
    """

    can_look_up = True

    def __init__(
        self,
        *,
        fault: Callable[[str], Fault | None] = no_fault,
        now: Callable[[], float] = lambda: 0.0,
        lateness: Callable[[], float] = lambda: 60.0,
        templates: frozenset[str] | None = None,
        protected: frozenset[str] = frozenset(),
    ) -> None:
        self.ledger = Ledger()
        self.fault = fault
        self._now, self._lateness = now, lateness
        self._templates, self._protected = templates, protected
        self._late: list[tuple[float, Callable[[], object]]] = []

    @property
    def unsettled(self) -> int:
        """How many late effects are yet to come."""
        return len(self._late)

    def settle_late(self, now: float) -> None:
        """Let every late effect happen that is due by then, in the order of their times."""
        due = [each for each in self._late if each[0] <= now]
        self._late = [each for each in self._late if each[0] > now]
        for _, effect in sorted(due, key=lambda each: each[0]):
            effect()

    async def check(self) -> Sequence[str]:
        self._asked("check")
        return []

    async def find_case(self, reference: str) -> CaseStanding | None:
        self._asked("find_case")
        cases = self.ledger.cases.values()
        return next((case.standing for case in cases if case.reference == reference), None)

    async def cases_about(self, words: str, template: str) -> Sequence[CaseStanding]:
        self._asked("cases_about")
        return [
            case.standing
            for case in self.ledger.cases.values()
            if case.template == template and words.casefold() in case.standing.title.casefold()
        ]

    async def case(self, esdh_id: str) -> CaseStanding | None:
        self._asked("case")
        case = self.ledger.cases.get(esdh_id)
        return None if case is None else case.standing

    async def references_on(self, esdh_id: str) -> Mapping[str, str]:
        self._asked("references_on")
        if esdh_id not in self.ledger.cases:
            raise EsdhUnavailable("case-gone")
        return self.ledger.references_on(esdh_id)

    async def is_protected(self, party: EsdhParty) -> bool | None:
        self._asked("is_protected")
        return isinstance(party, Person) and party.cpr in self._protected

    async def open_case(self, new: NewCase) -> CaseOutcome:
        def effect() -> Opened | RefusedThere:
            if self._templates is not None and new.template not in self._templates:
                return NO_TEMPLATE
            return Opened(
                esdh_case=self.ledger.open(
                    new.template,
                    new.title,
                    reference=new.reference,
                    kle=new.kle,
                    parties=new.parties,
                )
            )

        return self._carried_out("open_case", effect)

    async def file_document(self, esdh_id: str, new: NewDocument) -> Outcome:
        return self._filed("file_document", esdh_id, new)

    async def add_note(self, esdh_id: str, new: NewNote) -> Outcome:
        return self._filed("add_note", esdh_id, new)

    async def add_reminder(self, esdh_id: str, new: NewReminder) -> Outcome:
        return self._filed("add_reminder", esdh_id, new)

    async def finish_reminder(self, esdh_id: str, reference: str) -> Outcome:
        return self._changed(
            "finish_reminder", esdh_id, lambda: self.ledger.finish(esdh_id, reference)
        )

    async def set_status(self, esdh_id: str, status: CaseStatus, comment: str) -> Outcome:  # noqa: ARG002  # nobody reads it here
        return self._changed("set_status", esdh_id, lambda: self.ledger.set_status(esdh_id, status))

    async def change_handler(self, esdh_id: str, user: str) -> Outcome:
        return self._changed(
            "change_handler", esdh_id, lambda: self.ledger.set_handler(esdh_id, user)
        )

    async def add_party(self, esdh_id: str, party: EsdhParty) -> Outcome:
        return self._changed("add_party", esdh_id, lambda: self.ledger.add_party(esdh_id, party))

    def _filed(self, operation: str, esdh_id: str, item: Item) -> Outcome:
        def effect() -> Done | RefusedThere:
            case = self.ledger.cases.get(esdh_id)
            if case is None:
                return GONE
            if case.standing.status is CaseStatus.CLOSED:
                return CLOSED
            return Done(receipt=self.ledger.file(esdh_id, item))

        return self._carried_out(operation, effect)

    def _changed(self, operation: str, esdh_id: str, change: Callable[[], None]) -> Outcome:
        def effect() -> Done | RefusedThere:
            if esdh_id not in self.ledger.cases:
                return GONE
            change()
            return Done(receipt=esdh_id)

        return self._carried_out(operation, effect)

    def _asked(self, operation: str) -> None:
        fault = self.fault(operation)
        if fault is not None:
            raise EsdhUnavailable(fault.value)

    def _carried_out(
        self, operation: str, effect: Callable[[], T | RefusedThere]
    ) -> T | Retry | RefusedThere:
        fault = self.fault(operation)
        match fault:
            case None:
                return effect()
            case Fault.REJECTED:
                return REJECTED
            case Fault.CLOSED:
                return CLOSED
            case Fault.UNAVAILABLE:
                return Retry(reason="unavailable", may_have_happened=True)
            case Fault.TIMEOUT_BEFORE:
                pass
            case Fault.TIMEOUT_AFTER:
                effect()
            case Fault.LATE:
                self._late.append((self._now() + self._lateness(), effect))
            case _:
                assert_never(fault)
        return Retry(reason="timeout", may_have_happened=True)
