"""What lies in the records system: the letters, and the PDF that people read in many years."""

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    PdfObject,
    StreamObject,
)

from aggregates.case import decider
from aggregates.case_state import Case
from events.case import (
    Answer,
    CaseOpened,
    CaseWithdrawn,
    MeetingCancelled,
    PartyAddedDocument,
    PutOnWaitingList,
)
from events.case_deadline import DeadlineKind
from events.catalogue import Event
from events.document import Document
from events.envelope import Recorded
from events.hearing import HearingAnswer
from events.ids import ActorId, CaseId, PartyId, SlotId, anonymous_party
from services.catalogue.words import Words
from services.clock import COPENHAGEN
from services.decisions import guidance, told
from services.esdh.port import Company, Direction, EsdhParty, Person
from services.journal.letter import Letter, Passage, Section, Table
from services.journal.letterhead import letterhead_of
from services.journal.letters import letter_of
from services.journal.notes import note_of, reminder_name, status_comment
from services.journal.procedure_letters import Procedural
from services.journal.typesetting import pdf_of
from services.submissions import HearingAnswered, Submission, open_case
from tests import examples as named
from tests import procedure_examples as procedure
from tests.examples import at, envelope, numbered
from tests.shipped import HJORRING, ORGANISATIONS

CPR = "0101019999"
ANNA = Person(cpr=CPR, name="Anna Andersen")
TOMRER = Company(cvr="99999991", name="Vendsyssel Tømrerforretning ApS")
DASH = "\N{EN DASH}"
RECEIVED = at(12, 10, 14, 5)
CARPORT: dict[str, object] = {
    "address": "Strandvejen 1",
    "role": "owner",
    "project": "carport-garage",
    "area": 60,
    "near_boundary": True,
    "description": "En dobbelt carport.\n\nMed skur.",
    "protection": "none",
    "zone": "town",
    "attendance": "online",
}
AGAINST: dict[str, object] = {
    "position": "against",
    "concerns": ["traffic", "noise"],
    "response": "Vejen er for smal.\nSe bilag.",
    "represents": "myself",
}
HEARING = HearingAnswered(
    hearing_id=named.HEARING,
    title="Lokalplan 412",
    closes_at=datetime(2027, 1, 5, 23, 59, tzinfo=COPENHAGEN),
)


def recorded(
    *history: Event,
    command: int = 51,
    actor: str = "person:anna",
    on_behalf_of: str | None = None,
    recorded_at: datetime = RECEIVED,
    first: int = 1,
) -> list[Recorded]:
    behalf = None if on_behalf_of is None else PartyId(on_behalf_of)
    of_command = replace(
        envelope, actor=ActorId(actor), on_behalf_of=behalf, command_id=numbered(command)
    )
    return [
        Recorded(
            event=event,
            stream="case-1",
            version=version,
            position=100 + version,
            event_id=numbered(1000 + version),
            recorded_at=recorded_at,
            envelope=of_command,
        )
        for version, event in enumerate(history, start=first)
    ]


def submitted(
    service: str,
    answers: dict[str, object],
    documents: Sequence[Document] = (),
    party: str = "person:anna",
) -> list[Event]:
    offered = HJORRING.services[service]
    command = open_case(
        Submission(
            organisation=HJORRING,
            service=offered,
            case_id=CaseId(numbered(1)),
            party=PartyId(party),
            answers=offered.read_answers(answers, RECEIVED.date()),
            documents=documents,
            received_at=RECEIVED,
            hearing=HEARING,
            meeting_on=date(2027, 1, 14),
        )
    )
    return [*decider.decide(command, Case())]


RESPONSE = recorded(*submitted("hearing-response", AGAINST, [named.drawing, named.photo]))
MEETING = recorded(*submitted("building-meeting", CARPORT), named.meeting_booked)
CONCLUSION = replace(
    named.hearing_concluded,
    summary="Der kom 12 høringssvar.\n\nDe fleste handler om trafik og om bygningernes højde.",
    answers=(
        HearingAnswer(
            theme="Højde",
            answer="Højden sættes ned til 8,5 m.",
            responses=(CaseId(numbered(1)),),
        ),
        HearingAnswer(
            theme="Trafik",
            answer="Vejen udvides ikke.\n\nDer anlægges en cykelsti.",
            responses=(CaseId(numbered(1)), CaseId(numbered(2))),
        ),
    ),
)
HEARD = recorded(named.hearing_published, CONCLUSION)


def after(
    history: Sequence[Recorded], event: Event, *, actor: str = "person:anna", by: str | None = None
) -> tuple[Recorded, list[Recorded]]:
    """A later fact of the same stream, and the whole stream with it."""
    (fact,) = recorded(event, command=52, actor=actor, on_behalf_of=by, first=len(history) + 1)
    return fact, [*history, fact]


def message(text: str, *, history: Sequence[Recorded] = RESPONSE) -> Letter:
    fact, whole = after(history, replace(named.party_wrote, text=text))
    return letter_of(fact, whole, HJORRING, ANNA)


