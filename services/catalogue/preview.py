"""A service as the party will meet it: the form, and what is promised for sample answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from events.case import Answer, CaseKind
from events.day_unit import DayUnit
from events.ids import TeamId
from events.text import Text
from services.catalogue import promises
from services.catalogue.appeal import AppealGuidance
from services.catalogue.described import rules_words, span_words
from services.catalogue.form import DocumentsField
from services.catalogue.organisation import Organisation
from services.catalogue.promises import Occasion
from services.catalogue.review_words import Telling
from services.catalogue.service import PromisedDeadline, Service
from services.catalogue.spoken import amount_words, answer_words, date_words
from services.catalogue.words import Language
from services.deadlines import Period, count

HEARING: Final = "Lokalplan 412"
HEARING_DAYS: Final = 28
UNKNOWN: Final = "-"
"""Stands for an answer to what is not asked, and a day that cannot be counted yet."""

MEETING_AFTER: Final = Period(days=10, unit=DayUnit.WORKING_DAYS)

TITLES: Final[dict[Language, dict[str, str]]] = {
    "da": {
        "form": "Formular",
        "documents": "Dokumenter, der bedes om",
        "receipt": "Kvittering",
        "steps": "Næste skridt",
        "bring": "Tag med",
        "deadlines": "Frister",
        "fees": "Gebyrer (vises, opkræves ikke her)",
        "appeals": "Klage",
        "subject": "Sagens emne",
    },
    "en": {
        "form": "Form",
        "documents": "Documents asked for",
        "receipt": "Receipt",
        "steps": "Next steps",
        "bring": "Bring",
        "deadlines": "Deadlines",
        "fees": "Fees (shown, not taken)",
        "appeals": "Appeals",
        "subject": "The case's subject",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A service with good answers to it, as if submitted on a day."""

    organisation: Organisation
    service: Service
    answers: Sequence[Answer]
    on: date
    reference: str
    language: Language


def preview_lines(preview: Preview) -> Iterator[str]:
    service = preview.service
    yield f"{service.title.read_in(preview.language)} ({service.id}.v{service.version})"
    yield service.description.read_in(preview.language)
    for title, lines in preview_parts(preview):
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)


def preview_parts(preview: Preview) -> Iterator[tuple[str, Sequence[str]]]:
    """What there is to tell, part by part, each with its title."""
    service, occasion = preview.service, _occasion(preview)
    told = {
        "form": _form(preview),
        "documents": _documents(preview),
        "subject": [promises.subject(service, preview.answers, occasion)],
        "receipt": [_read(preview, promises.receipt(service, preview.answers, occasion))],
        "steps": _steps(preview, occasion),
        "bring": _bring(preview),
        "deadlines": _deadlines(preview, occasion),
        "fees": _fees(preview),
        "appeals": _appeals(preview),
    }
    for name, lines in told.items():
        if listed := list(lines):
            yield TITLES[preview.language][name], listed


def _occasion(preview: Preview) -> Occasion:
    """What a submission would know, with a made-up hearing or meeting where its kind has one."""
    kind, calendar = preview.service.kind, preview.organisation.calendar
    is_response, is_meeting = kind is CaseKind.HEARING_RESPONSE, kind is CaseKind.MEETING
    return Occasion(
        reference=preview.reference,
        received_on=preview.on,
        team=preview.organisation.teams[TeamId(preview.service.team)].name,
        calendar=calendar,
        hearing=HEARING if is_response else None,
        hearing_closes_on=preview.on + timedelta(days=HEARING_DAYS) if is_response else None,
        meeting_on=count(preview.on, MEETING_AFTER, calendar) if is_meeting else None,
    )


def _form(preview: Preview) -> Iterator[str]:
    tell = Telling(preview.language)
    given = {answer.field: answer.value for answer in preview.answers}
    for section in preview.service.form.sections:
        yield section.title.read_in(preview.language)
        for field in section.fields:
            star = " *" if field.required else ""
            said = UNKNOWN
            if field.id in given:
                said = answer_words(field, given[field.id], preview.language)
            rules = rules_words(tell, field)
            yield f"  {field.label.read_in(preview.language)}{star}  [{rules}]: {said}"


def _documents(preview: Preview) -> Iterator[str]:
    given = {answer.field for answer in preview.answers}
    for asked in preview.service.form.questions():
        field = asked.field
        if isinstance(field, DocumentsField) and field.id in given:
            yield f"- {field.label.read_in(preview.language)}{' *' if field.required else ''}"
    more = preview.service.documents
    if more.at_most:
        words = "" if more.text is None else more.text.read_in(preview.language)
        yield f"+ {more.at_most}  {words}".rstrip()


def _steps(preview: Preview, occasion: Occasion) -> Iterator[str]:
    for step in promises.next_steps(preview.service, preview.answers, occasion):
        by = "" if step.by is None else f"{date_words(step.by, preview.language)}: "
        yield f"- {by}{_read(preview, step.text)}"


def _bring(preview: Preview) -> Iterator[str]:
    for thing in promises.things_to_bring(preview.service, preview.answers, preview.on):
        yield f"- {_read(preview, thing.what)} ({_read(preview, thing.why)})"


def _deadlines(preview: Preview, occasion: Occasion) -> Iterator[str]:
    counted = {
        deadline.deadline: deadline.due_on
        for deadline in promises.deadlines(preview.service, preview.answers, occasion)
    }
    for promised in promises.promised_deadlines(preview.service, preview.answers, preview.on):
        due_on = counted.get(promised.deadline)
        by = UNKNOWN if due_on is None else date_words(due_on, preview.language)
        period = span_words(Telling(preview.language), promised.period)
        yield f"- {promised.deadline}: {by}  [{period}]{_aim(preview, promised)}"


def _aim(preview: Preview, promised: PromisedDeadline) -> str:
    words = None if promised.text is None else promised.text.read_in(preview.language)
    said = ", ".join(each for each in (words, promised.basis) if each is not None)
    return f"  {said}" if said else ""


def _fees(preview: Preview) -> Iterator[str]:
    for fee in promises.fees(preview.service, preview.answers, preview.on):
        per = "" if fee.per is None else f" / {fee.per.read_in(preview.language)}"
        amount = amount_words(fee.kroner, preview.language)
        yield f"- {fee.what.read_in(preview.language)}: {amount}{per} ({fee.basis})"


def _appeals(preview: Preview) -> Iterator[str]:
    for name in preview.service.appeals:
        guidance: AppealGuidance = preview.organisation.appeals[name]
        last_day = guidance.last_day(preview.on, preview.organisation.calendar)
        yield f"- {guidance.body.read_in(preview.language)} ({guidance.source})"
        yield f"  {_read(preview, guidance.told(last_day))}"


def _read(preview: Preview, text: Text) -> str:
    return text.da if preview.language == "da" else text.en
