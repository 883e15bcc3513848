"""Facts that never leave the house, whatever of others does."""

from typing import Final

from events import calendar_day, case_procedure, tender, tender_bid
from events.catalogue import Event

INTERNAL: Final[frozenset[type[Event]]] = frozenset(
    {
        # Nobody is told before the opening whether there is a bid, or who asks to be invited.
        tender_bid.BidReceived,
        tender_bid.BidWithdrawn,
        tender.ParticipationRequested,
        # What passes by itself, and what somebody has read; for nobody elsewhere to act upon. That
        # these happen all day is why a position that is missing tells of no bid.
        calendar_day.SlotHeld,
        calendar_day.HoldReleased,
        calendar_day.HoldExpired,
        case_procedure.MessageRead,
    }
)
"""Facts that never leave the house. What comes of them does: a booking, a bid that was opened."""