def every_letter() -> dict[str, Letter]:
    wrote, on_case = after(MEETING, named.caseworker_wrote, actor="staff:karen")
    answered, on_response = after(RESPONSE, named.response_answered, actor="staff:karen")
    return {
        "response": letter_of(RESPONSE[0], RESPONSE, HJORRING, ANNA, hearing_title=HEARING.title),
        "meeting": letter_of(MEETING[0], MEETING, HJORRING, ANNA),
        "from party": message("Må jeg bygge i skel?"),
        "to party": letter_of(wrote, on_case, HJORRING, ANNA),
        "answer": letter_of(answered, on_response, HJORRING, ANNA, hearing_title=HEARING.title),
        "hearing": letter_of(HEARD[0], HEARD, HJORRING, None),
        "conclusion": letter_of(HEARD[1], HEARD, HJORRING, None),
    }


def procedure_letters() -> dict[str, Letter]:
    """A decision as it is sent the second time, and what stands before and after one."""
    history = recorded(
        procedure.application_opened,
        procedure.information_requested,
        procedure.plan_added,
        procedure.information_delivered,
        replace(procedure.party_hearing_opened, material=(named.drawing.document_id,)),
        replace(procedure.party_hearing_answered, documents=(named.photo,)),
        replace(procedure.refused, conditions=("Hegnet bliver stående.",)),
        procedure.decision_corrected,
        procedure.dispatched,
        procedure.completion_notified,
        procedure.completion_accepted,
        procedure.decision_upheld,
        procedure.complaint_forwarded,
        procedure.board_decided,
        procedure.complaint_answered,
    )
    return {
        type(fact.event).__name__: letter_of(fact, history, HJORRING, ANNA)
        for fact in history
        if isinstance(fact.event, Procedural)
    }


PROCEDURE = procedure_letters()
LETTERS = every_letter() | {name: PROCEDURE[name] for name in ("DecisionDispatched",)}


def test_every_procedural_fact_has_its_letter() -> None:
    assert set(PROCEDURE) == {cls.__name__ for cls in get_args(Procedural)}


def test_a_decision_has_all_that_the_law_wants_it_to_say() -> None:
    letter = PROCEDURE["DecisionDispatched"]
    assert rows(letter, "Afgørelsen")["Retsgrundlag"] == "BR18 § 177"
    assert rows(letter, "Rettet") == {"tirsdag den 29. december 2026": "Matriklen er 11bb."}
    assert rows(letter, "Vilkår") == {"1": "Hegnet bliver stående."}
    assert rows(letter, "Klagevejledning") == {
        "Klageinstans": "Byggeklageenheden",
        "Klag senest": "tirsdag den 19. januar 2027",
        "Efter": "byggeloven § 23",
    }
    assert procedure.refused.grounds in list(texts_of(letter))


def test_the_appeal_guidance_names_the_last_day_in_its_own_sentence() -> None:
    """In each language it is read in; before the decision is sent no day is known."""
    given = guidance(HJORRING.appeals["byggeloven"])
    history = recorded(
        procedure.application_opened,
        replace(procedure.refused, appeal=given),
        procedure.dispatched,
    )
    words = " ".join(texts_of(letter_of(history[-1], history, HJORRING, ANNA)))
    assert "Klagen skal være indgivet senest 19. januar 2027, som er fire uger efter" in words
    assert "klagefristens" not in words

    known, until = HJORRING.appeals.values(), procedure.dispatched.appeal_until
    english = told(given, until, "en", known)
    assert english.body == "The Building Appeals Unit, Nævnenes Hus"
    assert english.text.startswith("Send the appeal to the Building Appeals Unit through")
    assert "must be lodged no later than 19 January 2027, four weeks after" in english.text
    assert "indgivet senest klagefristens sidste dag" in told(given, None, "da", known).text
    assert "no later than the last day of the period" in told(given, None, "en", known).text


def test_guidance_that_the_catalogue_does_not_know_stays_as_it_was_given() -> None:
    """Written out by a caseworker, or from before the law was changed."""
    of_old = replace(guidance(HJORRING.appeals["byggeloven"]), days=21)
    danish = told(of_old, procedure.dispatched.appeal_until, "en", HJORRING.appeals.values())
    assert danish.language == "da"
    assert "senest 19. januar 2027" in danish.text


def test_what_the_party_delivers_is_told_by_what_was_asked_for() -> None:
    letter = PROCEDURE["InformationDelivered"]
    assert rows(letter, "Det er der svaret på") == {"1": "Plantegning i 1:100", "2": "Afløbsplan"}
    assert list(rows(letter, "Bilag")) == [named.drawing.name]
    assert list(rows(PROCEDURE["PartyHearingOpened"], "Bilag")) == [named.drawing.name]


def rows(letter: Letter, heading: str) -> dict[str, str]:
    """The rows of a section's tables, by their first cell."""
    return {
        row[0]: row[1]
        for section in letter.sections
        if section.heading == heading
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
    }


def texts_of(letter: Letter) -> Iterator[str]:
    """Everything that is written, in order."""
    yield letter.organisation
    yield letter.title
    for section in letter.sections:
        yield section.heading
        for part in section.parts:
            match part:
                case Passage():
                    yield part.heading or ""
                    yield part.text
                case Table():
                    yield from part.header
                    for row in part.rows:
                        yield from row


