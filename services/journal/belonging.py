"""Where a matter belongs: the service that says it, and the property that it is about."""

from events.case import AnswerValue, CaseOpened
from events.hearing import HearingPublished
from events.journal_worthy import JournalWorthy
from services.catalogue.organisation import Organisation
from services.catalogue.service import EsdhRule, Service


def service_of(event: CaseOpened | HearingPublished, organisation: Organisation) -> Service:
    """The service that says where it belongs; a hearing is filed as its responses are.

    Raises:
        KeyError: the organisation does not describe it.
    """
    if isinstance(event, CaseOpened):
        return organisation.version(event.service, event.service_version)
    for service in organisation.services.values():
        if service.esdh.rule is EsdhRule.HEARING_CASE:
            return service
    raise KeyError("No service has the rule hearing-case.")


def property_of(event: CaseOpened, service: Service) -> str | None:
    """What the matter is about, as the service's `esdh.property` field was answered."""
    given: AnswerValue | None = next(
        (answer.value for answer in event.answers if answer.field == service.esdh.property), None
    )
    return None if given is None else " ".join(str(given).split())


def resource_of(place: str, template: str) -> str:
    """What must not get two cases at once: the property, among the template's kind of cases."""
    return f"property {template} {place.casefold()}"


def property_words(place: str) -> str:
    """As a case's title says it: `BFE 100063828` for a number, else what was written."""
    return f"BFE {place}" if place.isdigit() else place


def resource(event: JournalWorthy, organisation: Organisation) -> str | None:
    """What the case that the fact opens must not get twice, by the service's rule."""
    if not isinstance(event, CaseOpened):
        return None
    service = service_of(event, organisation)
    if service.esdh.rule is not EsdhRule.PROPERTY_CASE:
        return None
    about = property_of(event, service)
    return None if about is None else resource_of(about, service.esdh.template)
