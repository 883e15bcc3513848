"""What of a tender is filed where and by what names, with the real sync in simulated time."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from commands.tender_award import AwardLot
from events.ids import PartyId
from events.tender import TenderCancelled
from events.tender_award import ContractConcluded, LotAwarded, Notice, TenderComplaintFiled
from services.esdh.port import Company, Direction
from services.journal.letter import Table
from services.journal.letters import letter_of
from services.journal.ports import EntryState
from services.journal.tender_people import people_in
from services.journal.tender_protocol import protocol
from tests import tender_examples as example
from tests.services.filing_office import ANNA, BO, Municipality
from tests.simulation.office import organisation
from tests.tender_examples import CLOSES_AT, LOT, TENDER, Running, bid_id

HISTORIES: Final = (
    example.told,
    example.complained,
    example.unopened,
    lambda: example.invited(example.COMPANY),
)
CONTRACT: Final = ContractConcluded(
    tender_id=TENDER, lot=LOT, bid_id=bid_id(), concluded_on=date(2027, 1, 5)
)
COMPLAINT: Final = TenderComplaintFiled(
    tender_id=TENDER,
    lot=LOT,
    complainant=example.OTHER,
    filed_on=date(2027, 1, 6),
    stops_contract=False,
)
HIDDEN: Final = "En person med navne- og adressebeskyttelse"
NORD, BO_BIDS, ANNA_BIDS, UNKNOWN = map(PartyId, ("company:1", "person:2", "person:3", "company:4"))


@pytest.fixture
def municipality() -> Iterator[Municipality]:
    found = Municipality()
    found.parties |= {
        NORD: Company(cvr="99999991", name="Nord ApS"),
        BO_BIDS: BO,
        ANNA_BIDS: ANNA,
    }
    yield found
    found.loop.close()


def opened() -> Running:
    """Bids of a company, of somebody protected, of somebody who is not, and of somebody unknown."""
    return example.opened((NORD, 900_000_00), (BO_BIDS, 50), (ANNA_BIDS, 1_250_50), (UNKNOWN, None))


def awarded() -> Running:
    running = example.opened((NORD, 100_00), (BO_BIDS, 200_00))
    running.does(example.declare())
    running.does(example.score(bid_id(NORD), 825), example.score(bid_id(BO_BIDS), 1_000))
    running.does(
        AwardLot(
            tender_id=TENDER,
            lot=LOT,
            winner=bid_id(NORD),
            reasons="Bedste forhold mellem pris og kvalitet.",
            notice=Notice.LETTER,
            now=CLOSES_AT,
            days_off=frozenset(),
        )
    )
    return running


def filed(municipality: Municipality, running: Running) -> None:
    municipality.happens(*running.history)
    municipality.settle()
    assert municipality.states() == {EntryState.DONE}


def notes(municipality: Municipality, heading: str) -> list[str]:
    found = municipality.memory.ledger.notes
    return [note.text for note in found if note.heading == heading]


def test_each_opened_bid_is_noted_by_whose_it_is_as_far_as_that_may_be_read(
    municipality: Municipality,
) -> None:
    filed(municipality, opened())
    opening = "Åbnet tirsdag den 8. december 2026 kl. 12.00 af udvalget i fællesskab."
    assert sorted(notes(municipality, "Tilbud åbnet")) == sorted(
        [
            f"Tilbudsgiver: Nord ApS (CVR 99999991). {opening} Pris: 900.000,00 kr. uden moms.",
            f"Tilbudsgiver: {HIDDEN}. {opening} Pris: 0,50 kr. uden moms.",
            f"Tilbudsgiver: Anna Andersen. {opening} Pris: 1.250,50 kr. uden moms.",
            f"Tilbudsgiver: En virksomhed. {opening}",
        ]
    )


def test_what_bidders_offer_is_never_handed_out_without_a_look(municipality: Municipality) -> None:
    filed(municipality, awarded())
    papers = municipality.memory.ledger.documents
    assert [(paper.title, paper.direction, paper.access) for paper in papers] == [
        ("bilag-1.pdf", Direction.OUT, True),
        ("TenderPublished", Direction.OUT, True),
        ("bilag-10601.pdf", Direction.IN, False),
        ("bilag-20601.pdf", Direction.IN, False),
        ("LotAwarded", Direction.OUT, True),
    ]


def test_an_award_names_those_who_bid_and_tells_nobodys_id(municipality: Municipality) -> None:
    facts = municipality.happens(*awarded().history)
    municipality.settle()
    called = {NORD: "Nord ApS (CVR 99999991)", BO_BIDS: HIDDEN}
    content = next(
        paper.content
        for paper in municipality.memory.ledger.documents
        if paper.title == LotAwarded.__name__
    )
    assert repr({str(party): name for party, name in called.items()}).encode() in content

    fact = next(fact for fact in facts if isinstance(fact.event, LotAwarded))
    by_name = {str(party): name for party, name in called.items()}
    letter = letter_of(fact, facts, organisation(), None, called=by_name)
    told, _, ranking = (section.parts[0] for section in letter.sections)
    assert isinstance(told, Table)
    assert ("Tildelt", "Nord ApS (CVR 99999991)") in told.rows
    assert isinstance(ranking, Table)
    assert ranking.rows == (("Nord ApS (CVR 99999991)", "8,95"), (HIDDEN, "8"))
    with pytest.raises(KeyError):
        letter_of(fact, facts, organisation(), None)


def test_what_is_told_to_all_is_noted(municipality: Municipality) -> None:
    filed(municipality, example.told())
    told = [(note.heading, note.text) for note in municipality.memory.ledger.notes]
    assert told == [
        (
            "Spørgsmål til udbud besvaret",
            "Meddelt alle samtidig. Spørgsmål: Hvor langt er vejnettet? Svar: 412 km.",
        ),
        ("Udbud ændret", "Meddelt alle samtidig: Bilag 2 er rettet."),
        (
            "Frist i udbud forlænget",
            "Ny frist: torsdag den 10. december 2026 kl. 12.00. Grund: Sne",
        ),
        ("Udbud annulleret", "Begrundelse: Bevillingen faldt bort."),
    ]


def test_complaints_and_what_comes_of_them_are_noted(municipality: Municipality) -> None:
    municipality.parties[example.OTHER] = Company(cvr="99999992", name="Syd A/S")
    filed(municipality, example.complained())
    told = [(note.heading, note.text) for note in municipality.memory.ledger.notes]
    klager = "Delaftale 1. Klager: Syd A/S (CVR 99999992)."
    effect = "Klagen har opsættende virkning (lov om Klagenævnet for Udbud § 12)."
    assert told[1:] == [
        (
            "Klage over tildeling",
            f"{klager} Indgivet til Klagenævnet for Udbud 10. december 2026. {effect}",
        ),
        ("Klage over tildeling afsluttet", f"{klager} Klagen er taget til følge 4. januar 2027."),
        ("Tildeling annulleret", "Delaftale 1. Begrundelse: Klagenævnets kendelse"),
        (
            "Kontrakt indgået",
            "Delaftale 1, 5. januar 2027. Leverandør: Nord ApS (CVR 99999991).",
        ),
    ]


@pytest.mark.parametrize("running", [example.complained, example.told])
def test_the_protocol_is_filed_with_the_contract_or_the_cancellation(
    municipality: Municipality, running: Callable[[], Running]
) -> None:
    filed(municipality, running())
    (paper,) = (
        paper
        for paper in municipality.memory.ledger.documents
        if paper.title in {ContractConcluded.__name__, TenderCancelled.__name__}
    )
    assert (paper.direction, paper.access) == (Direction.INTERNAL, False)
    assert b"'staff:ada': 'Ada Adamsen', 'staff:bob': 'staff:bob'" in paper.content


@pytest.mark.parametrize("running", HISTORIES)
def test_the_protocol_knows_everybody_by_name(running: Callable[[], Running]) -> None:
    history = running().history
    called = {each: f"{each} ved navn" for each in people_in(history)}
    written = protocol(history, organisation(), called.__getitem__, CLOSES_AT)
    assert not re.search("(staff|company|person):[^ ]+(?! ved navn)\\b", repr(written))


def test_a_protocol_says_nothing_of_what_came_after_it(municipality: Municipality) -> None:
    """Otherwise one that is filed late, or again, would be another one."""
    facts = municipality.happens(*awarded().history)
    concluded = replace(facts[-1], event=CONTRACT, version=facts[-1].version + 1)
    later = replace(facts[-1], event=COMPLAINT, version=facts[-1].version + 2)
    called = {each: each for each in people_in(awarded().history)}
    history = [*facts, concluded, later]
    written = letter_of(concluded, history, organisation(), None, called=called)
    assert written == letter_of(concluded, history[:-1], organisation(), None, called=called)
    assert written.file_name == "protokol-2026-12-01-vintervedligehold.pdf"
