"""The letter of a submission: what was asked and answered, what came with it and was promised."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from events.case import (
    AnswerValue,
    CaseOpened,
    MeetingBooked,
    NextStepsAnnounced,
    PartyAddedDocument,
    PutOnWaitingList,
    ThingsToBringListed,
)
from events.case_deadline import DeadlineSet
from events.case_party import RepresentativeAppointed
from events.catalogue import Event
from events.document import Document
from events.envelope import Recorded
from services.catalogue.condition import both
from services.catalogue.form import DocumentsField, Form, FormField, LongTextField
from services.catalogue.form import Section as FormSection
from services.catalogue.organisation import Organisation
from services.catalogue.service import Service
from services.deadlines import local_date
from services.esdh.port import Direction
from services.journal import letter_texts as texts
from services.journal.letter import Letter, Part, Passage, Section, Table, attached, details

QUESTION_AND_ANSWER = ("Spørgsmål", "Svar")


def submission(
    opening: tuple[Recorded, CaseOpened],
    history: Sequence[Recorded],
    organisation: Organisation,
    *,
    name: str,
    hearing_title: str | None,
) -> Letter:
    """The case's opening with all that the same command recorded.

    Raises:
        KeyError: the organisation does not have the version of the service.
    """
    fact, opened = opening
    service = organisation.version(opened.service, opened.service_version)
    at_once = [
        earlier.event
        for earlier in history
        if earlier.envelope.command_id == fact.envelope.command_id
    ]
    received = f"modtaget {texts.short_date(opened.received_on)}"
    enclosed = [event.document for event in at_once if isinstance(event, PartyAddedDocument)]
    return Letter(
        organisation=organisation.name.da,
        title=texts.title("", opened.subject, received),
        file_name=texts.file_name("indsendelse", opened.reference),
        date=opened.received_on,
        direction=Direction.IN,
        sections=(
            _about(fact, opened, service, organisation, name, hearing_title, at_once),
            *_answers(service.form, opened, enclosed),
            attached(enclosed),
            *_promises(at_once),
        ),
    )


def _about(
    fact: Recorded,
    opened: CaseOpened,
    service: Service,
    organisation: Organisation,
    name: str,
    hearing_title: str | None,
    at_once: Sequence[Event],
) -> Section:
    about = details(
        ("Indsendt til", texts.authority(organisation, opened.team)),
        ("Løsning", service.title.da),
        ("Sagens nummer", opened.reference),
        ("Emne", opened.subject),
        ("Høring", hearing_title),
        ("Modtaget", _received(fact, opened)),
        ("Part", name),
        ("På vegne af", texts.acted_for(fact.envelope.on_behalf_of, opened.party)),
        ("Indsendt ved fuldmagt af", _representative(at_once)),
    )
    return Section(heading="Indsendelsen", parts=(about,))


def _representative(at_once: Sequence[Event]) -> str | None:
    named = [each.representative for each in at_once if isinstance(each, RepresentativeAppointed)]
    return texts.another(named[0]) if named else None


def _received(fact: Recorded, opened: CaseOpened) -> str:
    """With the time of day, unless midnight passed, or years did, before it was written down."""
    if local_date(fact.recorded_at) == opened.received_on:
        return texts.moment(fact.recorded_at)
    return texts.long_date(opened.received_on)


def _answers(form: Form, opened: CaseOpened, enclosed: Sequence[Document]) -> Iterable[Section]:
    answers = opened.answers
    given = {answer.field: answer.value for answer in answers}
    names = {str(document.document_id): document.name for document in enclosed}
    for section in form.sections:
        shown = [
            asked
            for asked in section.fields
            if _is_shown(section, asked, given, opened.received_on)
        ]
        if parts := _asked(shown, given, names):
            yield Section(heading=section.title.da, parts=parts)
    known = {field.id for field in form.fields()}
    rest = tuple(
        (answer.field, texts.plain(answer.value)) for answer in answers if answer.field not in known
    )
    if rest:
        # The form can have none of these; if a fact has, it was still said.
        heading = "Svar uden spørgsmål i formularen"
        yield Section(heading=heading, parts=(Table(header=("Felt", "Svar"), rows=rest),))


def _asked(
    shown: Iterable[FormField], given: dict[str, AnswerValue], names: Mapping[str, str]
) -> tuple[Part, ...]:
    """Short answers in tables, long ones under their question, all in the order of the form."""
    parts: list[Part] = []
    rows: list[tuple[str, str]] = []
    for asked in shown:
        value = given.get(asked.id)
        if isinstance(asked, LongTextField) and value is not None:
            parts += _as_table(rows)
            rows = []
            parts.append(Passage(heading=asked.label.da, text=texts.answer(asked, value)))
        else:
            said = texts.UNANSWERED if value is None else _said(asked, value, names)
            rows.append((asked.label.da, said))
    return (*parts, *_as_table(rows))


def _said(asked: FormField, value: AnswerValue, names: Mapping[str, str]) -> str:
    """An answer in words; documents by the names that they came under."""
    if isinstance(asked, DocumentsField) and isinstance(value, tuple):
        return ", ".join(names.get(each, each) for each in value)
    return texts.answer(asked, value)


def _is_shown(
    section: FormSection, asked: FormField, given: dict[str, AnswerValue], on: date
) -> bool:
    when = both(section.shown_when, asked.shown_when)
    return asked.id in given or when is None or when.holds(given, on)


def _as_table(rows: Sequence[tuple[str, str]]) -> list[Part]:
    return [Table(header=QUESTION_AND_ANSWER, rows=tuple(rows))] if rows else []


def _promises(at_once: Sequence[Event]) -> Iterable[Section]:
    """What the party was told in return, as the facts have it and in their order."""
    for event in at_once:
        match event:
            case MeetingBooked():
                yield _told(
                    "Tid og sted", Passage(text=f"Mødet er {texts.time_and_place(event.meeting)}.")
                )
            case PutOnWaitingList():
                yield _told(
                    "Venteliste",
                    Passage(text=f"Parten står på venteliste {texts.day_of(event.day)}."),
                )
            case NextStepsAnnounced():
                steps = tuple((step.text.da, _by(step.by)) for step in event.steps)
                yield _told("Næste skridt", Table(header=("Skridt", "Senest"), rows=steps))
            case ThingsToBringListed():
                things = tuple((thing.what.da, thing.why.da) for thing in event.things)
                yield _told("Det skal medbringes", Table(header=("Hvad", "Hvorfor"), rows=things))
            case _:
                pass
    due = tuple(
        (texts.DEADLINES[event.deadline], texts.long_date(event.due_on))
        for event in at_once
        if isinstance(event, DeadlineSet)
    )
    if due:
        yield _told("Frister", Table(header=("Frist", "Senest"), rows=due))


def _told(heading: str, part: Part) -> Section:
    return Section(heading=heading, parts=(part,))


def _by(day: date | None) -> str:
    return "Ingen dato" if day is None else texts.long_date(day)
