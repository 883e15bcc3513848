"""A hearing under random commands, beside a model in plain days and words."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aggregates.hearing import Hearing, decider
from commands.hearing import (
    AcceptResponse,
    AddMaterial,
    CancelHearing,
    ConcludeHearing,
    ExtendHearing,
    HearingCommand,
)
from events.document import Document
from events.hearing import (
    HearingCancelled,
    HearingConcluded,
    HearingEvent,
    HearingExtended,
    HearingKind,
    HearingPublished,
)
from events.ids import DocumentId
from tests.aggregates.subject import MACHINE, Subject, names
from tests.examples import HEARING, at, drawing, hearing_answer, numbered, publish_hearing

DAYS_OPEN = {
    HearingKind.MUNICIPAL_PLAN: 56,
    HearingKind.MUNICIPAL_PLAN_MINOR: 28,
    HearingKind.LOCAL_PLAN: 28,
    HearingKind.LOCAL_PLAN_MINOR: 14,
    HearingKind.NEIGHBOUR_NOTICE: 14,
}
TEXTS = st.sampled_from(["", " ", "Noget", "Noget", "Noget"])
MATERIAL = st.lists(st.integers(min_value=1, max_value=12), max_size=3)


def documents(numbers: list[int]) -> tuple[Document, ...]:
    return tuple(replace(drawing, document_id=DocumentId(numbered(n))) for n in numbers)


class HearingMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.hearing: Subject[HearingCommand, Hearing, HearingEvent] = Subject(decider)
        self.phase = "unknown"
        self.closes = self.now = at(10, 1)
        self.files: list[int] = []

    def _refusal(self) -> str | None:
        return {
            "unknown": "hearing-not-found",
            "cancelled": "hearing-cancelled",
            "concluded": "hearing-concluded",
        }.get(self.phase)

    def _too_many(self, numbers: list[int]) -> bool:
        together = self.files + numbers
        return len(together) != len(set(together))

    @initialize(kind=st.sampled_from(HearingKind), is_there=st.sampled_from([True, True, False]))
    def begin(self, kind: HearingKind, *, is_there: bool) -> None:
        if is_there:
            self.publish(kind, DAYS_OPEN[kind], "Noget", [1])

    @rule(
        kind=st.sampled_from(HearingKind),
        days=st.sampled_from([0, 13, 14, 27, 28, 55, 56, 90]),
        title=TEXTS,
        material=MATERIAL,
    )
    def publish(self, kind: HearingKind, days: int, title: str, material: list[int]) -> None:
        closes = self.now + timedelta(days=days)
        command = replace(
            publish_hearing,
            kind=kind,
            title=title,
            material=documents(material),
            published_at=self.now,
            closes_at=closes,
        )
        outcome = names(self.hearing.ask(command))
        if self.phase != "unknown":
            assert outcome == "hearing-already-published"
        elif not title.strip():
            assert outcome == "title-missing"
        elif days < DAYS_OPEN[kind]:
            assert outcome == "hearing-period-too-short"
        elif self._too_many(material):
            assert outcome == "document-already-added"
        else:
            assert outcome == ["HearingPublished"]
            self.phase, self.closes, self.files = "open", closes, list(material)

    @rule(days=st.sampled_from([0, 1, 13, 30]), to_the_minute=st.sampled_from([-1, 0, 1]))
    def time_passes(self, days: int, to_the_minute: int) -> None:
        # Often to where it matters: the minute of closing, and those beside it.
        later = self.closes + timedelta(minutes=to_the_minute)
        self.now = later if days == 0 and later > self.now else self.now + timedelta(days=days)

    @rule()
    def accept_response(self) -> None:
        outcome = self.hearing.ask(AcceptResponse(hearing_id=HEARING, now=self.now))
        expected: str | list[str] | None = self._refusal()
        if expected is None:
            expected = "hearing-closed" if self.now >= self.closes else []
        assert outcome == expected
        if outcome == []:
            self._nothing_forbade_a_response()

    def _nothing_forbade_a_response(self) -> None:
        closes: list[datetime] = []
        for event in self.hearing.history:
            assert not isinstance(event, HearingConcluded | HearingCancelled)
            if isinstance(event, HearingPublished | HearingExtended):
                closes.append(event.closes_at)
        assert self.now < closes[-1]

    @rule(days=st.sampled_from([-3, 0, 1, 20]))
    def extend(self, days: int) -> None:
        to = self.closes + timedelta(days=days)
        command = ExtendHearing(hearing_id=HEARING, closes_at=to, now=self.now)
        outcome = names(self.hearing.ask(command))
        if self._refusal():
            assert outcome == self._refusal()
        elif self.now >= self.closes:
            assert outcome == "hearing-closed"
        elif days <= 0:
            assert outcome == "hearing-deadline-not-later"
        else:
            assert outcome == ["HearingExtended"]
            self.closes = to

    @rule(material=MATERIAL)
    def add_material(self, material: list[int]) -> None:
        command = AddMaterial(hearing_id=HEARING, material=documents(material))
        outcome = names(self.hearing.ask(command))
        if self._refusal():
            assert outcome == self._refusal()
        elif self._too_many(material):
            assert outcome == "document-already-added"
        else:
            assert outcome == (["HearingMaterialAdded"] if material else [])
            self.files += material

    @rule(summary=TEXTS, theme=TEXTS, answer=TEXTS, count=st.integers(min_value=0, max_value=2))
    def conclude(self, summary: str, theme: str, answer: str, count: int) -> None:
        given = (replace(hearing_answer, theme=theme, answer=answer),) * count
        command = ConcludeHearing(hearing_id=HEARING, summary=summary, answers=given, now=self.now)
        outcome = names(self.hearing.ask(command))
        if self._refusal():
            assert outcome == self._refusal()
        elif self.now < self.closes:
            assert outcome == "hearing-not-closed"
        elif not summary.strip():
            assert outcome == "summary-missing"
        elif count and not (theme.strip() and answer.strip()):
            assert outcome == "answer-empty"
        else:
            assert outcome == ["HearingConcluded"]
            self.phase = "concluded"

    # Rare, for whatever is cancelled has nothing more to tell.
    @rule(reason=TEXTS, chance=st.integers(min_value=1, max_value=4))
    def cancel(self, reason: str, chance: int) -> None:
        if chance > 1 and self.phase == "open":
            return
        outcome = names(self.hearing.ask(CancelHearing(hearing_id=HEARING, reason=reason)))
        if self.phase == "cancelled":
            assert outcome == []
        elif self._refusal():
            assert outcome == self._refusal()
        elif not reason.strip():
            assert outcome == "reason-missing"
        else:
            assert outcome == ["HearingCancelled"]
            self.phase = "cancelled"

    @invariant()
    def the_state_is_what_happened(self) -> None:
        self.hearing.check()

    @invariant()
    def the_closing_is_only_ever_later(self) -> None:
        closes = [
            event.closes_at
            for event in self.hearing.history
            if isinstance(event, HearingPublished | HearingExtended)
        ]
        assert closes == sorted(set(closes))


TestHearing = HearingMachine.TestCase
TestHearing.settings = MACHINE
