"""Whom a fact is about, and by what name the records system may know them."""

from collections.abc import Mapping
from typing import Final

from events.case import CaseOpened
from events.case_party import PartyJoined
from events.case_party_hearing import PartyHearingExempted, PartyHearingOpened
from events.envelope import Recorded
from events.ids import ActorId, PartyId
from events.journal import MatterKind
from events.tender import ParticipationRequestOpened, TenderEvent
from events.tender_bid import BidOpened
from services.case_parties import Parties, parties_after
from services.esdh.port import Company, EsdhParty, Person
from services.journal import letter_texts as texts
from services.journal.party_notes import OfParties
from services.journal.tender_notes import named_in
from services.journal.tender_papers import facts_until
from services.journal.tender_people import people_in
from services.journal.tender_protocol import PROTOCOLLED
from services.journal.tender_told import addressees, until
from services.journal.work import Lane, Office
from services.streams import post_stream

CONFIDENTIAL: Final = (ParticipationRequestOpened, BidOpened, *PROTOCOLLED)
"""What applicants and bidders have sent, and how it was judged."""


def party_of(lane: Lane) -> PartyId | None:
    """Whose matter it is; a hearing is nobody's."""
    for fact in lane.history:
        if isinstance(fact.event, CaseOpened):
            return fact.event.party
    return None


def addressed(lane: Lane, fact: Recorded) -> PartyId | None:
    """Whom a paper is to or from: a party who is heard, or who joined the case and sent it, else
    the one whose matter it is.
    """
    if isinstance(fact.event, PartyHearingOpened):
        return fact.event.party or party_of(lane)
    origin = fact.envelope.on_behalf_of or PartyId(fact.envelope.actor)
    joined = {each.event.party for each in lane.history if isinstance(each.event, PartyJoined)}
    return origin if origin in joined else party_of(lane)


async def protected_party(
    office: Office, lane: Lane, party: PartyId | None
) -> tuple[EsdhParty | None, bool | None]:
    """The party by number, and whether name and address are protected (CPR-loven § 28).

    Somebody whose number we do not have is not known to be unprotected either; of one who joined
    a case must be said what others may see, as towards the other parties.
    """
    known = None if party is None else office.parties.known(party)
    if known is None:
        return None, None if party is not None else False
    if _has_joined(lane, party) and not isinstance(known, Company) and party not in _shown(lane):
        return known, True
    return known, await office.session.protected(office.esdh, known)


async def may_be_given(office: Office, lane: Lane, fact: Recorded) -> bool:
    """Whether access may be given to a paper without looking: nobody whom it names is protected.

    Bids and their judgement are confidential (udbudsloven § 5, offentlighedsloven § 30, nr. 2).
    """
    if isinstance(fact.event, CONFIDENTIAL):
        return False
    for party in {party_of(lane), addressed(lane, fact)}:
        _, protected = await protected_party(office, lane, party)
        if protected is not False:
            return False
    return True


async def called(office: Office, lane: Lane, fact: Recorded) -> Mapping[str, str]:
    """What those are called whom a paper of the fact names; a note has no access flag of its own.

    So a person's name is there only where it is known that it may be shown.
    """
    return {party: await _name(office, lane, party) for party in _named(lane, fact)}


async def called_in_letter(office: Office, lane: Lane, fact: Recorded) -> Mapping[str, str]:
    """What those are called whom the fact's letter names beside its party: in a protocol, all."""
    if not isinstance(fact.event, PROTOCOLLED):
        return await called(office, lane, fact)
    post = until(fact, await office.facts.history(post_stream(lane.matter)))
    people = dict.fromkeys([*people_in(facts_until(fact, lane.history)), *addressees(post)])
    return {each: await _anybody(office, lane, each) for each in people}


async def _anybody(office: Office, lane: Lane, who: str) -> str:
    """A colleague who is not known by name is told by their id."""
    if who.startswith("staff:"):
        return office.colleague(ActorId(who)) or who
    return await _name(office, lane, PartyId(who))


def _named(lane: Lane, fact: Recorded) -> list[PartyId]:
    match fact.event:
        case PartyHearingExempted(party=party):
            return [] if party is None else [party]
        case event if isinstance(event, OfParties):
            representative = getattr(event, "representative", None)
            return [event.party] if representative is None else [event.party, representative]
        case event if isinstance(event, TenderEvent):
            return named_in(event, lane.history)
        case _:
            return []


async def _name(office: Office, lane: Lane, party: PartyId) -> str:
    known, protected = await protected_party(office, lane, party)
    if known is None:
        return texts.another(party)
    if isinstance(known, Person) and protected is not False:
        return texts.PROTECTED_PERSON
    return texts.name_of(known, protected=False)


def _has_joined(lane: Lane, party: PartyId | None) -> bool:
    """Others see who bids, so of bidders the register alone says what is protected."""
    return lane.matter.kind is MatterKind.CASE and party != party_of(lane)


def _shown(lane: Lane) -> frozenset[PartyId]:
    return parties_after(Parties(), (fact.event for fact in lane.history)).shown
