"""Whom a fact is about, and by what name the records system may know them."""

from collections.abc import Mapping

from events.case import CaseOpened
from events.case_party import PartyJoined
from events.case_party_hearing import PartyHearingExempted, PartyHearingOpened
from events.envelope import Recorded
from events.ids import PartyId
from services.case_parties import Parties, parties_after
from services.esdh.port import Company, EsdhParty, Person
from services.journal import letter_texts as texts
from services.journal.party_notes import OfParties
from services.journal.work import Lane, Office


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
    the case must be said what others may see, as towards the other parties.
    """
    known = None if party is None else office.parties.known(party)
    if known is None:
        return None, None if party is not None else False
    if party != party_of(lane) and not isinstance(known, Company) and party not in _shown(lane):
        return known, True
    return known, await office.session.protected(office.esdh, known)


async def may_be_given(office: Office, lane: Lane, fact: Recorded) -> bool:
    """Whether access may be given to a paper without looking: nobody whom it names is protected."""
    for party in {party_of(lane), addressed(lane, fact)}:
        _, protected = await protected_party(office, lane, party)
        if protected is not False:
            return False
    return True


async def called(office: Office, lane: Lane, fact: Recorded) -> Mapping[PartyId, str]:
    """What those are called whom a note of the fact names; a note has no access flag of its own.

    So a person's name is there only where it is known that it may be shown.
    """
    return {party: await _name(office, lane, party) for party in _named(fact)}


def _named(fact: Recorded) -> list[PartyId]:
    match fact.event:
        case PartyHearingExempted(party=party):
            return [] if party is None else [party]
        case event if isinstance(event, OfParties):
            representative = getattr(event, "representative", None)
            return [event.party] if representative is None else [event.party, representative]
        case _:
            return []


async def _name(office: Office, lane: Lane, party: PartyId) -> str:
    known, protected = await protected_party(office, lane, party)
    if known is None:
        return texts.another(party)
    if isinstance(known, Person) and protected is not False:
        return texts.PROTECTED_PERSON
    return texts.name_of(known, protected=False)


def _shown(lane: Lane) -> frozenset[PartyId]:
    return parties_after(Parties(), (fact.event for fact in lane.history)).shown
