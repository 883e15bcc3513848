from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.case import Answer, CaseKind
from events.document import Document
from events.ids import CaseId, DocumentId, HearingId, PartyId
from services.catalogue.answer_mistakes import AnswerCode, AnswersInvalid
from services.clock import COPENHAGEN
from services.deadlines import local_date
from services.submissions import (
    CROCKFORD,
    HearingAnswered,
    Submission,
    open_case,
    receipt,
    reference,
    refuse_documents,
)
from tests.services.test_catalogue_answers import AGAINST, CARPORT
from tests.shipped import CATALOGUE, HJORRING

CASE = CaseId(UUID("018f0000-0000-7000-8000-000000000001"))
HEARING = HearingAnswered(
    hearing_id=HearingId(UUID("018f0000-0000-7000-8000-000000000002")),
    title="Lokalplan 100: Havnen",
    closes_at=datetime(2027, 1, 21, 0, 0, tzinfo=COPENHAGEN),
)
# Half past midnight on 1 January in Copenhagen is still last year in UTC.
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def submission(service: str, raw: Mapping[str, object], documents: int = 0) -> Submission:
    offered = HJORRING.services[service]
    return Submission(
        organisation=HJORRING,
        service=offered,
        case_id=CASE,
        party=PartyId("person:anna"),
        answers=offered.read_answers(raw, local_date(NEW_YEAR)),
        documents=[document(number) for number in range(documents)],
        received_at=NEW_YEAR,
    )


def document(number: int) -> Document:
    return Document(
        document_id=DocumentId(UUID(int=number)),
        sha256="0" * 64,
        name="bilag.pdf",
        media_type="application/pdf",
        size=1,
    )


RESPONSE = replace(submission("hearing-response", AGAINST, 2), hearing=HEARING)
MEETING = replace(submission("building-meeting", CARPORT), meeting_on=date(2027, 1, 14))


def test_a_response_opens_a_case_of_its_hearing_with_its_promises() -> None:
    case = open_case(RESPONSE)
    assert (case.kind, case.service, case.service_version) == (
        CaseKind.HEARING_RESPONSE,
        "hearing-response",
        2,
    )
    assert (case.team, case.hearing) == ("byggeri-natur", HEARING.hearing_id)
    assert case.subject == "Høringssvar: Lokalplan 100: Havnen"
    assert len(case.documents) == 2
    assert case.things_to_bring == ()
    assert case.next_steps[0].by == date(2027, 1, 20)
    assert [deadline.due_on for deadline in case.deadlines] == [date(2027, 3, 17)]


def test_who_has_not_logged_in_sends_nothing_by_name_or_beside() -> None:
    service = CATALOGUE.organisations["sikkerhedsstyrelsen"].services["dangerous-product"]
    answers = (
        Answer(field="photos", value=(str(UUID(int=7)),)),
        Answer(field="product", value="x"),
    )
    with pytest.raises(AnswersInvalid) as caught:
        refuse_documents(service, answers, attached=(UUID(int=8),))
    assert [(each.field, each.code) for each in caught.value.mistakes] == [
        ("photos", AnswerCode.DOCUMENTS_NEED_LOGIN),
        ("documents", AnswerCode.DOCUMENTS_NEED_LOGIN),
    ]
    refuse_documents(service, answers[1:], attached=())


def test_a_meeting_opens_a_case_with_what_to_bring() -> None:
    case = open_case(MEETING)
    assert case.kind is CaseKind.MEETING
    assert case.hearing is None
    assert case.subject == "Forhåndsdialog: Carport, garage eller udhus, Strandvejen 1"
    assert len(case.things_to_bring) == 6
    assert [step.by for step in case.next_steps] == [
        date(2027, 1, 8),
        date(2027, 1, 14),
        date(2027, 1, 21),
    ]


def test_the_day_of_receipt_is_that_of_copenhagen() -> None:
    case = open_case(MEETING)
    assert case.received_on == date(2027, 1, 1)
    assert case.reference.startswith("HJO-27-")


def test_the_receipt_says_when_the_hearing_closes() -> None:
    words = receipt(RESPONSE)
    assert "til og med den 20. januar 2027" in words.da
    assert f"under the number {open_case(RESPONSE).reference}." in words.en


def test_a_response_needs_its_hearing_and_a_meeting_its_day() -> None:
    with pytest.raises(ValueError, match="about a hearing"):
        open_case(replace(RESPONSE, hearing=None))
    with pytest.raises(ValueError, match="on a day"):
        open_case(replace(MEETING, meeting_on=None))


@pytest.mark.parametrize(("kind", "number"), [("response", 11), ("meeting", 1)])
def test_more_documents_than_the_service_takes_are_refused(kind: str, number: int) -> None:
    asked = RESPONSE if kind == "response" else MEETING
    documents = [document(each) for each in range(number)]
    with pytest.raises(AnswersInvalid) as invalid:
        open_case(replace(asked, documents=documents))
    (mistake,) = invalid.value.mistakes
    assert (mistake.field, mistake.code) == ("documents", AnswerCode.TOO_MANY_DOCUMENTS)


def test_the_same_case_has_the_same_reference_for_ever() -> None:
    """Derived and stored: a change of the derivation would rename what people wrote down."""
    assert reference("HJO", CASE, date(2026, 5, 1)) == "HJO-26-YRNR-T7QB"


@given(st.uuids())
def test_a_reference_holds_only_letters_that_are_not_mistaken(case_id: UUID) -> None:
    prefix, year, first, second = reference("HJO", CaseId(case_id), date(2026, 5, 1)).split("-")
    assert (prefix, year, len(first), len(second)) == ("HJO", "26", 4, 4)
    assert set(first + second) <= set(CROCKFORD)
    assert not set("ILOU") & set(CROCKFORD)


def test_cases_of_the_same_second_have_references_far_apart() -> None:
    cases = [CaseId(UUID(int=CASE.int + number)) for number in range(2_000)]
    assert len({reference("HJO", case, date(2026, 5, 1)) for case in cases}) == len(cases)
