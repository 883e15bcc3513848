from dataclasses import replace

from projections import documents
from projections.documents import CaseDocument
from tests.examples import (
    HEARING,
    MEETING_CASE,
    OTHER_CASE,
    caseworker_added_document,
    caseworker_wrote,
    drawing,
    envelope,
    hearing_material_added,
    hearing_published,
    party_added_document,
    party_wrote,
    photo,
    plan,
)
from tests.procedure_examples import APPLICATION, plan_added, redacted_copy_added
from tests.projections.views import Views, recorded


def test_a_case_has_the_documents_of_both_sides_in_order(views: Views) -> None:
    views.show(documents.projection, party_added_document, party_wrote, caseworker_wrote)

    found = views.ask(lambda db: documents.of_case(db, MEETING_CASE))

    assert [(each.name, each.direction, each.position) for each in found] == [
        ("tegning.pdf", "in", 1),
        ("carport.jpg", "in", 2),
        ("lokalplan 402.pdf", "out", 3),
    ]


def test_a_document_keeps_what_the_fact_says_of_it(views: Views) -> None:
    views.show(documents.projection, party_added_document)

    assert views.ask(lambda db: documents.one(db, drawing.document_id)) == CaseDocument(
        document_id=drawing.document_id,
        case_id=MEETING_CASE,
        hearing_id=None,
        tender_id=None,
        name="tegning.pdf",
        media_type="application/pdf",
        size=48_213,
        sha256="0a" * 32,
        direction="in",
        position=1,
        added_by=envelope.actor,
        added_at=recorded(party_added_document)[0].recorded_at,
        redacts=None,
        reason=None,
    )


def test_a_redacted_copy_stands_beside_its_original_with_who_when_and_why(views: Views) -> None:
    views.show(documents.projection, plan_added, redacted_copy_added)
    _, fact = recorded(plan_added, redacted_copy_added)

    original, copy = views.ask(lambda db: documents.of_case(db, APPLICATION))

    assert (original.redacts, original.reason) == (None, None)
    assert (copy.redacts, copy.reason) == (original.document_id, "Naboens navn er fjernet.")
    assert (copy.added_by, copy.added_at) == (fact.envelope.actor, fact.recorded_at)


def test_a_document_referred_to_twice_keeps_its_first_place(views: Views) -> None:
    views.show(documents.projection, caseworker_wrote)
    views.show(documents.projection, caseworker_added_document, caseworker_added_document)

    found = views.ask(lambda db: documents.of_case(db, MEETING_CASE))

    assert [each.position for each in found] == [1]


def test_the_same_document_may_belong_to_two(views: Views) -> None:
    views.show(
        documents.projection,
        hearing_published,
        caseworker_wrote,
        replace(caseworker_wrote, case_id=OTHER_CASE),
    )

    found = views.ask(lambda db: documents.one(db, plan.document_id, OTHER_CASE))
    first = views.ask(lambda db: documents.one(db, plan.document_id))

    assert found is not None
    assert (found.case_id, found.position) == (OTHER_CASE, 3)
    assert first is not None
    assert (first.case_id, first.hearing_id) == (None, HEARING)


def test_only_what_a_fact_refers_to_is_referred_to(views: Views) -> None:
    views.show(documents.projection, hearing_material_added)
    asked = [photo.document_id, drawing.document_id]

    assert documents.is_referred(views.db, asked) == {photo.document_id}
    assert documents.is_referred(views.db, []) == set()
    assert views.ask(lambda db: documents.one(db, drawing.document_id)) is None