def test_a_submission_says_what_it_is_and_who_sent_it_when() -> None:
    letter = LETTERS["response"]
    assert letter.title == f"Høringssvar: Lokalplan 412 {DASH} modtaget 10. december 2026"
    assert letter.file_name == "indsendelse-hjo-26-p8js-w9pj.pdf"
    assert (letter.date, letter.direction) == (date(2026, 12, 10), Direction.IN)
    assert rows(letter, "Indsendelsen") == {
        "Indsendt til": "Hjørring Kommune, Byggeri & Natur",
        "Løsning": "Svar på en høring",
        "Sagens nummer": "HJO-26-P8JS-W9PJ",
        "Emne": "Høringssvar: Lokalplan 412",
        "Høring": "Lokalplan 412",
        "Modtaget": "torsdag den 10. december 2026 kl. 14.05",
        "Part": "Anna Andersen",
    }


@pytest.mark.parametrize(
    ("representative", "told"),
    [
        ("company:99999991", "Virksomheden med CVR 99999991"),
        ("person:bo", "En anden person"),
    ],
)
def test_a_submission_for_another_says_that_somebody_submitted_it(
    representative: str, told: str
) -> None:
    appointed = replace(
        named.representative_appointed,
        case_id=named.RESPONSE_CASE,
        representative=PartyId(representative),
    )
    history = recorded(*(fact.event for fact in RESPONSE), appointed, on_behalf_of="person:anna")
    about = rows(letter_of(history[0], history, HJORRING, ANNA), "Indsendelsen")
    assert (about["Part"], about["Indsendt ved fuldmagt af"]) == ("Anna Andersen", told)
    later = [*RESPONSE, *recorded(appointed, command=52, first=len(RESPONSE) + 1)]
    written = rows(letter_of(later[0], later, HJORRING, ANNA), "Indsendelsen")
    assert "Indsendt ved fuldmagt af" not in written


def test_the_answers_stand_in_the_order_of_the_form_with_its_own_words() -> None:
    (answers,) = [part for part in LETTERS["response"].sections if part.heading == "Dit svar"]
    assert answers.parts == (
        Table(
            header=("Spørgsmål", "Svar"),
            rows=(
                ("Hvad mener du om forslaget?", "Jeg er imod"),
                ("Hvad handler dit svar om?", "Trafik og parkering, Støj og lugt"),
            ),
        ),
        Passage(heading="Dit høringssvar", text="Vejen er for smal.\nSe bilag."),
        Table(header=("Spørgsmål", "Svar"), rows=(("Hvad vil du have ændret?", "Ikke besvaret"),)),
    )


def test_a_question_that_was_not_asked_is_left_out_and_one_not_answered_says_so() -> None:
    asked = rows(LETTERS["response"], "Hvem svarer du for?")
    assert asked == {
        "Jeg svarer for": "Mig selv",
        "Bor du, eller ejer du noget, i eller lige op til området?": "Ikke besvaret",
    }


def test_numbers_and_yes_and_no_are_written_as_people_write_them() -> None:
    project = rows(LETTERS["meeting"], "Projektet")
    assert project["Omtrent hvor mange m² bygger du?"] == "60"
    assert project["Bygger du nærmere end 2,5 m på skel?"] == "Ja"


def test_the_form_is_that_of_the_version_which_the_case_began_under() -> None:
    first = HJORRING.services["hearing-response"]
    title = Words(da="Ny udgave", en="New version")
    second = first.model_copy(update={"version": first.version + 1, "title": title})
    changed = replace(
        HJORRING,
        services={**HJORRING.services, "hearing-response": second},
        versions={**HJORRING.versions, ("hearing-response", second.version): second},
    )
    letter = letter_of(RESPONSE[0], RESPONSE, changed, ANNA)
    assert rows(letter, "Indsendelsen")["Løsning"] == first.title.da


def test_an_answer_that_no_form_asks_for_is_not_lost() -> None:
    opened = RESPONSE[0].event
    assert isinstance(opened, CaseOpened)
    strange = replace(opened, answers=(*opened.answers, Answer(field="gone", value=True)))
    letter = letter_of(replace(RESPONSE[0], event=strange), RESPONSE, HJORRING, ANNA)
    assert rows(letter, "Svar uden spørgsmål i formularen") == {"gone": "Ja"}


def test_the_documents_of_a_submission_are_those_of_its_own_command() -> None:
    _, history = after(
        RESPONSE, PartyAddedDocument(case_id=named.RESPONSE_CASE, document=named.plan)
    )
    letter = letter_of(history[0], history, HJORRING, ANNA)
    (enclosed,) = [section for section in letter.sections if section.heading == "Bilag"]
    assert enclosed.parts == (
        Table(
            header=("Dokument", "Størrelse", "Kontrolsum (SHA-256)"),
            rows=(
                ("tegning.pdf", "48.213 byte", "0a" * 32),
                ("carport.jpg", "1.204.881 byte", "0b" * 32),
            ),
        ),
    )


def test_what_was_promised_is_kept_with_what_was_submitted() -> None:
    letter = LETTERS["meeting"]
    assert rows(letter, "Frister") == {
        "Frist for første svar": "torsdag den 17. december 2026",
        "Frist for sagens behandling": "torsdag den 21. januar 2027",
    }
    assert len(rows(letter, "Næste skridt")) == 3
    assert "Situationsplan" in " ".join(rows(letter, "Det skal medbringes"))
    (talk,) = [section.parts for section in letter.sections if section.heading == "Tid og sted"]
    when = "Mødet er tirsdag den 8. december 2026 kl. 9.00 til 10.00, Rådhuset, lokale 2."
    assert talk == (Passage(text=when),)


