"""What the procedure tells with legal effect, as letters that can be sent and printed."""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import replace

import pypdf
import pytest

from events.case import CaseKind, CaseOpened
from events.case_decision import Outcome
from events.catalogue import WIRE_NAMES, Event
from events.envelope import Recorded
from events.ids import NotificationId, PartyId
from events.journal import Matter, MatterKind
from services.clock import SetClock
from services.esdh.port import Direction, Person
from services.journal.facts import StoreFacts
from services.journal.letter import Passage, Table
from services.journal.letters import letter_of
from services.journal.writing import LetterWriter
from services.memory import MemoryEventStore
from services.post.letters import PostLetters, documents_of
from services.post.office import Unsendable
from services.post.ports import NewNotification
from services.post.tender_letters import TenderLetters
from tests import procedure_examples as examples
from tests.examples import (
    BO,
    NOW,
    drawing,
    meeting_case_opened,
    numbered,
    party_added_document,
    party_joined,
    protection_recorded,
)
from tests.projections.views import recorded
from tests.services.filing_office import Hashes, Register
from tests.shipped import HJORRING

FIRST = PartyId("person:anna")
ANNA = Person(cpr="6101700002", name="Anna Andersen")


def said(event: Event, *before: Event, opened: CaseOpened = meeting_case_opened) -> str:
    history = recorded(opened, *before, event)
    letter = letter_of(history[-1], history, HJORRING, ANNA)
    parts = [part for section in letter.sections for part in section.parts]
    passages = [part.text for part in parts if isinstance(part, Passage)]
    cells = [cell for part in parts if isinstance(part, Table) for row in part.rows for cell in row]
    assert letter.title
    assert letter.direction is Direction.OUT
    return "\n".join([letter.title, *(s.heading for s in letter.sections), *passages, *cells])


@pytest.mark.parametrize(
    ("kind", "outcome", "words"),
    [
        (CaseKind.APPLICATION, Outcome.GRANTED, "Vi giver dig tilladelse til det"),
        (CaseKind.APPLICATION, Outcome.DISMISSED, "Vi afviser sagen"),
        (CaseKind.ACCESS_REQUEST, Outcome.PARTLY_GRANTED, "aktindsigt i en del af det"),
        (CaseKind.ACCESS_REQUEST, Outcome.REFUSED, "afslag på aktindsigt"),
        (CaseKind.COMPLAINT, Outcome.GRANTED, "Vi giver dig medhold."),
        (CaseKind.NOTICE, Outcome.PROHIBITED, "Vi forbyder det"),
    ],
)
def test_a_decision_speaks_of_what_was_asked_for(
    kind: CaseKind, outcome: Outcome, words: str
) -> None:
    opened = replace(meeting_case_opened, kind=kind)
    decided = replace(examples.refused, outcome=outcome)
    assert words in said(examples.dispatched, decided, opened=opened)


def test_a_decision_has_its_grounds_and_its_appeal_guidance() -> None:
    text = said(examples.dispatched, examples.refused)
    for wanted in (
        "Vi giver dig afslag.",
        examples.refused.grounds,
        examples.refused.legal_basis,
        "Klagevejledning",
        "Byggeklageenheden",
        "byggeloven § 23",
        "Klag på naevneneshus.dk.",
    ):
        assert wanted in text
    until = examples.dispatched.appeal_until
    assert until is not None
    assert "senest" in text
    assert str(until.year) in text


def test_a_decision_without_an_appeal_has_no_guidance_and_conditions_are_counted() -> None:
    granted = replace(examples.refused, appeal=None, conditions=("Tag af sten", "Dræn"))
    text = said(replace(examples.dispatched, appeal_until=None), granted)
    assert "Klagevejledning" not in text
    assert "1\nTag af sten\n2\nDræn" in text


def test_a_corrected_decision_says_what_was_put_right() -> None:
    again = replace(examples.dispatched, dispatched_on=examples.decision_corrected.corrected_on)
    text = said(again, examples.refused, examples.dispatched, examples.decision_corrected)
    assert examples.decision_corrected.correction in text
    assert examples.decision_corrected.correction not in said(examples.dispatched, examples.refused)


