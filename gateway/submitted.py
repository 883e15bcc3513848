"""Route for what was submitted: each question of the form that was answered, with its answer."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response

from events.case import AnswerValue, CaseOpened
from gateway.asked import Asked
from gateway.door import OnCase, admit_to_case
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.seeing import sight
from gateway.shapes import Shape, shaped
from services.authorisation import Action
from services.catalogue.form import DocumentsField, FormField, LongTextField, Section
from services.catalogue.spoken import answer_words
from services.catalogue.words import Language
from services.lookups.lookup import Shown
from services.streams import case_stream

router: Final = router_of("cases", "/cases/{case_id}/answers")


class AnsweredShape(Shape):
    """`text` is the answer as the form words it; of documents it is empty, and they are among those
    of the case. `is_long`: running text.
    """

    field: str
    question: str
    text: str
    documents: list[UUID]
    is_long: bool


class AnsweredSectionShape(Shape):
    title: str
    answers: list[AnsweredShape]


class AnswersShape(Shape):
    """In the order of the form, without what was left out."""

    sections: list[AnsweredSectionShape]


@router.get(
    "",
    summary="What was submitted: questions and answers, by the version of the form",
    response_model=AnswersShape,
    responses=problems_of("case-not-found", "case-letter-not-found"),
)
async def show_answers(
    on: Annotated[OnCase, Depends(admit_to_case(Action.LOOK_AT_CASE, shows=Shown.CASE))],
) -> Response:
    seen = await sight(on.asked, on.case_id, on.opened)
    # As the receipt, which says the same: for whoever submitted it, and for staff.
    if seen is not None and not seen.is_first:
        raise Problem("case-letter-not-found")
    read = on.asked.organisation.store.read
    history = await asyncio.to_thread(read, case_stream(on.case_id), up_to=1)
    opened = next(each for each in history.events if isinstance(each, CaseOpened))
    return shaped(AnswersShape(sections=list(_sections(on.asked, opened))))


def _sections(asked: Asked, opened: CaseOpened) -> Iterator[AnsweredSectionShape]:
    service = asked.organisation.catalogue.version(opened.service, opened.service_version)
    given = {answer.field: answer.value for answer in opened.answers}
    for section in service.form.sections:
        if answers := list(_answered(asked, section, given)):
            title = section.title.read_in(asked.language.value)
            yield AnsweredSectionShape(title=title, answers=answers)


def _answered(
    asked: Asked, section: Section, given: Mapping[str, AnswerValue]
) -> Iterator[AnsweredShape]:
    language: Language = asked.language.value
    for field in section.fields:
        value = given.get(field.id)
        if value is None:
            continue
        documents = _documents(field, value)
        yield AnsweredShape(
            field=field.id,
            question=field.label.read_in(language),
            text="" if documents else answer_words(field, value, language),
            documents=documents,
            is_long=isinstance(field, LongTextField),
        )


def _documents(field: FormField, value: AnswerValue) -> list[UUID]:
    if isinstance(field, DocumentsField) and isinstance(value, tuple):
        return [UUID(each) for each in value]
    return []
