"""What each fact gives to do in the records system."""

from dataclasses import replace
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.case import Answer, CaseEvent, CaseOpened
from events.envelope import Recorded
from events.hearing import HearingEvent
from events.ids import EntryId
from events.journal import Matter, MatterKind
from events.journal_worthy import JOURNALISED
from events.tender import TenderEvent
from services.journal.belonging import property_words
from services.journal.planning import AGAIN, again, entries_of, stand_in_for
from services.journal.ports import EntryKind
from services.journal.references import LENGTH, reference_of, references_in
from tests import examples
from tests.events.generated import any_event_of
from tests.shipped import HJORRING

KNOWN = replace(examples.response_case_opened, service_version=1)


def recorded(event: object, version: int = 1) -> Recorded:
    return Recorded(
        event=event,  # type: ignore[arg-type]  # the tests below give events only
        stream="case-1",
        version=version,
        position=100 + version,
        event_id=UUID(int=version),
        recorded_at=examples.at(12, 1),
        envelope=examples.envelope,
    )


def kinds(event: object) -> list[EntryKind]:
    return [entry.kind for entry in entries_of(recorded(event), HJORRING)]


def test_a_submission_needs_its_case_and_is_a_document() -> None:
    assert kinds(KNOWN) == [EntryKind.CASE, EntryKind.DOCUMENT]


def test_a_message_is_a_document_and_so_is_each_it_brings() -> None:
    assert kinds(examples.party_wrote) == [EntryKind.DOCUMENT, EntryKind.DOCUMENT]


def test_a_hearing_opens_its_case_and_files_its_text_and_material() -> None:
    assert kinds(examples.hearing_published) == [EntryKind.CASE, *[EntryKind.DOCUMENT] * 2]


def test_a_promised_deadline_is_a_reminder_until_it_is_met() -> None:
    assert kinds(examples.first_reply_set) == [EntryKind.REMINDER]
    assert kinds(examples.first_reply_met) == [EntryKind.REMINDER_FINISHED]
    assert kinds(examples.first_reply_missed) == []


def test_a_withdrawal_is_noted_and_ends_the_case_there() -> None:
    assert kinds(examples.case_withdrawn) == [EntryKind.NOTE, EntryKind.STATUS]


@pytest.mark.parametrize(
    "event", get_args(CaseEvent) + get_args(HearingEvent) + get_args(TenderEvent)
)
@given(data=st.data())
def test_every_worthy_fact_gives_entries_and_no_other_does(
    event: type, data: st.DataObject
) -> None:
    fact = data.draw(any_event_of(event))
    if isinstance(fact, CaseOpened):
        fact = replace(fact, service="hearing-response", service_version=1)
    planned = entries_of(recorded(fact), HJORRING)
    if event not in JOURNALISED:
        assert planned == []
        return
    assert [entry.part for entry in planned] == list(range(len(planned)))
    assert {entry.parts for entry in planned} <= {len(planned)}
    assert len({entry.entry for entry in planned}) == len(planned)
    material = getattr(fact, "material", ("some",))
    assert planned or not material


def test_the_same_fact_gives_the_same_entries_for_ever() -> None:
    (first, second) = entries_of(recorded(KNOWN), HJORRING)
    assert str(first.entry) == "ecd33d1e-7ed3-5deb-b4ed-3ea0ce81bb89"
    assert entries_of(recorded(KNOWN), HJORRING) == [first, second]
    assert first.matter == Matter(kind=MatterKind.CASE, id=examples.RESPONSE_CASE)


def test_a_property_is_what_the_service_says_it_is() -> None:
    opened = replace(
        examples.meeting_case_opened,
        service_version=2,
        answers=(Answer(field="bfe", value=100063828),),
    )
    (case, document) = entries_of(recorded(opened), HJORRING)
    assert case.resource == "property 1737 100063828"
    assert document.resource is None
    (unknown, _) = entries_of(recorded(replace(opened, answers=())), HJORRING)
    assert unknown.resource is None
    (older, _) = entries_of(recorded(replace(opened, service_version=1)), HJORRING)
    assert older.resource is None


def test_a_number_is_called_a_bfe_and_words_stay_as_written() -> None:
    assert property_words("100063828") == "BFE 100063828"
    assert property_words("Nørregade 1") == "Nørregade 1"


def test_looking_again_comes_before_what_needs_it_and_is_new_each_time() -> None:
    (_, document) = entries_of(recorded(KNOWN), HJORRING)
    once, twice = again(document, "0"), again(document, "1")
    assert (once.position, once.part) < (document.position, document.part)
    assert once.part == AGAIN
    assert len({document.entry, once.entry, twice.entry}) == 3


def test_looking_again_for_a_hearing_is_one_entry_whoever_asks() -> None:
    hearing = Matter(kind=MatterKind.HEARING, id=examples.HEARING)
    asked = [
        again(entries_of(recorded(KNOWN, version), HJORRING)[0], "gone 3", of=hearing)
        for version in (1, 2)
    ]
    assert asked[0].entry == asked[1].entry
    assert asked[0].matter == hearing


def test_a_fact_that_cannot_be_read_has_a_stand_in_of_its_own() -> None:
    planned = {entry.entry for entry in entries_of(recorded(KNOWN), HJORRING)}
    assert stand_in_for(UUID(int=1)) not in planned


@given(st.uuids(), st.text(), st.text())
def test_a_reference_is_found_again_in_any_text(entry: UUID, before: str, after: str) -> None:
    reference = reference_of(EntryId(entry))
    assert len(reference) == LENGTH
    assert reference in references_in(f"{before} [{reference}] {after}")


@given(st.lists(st.uuids(), unique=True, max_size=5))
def test_no_two_entries_share_a_reference(entries: list[UUID]) -> None:
    assert len({reference_of(EntryId(entry)) for entry in entries}) == len(entries)
