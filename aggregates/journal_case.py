"""The rules of which case in the records system is a matter's: found, or chosen by a person."""

from typing import TypeAlias, assert_never

from aggregates.journal_state import Choice, Journal
from commands.journal import (
    ChooseEsdhCase,
    LinkEsdhCase,
    RenumberEsdhCase,
    RequestEsdhCaseChoice,
)
from commands.refusal import Refused
from events.journal import (
    EsdhCase,
    EsdhCaseChoiceRequested,
    EsdhCaseChosen,
    EsdhCaseLinked,
    EsdhCaseRenumbered,
    JournalEvent,
    Matter,
)

JournalCaseCommand: TypeAlias = (
    LinkEsdhCase | RenumberEsdhCase | RequestEsdhCaseChoice | ChooseEsdhCase
)


def decide(command: JournalCaseCommand, journal: Journal) -> list[JournalEvent]:
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
    """Nobody links past a person who was asked, or to anything but what that person chose."""
    if journal.is_asked:
        # Whoever found a case now did so before it, or another worker, asked a person.
        raise Refused("esdh-choice-pending", "A caseworker has been asked which case is right.")
    linked, choice = journal.linked, journal.choice
    if choice is None and linked is not None and linked.id == command.esdh_case.id:
        return _renumbered(command.matter, linked, command.esdh_case)
    if choice is not None and not _is_what_was_chosen(command.esdh_case, choice, linked):
        raise Refused("esdh-choice-made", "A caseworker has chosen another case.")
    return [EsdhCaseLinked(matter=command.matter, esdh_case=command.esdh_case, by=command.by)]


def _is_what_was_chosen(found: EsdhCase, choice: Choice, linked: EsdhCase | None) -> bool:
    if choice.chosen is not None:
        return found.id == choice.chosen.id
    # A new one had no id when it was chosen, but it is none of those that were there.
    known = {candidate.esdh_case.id for candidate in choice.candidates}
    return found.id not in known and (linked is None or found.id != linked.id)


def _renumber(command: RenumberEsdhCase, journal: Journal) -> list[JournalEvent]:
    linked = journal.linked
    if linked is None or linked.id != command.esdh_case.id:
        raise Refused("esdh-case-not-linked", "The matter is not linked to that case.")
    return _renumbered(command.matter, linked, command.esdh_case)


def _renumbered(matter: Matter, linked: EsdhCase, now: EsdhCase) -> list[JournalEvent]:
    if linked.number == now.number:
        return []
    return [EsdhCaseRenumbered(matter=matter, esdh_case=now, former_number=linked.number)]


def _request(command: RequestEsdhCaseChoice, journal: Journal) -> list[JournalEvent]:
    if journal.is_asked:
        return []
    return [
        EsdhCaseChoiceRequested(
            matter=command.matter, reason=command.reason, candidates=command.candidates
        )
    ]


def _choose(command: ChooseEsdhCase, journal: Journal) -> list[JournalEvent]:
    """Only what was asked is answered, and once: the sync may already act on the answer."""
    choice = journal.choice
    if choice is None:
        raise Refused("esdh-choice-not-asked", "No choice of case is waiting.")
    if choice.made:
        if command.number == (None if choice.chosen is None else choice.chosen.number):
            return []
        raise Refused("esdh-choice-made", "The case has been chosen already.")
    return [EsdhCaseChosen(matter=command.matter, esdh_case=_candidate(command.number, choice))]


def _candidate(number: str | None, choice: Choice) -> EsdhCase | None:
    if number is None:
        return None
    for candidate in choice.candidates:
        if candidate.esdh_case.number == number:
            return candidate.esdh_case
    raise Refused("esdh-case-no-candidate", "The case is not among those to choose from.")
