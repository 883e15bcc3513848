"""The rules of a matter's journal: which case in the records system, and what lies there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never
from uuid import UUID

from aggregates.decider import Decider
from commands.journal import (
    ChooseEsdhCase,
    JournalCommand,
    LinkEsdhCase,
    RecordJournalDifference,
    RecordJournalised,
    RecordJournalisingRefused,
    RenumberEsdhCase,
    RequestEsdhCaseChoice,
    RetryJournalising,
    SettleJournalDifference,
)
from commands.refusal import Refused
from events.ids import EntryId
from events.journal import (
    Candidate,
    ChoiceReason,
    DifferenceKind,
    EsdhCase,
    EsdhCaseChoiceRequested,
    EsdhCaseChosen,
    EsdhCaseLinked,
    EsdhCaseRenumbered,
    JournalDifferenceFound,
    JournalDifferenceSettled,
    JournalEvent,
    Journalised,
    JournalisingRefused,
    JournalisingRetried,
    LinkedBy,
)

_CaseCommand: TypeAlias = LinkEsdhCase | RenumberEsdhCase | RequestEsdhCaseChoice | ChooseEsdhCase
_CaseEvent: TypeAlias = (
    EsdhCaseLinked | EsdhCaseRenumbered | EsdhCaseChoiceRequested | EsdhCaseChosen
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a caseworker was asked, and answered: `made` with `chosen` None is a new case."""

    reason: ChoiceReason
    candidates: tuple[Candidate, ...]
    made: bool = False
    chosen: EsdhCase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """`choice` is the last that was asked and not yet acted on by a link."""

    linked: EsdhCase | None = None
    linked_by: LinkedBy | None = None
    choice: Choice | None = None
    journalised: frozenset[UUID] = frozenset()
    refused: Mapping[EntryId, str] = field(default_factory=dict)
    differences: frozenset[tuple[DifferenceKind, str]] = frozenset()


def decide(command: JournalCommand, journal: Journal) -> list[JournalEvent]:
    match command:
        case LinkEsdhCase() | RenumberEsdhCase() | RequestEsdhCaseChoice() | ChooseEsdhCase():
            return _on_case(command, journal)
        case RecordJournalised():
            return _journalise(command, journal)
        case RecordJournalisingRefused():
            return _refuse(command, journal)
        case RetryJournalising():
            return _retry(command, journal)
        case RecordJournalDifference():
            return _differ(command, journal)
        case SettleJournalDifference():
            return _settle(command, journal)
        case _:
            assert_never(command)


def _on_case(command: _CaseCommand, journal: Journal) -> list[JournalEvent]:
    match command:
        case LinkEsdhCase():
            return _link(command, journal)
        case RenumberEsdhCase():
            return _renumber(command, journal)
        case RequestEsdhCaseChoice():
            return _request(command, journal)
        case ChooseEsdhCase():
            return _choose(command, journal)
        case _:
            assert_never(command)


def _link(command: LinkEsdhCase, journal: Journal) -> list[JournalEvent]:
    if journal.linked == command.esdh_case and journal.choice is None:
        return []
    if _is_asked(journal) and command.by is not LinkedBy.CHOSEN:
        # The worker that found a case did so before it, or another, asked a person.
        raise Refused("esdh-choice-pending", "A caseworker has been asked which case is right.")
    return [
        EsdhCaseLinked(matter=command.matter, esdh_case=command.esdh_case, by=command.by),
    ]


def _renumber(command: RenumberEsdhCase, journal: Journal) -> list[JournalEvent]:
    linked = journal.linked
    if linked is None or linked.id != command.esdh_case.id:
        raise Refused("esdh-case-not-linked", "The matter is not linked to that case.")
    if linked.number == command.esdh_case.number:
        return []
    return [
        EsdhCaseRenumbered(
            matter=command.matter, esdh_case=command.esdh_case, former_number=linked.number
        )
    ]


def _request(command: RequestEsdhCaseChoice, journal: Journal) -> list[JournalEvent]:
    if _is_asked(journal):
        return []
    return [
        EsdhCaseChoiceRequested(
            matter=command.matter, reason=command.reason, candidates=command.candidates
        )
    ]


