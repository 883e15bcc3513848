"""A journal under random commands, beside a model of one matter at the records system."""

from dataclasses import replace
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aggregates.journal import Journal, decider
from commands.journal import JournalCommand
from events.ids import EntryId
from events.journal import (
    Candidate,
    ChoiceReason,
    DifferenceKind,
    EsdhCase,
    EsdhCaseChoiceRequested,
    EsdhCaseChosen,
    EsdhCaseLinked,
    JournalEvent,
    Journalised,
    LinkedBy,
)
from tests.aggregates.subject import MACHINE, Subject, names
from tests.examples import (
    choose_case,
    link_case,
    numbered,
    record_difference,
    record_journalised,
    record_refused,
    renumber_case,
    request_choice,
    retry_journalising,
    settle_difference,
)

NEW: Final = "a new case"
IDS: Final = st.sampled_from(["1", "2", "3"])
YEARS: Final = st.sampled_from(["25", "26"])
ENTRIES: Final = st.integers(min_value=1, max_value=3)
FACTS: Final = st.integers(min_value=1, max_value=3)


def esdh_case(id_: str, year: str) -> EsdhCase:
    return EsdhCase(id=id_, number=f"02.34.02-P19-{id_}-{year}")


def candidate(id_: str) -> Candidate:
    return Candidate(esdh_case=esdh_case(id_, "26"), title=f"Sag {id_}", status="open")


class JournalMachine(RuleBasedStateMachine):
    """`offered` is None when nobody is asked; `wish` None until it is answered."""

    def __init__(self) -> None:
        super().__init__()
        self.journal: Subject[JournalCommand, Journal, JournalEvent] = Subject(decider)
        self.at: EsdhCase | None = None
        self.offered: list[str] | None = None
        self.wish: str | None = None
        self.filed: set[int] = set()
        self.refused: set[int] = set()
        self.differences: set[tuple[DifferenceKind, str]] = set()

    @rule(id_=IDS, year=YEARS, by=st.sampled_from(LinkedBy))
    def link(self, id_: str, year: str, by: LinkedBy) -> None:
        to = esdh_case(id_, year)
        outcome = names(self.journal.ask(replace(link_case, esdh_case=to, by=by)))
        if self.offered is None:
            self._link_unasked(to, outcome)
        elif self.wish is None:
            assert outcome == "esdh-choice-pending"
        elif self._grants(id_):
            assert outcome == ["EsdhCaseLinked"]
            self.at, self.offered, self.wish = to, None, None
        else:
            assert outcome == "esdh-choice-made"

    def _link_unasked(self, to: EsdhCase, outcome: str | list[str]) -> None:
        if self.at is None or self.at.id != to.id:
            assert outcome == ["EsdhCaseLinked"]
        else:
            assert outcome == ([] if self.at == to else ["EsdhCaseRenumbered"])
        self.at = to

    def _grants(self, id_: str) -> bool:
        if self.wish != NEW:
            return id_ == self.wish
        known = [*(self.offered or []), *([self.at.id] if self.at else [])]
        return id_ not in known

    @rule(id_=IDS, year=YEARS)
    def renumber(self, id_: str, year: str) -> None:
        now = esdh_case(id_, year)
        outcome = names(self.journal.ask(replace(renumber_case, esdh_case=now)))
        if self.at is None or self.at.id != id_:
            assert outcome == "esdh-case-not-linked"
        else:
            assert outcome == ([] if self.at == now else ["EsdhCaseRenumbered"])
            self.at = now

    @rule(reason=st.sampled_from(ChoiceReason), offered=st.lists(IDS, unique=True, max_size=3))
    def ask(self, reason: ChoiceReason, offered: list[str]) -> None:
        command = replace(request_choice, reason=reason, candidates=tuple(map(candidate, offered)))
        outcome = names(self.journal.ask(command))
        if self.offered is not None and self.wish is None:
            assert outcome == []
        else:
            assert outcome == ["EsdhCaseChoiceRequested"]
            self.offered, self.wish = offered, None

    @rule(wish=IDS | st.just(NEW))
    def choose(self, wish: str) -> None:
        number = None if wish == NEW else esdh_case(wish, "26").number
        outcome = names(self.journal.ask(replace(choose_case, number=number)))
        if self.offered is None:
            assert outcome == "esdh-choice-not-asked"
        elif self.wish is not None:
            assert outcome == ([] if wish == self.wish else "esdh-choice-made")
        elif wish != NEW and wish not in self.offered:
            assert outcome == "esdh-case-no-candidate"
        else:
            assert outcome == ["EsdhCaseChosen"]
            self.wish = wish

    @rule(fact=FACTS)
    def journalise(self, fact: int) -> None:
        command = replace(record_journalised, about=numbered(1000 + fact), position=fact)
        outcome = names(self.journal.ask(command))
        assert outcome == ([] if fact in self.filed else ["Journalised"])
        self.filed.add(fact)

    # Entry 2 is of fact 2, and so on.
    @rule(entry=ENTRIES)
    def refuse(self, entry: int) -> None:
        command = replace(record_refused, entry=EntryId(numbered(entry)), position=entry)
        outcome = names(self.journal.ask(command))
        if entry in self.refused or entry in self.filed:
            assert outcome == []
        else:
            assert outcome == ["JournalisingRefused"]
            self.refused.add(entry)

    @rule(entry=ENTRIES)
    def retry(self, entry: int) -> None:
        command = replace(retry_journalising, entry=EntryId(numbered(entry)))
        outcome = names(self.journal.ask(command))
        if entry in self.refused:
            assert outcome == ["JournalisingRetried"]
            self.refused.remove(entry)
        else:
            assert outcome == "journalising-not-refused"

    @rule(kind=st.sampled_from(DifferenceKind), reference=IDS, is_found=st.booleans())
    def compare(self, kind: DifferenceKind, reference: str, *, is_found: bool) -> None:
        command = replace(
            record_difference if is_found else settle_difference,
            difference=kind,
            reference=reference,
        )
        outcome = names(self.journal.ask(command))
        if is_found == ((kind, reference) in self.differences):
            assert outcome == []
        elif is_found:
            assert outcome == ["JournalDifferenceFound"]
            self.differences.add((kind, reference))
        else:
            assert outcome == ["JournalDifferenceSettled"]
            self.differences.remove((kind, reference))

    @invariant()
    def the_state_is_what_happened(self) -> None:
        self.journal.check()

    @invariant()
    def no_fact_is_journalised_twice(self) -> None:
        facts = [e.about for e in self.journal.history if isinstance(e, Journalised)]
        assert len(facts) == len(set(facts))

    @invariant()
    def nobody_links_past_a_person_who_was_asked(self) -> None:
        is_asked = False
        for event in self.journal.history:
            if isinstance(event, EsdhCaseChoiceRequested):
                is_asked = True
            elif isinstance(event, EsdhCaseChosen):
                is_asked = False
            elif isinstance(event, EsdhCaseLinked):
                assert not is_asked


TestJournal = JournalMachine.TestCase
TestJournal.settings = MACHINE