def test_a_place_in_line_is_told_by_its_day() -> None:
    waiting = PutOnWaitingList(case_id=named.MEETING_CASE, day=named.MEETING_DAY)
    history = recorded(*submitted("building-meeting", CARPORT), waiting)
    sections = letter_of(history[0], history, HJORRING, ANNA).sections
    (told,) = [section.parts for section in sections if section.heading == "Venteliste"]
    assert told == (Passage(text="Parten står på venteliste tirsdag den 8. december 2026."),)


def test_the_time_of_day_is_told_only_when_it_is_that_of_the_day_of_receipt() -> None:
    midnight = recorded(*submitted("hearing-response", AGAINST), recorded_at=at(12, 11, 0, 0))
    letter = letter_of(midnight[0], midnight, HJORRING, ANNA)
    assert rows(letter, "Indsendelsen")["Modtaget"] == "torsdag den 10. december 2026"
    assert letter.date == date(2026, 12, 10)


@pytest.mark.parametrize(
    ("party", "protected", "written"),
    [
        (ANNA, False, "Anna Andersen"),
        (ANNA, True, "Navne- og adressebeskyttet"),
        (TOMRER, True, "Vendsyssel Tømrerforretning ApS (CVR 99999991)"),
        (None, False, "Ikke oplyst"),
    ],
)
def test_the_party_is_named_unless_the_name_is_protected(
    party: EsdhParty | None, written: str, *, protected: bool
) -> None:
    letter = letter_of(RESPONSE[0], RESPONSE, HJORRING, party, protected=protected)
    assert rows(letter, "Indsendelsen")["Part"] == written
    for event, field in ((named.party_wrote, "Fra"), (named.caseworker_wrote, "Til")):
        fact, history = after(RESPONSE, event)
        letter = letter_of(fact, history, HJORRING, party, protected=protected)
        assert rows(letter, "Beskeden")[field] == written


@pytest.mark.parametrize("protected", [False, True])
def test_who_has_not_said_who_they_are_is_anonymous(*, protected: bool) -> None:
    nobody = anonymous_party(CaseId(numbered(1)))
    history = recorded(*submitted("hearing-response", AGAINST, party=nobody), actor=nobody)
    letter = letter_of(history[0], history, HJORRING, None, protected=protected)
    assert rows(letter, "Indsendelsen")["Part"] == "Anonym"
    answered, whole = after(history, named.response_answered, actor="staff:karen")
    letter = letter_of(answered, whole, HJORRING, None, protected=protected)
    assert rows(letter, "Svaret")["Til"] == "Anonym"


@pytest.mark.parametrize(
    ("on_behalf_of", "written"),
    [
        ("company:99999991", "Virksomheden med CVR 99999991"),
        ("company:9f3b", "En virksomhed"),
        ("person:bo", "En anden person"),
        ("person:anna", None),
        (None, None),
    ],
)
def test_whoever_acts_for_another_than_the_party_is_told_without_an_id(
    on_behalf_of: str | None, written: str | None
) -> None:
    history = recorded(*submitted("hearing-response", AGAINST), on_behalf_of=on_behalf_of)
    letter = letter_of(history[0], history, HJORRING, ANNA)
    assert rows(letter, "Indsendelsen").get("På vegne af") == written
    fact, whole = after(RESPONSE, named.party_wrote, by=on_behalf_of)
    letter = letter_of(fact, whole, HJORRING, ANNA)
    assert rows(letter, "Beskeden").get("På vegne af") == written


def test_a_message_says_from_whom_to_whom_and_when() -> None:
    letter = LETTERS["to party"]
    assert letter.title.startswith("Besked til parten: Forhåndsdialog: ")
    assert (letter.date, letter.direction) == (date(2026, 12, 10), Direction.OUT)
    about = rows(letter, "Beskeden")
    assert about["Fra"] == "En sagsbehandler, Hjørring Kommune, Byggeri & Natur"
    assert about["Sendt"] == "torsdag den 10. december 2026 kl. 14.05"
    assert "Ja, op til 2,5 m højde." in texts_of(letter)
    assert {"lokalplan 402.pdf", "5.120.000 byte", "0c" * 32} <= set(texts_of(letter))
    assert LETTERS["from party"].direction is Direction.IN


def test_two_messages_of_one_case_have_two_names() -> None:
    first, history = after(RESPONSE, named.party_wrote)
    second, whole = after(history, named.party_wrote)
    names = {letter_of(fact, whole, HJORRING, ANNA).file_name for fact in (first, second)}
    assert len(names) == 2


def test_each_answer_to_a_response_stands_by_itself() -> None:
    answered = replace(named.response_answered, answers=("Højden sænkes.", "Vejen udvides ikke."))
    fact, history = after(RESPONSE, answered)
    letter = letter_of(fact, history, HJORRING, ANNA)
    assert letter.sections[-1].parts == (
        Passage(heading="Svar 1", text="Højden sænkes."),
        Passage(heading="Svar 2", text="Vejen udvides ikke."),
    )


def test_a_response_that_the_conclusion_passes_over_is_told_so() -> None:
    fact, history = after(RESPONSE, replace(named.response_answered, answers=()))
    (said,) = letter_of(fact, history, HJORRING, ANNA).sections[-1].parts
    assert said == Passage(text="Konklusionen har intet særskilt svar på dette høringssvar.")


