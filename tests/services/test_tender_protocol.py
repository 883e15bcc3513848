"""What the protocol of a tender says, in Danish, and of whom it says nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from commands.tender import CancelTender, RequestParticipation
from commands.tender_award import AwardLot
from commands.tender_bid import BeginSitting, WithdrawBid
from events.tender import Procedure
from events.tender_award import ComplaintEnd, Notice
from gateway.sittings import MAY_NOT
from services.bidding.shares import SharesUnusable, combine
from services.journal import letter_texts as texts
from services.journal.letter import Letter, Passage, Table
from services.journal.tender_protocol import protocol
from services.journal.tender_words import COMPLAINT_ENDS, NOT_LET_IN, UNREADABLE
from tests import tender_examples as example
from tests.shipped import HJORRING
from tests.tender_examples import (
    ADA,
    CLOSES_AT,
    COMPANY,
    LOT,
    MOMENT,
    OTHER,
    PUBLISHED_AT,
    TENDER,
    Running,
    bid,
    bid_id,
    declare,
    found,
    give,
    opening,
    score,
    sit,
)

NAMES = {
    str(COMPANY): "Nord ApS",
    str(OTHER): "Syd A/S",
    "staff:ada": "Ada",
    "staff:bob": "Bob",
    "staff:cai": "Cai",
    "staff:eve": "Eve",
    "staff:lis": "Lis",
}


def written(running: Running) -> Letter:
    return protocol(running.history, HJORRING, NAMES.__getitem__, CLOSES_AT)


def section(letter: Letter, heading: str) -> str:
    """Its words, each part on lines of its own."""
    (one,) = (each for each in letter.sections if each.heading == heading)
    return "\n".join(line for part in one.parts for line in _lines(part))


def _lines(part: Passage | Table) -> Sequence[str]:
    if isinstance(part, Table):
        return [": ".join(row) for row in part.rows]
    return [*([] if part.heading is None else [part.heading]), part.text]


def judged() -> Running:
    """Bids of two, of which one replaced hers and one withdrew his second; none is awarded."""
    running = example.published()
    running.does(
        bid(),
        replace(bid(version=2), now=PUBLISHED_AT + MOMENT),
        bid(OTHER),
        bid(OTHER, lot=example.OTHER_LOT),
        WithdrawBid(tender_id=TENDER, lot=example.OTHER_LOT, bidder=OTHER, now=PUBLISHED_AT),
        BeginSitting(
            tender_id=TENDER, sitting=example.sitting(), member=ADA, now=CLOSES_AT - MOMENT
        ),
        sit(),
        give(ADA),
        give(example.BOB),
        opening(found(bid_id(version=2), 1_250_000_50), found(bid_id(OTHER), 2_500_001_00)),
        declare(),
        declare(example.BOB, has_conflict=True),
        score(bid_id(version=2), 700),
        score(bid_id(version=2), 750),
        score(bid_id(OTHER), 825),
    )
    return running


def award(running: Running) -> None:
    running.does(
        AwardLot(
            tender_id=TENDER,
            lot=LOT,
            winner=bid_id(version=2),
            reasons="Bedste forhold mellem pris og kvalitet.",
            notice=Notice.ELECTRONIC,
            now=CLOSES_AT,
            days_off=frozenset(),
        )
    )


def test_amounts_points_and_sizes_are_written_as_in_danish() -> None:
    bids = section(written(judged()), "Tilbud")
    assert "pris 1.250.000,50 kr. uden moms" in bids
    assert "Den forseglede fil: 65.536 byte." in bids
    said = section(written(judged()), "Bedømmelse og tildeling")
    assert "8,25 af 10 point, givet af Ada.\nBegrundelse: Planen er klar." in said


@pytest.mark.parametrize(
    ("minor", "words"),
    [(0, "0,00 kr."), (5, "0,05 kr."), (125_050, "1.250,50 kr."), (10**11, "1.000.000.000,00 kr.")],
)
def test_oere_are_written_as_kroner(minor: int, words: str) -> None:
    assert texts.kroner(minor) == words


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (10, "10"), (8.2, "8,2"), (8.25, "8,25"), (2 / 3, "0,67")]
)
def test_points_have_no_more_decimals_than_they_need(number: float, words: str) -> None:
    assert texts.points(number) == words


def test_what_became_of_each_bid_is_told() -> None:
    bids = section(written(judged()), "Tilbud")
    assert (
        "Nord ApS: delaftale 1, version 1\n"
        "Modtaget mandag den 2. november 2026 kl. 10.00.00,000 efter databasens ur." in bids
    )
    assert "Erstattet af tilbudsgiverens version 2 og derfor ikke åbnet." in bids
    assert "kl. 10.00.00,001 efter databasens ur." in bids
    assert "Trukket tilbage mandag den 2. november 2026 kl. 10.00 og derfor ikke åbnet." in bids
    assert len(re.findall("^Åbnet ", bids, re.MULTILINE)) == 2
    unreadable = section(written(example.complained()), "Tilbud")
    assert "Kunne ikke åbnes tirsdag den 8. december 2026 kl. 12.00: delene gav ikke" in unreadable


def test_nobody_who_bid_is_named_unless_bids_were_opened() -> None:
    running = example.published()
    running.does(bid(), bid(OTHER), CancelTender(tender_id=TENDER, reason="Sne.", now=PUBLISHED_AT))
    letter = written(running)
    assert "Om nogen har afgivet tilbud, fremgår derfor ikke" in section(letter, "Tilbud")
    told = "\n".join(section(letter, each.heading) for each in letter.sections)
    for hidden in ("Nord ApS", "Syd A/S", "65.536"):
        assert hidden not in told


def test_interests_scores_and_the_award_are_told_with_names() -> None:
    running = judged()
    award(running)
    said = section(written(running), "Bedømmelse og tildeling")
    assert "Ada\nErklæret tirsdag den 8. december 2026 kl. 12.00: har ingen interesse" in said
    assert "har en interessekonflikt i forhold til en tilbudsgiver og bedømmer ikke." in said
    assert "7 af 10 point, givet af Ada og senere ændret." in said
    assert "Nord ApS, delaftale 1: Kvalitet" in said
    assert "Tildelt Nord ApS tirsdag den 8. december 2026 kl. 12.00." in said
    assert "Rangfølge: 1. Nord ApS med 8,5 point; 2. Syd A/S med 6,95 point." in said
    assert "Meddelt alle tilbudsgivere elektronisk." in said
    assert "løber til og med fredag den 18. december 2026." in said


def test_complaints_contracts_and_annulments_are_told() -> None:
    told = section(written(example.complained()), "Forløb")
    assert "Klage til Klagenævnet for Udbud fra Syd A/S over delaftale 1. Klagen har o" in told
    assert "Klage fra Syd A/S over delaftale 1: Klagen er taget til følge" in told
    assert "Tildelingen af delaftale 1 annulleret. Begrundelse: Klagenævnets kendelse" in told
    assert "tirsdag den 5. januar 2027: Kontrakt om delaftale 1 indgået med Nord ApS" in told


@pytest.mark.parametrize("end", ComplaintEnd)
def test_no_english_word_tells_how_a_complaint_ended(end: ComplaintEnd) -> None:
    assert end.value not in COMPLAINT_ENDS[end].lower()


def test_refused_attempts_to_open_are_told_with_their_reason() -> None:
    told = section(written(judged()), "Forløb")
    assert "kl. 11.59: Ada forsøgte at åbne tilbud og blev afvist: fristen var ikke udløbet" in told


def test_answers_amendments_and_deadlines_are_told_whole() -> None:
    told = section(written(example.told()), "Forløb")
    assert "Meddelt alle. Spørgsmål: Hvor langt er vejnettet?\nSvar: 412 km." in told
    assert "Udbudsmaterialet ændret: Bilag 2 er rettet." in told
    assert "Fristen forlænget til torsdag den 10. december 2026 kl. 12.00. Grund: Sne" in told
    assert "Udbuddet annulleret. Begrundelse: Bevillingen faldt bort." in told
    assert "Nord" not in told


def test_a_restricted_procedure_has_two_deadlines_and_names_whom_it_invited() -> None:
    letter = written(example.invited(COMPANY))
    about = section(letter, "Udbuddet")
    assert "Frist for ansøgning: tirsdag den 8. december 2026 kl. 12.00" in about
    assert "Frist for tilbud: søndag den 17. januar 2027 kl. 12.00" in about
    told = section(letter, "Forløb")
    assert "Nord ApS har ansøgt om at måtte afgive tilbud" in told
    assert "Opfordret til at afgive tilbud inden søndag den 17. januar 2027 kl. 12.00" in told


def test_who_has_applied_is_told_of_nobody_before_some_are_invited() -> None:
    running = example.published(Procedure.RESTRICTED)
    running.does(
        RequestParticipation(tender_id=TENDER, bidder=COMPANY, documents=(), now=PUBLISHED_AT)
    )
    assert "Nord ApS" not in section(written(running), "Forløb")


def test_every_reason_for_not_opening_has_its_words() -> None:
    assert {*MAY_NOT, "sitting-not-found", "sitting-over"} - {"tender-not-found"} == set(NOT_LET_IN)
    assert {"key-corrupted", "envelope-corrupted", "envelope-missing", "bid-malformed"} <= set(
        UNREADABLE
    )
    for given_, threshold in (([], 2), ([b"a\1", b"a\1"], 2), ([b"a\0", b"b\2"], 2)):
        with pytest.raises(SharesUnusable) as unusable:
            combine(given_, threshold)
        assert unusable.value.code in UNREADABLE
