"""How somebody can be reached: the seam where registers come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from aggregates.contact import Preferences
from events.contact import Frequency
from events.ids import PartyId
from events.post import Channel, PaperReason
from services.config import Config
from services.esdh.port import EsdhParty
from services.identity import DemoContact, demo_entries
from services.parties import Parties
from services.post.notice import Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """`official` has the number that Digital Post goes by, None where none is known.

    `is_exempt` from Digital Post; `address` are the lines of an envelope, and `is_protected`
    says that nobody but whoever writes the envelope may see them (CPR-loven § 28).
    """

    official: EsdhParty | None = None
    email: str | None = None
    is_exempt: bool = False
    address: tuple[str, ...] = ()
    is_protected: bool = False


class ContactPoints(Protocol):
    def of(self, party: PartyId) -> ContactPoint:
        """What is known of how to reach a party; nothing is an answer too.

        Raises:
            StoreUnavailable: nobody can say at the moment.
        """
        ...


class KnownContactPoints:
    """From a table; of all others their numbers are known, if they have logged in."""

    def __init__(self, known: Mapping[PartyId, ContactPoint], parties: Parties) -> None:
        self._known = known
        self._parties = parties

    def of(self, party: PartyId) -> ContactPoint:
        if party in self._known:
            return self._known[party]
        return ContactPoint(official=self._parties.known(party))


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`reason` is why it goes on paper, None when it does not."""

    channel: Channel
    reason: PaperReason | None = None


def way_to(
    point: ContactPoint,
    preferences: Preferences,
    weight: Weight,
    *,
    has_digital_post: bool,
) -> Way | None:
    """By which way somebody is told; None when there is none, or they want no courtesies."""
    if weight is Weight.LEGAL:
        if point.is_exempt:
            return Way(channel=Channel.PAPER, reason=PaperReason.EXEMPT)
        if not has_digital_post or point.official is None:
            return Way(channel=Channel.PAPER, reason=PaperReason.NO_DIGITAL_POST)
        return Way(channel=Channel.DIGITAL_POST)
    if preferences.frequency is Frequency.NONE or address_of(point, preferences) is None:
        return None
    return Way(channel=Channel.EMAIL)


def address_of(point: ContactPoint, preferences: Preferences) -> str | None:
    """The e-mail address: what the party has said goes before what a register says."""
    return preferences.email or point.email


def known_contact_points(config: Config, parties: Parties) -> ContactPoints:
    """In the demo its test persons; of others the numbers, until registers tell more."""
    if not config.demo:
        return KnownContactPoints({}, parties)
    known: dict[PartyId, ContactPoint] = {}
    for entry in demo_entries(config.organisations):
        if entry.party is not None:
            contact = entry.contact or DemoContact()
            known[PartyId(entry.party)] = ContactPoint(
                official=parties.known(PartyId(entry.party)),
                email=contact.email,
                is_exempt=contact.exempt,
                address=contact.address,
                is_protected=contact.protected,
            )
    return KnownContactPoints(known, parties)
