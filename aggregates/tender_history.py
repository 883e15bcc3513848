"""What each fact changes of a tender."""

from dataclasses import replace
from typing import assert_never

from aggregates.tender_state import (
    Application,
    Award,
    Bid,
    Member,
    Proposal,
    Sitting,
    Status,
    Tender,
)
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    DeadlineProposed,
    ParticipationRequested,
    ParticipationRequestOpened,
    PublishingEvent,
    QuestionAnswered,
    QuestionAsked,
    TellingEvent,
    TenderAmended,
    TenderCancelled,
    TenderDrafted,
    TenderEvent,
    TenderMaterialAdded,
    TenderPublished,
)
from events.tender_award import (
    AwardAnnulled,
    AwardEvent,
    BidScored,
    ComplaintEnd,
    ContractConcluded,
    InterestDeclared,
    LotAwarded,
    TenderComplaintEnded,
    TenderComplaintFiled,
)
from events.tender_bid import (
    BidEvent,
    BidOpened,
    BidReceived,
    BidUnreadable,
    BidWithdrawn,
    OpeningEnded,
    OpeningRefused,
    SharesGiven,
    SittingBegan,
)
from events.tender_committee import (
    CommitteeAppointed,
    CommitteeEvent,
    MemberKeyLost,
    MemberKeyRegistered,
    MemberRehearsed,
    MemberReplaced,
    ReplacementBegan,
)


def evolve(tender: Tender, event: TenderEvent) -> Tender:
    if isinstance(event, PublishingEvent):
        return _publishing(tender, event)
    if isinstance(event, TellingEvent):
        return _telling(tender, event)
    if isinstance(event, CommitteeEvent):
        return _committee(tender, event)
    if isinstance(event, BidEvent):
        return _bids(tender, event)
    return _award(tender, event)


def _publishing(tender: Tender, event: PublishingEvent) -> Tender:
    match event:
        case TenderDrafted():
            return Tender(
                status=Status.DRAFT,
                procedure=event.procedure,
                lots=tuple(each.lot for each in event.lots),
                criteria=event.criteria,
            )
        case TenderMaterialAdded():
            return tender.with_material(event.material)
        case TenderPublished():
            return replace(tender, status=Status.PUBLISHED, closes_at=event.closes_at)
        case ParticipationRequested() | ParticipationRequestOpened() | BiddersInvited():
            return _taking_part(tender, event)
        case TenderCancelled():
            return replace(tender, status=Status.CANCELLED)
        case _:
            assert_never(event)


def _taking_part(
    tender: Tender, event: ParticipationRequested | ParticipationRequestOpened | BiddersInvited
) -> Tender:
    match event:
        case ParticipationRequested():
            asked = Application(documents=event.documents, received_at=event.received_at)
            return replace(tender, applicants={**tender.applicants, event.bidder: asked})
        case ParticipationRequestOpened():
            return tender
        case BiddersInvited():
            invited = replace(tender, invited=frozenset(event.bidders))
            return invited.with_new_deadline(event.closes_at)


def _telling(tender: Tender, event: TellingEvent) -> Tender:
    match event:
        case QuestionAsked():
            return replace(tender, questions=tender.questions | {event.question_id})
        case QuestionAnswered():
            return replace(tender, answered=tender.answered | {event.question_id})
        case TenderAmended():
            return tender.with_material(event.material)
        case DeadlineProposed():
            proposal = Proposal(
                closes_at=event.closes_at, reason=event.reason, by=event.proposed_by
            )
            return replace(tender, proposal=proposal)
        case DeadlineMoved():
            return replace(tender.with_new_deadline(event.closes_at), proposal=None)
        case _:
            assert_never(event)


def _committee(tender: Tender, event: CommitteeEvent) -> Tender:
    committee = tender.committee
    match event:
        case CommitteeAppointed():
            # Who stays keeps the key that was registered.
            appointed = {each: committee.get(each, Member()) for each in event.members}
            return replace(tender, committee=appointed, threshold=event.threshold)
        case MemberKeyRegistered():
            changed = Member(key_id=event.key_id)
            return replace(tender, committee={**committee, event.member: changed})
        case MemberRehearsed():
            rehearsed = replace(committee[event.member], has_rehearsed=True)
            return replace(tender, committee={**committee, event.member: rehearsed})
        case MemberKeyLost():
            return replace(tender, committee={**committee, event.member: Member()})
        case ReplacementBegan():
            begun = (event.replacement, event.member, event.new_member)
            return replace(
                tender,
                replacements=tender.replacements | {begun},
                new_keys={**tender.new_keys, event.replacement: event.key_id},
            )
        case MemberReplaced():
            new = Member(key_id=tender.new_keys[event.replacement], has_rehearsed=True)
            stay = {each: held for each, held in committee.items() if each != event.member}
            left = {each for each in tender.replacements if each[0] != event.replacement}
            return replace(
                tender,
                committee={**stay, event.new_member: new},
                replacements=frozenset(left),
            )
        case _:
            assert_never(event)


def _bids(tender: Tender, event: BidEvent) -> Tender:
    changed = tender
    match event:
        case BidReceived():
            bid = Bid(
                bid_id=event.bid_id, lot=event.lot, bidder=event.bidder, version=event.version
            )
            versions = {**tender.versions, (event.bidder, event.lot): event.version}
            changed = replace(tender.with_bid(bid), versions=versions)
        case BidWithdrawn():
            left = {place: bid for place, bid in tender.bids.items() if bid.bid_id != event.bid_id}
            changed = replace(tender, bids=left)
        case SittingBegan():
            sitting = Sitting(sitting=event.sitting, ends_at=event.ends_at)
            changed = replace(tender, sitting=sitting)
        case SharesGiven():
            if tender.sitting is not None:
                given = tender.sitting.given | {event.member}
                changed = replace(tender, sitting=replace(tender.sitting, given=given))
        case BidOpened():
            found = tender.bid(event.bid_id)
            if found is not None:
                opened = replace(found, is_open=True, price_minor=event.price_minor)
                changed = tender.with_bid(opened)
        case OpeningEnded():
            changed = replace(tender, status=Status.OPENED)
        case OpeningRefused() | BidUnreadable():
            pass
        case _:
            assert_never(event)
    return changed


def _award(tender: Tender, event: AwardEvent) -> Tender:
    changed = tender
    match event:
        case InterestDeclared():
            interests = {**tender.interests, event.evaluator: event.has_conflict}
            changed = replace(tender, interests=interests)
            if event.has_conflict:
                changed = changed.without_scores_of(event.evaluator)
        case BidScored():
            place = (event.bid_id, event.criterion, event.evaluator)
            changed = replace(tender, scores={**tender.scores, place: event.points})
        case LotAwarded():
            changed = tender.with_award(Award(awarded=event))
        case TenderComplaintFiled():
            if event.stops_contract:
                award = tender.awards[event.lot]
                stopped_by = award.stopped_by | {event.complainant}
                changed = tender.with_award(replace(award, stopped_by=stopped_by))
        case TenderComplaintEnded():
            award = tender.awards[event.lot]
            upheld = award.is_upheld or event.end is ComplaintEnd.UPHELD
            rest = award.stopped_by - {event.complainant}
            changed = tender.with_award(replace(award, stopped_by=rest, is_upheld=upheld))
        case AwardAnnulled():
            awards = {lot: each for lot, each in tender.awards.items() if lot != event.lot}
            changed = replace(tender, awards=awards)
        case ContractConcluded():
            concluded = {**tender.contracts, event.lot: event.concluded_on}
            changed = replace(tender, contracts=concluded)
        case _:
            assert_never(event)
    return changed
