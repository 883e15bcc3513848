"""What a matter is about, as its records-system case needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.case import CaseOpened
from events.case_procedure import RelatedCaseNamed
from events.case_property import PropertyEvent, PropertyIdentified, PropertyStated
from events.envelope import Recorded
from events.hearing import HearingPublished
from events.journal import Matter, MatterKind
from events.tender import TenderDrafted
from services.catalogue.service import EsdhRule, Kle, Service
from services.esdh.port import EsdhParty, NewCase
from services.journal.belonging import property_of, property_words, service_of
from services.journal.planning import entry_id
from services.journal.references import reference_of
from services.journal.work import Lane, Office, Unfileable
from services.registers.identifying import sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`hearing` is the one that a response answers; `place` what the property field says;
    `complained_of` the case whose decision is complained of.

    `is_sought`: a register is still to say which property was typed, and may say another place.
    `parties` begins with the one whose matter it is; who acted for them comes after.
    """

    title: str
    template: str
    kle: Kle
    parties: Sequence[EsdhParty]
    hearing: Matter | None
    place: str | None
    complained_of: Matter | None = None
    is_sought: bool = False


def subject_of(office: Office, lane: Lane) -> Subject:
    """Raises:
    Unfileable: the matter's first fact or its service is not to be had.
    """
    begun = CaseOpened | HearingPublished | TenderDrafted
    fact = next((f for f in lane.history if isinstance(f.event, begun)), None)
    if fact is not None and isinstance(fact.event, TenderDrafted):
        return _of_tender(office, fact.event)
    if fact is None or not isinstance(fact.event, CaseOpened | HearingPublished):
        raise Unfileable("fact-gone", "The log does not hold the matter's beginning.")
    try:
        service = service_of(fact.event, office.organisation)
    except KeyError as unknown:
        detail = "No service description says where the matter belongs."
        raise Unfileable("service-unknown", detail) from unknown
    if isinstance(fact.event, HearingPublished):
        return Subject(
            title=fact.event.title,
            template=service.esdh.template,
            kle=service.kle,
            parties=(),
            hearing=None,
            place=None,
        )
    return _of_case(office, lane, fact, fact.event, service)


def new_case(about: Subject, reference: str) -> NewCase:
    return NewCase(
        reference=reference,
        template=about.template,
        title=about.title,
        kle=(about.kle.subject, about.kle.facet),
        parties=about.parties,
    )


def case_opened_with(office: Office, lane: Lane) -> NewCase:
    """The matter's case as it is opened by itself, for a route where each document carries it.

    Raises:
        Unfileable: as `subject_of`.
    """
    about = subject_of(office, lane)
    return new_case(about, reference_of(entry_id(lane.history[0].event_id, 0)))


def _of_case(
    office: Office, lane: Lane, fact: Recorded, opened: CaseOpened, service: Service
) -> Subject:
    typed = property_of(opened, service)
    is_found_by_place = service.esdh.rule is EsdhRule.PROPERTY_CASE
    # A number that was typed stands, whatever a register says.
    may_be_found = is_found_by_place and not (typed or "").isdigit()
    place = (_found(lane) if may_be_found else None) or typed
    return Subject(
        title=opened.subject if place is None else f"{opened.subject} ({property_words(place)})",
        template=service.esdh.template,
        kle=service.kle,
        parties=_parties(office, fact, opened),
        hearing=_hearing(opened, service),
        place=place if is_found_by_place else None,
        complained_of=_complained_of(lane, service),
        is_sought=may_be_found and _is_awaited(lane, opened, service),
    )


def _of_tender(office: Office, drafted: TenderDrafted) -> Subject:
    filed = office.organisation.tenders
    if filed is None:
        detail = "organisation.yaml does not say where tenders belong."
        raise Unfileable("service-unknown", detail)
    return Subject(
        title=drafted.title,
        template=filed.template,
        kle=filed.kle,
        parties=(),
        hearing=None,
        place=None,
    )


def _found(lane: Lane) -> str | None:
    """The BFE number that a register or a caseworker has given, the last of them.

    One that comes after the case was linked changes nothing there.
    """
    given = PropertyIdentified | PropertyStated
    found = [f.event.property for f in lane.history if isinstance(f.event, given)]
    return None if not found or found[-1].bfe is None else str(found[-1].bfe)


def _is_awaited(lane: Lane, opened: CaseOpened, service: Service) -> bool:
    """Whether a register is still to say which property is meant."""
    told = [f.event for f in lane.history if isinstance(f.event, PropertyEvent)]
    if not told:
        return sought(opened, service) is not None
    # A number that was stated stands as one that was typed does; the words of an address do not.
    return isinstance(told[-1], PropertyStated) and told[-1].property.bfe is None


def _hearing(opened: CaseOpened, service: Service) -> Matter | None:
    if service.esdh.rule is not EsdhRule.HEARING_CASE or opened.hearing is None:
        return None
    return Matter(kind=MatterKind.HEARING, id=opened.hearing)


def _complained_of(lane: Lane, service: Service) -> Matter | None:
    if service.esdh.rule is not EsdhRule.COMPLAINED_OF_CASE:
        return None
    named = (f.event.about for f in lane.history if isinstance(f.event, RelatedCaseNamed))
    about = next(named, None)
    return None if about is None else Matter(kind=MatterKind.CASE, id=about)


def _parties(office: Office, fact: Recorded, opened: CaseOpened) -> tuple[EsdhParty, ...]:
    """Nobody for somebody anonymous; a company that acts for a citizen comes second."""
    wanted = dict.fromkeys((opened.party, fact.envelope.on_behalf_of))
    known = (office.parties.known(party) for party in wanted if party is not None)
    return tuple(party for party in known if party is not None)
