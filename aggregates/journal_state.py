"""What the rules of a matter's journal remember of its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never
from uuid import UUID

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
    """`choice` is the last that was asked and not yet acted on by a link.

    `former` are the cases that the matter was linked to before, where some of it may lie.
    `journalised` are the facts that lie in the records system, by event id; `positions` are
    their places in the log.
    """

    linked: EsdhCase | None = None
    linked_by: LinkedBy | None = None
    former: tuple[EsdhCase, ...] = ()
    choice: Choice | None = None
    journalised: frozenset[UUID] = frozenset()
    positions: frozenset[int] = frozenset()
    refused: Mapping[EntryId, str] = field(default_factory=dict)
    differences: frozenset[tuple[DifferenceKind, str]] = frozenset()

    @property
    def is_asked(self) -> bool:
        """Whether a caseworker has yet to say which case is right."""
        return self.choice is not None and not self.choice.made


def evolve(journal: Journal, event: JournalEvent) -> Journal:
    match event:
        case EsdhCaseLinked() | EsdhCaseRenumbered() | EsdhCaseChoiceRequested() | EsdhCaseChosen():
            return _with_case(journal, event)
        case Journalised():
            return replace(
                journal,
                journalised=journal.journalised | {event.about},
                positions=journal.positions | {event.position},
            )
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


def _former(journal: Journal, linked: EsdhCase) -> tuple[EsdhCase, ...]:
    before = journal.former if journal.linked is None else (*journal.former, journal.linked)
    return tuple({case.id: case for case in before if case.id != linked.id}.values())


def _with_case(journal: Journal, event: _CaseEvent) -> Journal:
    match event:
        case EsdhCaseLinked():
            return replace(
                journal,
                linked=event.esdh_case,
                linked_by=event.by,
                choice=None,
                former=_former(journal, event.esdh_case),
            )
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
