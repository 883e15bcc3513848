"""The one way to submit anything: answers to a service's form become a case."""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.case import OpenCase
from commands.submission import (
    IfTaken,
    SubmitComplaint,
    SubmitHearingResponse,
    SubmitMeeting,
)
from events.case import Answer, Meeting, MeetingBooked, PutOnWaitingList
from events.catalogue import Event
from events.ids import SlotId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.case_shapes import SubmissionShape
from gateway.commanding import carry_out, told_before
from gateway.documents import REFERRED, referred
from gateway.fields import DocumentIds, Id, SlotName
from gateway.language import Language, in_language
from gateway.occasions import occasion
from gateway.offered import fee_shape
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.problems import FieldProblem, Problem
from gateway.receipt_file import with_receipt_file
from gateway.routers import router_of
from gateway.submitting import RepresentedBody, Submitting, for_whom, let_in
from services.catalogue.answer_mistakes import AnswersInvalid, FieldMistake
from services.catalogue.promises import fees
from services.catalogue.service import ComplaintOver, Service
from services.deadlines import local_date
from services.opened_cases import OpenedCase
from services.refusals import DocumentRefused
from services.submissions import (
    Submission,
    named_documents,
    open_case,
    receipt,
    refuse_documents,
)

router: Final = router_of("services")


class SubmissionBody(Body):
    """`about` is the hearing answered or the case complained or asked about; `slot` the meeting
    wanted, `if_taken` what else. `on_behalf_of` is whom one submits for, where the service lets
    representatives.
    """

    answers: dict[str, object]
    documents: DocumentIds = ()
    about: Id | None = None
    slot: SlotName | None = None
    if_taken: Annotated[IfTaken, Field(strict=False)] = IfTaken.REFUSE
    on_behalf_of: RepresentedBody | None = None


@router.post(
    "/services/{service}/submissions",
    status_code=201,
    summary="Submit: respond, book a meeting, apply, notify, complain, ask for access",
    response_model=SubmissionShape,
    responses=problems_of(
        "service-not-found",
        "login-not-sure",
        "case-not-found",
        "decision-not-found",
        "hearing-not-found",
        "hearing-closed",
        "hearing-cancelled",
        "hearing-concluded",
        "day-not-found",
        "slot-not-found",
        "slot-held",
        "slot-taken",
        "slot-past",
        *REFERRED,
        "document-already-added",
        "representatives-not-accepted",
        "power-of-attorney-missing",
        "representative-is-party",
    ),
)
async def submit(
    submitting: Annotated[Submitting, Depends(let_in)], order: Making, body: SubmissionBody
) -> Response:
    try:
        submitting = await for_whom(submitting, body.on_behalf_of)
        submission, opening = await _opening(submitting, body)
    except (Problem, DocumentRefused):
        # The form may have changed since this very request was carried out.
        given_before = await told_before(submitting.asked, order)
        if given_before is None:
            raise
        return await _given(submitting, given_before)
    asked = submitting.asked
    answer = await carry_out(
        asked,
        order,
        _command(submission, opening, body),
        # What nobody can open again is nowhere to be found.
        location=None if submitting.is_anonymous else asked.path(f"/cases/{opening.case_id}"),
        render=_rendering(submission, opening, asked.language),
    )
    _remember(asked, opening)
    return await _given(submitting, answer)


async def _given(submitting: Submitting, answer: Response) -> Response:
    """The answer as it is given: whoever cannot come back for their receipt takes it along."""
    return await with_receipt_file(submitting.asked, answer) if submitting.is_anonymous else answer


def _command(
    submission: Submission, opening: OpenCase, body: SubmissionBody
) -> OpenCase | SubmitHearingResponse | SubmitMeeting | SubmitComplaint:
    now = submission.received_at
    if body.slot is not None:
        return SubmitMeeting(case=opening, slot=SlotId(body.slot), if_taken=body.if_taken, now=now)
    if submission.hearing is not None:
        return SubmitHearingResponse(case=opening, now=now)
    if submission.service.complaint_over is ComplaintOver.DECISION:
        return SubmitComplaint(case=opening)
    return opening


