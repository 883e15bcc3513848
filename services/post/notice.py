"""One person to be told of one fact, whatever it is about."""

from dataclasses import dataclass
from enum import StrEnum

from events.catalogue import WIRE_NAMES
from events.envelope import Recorded
from events.ids import NotificationId, PartyId
from events.journal import Matter
from services.ids import derived_id


class Weight(StrEnum):
    """What has legal effect comes by Digital Post or on paper, and cannot be turned off.

    Of a courtesy an e-mail says no more than that there is news.
    """

    COURTESY = "courtesy"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One person to be told of one fact; `fact` as it lies in the log.

    `by_letter` when a caseworker has said that it goes on paper; `is_secret` when nobody may learn
    that it is told, as it would tell who bids.
    """

    notification: NotificationId
    matter: Matter
    party: PartyId
    weight: Weight
    fact: Recorded
    by_letter: bool = False
    is_secret: bool = False

    @property
    def name(self) -> str:
        return WIRE_NAMES[type(self.fact.event)]


def notification_of(fact: Recorded, party: PartyId) -> NotificationId:
    """For ever the same."""
    return NotificationId(derived_id(fact.event_id, f"notification {party}"))