def test_a_hearing_is_filed_with_its_text_its_last_moment_and_its_material() -> None:
    letter = LETTERS["hearing"]
    assert letter.title == f"Høring: Lokalplan 402, Havnen {DASH} sendt 1. december 2026"
    about = rows(letter, "Høringen")
    assert about["Slags"] == "Forslag til lokalplan (planloven § 24)"
    assert about["Åben til"] == "tirsdag den 29. december 2026 kl. 23.59"
    assert {"Boliger på den gamle havn.", "lokalplan 402.pdf"} <= set(texts_of(letter))


def test_a_conclusion_has_its_summary_and_an_answer_to_each_theme() -> None:
    letter = LETTERS["conclusion"]
    assert letter.date == date(2027, 1, 12)
    summary, height, traffic = letter.sections[1:]
    assert summary.parts == (Passage(text=CONCLUSION.summary),)
    assert height == Section(
        heading="Tema 1: Højde",
        parts=(
            Passage(text="Rejst i ét høringssvar."),
            Passage(text="Højden sættes ned til 8,5 m."),
        ),
    )
    assert traffic.parts[0] == Passage(text="Rejst i 2 høringssvar.")


def test_no_number_or_id_of_a_person_is_ever_written() -> None:
    written = "\n".join(
        "\n".join((*texts_of(letter), letter.file_name)) for letter in LETTERS.values()
    )
    assert "Anna Andersen" in written
    for hidden in (CPR, f"{CPR[:6]}-{CPR[6:]}", "person:", "staff:", "karen"):
        assert hidden not in written


def test_what_is_filed_in_another_way_has_no_letter() -> None:
    fact, history = after(RESPONSE, named.case_assigned)
    with pytest.raises(ValueError, match="CaseAssigned has no letter"):
        letter_of(fact, history, HJORRING, ANNA)


def test_a_message_of_a_case_without_opening_is_an_error() -> None:
    fact, _ = after((), named.party_wrote)
    with pytest.raises(ValueError, match="no opening"):
        letter_of(fact, [fact], HJORRING, ANNA)


@given(subject=st.text(max_size=400))
@example(subject="x" * 400)
def test_a_title_is_one_short_line_and_a_file_name_is_plain_whatever_the_subject(
    subject: str,
) -> None:
    heard = recorded(replace(named.hearing_published, title=subject))
    letter = letter_of(heard[0], heard, HJORRING, None)
    assert len(letter.title) <= 200
    kinds = {unicodedata.category(sign) for sign in letter.title}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert letter.title.endswith(f" {DASH} sendt 1. december 2026")
    assert re.fullmatch(r"hoering-2026-12-01(-[a-z0-9]+)*\.pdf", letter.file_name)
    assert len(letter.file_name) <= 104


def test_a_file_name_spells_the_danish_letters_out() -> None:
    heard = recorded(replace(named.hearing_published, title="Ærø Å/Æblegården, café"))
    letter = letter_of(heard[0], heard, HJORRING, None)
    assert letter.file_name == "hoering-2026-12-01-aeroe-aa-aeblegaarden-cafe.pdf"


MORNING = "tirsdag den 8. december 2026 kl. 9.00 til 10.00, Rådhuset, lokale 2"
LATER = "tirsdag den 8. december 2026 kl. 10.00 til 11.00, Rådhuset, lokale 2"


@pytest.mark.parametrize(
    ("event", "actor", "heading", "text"),
    [
        (
            named.meeting_booked,
            "person:anna",
            "Møde booket",
            f"Mødet er {MORNING}. Booket af: Parten.",
        ),
        (
            named.meeting_moved,
            "staff:karen",
            "Møde flyttet",
            f"Mødet er nu {LATER}. Flyttet af: Hjørring Kommune ved en sagsbehandler.",
        ),
        (
            named.meeting_given,
            "system:clockwork",
            "Møde givet fra ventelisten",
            f"En tid blev ledig. Mødet er {MORNING}.",
        ),
        (
            named.meeting_cancelled,
            "system:clockwork",
            "Møde aflyst",
            "Mødet tirsdag den 8. december 2026 kl. 9.00 er aflyst. Aflyst af: Hjørring Kommune.",
        ),
        (
            MeetingCancelled(case_id=named.MEETING_CASE, slot=SlotId("ukendt")),
            "person:anna",
            "Møde aflyst",
            "Mødet er aflyst. Aflyst af: Parten.",
        ),
        (
            named.hearing_extended,
            "staff:karen",
            "Høring forlænget",
            "Høringen er nu åben til tirsdag den 5. januar 2027 kl. 23.59.",
        ),
        (
            named.hearing_cancelled,
            "staff:karen",
            "Høring aflyst",
            "Høringen er aflyst. Begrundelse: Planen er trukket tilbage.",
        ),
        (
            named.case_transferred,
            "staff:karen",
            "Sag overdraget",
            (
                "Fra Byggeri & Natur til Ejendomsdata."
                " Begrundelse: Sagen handler om en BBR-rettelse."
            ),
        ),
        (
            named.case_withdrawn,
            "person:anna",
            "Sag trukket tilbage",
            "Parten har trukket sagen tilbage. Begrundelse: Bygger ikke",
        ),
        (
            CaseWithdrawn(case_id=named.MEETING_CASE, reason=None),
            "person:anna",
            "Sag trukket tilbage",
            "Parten har trukket sagen tilbage uden at begrunde det.",
        ),
    ],
)
def test_a_note_tells_what_happened_and_by_whose_hand(
    event: Event, actor: str, heading: str, text: str
) -> None:
    (fact,) = recorded(event, actor=actor)
    assert note_of(fact, HJORRING, {}) == (heading, text)


