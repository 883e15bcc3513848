"""Routes for looking at cases: my own, one case, its documents, its meeting."""

from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from events.case import DECIDED
from events.ids import ActorId, CalendarDayId, CaseId, DocumentId
from gateway.asked import Asked
from gateway.case_shapes import (
    CaseDocumentShape,
    CaseFactsShape,
    CaseRowShape,
    CaseShape,
    CasesShape,
    DeadlineShape,
    JournalShape,
    PlaceInLineShape,
    StepShape,
)
from gateway.documents import BINARY, Download
from gateway.door import OnCase, admit, admit_to_case
from gateway.fields import IdInPath
from gateway.guidance_view import guided
from gateway.hearing_view import parties_heard
from gateway.invitation import MEDIA_TYPE, invitation
from gateway.offers import service_title
from gateway.openapi import Responses, problems_of
from gateway.problems import Problem
from gateway.procedure_shapes import PartyHeardShape
from gateway.procedure_view import procedure_shape
from gateway.redaction import redaction_of
from gateway.routers import router_of
from gateway.seeing import parties_of, sight
from gateway.sentences import name_of
from gateway.shapes import MeetingShape, shaped
from gateway.withholding import as_seen, case_seen, documents_seen
from projections import caseload, documents, messages, parties, procedure, timeline, waiting
from projections.caseload import CaseloadEntry
from projections.documents import CaseDocument
from projections.procedure import Procedure
from projections.timeline_journal import LIES_THERE, ON_ITS_WAY
from services.authorisation import Action
from services.lookups.lookup import Shown

_CALENDAR: Final[Responses] = {200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}}

router: Final = router_of("cases", "/cases")

Looking: TypeAlias = Annotated[
    OnCase,
    Depends(
        admit_to_case(
            Action.LOOK_AT_CASE,
            *("caseload", "documents", "messages", "procedure", "timeline", "waiting"),
            shows=Shown.CASE,
        )
    ),
]

AtMeeting: TypeAlias = Annotated[
    OnCase,
    Depends(admit_to_case(Action.LOOK_AT_CASE, "caseload", "timeline", shows=Shown.MEETING)),
]


@router.get("", summary="My cases, the last opened first", response_model=CasesShape)
async def my_cases(
    asked: Annotated[Asked, Depends(admit(Action.LIST_OWN_CASES, "caseload", "parties"))],
) -> Response:
    party = asked.party
    async with asked.organisation.reads.connection() as db:
        own = await caseload.of_party(db, party)
        others = await caseload.several(db, await parties.cases_of(db, party))
    joined = [each for entry in others if (each := await _of_other(asked, entry)) is not None]
    found = sorted([*own, *joined], key=lambda each: (each.received_on, each.case_id), reverse=True)
    return shaped(CasesShape(cases=[case_row(each, asked) for each in found]))


async def _of_other(asked: Asked, entry: CaseloadEntry) -> CaseloadEntry | None:
    """The case as somebody who joined it sees it; None when they may not, which the log knows."""
    if entry.party == asked.who.party:
        return None
    opened = await asked.gateway.opened[asked.organisation.name].find(entry.case_id)
    if opened is None:
        return None
    try:
        seen = await sight(asked, entry.case_id, opened)
    except Problem:
        return None
    return case_seen(entry, service_title(asked, entry.service, entry.service_version), seen)


@router.get(
    "/{case_id}",
    summary="One case as it stands",
    response_model=CaseShape,
    responses=problems_of("case-not-found"),
)
async def show_case(on: Looking) -> Response:
    async with on.asked.organisation.reads.connection() as db:
        found = await caseload.one(db, on.case_id)
        attached = await documents.of_case(db, on.case_id)
        entries = await timeline.entries(db, on.case_id)
        course = await procedure.of_case(db, on.case_id)
        written = await messages.of_case(db, on.case_id)
        day = None if found is None else found.waiting_day
        line = [] if day is None else await waiting.of_day(db, CalendarDayId(day))
    if found is None:
        # The log has it and the view not yet: tell the client to come back.
        raise Problem("view-behind")
    seen = await sight(on.asked, on.case_id, on.opened)
    title = service_title(on.asked, found.service, found.service_version)
    found = case_seen(found, title, seen)
    heard = await _parties_heard(on, found, course)
    first = on.opened.party
    course_seen = procedure_shape(course, written, entries, seen, heard, first)
    shape = CaseShape(
        **dict(_facts(found, on.asked)),
        **dict(guided(course_seen, on.asked)),
        team=found.team,
        service_version=found.service_version,
        deadlines=[DeadlineShape.model_validate(row) for row in found.deadlines],
        next_steps=[
            StepShape.model_validate(
                {"text": step["text"][on.asked.language.value], "by": step["by"]}
            )
            for step in found.next_steps
        ],
        hearing=found.hearing,
        meeting=None if found.meeting is None else MeetingShape.model_validate(found.meeting),
        waiting=_place_in_line(found, line),
        documents=_documents(on.asked, documents_seen(attached, entries, seen)),
        journal=JournalShape(
            state=_journal_state(found, is_party=on.asked.who.party is not None),
            number=found.esdh_number,
        ),
    )
    return shaped(shape, version=found.version)


