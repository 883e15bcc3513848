"""Journal notes of a tender: what all were told, requests and bids opened, complaints, its end."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never

from events.envelope import Recorded
from events.ids import BidId, PartyId
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    ParticipationRequestOpened,
    QuestionAnswered,
    TenderAmended,
    TenderCancelled,
    TenderEvent,
)
from events.tender_award import (
    AwardAnnulled,
    ContractConcluded,
    LotAwarded,
    TenderComplaintEnded,
    TenderComplaintFiled,
)
from events.tender_bid import BidOpened, BidReceived
from services.journal import letter_texts as texts
from services.journal.tender_words import COMPLAINT_ENDS, EFFECTS

_Told: TypeAlias = QuestionAnswered | TenderAmended | DeadlineMoved
_TakingPart: TypeAlias = ParticipationRequestOpened | BiddersInvited | BidOpened
_Complained: TypeAlias = TenderComplaintFiled | TenderComplaintEnded
OfTenders: TypeAlias = (
    _Told | _TakingPart | AwardAnnulled | _Complained | ContractConcluded | TenderCancelled
)
"""What is filed as a note."""


def tender_note(event: OfTenders, called: Mapping[str, str]) -> tuple[str, str]:
    """The heading and the plain text, in Danish; `called` are those whom `named_in` names."""
    match event:
        case QuestionAnswered() | TenderAmended() | DeadlineMoved():
            return _told(event)
        case ParticipationRequestOpened() | BiddersInvited() | BidOpened():
            return _taking_part(event, called)
        case TenderComplaintFiled() | TenderComplaintEnded():
            return _complained(event, called[event.complainant])
        case AwardAnnulled():
            said = f"Delaftale {event.lot}. Begrundelse: {event.reason}"
            return "Tildeling annulleret", said
        case ContractConcluded():
            (winner,) = called.values()
            on = texts.short_date(event.concluded_on)
            return "Kontrakt indgået", f"Delaftale {event.lot}, {on}. Leverandør: {winner}."
        case TenderCancelled(reason=reason):
            return "Udbud annulleret", f"Begrundelse: {reason}"
        case _:
            assert_never(event)


def named_in(event: TenderEvent, history: Sequence[Recorded]) -> list[PartyId]:
    """The parties whom a note or an award names."""
    match event:
        case ParticipationRequestOpened(bidder=bidder) | BidOpened(bidder=bidder):
            return [bidder]
        case BiddersInvited():
            return list(event.bidders)
        case TenderComplaintFiled(complainant=by) | TenderComplaintEnded(complainant=by):
            return [by]
        case LotAwarded(ranking=ranking):
            bidders = bidders_in(history)
            return [bidders[each.bid_id] for each in ranking]
        case ContractConcluded(bid_id=bid_id):
            return [bidders_in(history)[bid_id]]
        case _:
            return []


def bidders_in(history: Sequence[Recorded]) -> Mapping[BidId, PartyId]:
    """Whose each bid is."""
    received = (fact.event for fact in history if isinstance(fact.event, BidReceived))
    return {each.bid_id: each.bidder for each in received}


def _told(event: _Told) -> tuple[str, str]:
    match event:
        case QuestionAnswered():
            said = f"Meddelt alle samtidig. Spørgsmål: {event.text} Svar: {event.answer}"
            return "Spørgsmål til udbud besvaret", said
        case TenderAmended():
            return "Udbud ændret", f"Meddelt alle samtidig: {event.text}"
        case DeadlineMoved():
            said = f"Ny frist: {texts.moment(event.closes_at)}. Grund: {event.reason}"
            return "Frist i udbud forlænget", said


def _complained(event: _Complained, complainant: str) -> tuple[str, str]:
    about = f"Delaftale {event.lot}. Klager: {complainant}."
    if isinstance(event, TenderComplaintEnded):
        how = f"{COMPLAINT_ENDS[event.end]} {texts.short_date(event.ended_on)}."
        return "Klage over tildeling afsluttet", f"{about} {how}"
    filed = f"Indgivet til Klagenævnet for Udbud {texts.short_date(event.filed_on)}."
    return "Klage over tildeling", f"{about} {filed} {EFFECTS[event.stops_contract]}"


def _taking_part(event: _TakingPart, called: Mapping[str, str]) -> tuple[str, str]:
    match event:
        case ParticipationRequestOpened():
            said = f"Ansøger: {called[event.bidder]}. Modtaget {texts.moment(event.received_at)}."
            return "Ansøgning om at afgive tilbud åbnet", said
        case BiddersInvited():
            said = f"Opfordret: {', '.join(called[each] for each in event.bidders)}."
            until = f"Frist for tilbud: {texts.moment(event.closes_at)}."
            return "Ansøgere opfordret til at afgive tilbud", f"{said} {until}"
        case BidOpened():
            return "Tilbud åbnet", _opened(event, called[event.bidder])


def _opened(event: BidOpened, bidder: str) -> str:
    price = event.price_minor
    priced = "" if price is None else f" Pris: {texts.kroner(price)} uden moms."
    when = texts.moment(event.opened_at)
    return f"Tilbudsgiver: {bidder}. Åbnet {when} af udvalget i fællesskab.{priced}"