def _choose(command: ChooseEsdhCase, journal: Journal) -> list[JournalEvent]:
    """Only what was asked is answered, and once: the sync may already act on the answer."""
    if journal.choice is None:
        raise Refused("esdh-choice-not-asked", "No choice of case is waiting.")
    if journal.choice.made:
        same = command.number == (journal.choice.chosen.number if journal.choice.chosen else None)
        if same:
            return []
        raise Refused("esdh-choice-made", "The case has been chosen already.")
    return [
        EsdhCaseChosen(
            matter=command.matter,
            esdh_case=_candidate(command.number, journal.choice),
        )
    ]


def _candidate(number: str | None, choice: Choice) -> EsdhCase | None:
    if number is None:
        return None
    for candidate in choice.candidates:
        if candidate.esdh_case.number == number:
            return candidate.esdh_case
    raise Refused("esdh-case-no-candidate", "The case is not among those to choose from.")


def _journalise(command: RecordJournalised, journal: Journal) -> list[JournalEvent]:
    if command.about in journal.journalised:
        return []
    return [
        Journalised(
            matter=command.matter,
            about=command.about,
            position=command.position,
            esdh_case=command.esdh_case,
            receipts=command.receipts,
        )
    ]


def _refuse(command: RecordJournalisingRefused, journal: Journal) -> list[JournalEvent]:
    if command.entry in journal.refused:
        return []
    return [
        JournalisingRefused(
            matter=command.matter,
            entry=command.entry,
            position=command.position,
            code=command.code,
            detail=command.detail,
        )
    ]


def _retry(command: RetryJournalising, journal: Journal) -> list[JournalEvent]:
    if command.entry not in journal.refused:
        raise Refused("journalising-not-refused", "Only what was refused is tried again by hand.")
    return [JournalisingRetried(matter=command.matter, entry=command.entry)]


def _differ(command: RecordJournalDifference, journal: Journal) -> list[JournalEvent]:
    if (command.difference, command.reference) in journal.differences:
        return []
    return [
        JournalDifferenceFound(
            matter=command.matter,
            difference=command.difference,
            reference=command.reference,
            esdh_case=command.esdh_case,
        )
    ]


def _settle(command: SettleJournalDifference, journal: Journal) -> list[JournalEvent]:
    if (command.difference, command.reference) not in journal.differences:
        return []
    return [
        JournalDifferenceSettled(
            matter=command.matter, difference=command.difference, reference=command.reference
        )
    ]


def _is_asked(journal: Journal) -> bool:
    return journal.choice is not None and not journal.choice.made


def evolve(journal: Journal, event: JournalEvent) -> Journal:
    match event:
        case EsdhCaseLinked() | EsdhCaseRenumbered() | EsdhCaseChoiceRequested() | EsdhCaseChosen():
            return _with_case(journal, event)
        case Journalised():
            return replace(journal, journalised=journal.journalised | {event.about})
        case JournalisingRefused():
            return replace(journal, refused={**journal.refused, event.entry: event.code})
        case JournalisingRetried():
            rest = {entry: code for entry, code in journal.refused.items() if entry != event.entry}
            return replace(journal, refused=rest)
        case JournalDifferenceFound():
            found = journal.differences | {(event.difference, event.reference)}
            return replace(journal, differences=found)
        case JournalDifferenceSettled():
            rest_of = journal.differences - {(event.difference, event.reference)}
            return replace(journal, differences=rest_of)
        case _:
            assert_never(event)


def _with_case(journal: Journal, event: _CaseEvent) -> Journal:
    match event:
        case EsdhCaseLinked():
            return replace(journal, linked=event.esdh_case, linked_by=event.by, choice=None)
        case EsdhCaseRenumbered():
            return replace(journal, linked=event.esdh_case)
        case EsdhCaseChoiceRequested():
            asked = Choice(reason=event.reason, candidates=event.candidates)
            return replace(journal, choice=asked)
        case EsdhCaseChosen():
            asked = journal.choice or Choice(reason=ChoiceReason.SEVERAL, candidates=())
            return replace(journal, choice=replace(asked, made=True, chosen=event.esdh_case))
        case _:
            assert_never(event)


decider = Decider(initial=Journal(), decide=decide, evolve=evolve)
