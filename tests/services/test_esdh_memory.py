"""What goes wrong in the records system in memory, exactly as it is told to."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from events.journal import EsdhCase
from services.esdh.memory import Fault, MemoryEsdh
from services.esdh.port import CaseStatus, Done, EsdhUnavailable, Opened, Outcome, Refused, Retry
from tests.services.esdh_systems import document, new_case, reference

T = TypeVar("T")
NO_ANSWER = Retry(reason="timeout", may_have_happened=True)


class Scene:
    """A system with a case on it, which then goes wrong; its hour stands at `now`."""

    def __init__(self) -> None:
        self.now = 100.0
        self.asked: list[str] = []
        self.fault: Fault | None = None
        self.esdh = MemoryEsdh(fault=self._fault, now=lambda: self.now, lateness=lambda: 30.0)
        opened = self.run(lambda esdh: esdh.open_case(new_case("1021")))
        assert isinstance(opened, Opened)
        self.case: EsdhCase = opened.esdh_case

    def _fault(self, operation: str) -> Fault | None:
        self.asked.append(operation)
        return self.fault

    def run(self, act: Callable[[MemoryEsdh], Awaitable[T]]) -> T:
        async def whole() -> T:
            return await act(self.esdh)

        return asyncio.run(whole())

    def filed(self, fault: Fault | None, name: str = "document") -> Outcome:
        self.fault = fault
        return self.run(lambda esdh: esdh.file_document(self.case.id, document(name)))

    def there(self) -> list[str]:
        return [each.reference for each in self.esdh.ledger.documents]


@pytest.mark.parametrize(
    ("fault", "lies_there"),
    [(Fault.TIMEOUT_BEFORE, False), (Fault.TIMEOUT_AFTER, True), (Fault.LATE, False)],
)
def test_without_an_answer_nobody_can_tell_what_happened(fault: Fault, *, lies_there: bool) -> None:
    scene = Scene()
    assert scene.filed(fault) == NO_ANSWER
    assert bool(scene.there()) is lies_there


def test_a_late_effect_comes_when_it_is_due_and_in_order() -> None:
    scene = Scene()
    scene.filed(Fault.LATE, "first")
    scene.now = 110.0
    scene.filed(Fault.LATE, "second")
    scene.esdh.settle_late(129.0)
    assert (scene.there(), scene.esdh.unsettled) == ([], 2)
    scene.esdh.settle_late(130.0)
    assert (scene.there(), scene.esdh.unsettled) == ([reference("first")], 1)
    scene.esdh.settle_late(999.0)
    scene.esdh.settle_late(999.0)
    assert scene.there() == [reference("first"), reference("second")]


def test_a_late_effect_on_a_case_closed_meanwhile_comes_to_nothing() -> None:
    scene = Scene()
    scene.filed(Fault.LATE)
    scene.esdh.ledger.set_status(scene.case.id, CaseStatus.CLOSED)
    scene.esdh.settle_late(999.0)
    assert scene.there() == []


def test_a_case_may_be_opened_late() -> None:
    scene = Scene()
    scene.fault = Fault.LATE
    assert scene.run(lambda esdh: esdh.open_case(new_case("1021", "other"))) == NO_ANSWER
    scene.esdh.settle_late(130.0)
    scene.fault = None
    assert scene.run(lambda esdh: esdh.find_case(reference("other"))) is not None


@pytest.mark.parametrize(
    ("fault", "code"), [(Fault.REJECTED, "esdh-rejected"), (Fault.CLOSED, "case-closed")]
)
def test_a_refusal_has_its_code_and_no_effect(fault: Fault, code: str) -> None:
    scene = Scene()
    outcome = scene.filed(fault)
    assert isinstance(outcome, Refused)
    assert outcome.code == code
    assert scene.there() == []


def test_a_system_that_is_unavailable_has_done_nothing_but_might_have() -> None:
    scene = Scene()
    assert scene.filed(Fault.UNAVAILABLE) == Retry(reason="unavailable", may_have_happened=True)
    assert scene.there() == []


@pytest.mark.parametrize("fault", list(Fault))
def test_a_question_gets_no_answer_whatever_goes_wrong(fault: Fault) -> None:
    scene = Scene()
    scene.fault = fault
    with pytest.raises(EsdhUnavailable):
        scene.run(lambda esdh: esdh.case(scene.case.id))


def test_each_operation_is_asked_about_once_by_its_name() -> None:
    scene = Scene()
    assert isinstance(scene.filed(None), Done)
    scene.run(lambda esdh: esdh.references_on(scene.case.id))
    assert scene.asked == ["open_case", "file_document", "references_on"]