@router.get(
    "/{case_id}/documents/{document_id}",
    summary="A document of a case",
    response_class=Response,
    responses=BINARY | problems_of("case-not-found", "document-not-found"),
)
async def download_document(
    on: Annotated[
        OnCase,
        Depends(admit_to_case(Action.LOOK_AT_CASE, "documents", "timeline", shows=Shown.DOCUMENT)),
    ],
    document_id: IdInPath,
) -> Response:
    async with on.asked.organisation.reads.connection() as db:
        found = await documents.one(db, DocumentId(document_id), on.case_id)
        entries = await timeline.entries(db, on.case_id)
    seen = await sight(on.asked, on.case_id, on.opened)
    if found is None or not documents_seen([found], entries, seen):
        raise Problem("document-not-found")
    return Download(on.asked, found)


@router.get(
    "/{case_id}/meeting.ics",
    summary="The meeting as a calendar file (RFC 5545)",
    response_class=Response,
    responses=_CALENDAR | problems_of("case-not-found", "meeting-not-found"),
)
async def meeting_file(on: AtMeeting) -> Response:
    async with on.asked.organisation.reads.connection() as db:
        found = await caseload.one(db, on.case_id)
        entries = await timeline.entries(db, on.case_id)
    seen = await sight(on.asked, on.case_id, on.opened)
    told = [each for entry in entries if (each := as_seen(entry, seen)) is not None]
    body = None if found is None else invitation(found, told, on.asked.language)
    if body is None:
        raise Problem("meeting-not-found")
    headers = {
        "Content-Type": MEDIA_TYPE,
        "Content-Disposition": f'attachment; filename="{on.opened.reference}.ics"',
    }
    return Response(body, headers=headers)


def case_row(entry: CaseloadEntry, asked: Asked) -> CaseRowShape:
    return CaseRowShape(
        **dict(_facts(entry, asked)),
        esdh_number=entry.esdh_number,
        journal=_journal_state(entry, is_party=asked.who.party is not None),
    )


def _facts(entry: CaseloadEntry, asked: Asked) -> CaseFactsShape:
    return CaseFactsShape(
        case=entry.case_id,
        reference=entry.reference,
        kind=entry.kind,
        service=entry.service,
        subject=entry.subject,
        party=entry.party,
        party_name=name_of(ActorId(entry.party), asked.language, asked.names),
        received_on=entry.received_on,
        due_on=entry.due_on,
        status=entry.status,
        assigned_to=entry.assigned_to,
        waiting_for=entry.waiting_for,
    )


def _journal_state(entry: CaseloadEntry, *, is_party: bool) -> str:
    """What a caseworker must see to is no concern of the party's."""
    if is_party:
        return LIES_THERE if entry.is_journalised else ON_ITS_WAY
    return entry.journal


async def _parties_heard(
    on: OnCase, found: CaseloadEntry, course: Procedure
) -> list[PartyHeardShape]:
    """For staff, on a case that ends in a decision."""
    asked = on.asked
    if asked.who.party is not None or found.kind not in DECIDED:
        return []
    return parties_heard(course, await parties_of(asked, on.case_id), asked.names, asked.language)


def _place_in_line(entry: CaseloadEntry, line: Sequence[CaseId]) -> PlaceInLineShape | None:
    # The list is another view: a case it does not show any more has just been given a slot.
    if entry.waiting_day is None or entry.case_id not in line:
        return None
    return PlaceInLineShape(day=entry.waiting_day, ahead=line.index(entry.case_id))


def _documents(asked: Asked, shown: Sequence[CaseDocument]) -> list[CaseDocumentShape]:
    return [
        CaseDocumentShape(
            id=document.document_id,
            name=document.name,
            media_type=document.media_type,
            size=document.size,
            redacts=redaction_of(asked, document),
        )
        for document in shown
    ]
