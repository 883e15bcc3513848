"""Declaring an application complete, with what its service then promises."""

from datetime import date

from commands.case_application import CompleteApplication
from events.case import CaseOpened
from events.ids import CaseId
from services.catalogue.organisation import Organisation
from services.catalogue.promises import deadlines_from_completion
from services.ports import EventStore
from services.streams import case_stream


def complete(
    store: EventStore, catalogue: Organisation, case_id: CaseId, complete_on: date
) -> CompleteApplication:
    """The command, by the version of the service that the case began under."""
    events = store.read(case_stream(case_id), up_to=1).events
    promised = [
        deadline
        for event in events
        if isinstance(event, CaseOpened)
        for deadline in deadlines_from_completion(
            catalogue.version(event.service, event.service_version),
            event,
            complete_on,
            catalogue.calendar,
        )
    ]
    return CompleteApplication(case_id=case_id, complete_on=complete_on, deadlines=tuple(promised))
