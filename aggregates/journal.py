"""The rules of a matter's journal: what lies in the records system, and what does not yet."""

from typing import assert_never

from aggregates import journal_case
from aggregates.decider import Decider
from aggregates.journal_state import Choice, Journal, evolve
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
from events.journal import (
    JournalDifferenceFound,
    JournalDifferenceSettled,
    JournalEvent,
    Journalised,
    JournalisingRefused,
    JournalisingRetried,
)

__all__ = ["Choice", "Journal", "decider"]


def decide(command: JournalCommand, journal: Journal) -> list[JournalEvent]:
    match command:
        case LinkEsdhCase() | RenumberEsdhCase() | RequestEsdhCaseChoice() | ChooseEsdhCase():
            return journal_case.decide(command, journal)
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


def _journalise(command: RecordJournalised, journal: Journal) -> list[JournalEvent]:
    if command.about in journal.journalised:
        return []
    return [
        Journalised(
            matter=command.matter,
            fact=command.fact,
            about=command.about,
            position=command.position,
            esdh_case=command.esdh_case,
            receipts=command.receipts,
        )
    ]


def _refuse(command: RecordJournalisingRefused, journal: Journal) -> list[JournalEvent]:
    """What lies there already is not refused: a worker that was overtaken may come late."""
    if command.entry in journal.refused or command.position in journal.positions:
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


decider = Decider(initial=Journal(), decide=decide, evolve=evolve)
