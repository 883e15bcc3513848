"""Which events of a tender are told to whom: one line of a table for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never, cast

from events.catalogue import Event
from events.envelope import Recorded
from events.ids import LotId, PartyId
from events.journal import Matter, MatterKind
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    QuestionAnswered,
    QuestionAsked,
    TenderAmended,
    TenderCancelled,
    TenderEvent,
)
from events.tender_award import AwardAnnulled, ContractConcluded, LotAwarded
from events.tender_award import Notice as AwardNotice
from events.tender_bid import OpeningEnded
from services.bidding.standing import Tender, standing_of
from services.post.notice import Notice, Weight, notification_of


class TenderCircle(StrEnum):
    """`JUDGED` are those whose bid for the lot was opened and judged, won or not; `APPLICANTS`
    have asked to be invited, and are it or not.

    `TAKING_PART` have asked a question, asked to be invited, or sent a bid, withdrawn or not, so
    that to be told tells of nobody that they have bid; once some are invited, these alone; and once
    the bids are opened, those whose bid was.
    """

    JUDGED = "judged"
    APPLICANTS = "applicants"
    TAKING_PART = "taking-part"


@dataclass(frozen=True, slots=True)
class TenderOccasion:
    circle: TenderCircle
    weight: Weight = Weight.COURTESY


TENDER_OCCASIONS: Final[Mapping[type[Event], TenderOccasion]] = {
    # Udbudsloven § 171: each bidder at once, with reasons; standstill runs from it.
    LotAwarded: TenderOccasion(TenderCircle.JUDGED, Weight.LEGAL),
    AwardAnnulled: TenderOccasion(TenderCircle.JUDGED),
    ContractConcluded: TenderOccasion(TenderCircle.JUDGED),
    BiddersInvited: TenderOccasion(TenderCircle.APPLICANTS),
    TenderAmended: TenderOccasion(TenderCircle.TAKING_PART),
    DeadlineMoved: TenderOccasion(TenderCircle.TAKING_PART),
    QuestionAnswered: TenderOccasion(TenderCircle.TAKING_PART),
    TenderCancelled: TenderOccasion(TenderCircle.TAKING_PART),
}
"""What stands here is told; the rest lies open on the tender's page, or is nobody's to know."""


def tender_notices_of(fact: Recorded, history: Sequence[Recorded]) -> list[Notice]:
    """Who is to be told of a fact; `history` is its whole stream, perhaps with what came later.

    What one command did is told once: a late answer that moves the deadline is one message.
    """
    occasion = TENDER_OCCASIONS.get(type(fact.event))
    if occasion is None or _told_before(fact, history):
        return []
    # The stream of a tender holds nothing but its events.
    event = cast("TenderEvent", fact.event)
    facts = [cast("TenderEvent", each.event) for each in history if each.version <= fact.version]
    return [
        Notice(
            notification=notification_of(fact, party),
            matter=Matter(kind=MatterKind.TENDER, id=event.tender_id),
            party=party,
            weight=occasion.weight,
            fact=fact,
            by_letter=isinstance(event, LotAwarded) and event.notice is AwardNotice.LETTER,
            # The team has chosen among the applicants, and has seen the bids once they are open.
            is_secret=occasion.circle is TenderCircle.TAKING_PART and not _are_bids_open(facts),
        )
        for party in dict.fromkeys(_told(occasion.circle, event, facts))
    ]


def _are_bids_open(facts: Sequence[TenderEvent]) -> bool:
    return any(isinstance(each, OpeningEnded) for each in facts)


def _told_before(fact: Recorded, history: Sequence[Recorded]) -> bool:
    return any(
        type(each.event) in TENDER_OCCASIONS
        and each.envelope.command_id == fact.envelope.command_id
        and each.version < fact.version
        for each in history
    )


def _told(
    circle: TenderCircle, event: TenderEvent, facts: Sequence[TenderEvent]
) -> Iterator[PartyId]:
    state = standing_of(facts)
    match circle:
        case TenderCircle.JUDGED:
            yield from _opened(state, _lot_of(event))
        case TenderCircle.APPLICANTS:
            yield from sorted(state.applicants)
        case TenderCircle.TAKING_PART if _are_bids_open(facts):
            yield from _opened(state, None)
        case TenderCircle.TAKING_PART if state.invited is not None:
            yield from sorted(state.invited)
        case TenderCircle.TAKING_PART:
            asked = {each.bidder for each in facts if isinstance(each, QuestionAsked)}
            bid = {bidder for bidder, _ in state.versions}
            yield from sorted(asked | bid | state.applicants.keys())
        case _:
            assert_never(circle)


def _opened(state: Tender, lot: LotId | None) -> Iterator[PartyId]:
    """Whose bid was opened and found to be one, for a lot or for any."""
    for (bidder, where), bid in state.bids.items():
        if bid.is_open and lot in (None, where):
            yield bidder


def _lot_of(event: TenderEvent) -> LotId:
    if isinstance(event, LotAwarded | AwardAnnulled | ContractConcluded):
        return event.lot
    raise TypeError(f"{type(event).__name__} is of no lot.")