async def _opening(submitting: Submitting, body: SubmissionBody) -> tuple[Submission, OpenCase]:
    submission = await _submission(submitting, body)
    try:
        return submission, open_case(submission)
    except AnswersInvalid as mistakes:
        raise _answers_problem(mistakes) from mistakes


async def _submission(submitting: Submitting, body: SubmissionBody) -> Submission:
    asked, service = submitting.asked, submitting.service
    received_at = asked.now()
    on = await occasion(asked, service, about=body.about, slot=body.slot)
    try:
        answers = service.read_answers(body.answers, local_date(received_at))
        if submitting.is_anonymous:
            refuse_documents(service, answers, attached=body.documents)
    except AnswersInvalid as mistakes:
        raise _answers_problem(mistakes) from mistakes
    return Submission(
        organisation=asked.organisation.catalogue,
        service=service,
        case_id=submitting.case_id,
        party=submitting.party,
        answers=answers,
        documents=await referred(asked, _documents(body, service, answers)),
        acting=submitting.acting,
        received_at=received_at,
        hearing=on.hearing,
        meeting_on=on.meeting_on,
        about=on.about,
    )


def _documents(body: SubmissionBody, service: Service, answers: Sequence[Answer]) -> list[UUID]:
    """The documents that the form asked for by name, then all others; each once."""
    represented = body.on_behalf_of
    paper = [] if represented is None or represented.document is None else [represented.document]
    return list(dict.fromkeys([*named_documents(service, answers), *body.documents, *paper]))


def _rendering(
    submission: Submission, opening: OpenCase, language: Language
) -> Callable[[Sequence[Event]], bytes]:
    words = receipt(submission)
    owed = fees(submission.service, submission.answers, opening.received_on)

    def render(decided: Sequence[Event]) -> bytes:
        meeting: Meeting | None = None
        waiting: str | None = None
        for event in decided:
            if isinstance(event, MeetingBooked) and event.case_id == opening.case_id:
                meeting = event.meeting
            elif isinstance(event, PutOnWaitingList) and event.case_id == opening.case_id:
                waiting = event.day
        told = {
            "case": str(opening.case_id),
            "reference": opening.reference,
            "receipt": in_language(words, language),
            "next_steps": [
                {
                    "text": in_language(step.text, language),
                    "by": None if step.by is None else step.by.isoformat(),
                }
                for step in opening.next_steps
            ],
            "bring": [
                {"what": in_language(each.what, language), "why": in_language(each.why, language)}
                for each in opening.things_to_bring
            ],
            "fees": [fee_shape(fee, language.value).model_dump() for fee in owed],
            "meeting": None if meeting is None else meeting_json(meeting),
            "waiting": None if waiting is None else {"day": waiting},
            "receipt_pdf": None,
        }
        return json.dumps(told, ensure_ascii=False).encode()

    return render


def meeting_json(meeting: Meeting) -> dict[str, str]:
    return {
        "slot": meeting.slot,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
    }


def _remember(asked: Asked, opening: OpenCase) -> None:
    # A repeated request made another id that no case has; it is never asked for.
    opened = OpenedCase(
        kind=opening.kind,
        team=opening.team,
        party=opening.party,
        reference=opening.reference,
        hearing=opening.hearing,
    )
    asked.gateway.opened[asked.organisation.name].remember(opening.case_id, opened)


def _answers_problem(invalid_answers: AnswersInvalid) -> Problem:
    return Problem("invalid-input", errors=[_field(each) for each in invalid_answers.mistakes])


def _field(mistake: FieldMistake) -> FieldProblem:
    # A mistake about the attachments is about the body's own field, all others about an answer.
    name = mistake.field if mistake.field == "documents" else f"answers.{mistake.field}"
    return FieldProblem(
        field=name[:200], code=mistake.code, facts=mistake.facts, remedy=mistake.remedy
    )