@pytest.mark.parametrize(
    ("event", "comment"),
    [
        (named.case_closed, "Sagen er afsluttet tirsdag den 8. december 2026."),
        (
            named.case_reopened,
            "Sagen er genoptaget torsdag den 10. december 2026. Begrundelse: Nye oplysninger",
        ),
        (named.case_withdrawn, "Parten har trukket sagen tilbage. Begrundelse: Bygger ikke"),
    ],
)
def test_a_change_of_status_is_explained(event: Event, comment: str) -> None:
    assert status_comment(recorded(event)[0]) == comment


def test_what_is_no_note_and_no_change_of_status_is_an_error() -> None:
    (fact,) = recorded(named.case_assigned)
    with pytest.raises(ValueError, match="CaseAssigned has no note"):
        note_of(fact, HJORRING, {})
    with pytest.raises(ValueError, match="CaseAssigned changes no status"):
        status_comment(fact)


def test_a_reminder_is_named_by_what_is_due() -> None:
    assert [reminder_name(kind) for kind in DeadlineKind] == [
        "Frist for første svar",
        "Frist for sagens behandling",
        "Frist for at sende klagen videre",
        "Frist for indsigelse",
    ]


VERAPDF = Path(__file__).parents[1] / "verapdf"
FOOTER = re.compile(r"Hjørring ?Kommune ?Side ?[0-9]+ ?af ?[0-9]+\s*$")

# Every sign here has its glyph, and none of them joins, turns around or goes away.
PLAIN = st.text(
    st.sampled_from(
        "abcdefghijklmnopqrstuvwxyzæøåABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ0123456789"
        "éèüößñçŁőžþð .,;:!?'\"()[]{}<>#$%&*_+-=/\\|~^`@§€½²°«»…αβγДжЯ\n "
    ),
    max_size=300,
)
MARKUP = (
    '#import "x.typ": *',
    '#read("/etc/passwd")',
    "$ x^2 $ and $alpha$",
    "*bold* _italic_ `raw` ```code```",
    "= Heading\n- list\n+ list\n/ term: text",
    "\\ \\u{41} \\# ~ -- --- ... 'single' \"double\"",
    "<label> @reference // comment /* comment */ https://example.dk/a//b",
    '#{ panic("x") } #sys.inputs #let x = 1',
    '{"kind": "table"} \\n \\t ${x} {{x}}',
    "[U+0041] fi ffl ﬁ",
)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def extracted(pdf: bytes, letter: Letter) -> str:
    """The text of the pages without their footers and without spaces, which typesetting moves.

    A table that goes on overleaf has its header again there; that is left out too.
    """
    headers = {squeezed("".join(table.header)) for table in tables_of(letter)}
    whole = ""
    for number, page in enumerate(read(pdf).pages):
        text = page.extract_text()
        assert FOOTER.search(text)
        text = squeezed(FOOTER.sub("", text))
        again = [header for header in headers if number and text.startswith(header)]
        whole += text.removeprefix(again[0]) if again else text
    return whole


def written(letter: Letter) -> str:
    return squeezed("".join(texts_of(letter)))


def tables_of(letter: Letter) -> list[Table]:
    parts = [part for section in letter.sections for part in section.parts]
    return [part for part in parts if isinstance(part, Table)]


def inside(found: PdfObject | None, *names: str) -> PdfObject:
    """What lies in a dictionary under a name, and in that under the next."""
    for name in names:
        assert found is not None
        whole = found.get_object()
        assert isinstance(whole, DictionaryObject)
        found = whole[name]
    assert found is not None
    direct = found.get_object()
    assert direct is not None
    return direct


def each(found: PdfObject) -> list[PdfObject]:
    assert isinstance(found, ArrayObject)
    return list(found)


def tagged(pdf: bytes) -> list[DictionaryObject]:
    """The elements of the structure tree, in reading order."""
    root = inside(read(pdf).root_object, "/StructTreeRoot")
    found: list[DictionaryObject] = []

    def walk(element: PdfObject | None) -> None:
        if isinstance(element, ArrayObject):
            for child in element:
                walk(child.get_object())
        elif isinstance(element, DictionaryObject):
            if "/S" in element:
                found.append(element)
            walk(inside(element, "/K") if "/K" in element else None)

    walk(root)
    return found


@pytest.mark.parametrize("name", LETTERS)
def test_what_is_read_from_the_pdf_is_what_was_written_in_its_order(name: str) -> None:
    assert extracted(pdf_of(LETTERS[name]), LETTERS[name]) == written(LETTERS[name])


@given(text=PLAIN)
@settings(max_examples=60)
def test_a_text_is_read_as_it_was_submitted(text: str) -> None:
    letter = message(text)
    assert extracted(pdf_of(letter), letter) == written(letter)


