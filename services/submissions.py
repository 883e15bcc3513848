"""From what was submitted to the command that opens its case, with all that is promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final, assert_never
from uuid import UUID

from commands.case import OpenCase, Retention
from commands.case_party import Acting
from events.case import Answer, CaseKind
from events.document import Document
from events.ids import CaseId, DocumentId, HearingId, PartyId, TeamId
from events.text import Text
from services.catalogue import promises
from services.catalogue.answer_mistakes import AnswerCode, AnswersInvalid, field_mistake
from services.catalogue.form import DocumentsField
from services.catalogue.organisation import Organisation
from services.catalogue.promises import Occasion
from services.catalogue.service import Service
from services.deadlines import last_day_before, local_date

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or misheard."""

REFERENCE_BITS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingAnswered:
    """The hearing that a response is about."""

    hearing_id: HearingId
    title: str
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Something submitted, its answers already read by the form of `service`.

    A response has its `hearing`, a meeting the day `meeting_on` asked for, Europe/Copenhagen; a
    complaint over a decision, and perhaps an access request, the case it is `about`. `acting` is
    who submits for `party`, if somebody does.
    """

    organisation: Organisation
    service: Service
    case_id: CaseId
    party: PartyId
    answers: Sequence[Answer]
    documents: Sequence[Document]
    received_at: datetime
    hearing: HearingAnswered | None = None
    meeting_on: date | None = None
    about: CaseId | None = None
    acting: Acting | None = None


def open_case(submission: Submission) -> OpenCase:
    """The command that opens the case, with all its promises counted.

    Raises:
        AnswersInvalid: more documents than the service takes.
        ValueError: a response without its hearing, a meeting without its day, or a time without
            an offset.
    """
    service, occasion = submission.service, _occasion(submission)
    named = {DocumentId(each) for each in named_documents(service, submission.answers)}
    if submission.acting is not None and submission.acting.document is not None:
        named.add(submission.acting.document)
    others = [each for each in submission.documents if each.document_id not in named]
    _require_documents_in_number(service, len(others))
    return OpenCase(
        case_id=submission.case_id,
        kind=service.kind,
        service=service.id,
        service_version=service.version,
        reference=occasion.reference,
        team=TeamId(service.team),
        party=submission.party,
        subject=promises.subject(service, submission.answers, occasion),
        answers=tuple(submission.answers),
        documents=tuple(submission.documents),
        received_on=occasion.received_on,
        hearing=None if submission.hearing is None else submission.hearing.hearing_id,
        next_steps=promises.next_steps(service, submission.answers, occasion),
        things_to_bring=promises.things_to_bring(service, submission.answers, occasion.received_on),
        deadlines=promises.deadlines(service, submission.answers, occasion),
        about=submission.about,
        retention=Retention(years=service.retention.years, basis=service.retention.basis),
        acting=submission.acting,
    )


def named_documents(service: Service, answers: Sequence[Answer]) -> Sequence[UUID]:
    """The ids of the documents that the form asks for by name, as they were answered."""
    asked = {field.id for field in service.form.fields() if isinstance(field, DocumentsField)}
    return [
        UUID(each)
        for answer in answers
        if answer.field in asked and isinstance(answer.value, tuple)
        for each in answer.value
    ]


def refuse_documents(
    service: Service, answers: Sequence[Answer], *, attached: Sequence[UUID]
) -> None:
    """Take none from somebody who has not logged in; docs/adr/0020-anonymous-submissions.md.

    Raises:
        AnswersInvalid: with each field that names one.
    """
    asked = {field.id for field in service.form.fields() if isinstance(field, DocumentsField)}
    named = [answer.field for answer in answers if answer.field in asked]
    mistakes = tuple(
        field_mistake(name, AnswerCode.DOCUMENTS_NEED_LOGIN)
        for name in (*named, *(("documents",) if attached else ()))
    )
    if mistakes:
        raise AnswersInvalid(mistakes)


def receipt(submission: Submission) -> Text:
    """What the party reads on having submitted.

    Raises:
        ValueError: as `open_case`.
    """
    return promises.receipt(submission.service, submission.answers, _occasion(submission))


def reference(prefix: str, case_id: CaseId, received_on: date) -> str:
    """The case's name among people: `HJO-26-4F7K-9QXD`.

    40 bits of the case id's SHA-256. That any two of n cases of one organisation and year share
    their reference has a chance of about n² / 2⁴¹: 1 in 22,000 for 10,000 cases, 1 in 220 for
    100,000. So a reference finds cases and never stands for one; that is what the case id does.
    """
    bits = int.from_bytes(sha256(case_id.bytes).digest()[: REFERENCE_BITS // 8])
    signs = "".join(CROCKFORD[bits >> shift & 31] for shift in range(REFERENCE_BITS - 5, -1, -5))
    return f"{prefix}-{received_on:%y}-{signs[:4]}-{signs[4:]}"


def _occasion(submission: Submission) -> Occasion:
    organisation, service, hearing = submission.organisation, submission.service, submission.hearing
    match service.kind:
        case CaseKind.HEARING_RESPONSE if hearing is None:
            raise ValueError("A response is about a hearing.")
        case CaseKind.MEETING if submission.meeting_on is None:
            raise ValueError("A meeting is on a day.")
        case CaseKind.HEARING_RESPONSE | CaseKind.MEETING:
            pass
        case CaseKind.COMPLAINT | CaseKind.APPLICATION | CaseKind.NOTICE | CaseKind.ACCESS_REQUEST:
            pass
        case _:
            assert_never(service.kind)
    received_on = local_date(submission.received_at)
    return Occasion(
        reference=reference(organisation.reference_prefix, submission.case_id, received_on),
        received_on=received_on,
        team=organisation.teams[TeamId(service.team)].name,
        calendar=organisation.calendar,
        hearing=None if hearing is None else hearing.title,
        hearing_closes_on=None if hearing is None else last_day_before(hearing.closes_at),
        meeting_on=submission.meeting_on,
    )


def _require_documents_in_number(service: Service, given: int) -> None:
    at_most = service.documents.at_most
    if given > at_most:
        mistake = field_mistake(
            "documents", AnswerCode.TOO_MANY_DOCUMENTS, at_most=at_most, given=given
        )
        raise AnswersInvalid((mistake,))