def test_a_decision_that_was_never_made_is_not_sent() -> None:
    with pytest.raises(ValueError, match="no such decision"):
        said(examples.dispatched)


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (examples.information_requested, ["Plantegning i 1:100", "Afløbsplan", "23. december"]),
        (examples.party_hearing_opened, ["Carporten står 30 cm fra skel.", "21. december"]),
        (examples.complaint_answered, [examples.complaint_answered.text]),
        (examples.completion_accepted, ["må tages i brug"]),
    ],
    ids=lambda each: type(each).__name__,
)
def test_every_letter_says_what_it_is_about(event: Event, wanted: Sequence[str]) -> None:
    text = said(event)
    for each in wanted:
        assert each in text


def test_a_party_is_heard_with_the_papers_it_is_heard_about() -> None:
    hearing = replace(examples.party_hearing_opened, material=(drawing.document_id,))
    history = recorded(meeting_case_opened, party_added_document, hearing)
    assert documents_of(history[-1], history) == [drawing]
    assert documents_of(history[1], history) == [drawing]


def test_a_letter_is_a_pdf_with_its_documents_beside_it() -> None:
    history = recorded(meeting_case_opened, examples.refused, examples.dispatched)
    letter = asyncio.run(letters(history).of(notification(history[-1]), FIRST, ANNA))
    assert letter.main.media_type == "application/pdf"
    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(letter.main.content)).pages
    )
    assert "Begrundelse" in text
    assert "Anna Andersen" in text


def test_a_letter_to_another_party_has_no_address_of_one_who_is_hidden() -> None:
    history = recorded(
        replace(meeting_case_opened, subject="Carport, Hemmeligvej 7"),
        party_joined,
        examples.refused,
        examples.dispatched,
    )
    told = letters([*history, *recorded(protection_recorded, first=5)])
    for store, recipient, is_told in (
        (letters(history), FIRST, True),
        (letters(history), BO, False),
        (told, BO, True),
    ):
        letter = asyncio.run(store.of(notification(history[3]), recipient, ANNA))
        pages = pypdf.PdfReader(io.BytesIO(letter.main.content)).pages
        text = letter.title + "".join(p.extract_text() for p in pages)
        assert ("Hemmeligvej" in text) is is_told


def test_what_a_hidden_party_sent_is_not_enclosed_for_another() -> None:
    """Anna may have become protected after it was chosen; then a person must look."""
    of_bo = replace(examples.party_hearing_opened, party=BO, material=(drawing.document_id,))
    hidden = recorded(meeting_case_opened, party_joined, party_added_document, of_bo)
    with pytest.raises(Unsendable, match="document-withheld"):
        asyncio.run(letters(hidden).of(notification(hidden[3]), BO, ANNA))
    shown = [*hidden, *recorded(protection_recorded, first=5)]
    letter = asyncio.run(letters(shown).of(notification(shown[3]), BO, ANNA))
    assert [each.name for each in letter.attachments] == [drawing.name]


def test_a_fact_that_is_gone_cannot_be_sent() -> None:
    history = recorded(meeting_case_opened)
    gone = replace(notification(history[0]), event_id=numbered(99))
    with pytest.raises(Unsendable, match="fact-gone"):
        asyncio.run(letters(history).of(gone, FIRST, ANNA))


class Kept(MemoryEventStore):
    """A store that has these facts from elsewhere."""

    def __init__(self, facts: Sequence[Recorded]) -> None:
        super().__init__(SetClock(NOW))
        for fact in facts:
            self._log.append(fact)
            self._streams[fact.stream].append(fact)


def letters(history: Sequence[Recorded]) -> PostLetters:
    same_case = [replace(fact, stream="case") for fact in history]
    facts = StoreFacts(Kept(same_case))
    tenders = TenderLetters(HJORRING, facts, Register({}))
    return PostLetters(HJORRING, facts, LetterWriter(HJORRING, facts), Hashes(), tenders)


def notification(fact: Recorded) -> NewNotification:
    return NewNotification(
        notification=NotificationId(numbered(71)),
        matter=Matter(kind=MatterKind.CASE, id=meeting_case_opened.case_id),
        event_id=fact.event_id,
        stream="case",
        version=fact.version,
        position=fact.position,
        fact=WIRE_NAMES[type(fact.event)],
        recorded_at=fact.recorded_at,
    )
