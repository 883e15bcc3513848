"""Which papers of a fact are uploaded ones, and which way they went."""

from dataclasses import fields
from typing import Final

from events.case import (
    CaseOpened,
    CaseworkerAddedDocument,
    CaseworkerWrote,
    PartyAddedDocument,
    PartyWrote,
)
from events.case_application import CompletionNotified
from events.case_complaint import BoardDecided
from events.case_information import InformationDelivered
from events.case_party_hearing import PartyHearingAnswered
from events.case_procedure import RedactedCopyAdded
from events.catalogue import Event
from events.document import Document
from events.envelope import Recorded
from events.hearing import HearingMaterialAdded, HearingPublished
from events.tender import ParticipationRequestOpened, TenderAmended, TenderMaterialAdded
from events.tender_bid import BidOpened
from services.esdh.port import Direction
from services.journal.tender_protocol import PROTOCOLLED

RECEIVED: Final = (
    CaseOpened,
    PartyAddedDocument,
    PartyWrote,
    InformationDelivered,
    PartyHearingAnswered,
    CompletionNotified,
    BoardDecided,
    ParticipationRequestOpened,
    BidOpened,
)
INTERNAL: Final = (RedactedCopyAdded, *PROTOCOLLED)


def stored_document(fact: Recorded, part: int) -> Document | None:
    """The uploaded document that an entry of the fact is about, None when it is our own letter."""
    match fact.event:
        case PartyAddedDocument() | CaseworkerAddedDocument() | RedactedCopyAdded() as added:
            return added.document
        case HearingMaterialAdded() | TenderMaterialAdded() as added_to:
            return added_to.material[part]
        case TenderAmended() as amended if part > 0:
            return amended.material[part - 1]
        case HearingPublished() as published if part > 1:
            return published.material[part - 2]
        case (
            PartyWrote()
            | CaseworkerWrote()
            | PartyHearingAnswered()
            | CompletionNotified()
            | ParticipationRequestOpened()
            | BidOpened()
        ) as wrote if part > 0:
            return wrote.documents[part - 1]
        case _:
            return None


def direction_of(fact: Recorded) -> Direction:
    """Received, sent or internal (offentlighedsloven § 15)."""
    if isinstance(fact.event, RECEIVED):
        return Direction.IN
    return Direction.INTERNAL if isinstance(fact.event, INTERNAL) else Direction.OUT


def brought(event: Event) -> list[Document]:
    """The documents that an event brings with it, whatever it is."""
    found: list[Document] = []
    for field in fields(event):
        value = getattr(event, field.name)
        if isinstance(value, Document):
            found.append(value)
        elif isinstance(value, tuple):
            found += [each for each in value if isinstance(each, Document)]
    return found
