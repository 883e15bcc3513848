"""The rules of a tender's draft, its publication, and who may take part."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import assert_never

from aggregates.tender_periods import (
    require_time_of_invited,
    require_time_to_bid,
)
from aggregates.tender_state import (
    Status,
    Tender,
    require_draft,
    require_open,
    require_published,
    require_words,
)
from commands.refusal import Refused
from commands.tender import (
    AddTenderMaterial,
    CancelTender,
    DraftTender,
    InviteBidders,
    PublishingCommand,
    PublishTender,
    RequestParticipation,
)
from events.document import Document
from events.ids import TenderId
from events.tender import (
    BiddersInvited,
    ParticipationRequested,
    ParticipationRequestOpened,
    Procedure,
    TenderCancelled,
    TenderDrafted,
    TenderEvent,
    TenderMaterialAdded,
    TenderPublished,
)

ALL_WEIGHTS = 100


def decide(command: PublishingCommand, tender: Tender) -> list[TenderEvent]:
    match command:
        case DraftTender():
            return _draft(command, tender)
        case AddTenderMaterial():
            return _add_material(command, tender)
        case PublishTender():
            return _publish(command, tender)
        case RequestParticipation():
            return _request_participation(command, tender)
        case InviteBidders():
            return _invite(command, tender)
        case CancelTender():
            return _cancel(command, tender)
        case _:
            assert_never(command)


def _draft(command: DraftTender, tender: Tender) -> list[TenderEvent]:
    if tender.status is not Status.UNKNOWN:
        raise Refused("tender-already-drafted", "There is a tender with this id.")
    require_words(command.title, Refused("title-missing", "A title says something."))
    names = [each.lot for each in command.lots]
    if not names or len(set(names)) < len(names):
        raise Refused("lots-unclear", "A tender has one lot at least, each with a name of its own.")
    criteria = command.criteria
    weights = [each.weight for each in criteria]
    is_clear = (
        len({each.name for each in criteria}) == len(criteria) and min(weights, default=0) > 0
    )
    if not is_clear or sum(weights) != ALL_WEIGHTS:
        raise Refused(
            "weights-unclear", "Every criterion has a name and a weight; all weights make 100."
        )
    return [
        TenderDrafted(
            tender_id=command.tender_id,
            team=command.team,
            procedure=command.procedure,
            title=command.title,
            description=command.description,
            lots=command.lots,
            criteria=criteria,
        )
    ]


def _add_material(command: AddTenderMaterial, tender: Tender) -> list[TenderEvent]:
    require_draft(tender)
    require_new(command.material, tender)
    return [TenderMaterialAdded(tender_id=command.tender_id, material=command.material)]


def _publish(command: PublishTender, tender: Tender) -> list[TenderEvent]:
    """All material lies open from this day (udbudsloven § 132), and the committee can open bids."""
    require_draft(tender)
    for reason in why_not_yet(tender):
        raise reason
    require_time_to_bid(tender.procedure, command.published_at, command.closes_at, command.days_off)
    return [
        TenderPublished(
            tender_id=command.tender_id,
            published_at=command.published_at,
            closes_at=command.closes_at,
        )
    ]


def why_not_yet(tender: Tender) -> Iterator[Refused]:
    """What a draft lacks to be published, but for its deadline."""
    if not tender.material:
        yield Refused("material-missing", "A tender is published with its material.")
    if not tender.committee:
        yield Refused("committee-missing", "A committee is appointed before publication.")
    waiting = [member for member, each in tender.committee.items() if not each.has_rehearsed]
    if waiting:
        yield Refused(
            "committee-not-rehearsed",
            "Every member has registered a key and opened a trial bid with it.",
            members=", ".join(sorted(waiting)),
        )


def _request_participation(command: RequestParticipation, tender: Tender) -> list[TenderEvent]:
    require_open(tender, command.now)
    if tender.procedure is not Procedure.RESTRICTED:
        raise Refused("tender-open-to-all", "Everybody may bid; nobody need ask to be invited.")
    if tender.invited is not None:
        raise Refused("bidders-invited", "Those who may bid have been invited.")
    if command.bidder in tender.applicants:
        raise Refused("participation-requested", "You have asked to take part.")
    return [
        ParticipationRequested(
            tender_id=command.tender_id,
            bidder=command.bidder,
            documents=command.documents,
            received_at=command.now,
        )
    ]


def _invite(command: InviteBidders, tender: Tender) -> list[TenderEvent]:
    require_published(tender)
    if tender.procedure is not Procedure.RESTRICTED or tender.invited is not None:
        raise Refused("bidders-invited", "Nobody is to be invited any more.")
    if not tender.is_closed(command.now):
        raise Refused("tender-not-closed", "Requests to take part are still received.")
    if not command.bidders or not tender.applicants.keys() >= set(command.bidders):
        raise Refused("bidders-unknown", "Those are invited who have asked to take part.")
    require_time_of_invited(command.now, command.closes_at, command.days_off)
    return [
        *_opened_requests(tender, command.tender_id, command.now),
        BiddersInvited(
            tender_id=command.tender_id,
            bidders=command.bidders,
            invited_at=command.now,
            closes_at=command.closes_at,
        ),
    ]


def _opened_requests(tender: Tender, tender_id: TenderId, now: datetime) -> list[TenderEvent]:
    return [
        ParticipationRequestOpened(
            tender_id=tender_id,
            bidder=bidder,
            documents=asked.documents,
            received_at=asked.received_at,
            opened_at=now,
        )
        for bidder, asked in tender.applicants.items()
    ]


def _cancel(command: CancelTender, tender: Tender) -> list[TenderEvent]:
    if tender.status is Status.CANCELLED:
        return []
    if tender.status is Status.UNKNOWN:
        raise Refused("tender-not-found", "There is no such tender.")
    if tender.contracts:
        raise Refused("contract-concluded", "A contract has been concluded.")
    require_words(command.reason, Refused("reason-missing", "A reason says something."))
    # As with bids: before the deadline nobody has access to what is received, after it all is kept.
    is_unseen = tender.invited is None and tender.is_closed(command.now)
    opened = _opened_requests(tender, command.tender_id, command.now) if is_unseen else []
    return [
        *opened,
        TenderCancelled(
            tender_id=command.tender_id, reason=command.reason, cancelled_at=command.now
        ),
    ]


def require_new(material: Iterable[Document], tender: Tender) -> None:
    known = set(tender.material)
    for document in material:
        if document.document_id in known:
            raise Refused("document-already-added", "The tender already has this document.")
        known.add(document.document_id)
