"""How a case stands with the records system (ESDH), as the caseload shows it."""

from typing import Final, TypedDict, assert_never

from events.journal import (
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
)

STATES: Final = ("on-its-way", "journalised", "choice", "refused", "difference")
"""What `state_of` may say, and the queue can be asked for."""


class JournalRow(TypedDict):
    """`opening` is the position of the case's first fact, `is_there` whether that is journalised.

    `refused` maps each entry that waits for a caseworker to the position of its fact;
    `differences` are those that reconciliation has found and not yet seen settled.
    """

    opening: int
    is_there: bool
    number: str | None
    is_asked: bool
    refused: dict[str, int]
    differences: list[str]


def journal_of_new_case(opening: int) -> JournalRow:
    return JournalRow(
        opening=opening, is_there=False, number=None, is_asked=False, refused={}, differences=[]
    )


def state_of(journal: JournalRow) -> str:
    """What somebody must see to goes before how far the case itself has come."""
    if journal["is_asked"]:
        return "choice"
    if journal["refused"]:
        return "refused"
    if journal["differences"]:
        return "difference"
    return "journalised" if journal["is_there"] else "on-its-way"


def tell(journal: JournalRow, event: JournalEvent) -> None:
    """Take in what has happened on the way."""
    match event:
        case EsdhCaseLinked() | EsdhCaseRenumbered():
            journal["number"] = event.esdh_case.number
            journal["is_asked"] = journal["is_asked"] and isinstance(event, EsdhCaseRenumbered)
        case EsdhCaseChoiceRequested():
            journal["is_asked"] = True
        case EsdhCaseChosen():
            journal["is_asked"] = False
        case Journalised() | JournalisingRefused() | JournalisingRetried():
            _file(journal, event)
        case JournalDifferenceFound() | JournalDifferenceSettled():
            _compare(journal, event)
        case _:
            assert_never(event)


def _file(
    journal: JournalRow, event: Journalised | JournalisingRefused | JournalisingRetried
) -> None:
    match event:
        case Journalised():
            journal["is_there"] = journal["is_there"] or event.position == journal["opening"]
            journal["refused"] = {
                entry: position
                for entry, position in journal["refused"].items()
                if position != event.position
            }
        case JournalisingRefused():
            journal["refused"][str(event.entry)] = event.position
        case JournalisingRetried():
            journal["refused"].pop(str(event.entry), None)
        case _:
            assert_never(event)


def _compare(journal: JournalRow, event: JournalDifferenceFound | JournalDifferenceSettled) -> None:
    difference = f"{event.difference} {event.reference}"
    others = [other for other in journal["differences"] if other != difference]
    is_found = isinstance(event, JournalDifferenceFound)
    journal["differences"] = [*others, difference] if is_found else others
