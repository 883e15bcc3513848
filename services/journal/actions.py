"""What is asked of the records system for one entry, made from the fact that it comes from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from events.case import CaseOpened, CaseReopened, HearingResponseAnswered
from events.case_assignment import CaseAssigned
from events.envelope import Recorded
from events.hearing import HearingConcluded, HearingMaterialAdded, HearingPublished
from events.journal import LinkedBy, MatterKind
from services.catalogue.service import EsdhRule
from services.clock import COPENHAGEN
from services.documents.kinds import PDF
from services.esdh.port import (
    CaseStatus,
    Done,
    Esdh,
    NewDocument,
    NewNote,
    NewReminder,
    Outcome,
)
from services.journal.belonging import service_of
from services.journal.notes import note_of, reminder_name, status_comment
from services.journal.papers import direction_of, stored_document
from services.journal.ports import Entry, EntryKind
from services.journal.references import reference_of
from services.journal.reminders import DueDay, last_reminder
from services.journal.subject import case_opened_with
from services.journal.whose import (
    addressed,
    called,
    called_in_letter,
    may_be_given,
    protected_party,
)
from services.journal.work import Lane, Office, Unfileable

Send: TypeAlias = Callable[[Esdh, str], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Action:
    """`adds` is whether doing it twice would leave two of it: then an intent comes first."""

    send: Send
    adds: bool


async def action_for(office: Office, lane: Lane, entry: Entry, fact: Recorded) -> Action | None:
    """What to ask for, None when there is nothing to do.

    Raises:
        Unfileable: it cannot be made.
        EsdhUnavailable: the records system must be asked something first, and did not answer.
    """
    match entry.new.kind:
        case EntryKind.DOCUMENT:
            document = await _document(office, lane, entry, fact)
            return Action(lambda esdh, case: esdh.file_document(case, document), adds=True)
        case EntryKind.NOTE:
            note = await _note(office, lane, entry, fact)
            return Action(lambda esdh, case: esdh.add_note(case, note), adds=True)
        case EntryKind.REMINDER:
            reminder = _reminder(entry, fact)
            return Action(lambda esdh, case: esdh.add_reminder(case, reminder), adds=True)
        case EntryKind.REMINDER_FINISHED:
            return _finish_reminder(lane, fact)
        case EntryKind.STATUS:
            return _status(office, lane, fact)
        case EntryKind.HANDLER:
            return _handler(office, fact)
        case EntryKind.CASE:
            raise AssertionError("A case is found, not filed.")


def category_of(lane: Lane, fact: Recorded) -> str | None:
    """The sub-folder of a hearing's case (SBSYS: delforløb); other cases have none."""
    match fact.event:
        case HearingPublished() | HearingMaterialAdded():
            return "Høringstekst"
        case HearingConcluded() | HearingResponseAnswered():
            return "Konklusion"
        case _:
            return "Høringssvar" if _answers_hearing(lane) else None


async def _document(office: Office, lane: Lane, entry: Entry, fact: Recorded) -> NewDocument:
    stored = stored_document(fact, entry.new.part)
    party, protected = await protected_party(office, lane, addressed(lane, fact))
    if stored is None:
        letter = await office.typesetter.letter(
            fact,
            lane.history,
            party,
            protected=protected is True,
            called=await called_in_letter(office, lane, fact),
        )
        title, name, media_type = letter.title, letter.file_name, PDF.media_type
        content = letter.content
    else:
        title, name, media_type = stored.name, stored.name, stored.media_type
        try:
            content = await office.contents.read(stored.sha256)
        except FileNotFoundError as gone:
            raise Unfileable("document-gone", "The document's file cannot be read.") from gone
    return NewDocument(
        reference=reference_of(entry.new.entry),
        title=title,
        file_name=name,
        media_type=media_type,
        content=content,
        direction=direction_of(fact),
        access=await may_be_given(office, lane, fact),
        date=fact.recorded_at.astimezone(COPENHAGEN).date(),
        category=category_of(lane, fact),
        case=None if office.esdh.can_look_up else case_opened_with(office, lane),
    )


async def _note(office: Office, lane: Lane, entry: Entry, fact: Recorded) -> NewNote:
    heading, text = note_of(fact, office.organisation, await called(office, lane, fact))
    return NewNote(
        reference=reference_of(entry.new.entry), heading=heading, text=text, at=fact.recorded_at
    )


def _reminder(entry: Entry, fact: Recorded) -> NewReminder:
    due = fact.event
    if not isinstance(due, DueDay):
        raise TypeError(type(due).__name__)
    return NewReminder(
        reference=reference_of(entry.new.entry),
        name=reminder_name(due.deadline),
        due_on=due.due_on,
    )


def _finish_reminder(lane: Lane, fact: Recorded) -> Action | None:
    reference = last_reminder(lane.history, fact)
    if reference is None:
        return None
    return Action(lambda esdh, case: esdh.finish_reminder(case, reference), adds=False)


def _status(office: Office, lane: Lane, fact: Recorded) -> Action | None:
    """Only a case that is this matter's alone is closed and opened with it."""
    if not _owns_case(office, lane):
        return None
    status = CaseStatus.OPEN if isinstance(fact.event, CaseReopened) else CaseStatus.CLOSED
    comment = status_comment(fact)

    async def send(esdh: Esdh, case: str) -> Outcome:
        outcome = await esdh.set_status(case, status, comment)
        if isinstance(outcome, Done):
            office.session.forget(case)
        return outcome

    return Action(send, adds=False)


def _handler(office: Office, fact: Recorded) -> Action | None:
    if not isinstance(fact.event, CaseAssigned):
        raise TypeError(type(fact.event).__name__)
    user = office.users.get(fact.event.to)
    if user is None:
        return None
    return Action(lambda esdh, case: esdh.change_handler(case, user), adds=False)


def _owns_case(office: Office, lane: Lane) -> bool:
    opened = next((f.event for f in lane.history if isinstance(f.event, CaseOpened)), None)
    if opened is None or lane.state.linked_by is not LinkedBy.CREATED:
        return False
    return service_of(opened, office.organisation).esdh.rule is EsdhRule.NEW_CASE


def _answers_hearing(lane: Lane) -> bool:
    if lane.matter.kind is MatterKind.HEARING:
        return True
    return any(isinstance(f.event, CaseOpened) and f.event.hearing for f in lane.history)