@pytest.mark.parametrize("text", MARKUP)
def test_what_looks_like_markup_is_only_text(text: str) -> None:
    fact, history = after(
        RESPONSE,
        replace(named.party_wrote, text=text, documents=(replace(named.drawing, name=text),)),
    )
    letter = letter_of(fact, history, HJORRING, Person(cpr=CPR, name=text))
    letter = replace(
        letter, title=text, sections=(*letter.sections, Section(heading=text, parts=()))
    )
    assert extracted(pdf_of(letter), letter) == written(letter)


@given(
    text=st.text(st.characters() | st.sampled_from("\ud800\0\x1b\u202e\u2066\u20dd\ufe0f\u200d")),
    other=st.text(st.characters(), max_size=5),
)
@example(text="Tak \U0001f44d\U0001f3fd for \u4f60\u597d", other="\ue000")
@example(text="x\u20dd \u0431\u20dd \u0431", other="\0")
@example(text="\u202egnp.exe", other="\U000e0041")
@example(text="\r\n\t\x0b\x0c\x85\u2028", other=" \u200b")
@settings(max_examples=80)
def test_every_sign_is_read_or_stands_by_its_number_and_nothing_fails(
    text: str, other: str
) -> None:
    letter = message(text)
    about = Section(
        heading=other,
        parts=(
            Table(header=("Felt", other), rows=((other, text), (text, other))),
            Passage(heading=other, text=other),
        ),
    )
    letter = replace(letter, title=other, organisation=other, sections=(*letter.sections, about))
    pages = [page.extract_text() for page in read(pdf_of(letter)).pages]
    found = unicodedata.normalize("NFKC", "".join(pages))
    kinds = {sign: unicodedata.category(sign) for sign in unicodedata.normalize("NFC", text)}
    # pypdf passes over /ActualText, which is how a PDF tells what signs with marks stand for.
    has_marks = {unicodedata.category(sign)[0] for sign in text + other} & {"M"}
    for sign in {} if has_marks else kinds:
        match kinds[sign]:
            case "Cs" | "Co":
                assert f"[U+{ord(sign):04X}]" in found
            case "Cc" | "Cf" | "Zs" | "Zl" | "Zp":
                pass  # these may have become spaces, or nothing
            case _:
                by_number = f"[U+{ord(sign):04X}" in found
                assert by_number or unicodedata.normalize("NFKC", sign)[0] in found, ascii(sign)


def test_a_sign_that_no_font_has_is_told_by_number_and_name() -> None:
    read_back = squeezed(read(pdf_of(message("Tak \U0001f44d"))).pages[0].extract_text())
    assert "Tak[U+1F44DTHUMBSUPSIGN]" in read_back
    assert "stårsom[U+...]" in read_back
    assert "\U0001f44d" not in read_back
    plain = squeezed(read(pdf_of(message("Tak"))).pages[0].extract_text())
    assert "[U+" not in plain


def test_where_a_line_might_have_ended_does_not_hinder_a_search() -> None:
    read_back = squeezed(read(pdf_of(message("kom\u00admu\u200bne\ufeff"))).pages[0].extract_text())
    assert "Tekstkommune" in read_back


def test_what_turns_text_around_is_shown_and_turns_nothing() -> None:
    read_back = squeezed(read(pdf_of(message("fil\u202egnp.exe"))).pages[0].extract_text())
    assert "fil[U+202E]gnp.exe" in read_back


def test_a_mark_without_a_glyph_does_not_take_its_letter_along() -> None:
    read_back = squeezed(read(pdf_of(message("x\u0f71 \u0431\u0f71 x"))).pages[0].extract_text())
    assert "x[U+0F71]\u0431[U+0F71]x" in read_back


def test_a_long_word_is_broken_and_stays_whole_for_whoever_copies_it() -> None:
    word = "https://kort.example/" + "M" * 10_000
    letter = message(f"Se {word} og svar.")
    cell = Table(header=("Felt", "Svar"), rows=(("A" * 60, "B" * 60),))
    letter = replace(letter, sections=(*letter.sections, Section(heading="W" * 80, parts=(cell,))))
    pdf = pdf_of(letter)
    assert extracted(pdf, letter) == written(letter)
    lines = [line for page in read(pdf).pages for line in page.extract_text().splitlines()]
    assert max(line.count("M") for line in lines) < 60
    assert max(line.count("W") for line in lines) < 40
    assert max(line.count("A") for line in lines) < 25


def test_a_long_answer_takes_the_pages_it_needs_and_each_has_its_number() -> None:
    text = "\n\n".join(
        f"{number}. Vi bor på vejen og ser frem til svar. " * 8 for number in range(30)
    )
    letter = message(text)
    pdf = pdf_of(letter)
    pages = read(pdf).pages
    ends = [page.extract_text().split("Side ")[-1].strip() for page in pages]
    assert len(ends) > 2
    assert ends == [f"{number} af {len(ends)}" for number in range(1, len(ends) + 1)]
    assert extracted(pdf, letter) == written(letter)


def test_the_same_letter_is_the_same_bytes_from_any_thread_and_after_any_other() -> None:
    first = {name: pdf_of(letter) for name, letter in LETTERS.items()}
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(pdf_of, [*LETTERS.values()] * 3))
    assert again == [*first.values()] * 3
    assert len(set(first.values())) == len(first)


