"""Whose data a fact holds (den registrerede): whose key seals it, here and in every view."""

from collections.abc import Mapping
from typing import Final

from events.catalogue import Event
from events.envelope import Envelope
from events.ids import CaseId
from events.journal import Matter, MatterKind
from services.privacy.person_keys import ORGANISATION

_NO_PARTIES: Final = ("staff:", "system:")


def data_subject(event: Event, envelope: Envelope, parties: Mapping[CaseId, str]) -> str:
    """The party that the event names; else the one who said it; else the one whose case it is.

    `parties` are those whose cases are looked at, by case. What is nobody's of them belongs to the
    organisation.
    """
    known = named_party(event) or said_by(envelope)
    if known is not None:
        return known
    case_id = case_of(event)
    return ORGANISATION if case_id is None else parties.get(case_id, ORGANISATION)


def named_party(event: Event) -> str | None:
    """Whoever bids is a party too."""
    return getattr(event, "party", None) or getattr(event, "bidder", None)


def said_by(envelope: Envelope) -> str | None:
    """The party that said it, itself or by whoever acts for it; None if it was no party."""
    who = envelope.on_behalf_of or envelope.actor
    return None if who.startswith(_NO_PARTIES) else who


def case_of(event: Event) -> CaseId | None:
    """The case that the event is about, whatever stream it lies in."""
    matter: Matter | None = getattr(event, "matter", None)
    if matter is not None:
        return CaseId(matter.id) if matter.kind is MatterKind.CASE else None
    case_id: CaseId | None = getattr(event, "case_id", None)
    return case_id
