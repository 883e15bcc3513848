"""What else has happened in a tender, as its protocol has it: refused attempts to open too."""

from collections.abc import Callable, Sequence

from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    ParticipationRequested,
    ParticipationRequestOpened,
    QuestionAnswered,
    TenderAmended,
    TenderCancelled,
    TenderEvent,
)
from events.tender_award import (
    AwardAnnulled,
    ContractConcluded,
    TenderComplaintEnded,
    TenderComplaintFiled,
)
from events.tender_bid import BidReceived, OpeningRefused, SharesGiven, SittingBegan
from services.journal import letter_texts as texts
from services.journal.letter import Passage, Table
from services.journal.tender_words import COMPLAINT_ENDS, EFFECTS, NOT_LET_IN

Name = Callable[[str], str]


def course(facts: Sequence[TenderEvent], name: Name) -> tuple[Table] | tuple[Passage]:
    rows = tuple(row for fact in facts if (row := _happened(fact, facts, name)) is not None)
    if not rows:
        return (Passage(text="Der er ikke sket andet."),)
    return (Table(header=("Tidspunkt", "Hændelse"), rows=rows),)


def _happened(
    fact: TenderEvent, facts: Sequence[TenderEvent], name: Name
) -> tuple[str, str] | None:
    match fact:
        case QuestionAnswered() | TenderAmended() | DeadlineMoved() | TenderCancelled():
            return _told(fact)
        case ParticipationRequested() | BiddersInvited():
            return _invited(fact, facts, name)
        case OpeningRefused() | SittingBegan() | SharesGiven():
            return _opening(fact, name)
        case TenderComplaintFiled() | TenderComplaintEnded():
            return _complained(fact, name)
        case AwardAnnulled() | ContractConcluded():
            return _ended(fact, facts, name)
        case _:
            return None


def _told(
    fact: QuestionAnswered | TenderAmended | DeadlineMoved | TenderCancelled,
) -> tuple[str, str]:
    match fact:
        case QuestionAnswered():
            said = f"Meddelt alle. Spørgsmål: {fact.text}\nSvar: {fact.answer}"
            return texts.moment(fact.answered_at), said
        case TenderAmended():
            how = "ændret væsentligt" if fact.is_essential else "ændret"
            return texts.moment(fact.amended_at), f"Udbudsmaterialet {how}: {fact.text}"
        case DeadlineMoved():
            said = f"Fristen forlænget til {texts.moment(fact.closes_at)}. Grund: {fact.reason}"
            return texts.moment(fact.moved_at), said
        case TenderCancelled():
            said = f"Udbuddet annulleret. Begrundelse: {fact.reason}"
            return texts.moment(fact.cancelled_at), said


def _invited(
    fact: ParticipationRequested | BiddersInvited, facts: Sequence[TenderEvent], name: Name
) -> tuple[str, str] | None:
    """Who has applied is nobody's to know before the requests are opened, or some of them are
    invited, as before requests were opened by a fact of their own (udbudsloven § 59).
    """
    if isinstance(fact, BiddersInvited):
        until, bidders = texts.moment(fact.closes_at), ", ".join(map(name, fact.bidders))
        said = f"Opfordret til at afgive tilbud inden {until}: {bidders}"
        return texts.moment(fact.invited_at), said
    if not any(isinstance(each, ParticipationRequestOpened | BiddersInvited) for each in facts):
        return None
    said = f"{name(fact.bidder)} har ansøgt om at måtte afgive tilbud"
    return texts.moment(fact.received_at), said


def _opening(fact: OpeningRefused | SittingBegan | SharesGiven, name: Name) -> tuple[str, str]:
    match fact:
        case OpeningRefused():
            reason = NOT_LET_IN.get(fact.code, fact.code)
            said = f"{name(fact.member)} forsøgte at åbne tilbud og blev afvist: {reason}"
            return texts.moment(fact.tried_at), said
        case SittingBegan():
            return texts.moment(fact.began_at), "Åbningsmødet begyndte"
        case SharesGiven():
            said = f"{name(fact.member)} afgav sine dele af tilbuddenes nøgler"
            return texts.moment(fact.given_at), said


def _complained(fact: TenderComplaintFiled | TenderComplaintEnded, name: Name) -> tuple[str, str]:
    about = f"{name(fact.complainant)} over delaftale {fact.lot}"
    if isinstance(fact, TenderComplaintEnded):
        said = f"Klage fra {about}: {COMPLAINT_ENDS[fact.end]}"
        return texts.long_date(fact.ended_on), said
    said = f"Klage til Klagenævnet for Udbud fra {about}. {EFFECTS[fact.stops_contract]}"
    return texts.long_date(fact.filed_on), said


def _ended(
    fact: AwardAnnulled | ContractConcluded, facts: Sequence[TenderEvent], name: Name
) -> tuple[str, str]:
    if isinstance(fact, AwardAnnulled):
        said = f"Tildelingen af delaftale {fact.lot} annulleret. Begrundelse: {fact.reason}"
        return texts.moment(fact.annulled_at), said
    bidders = {each.bid_id: each.bidder for each in facts if isinstance(each, BidReceived)}
    said = f"Kontrakt om delaftale {fact.lot} indgået med {name(bidders[fact.bid_id])}"
    return texts.long_date(fact.concluded_on), said