def test_the_date_of_the_pdf_is_the_letters_own() -> None:
    letter = LETTERS["response"]
    made = read(pdf_of(letter)).metadata
    assert made is not None
    assert made.creation_date is not None
    assert made.creation_date == made.modification_date
    assert made.creation_date.date() == letter.date
    assert (made.title, made.author) == (letter.title, "Hjørring Kommune")


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_tagged_danish_and_claims_both_standards(name: str) -> None:
    pdf = read(pdf_of(LETTERS[name]))
    root = pdf.root_object
    assert inside(root, "/MarkInfo", "/Marked") == BooleanObject(value=True)
    assert str(inside(root, "/Lang")) == "da-DK"
    assert inside(root, "/ViewerPreferences", "/DisplayDocTitle") == BooleanObject(value=True)
    packet = inside(root, "/Metadata")
    assert isinstance(packet, StreamObject)
    claims = packet.get_data().decode()
    for claim in (
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "da-DK",
    ):
        assert claim in claims


@pytest.mark.parametrize("name", LETTERS)
def test_headings_and_tables_are_real_ones(name: str) -> None:
    letter = LETTERS[name]
    elements = tagged(pdf_of(letter))
    kinds = [str(element["/S"]) for element in elements]
    passages = [
        part for section in letter.sections for part in section.parts if isinstance(part, Passage)
    ]
    tables = tables_of(letter)
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == len(letter.sections)
    assert kinds.count("/H3") == sum(passage.heading is not None for passage in passages)
    assert kinds.count("/Table") == len(tables)
    assert kinds.count("/TH") == sum(len(table.header) for table in tables)
    assert kinds.count("/TD") == sum(len(row) for table in tables for row in table.rows)
    scopes = {
        str(inside(attribute, "/Scope"))
        for element in elements
        if str(element["/S"]) == "/TH"
        for attribute in each(inside(element, "/A"))
    }
    assert scopes == {"/Column"}


def test_every_font_is_in_the_file() -> None:
    letter = message("Kære Жанна, \u05e9\u05dc\u05d5\u05dd og \u0639\u0631\u0628\u064a \u263a")
    fonts = inside(read(pdf_of(letter)).pages[0], "/Resources", "/Font")
    assert isinstance(fonts, DictionaryObject)
    embedded = {str(inside(font, "/BaseFont")): embeds(font) for font in fonts.values()}
    assert len(embedded) > 2
    assert all(embedded.values())
    assert any("LibertinusSerif" in font for font in embedded)


def embeds(font: PdfObject) -> bool:
    (inner,) = each(inside(font, "/DescendantFonts"))
    descriptor = inside(inner, "/FontDescriptor")
    assert isinstance(descriptor, DictionaryObject)
    assert inside(font, "/ToUnicode")
    return not {"/FontFile2", "/FontFile3"}.isdisjoint(descriptor)


def classpath(folder: Path) -> str:
    """The validator's jars: from Maven's own store, and from its repository only when not there."""
    if shutil.which("mvn") is None or shutil.which("java") is None:
        pytest.skip("PDF/A and PDF/UA were NOT validated: veraPDF needs Java and Maven.")
    listed = folder / "classpath"
    goal = ["dependency:build-classpath", f"-Dmdep.outputFile={listed}"]
    for offline in (["-o"], []):
        maven = ["mvn", "-B", "-q", *offline, "-f", str(VERAPDF / "pom.xml"), *goal]
        done = subprocess.run(maven, capture_output=True, check=False, timeout=200)
        if done.returncode == 0:
            return listed.read_text()
    pytest.skip("PDF/A and PDF/UA were NOT validated: Maven cannot get veraPDF.")


def test_verapdf_finds_every_letter_to_keep_both_standards(tmp_path: Path) -> None:
    jars = classpath(tmp_path)
    strange = message(
        "Жанна \u05e9\u05dc\u05d5\u05dd \u0639\u0631\u0628\u064a \U0001f44d \0" + "x" * 500
    )
    blank = Letter(
        organisation="",
        title="",
        file_name="tom.pdf",
        date=date(2026, 12, 1),
        direction=Direction.IN,
        sections=(Section(heading="", parts=(Passage(text=""),)),),
    )
    letters = {**LETTERS, "strange": strange, "blank": blank}
    made = {name: pdf_of(letter) for name, letter in letters.items()}
    for name, organisation in ORGANISATIONS.items():
        made[f"headed-{name}"] = pdf_of(strange, letterhead_of(organisation))
    for name, pdf in made.items():
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
    broken = tmp_path / "untagged.pdf"
    broken.write_bytes(pdf_of(blank).replace(b"/Marked true", b"/Marked null"))
    files = [*(str(tmp_path / f"{name}.pdf") for name in made), str(broken)]
    java = ["java", "-XX:TieredStopAtLevel=1", "-cp", jars, str(VERAPDF / "Validate.java"), *files]
    said = subprocess.run(java, capture_output=True, check=True, text=True, timeout=200).stdout
    verdicts = {line for line in said.splitlines() if line.startswith(("pass ", "fail "))}
    good = {f"pass {standard} {name}.pdf" for name in made for standard in ("2a", "ua1")}
    assert verdicts == good | {"fail 2a untagged.pdf", "fail ua1 untagged.pdf"}, said
