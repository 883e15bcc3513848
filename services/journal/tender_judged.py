"""How the bids of a tender were judged, as its protocol has it: by whom, why, and who won."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from events.ids import BidId
from events.tender import TenderEvent
from events.tender_award import BidScored, InterestDeclared, LotAwarded
from events.tender_bid import BidReceived
from services.journal import letter_texts as texts
from services.journal.letter import Passage
from services.journal.tender_words import NOTICES


@dataclass(frozen=True, slots=True)
class _Named:
    """What bidders and their bids are called."""

    name: Callable[[str], str]
    bids: dict[BidId, BidReceived]

    def bidder(self, bid: BidId) -> str:
        return self.name(self.bids[bid].bidder)


def judged(facts: Sequence[TenderEvent], name: Callable[[str], str]) -> tuple[Passage, ...]:
    bids = {each.bid_id: each for each in facts if isinstance(each, BidReceived)}
    said = tuple(_judgements(facts, _Named(name, bids)))
    return said or (Passage(text="Der er ikke bedømt tilbud."),)


def _judgements(facts: Sequence[TenderEvent], named: _Named) -> Iterator[Passage]:
    last = {
        (each.bid_id, each.criterion, each.evaluator): each
        for each in facts
        if isinstance(each, BidScored)
    }
    for fact in facts:
        match fact:
            case InterestDeclared():
                yield Passage(heading=named.name(fact.evaluator), text=_declared(fact))
            case BidScored():
                counts = last[fact.bid_id, fact.criterion, fact.evaluator] is fact
                yield _scored(fact, named, counts=counts)
            case LotAwarded():
                yield _awarded(fact, named)
            case _:
                pass


def _declared(fact: InterestDeclared) -> str:
    """Udbudsloven § 4."""
    said = f"Erklæret {texts.moment(fact.declared_at)}:"
    if fact.has_conflict:
        return f"{said} har en interessekonflikt i forhold til en tilbudsgiver og bedømmer ikke."
    return f"{said} har ingen interessekonflikt i forhold til nogen tilbudsgiver."


def _scored(fact: BidScored, named: _Named, *, counts: bool) -> Passage:
    lot = named.bids[fact.bid_id].lot
    given = f"{texts.points(fact.points / 100)} af 10 point, givet af {named.name(fact.evaluator)}"
    since = "" if counts else " og senere ændret"
    return Passage(
        heading=f"{named.name(fact.bidder)}, delaftale {lot}: {fact.criterion}",
        text=f"{given}{since}.\nBegrundelse: {fact.reason}",
    )


def _awarded(fact: LotAwarded, named: _Named) -> Passage:
    places = "; ".join(
        f"{place}. {named.bidder(each.bid_id)} med {texts.points(each.total / 100)} point"
        for place, each in enumerate(fact.ranking, start=1)
    )
    return Passage(
        heading=f"Tildeling af delaftale {fact.lot}",
        text=(
            f"Tildelt {named.bidder(fact.winner)} {texts.moment(fact.awarded_at)}.\n"
            f"Rangfølge: {places}.\n"
            f"Meddelt alle tilbudsgivere {NOTICES[fact.notice]}. Standstill-perioden løber til og "
            f"med {texts.long_date(fact.standstill_until)}.\n"
            f"Begrundelse: {fact.reasons}"
        ),
    )
