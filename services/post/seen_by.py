"""A case's history as one recipient may be written to of it."""

from collections.abc import Sequence
from dataclasses import replace

from events.case import CaseOpened
from events.envelope import Recorded
from events.ids import DocumentId, PartyId
from services.case_parties import Parties, parties_after
from services.catalogue.organisation import Organisation
from services.sight import Sight, sight_of, withheld_documents


def seen_by(
    recipient: PartyId, history: Sequence[Recorded], organisation: Organisation
) -> list[Recorded]:
    """Without what the first party has answered, where they are hidden from the recipient.

    By what is known when it is sent, not when it happened: protection may have come since.
    """
    if not _sight(recipient, history).hides_first:
        return list(history)
    return [
        replace(fact, event=_without_answers(fact.event, organisation))
        if isinstance(fact.event, CaseOpened)
        else fact
        for fact in history
    ]


def withheld_from(recipient: PartyId, history: Sequence[Recorded]) -> frozenset[DocumentId]:
    """Documents that must not be enclosed: somebody may have become protected since they were
    chosen.
    """
    return withheld_documents(history, _sight(recipient, history))


def _sight(recipient: PartyId, history: Sequence[Recorded]) -> Sight:
    return sight_of(recipient, parties_after(Parties(), (fact.event for fact in history)))


def _without_answers(opened: CaseOpened, organisation: Organisation) -> CaseOpened:
    """A subject is made of answers too; the service's title is not."""
    service = organisation.versions.get((opened.service, opened.service_version))
    title = opened.service if service is None else service.title.da
    return replace(opened, subject=title, answers=())
