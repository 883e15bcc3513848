"""Journal notes of the steps that have no letter of their own (offentlighedsloven § 13)."""

from collections.abc import Mapping
from typing import Final, TypeAlias, assert_never

from events.case_application import (
    ApplicationCompleted,
    InspectionHeld,
    InspectionScheduled,
)
from events.case_complaint import ComplaintOverDecision
from events.case_party_hearing import HearingExemption, PartyHearingExempted
from events.case_procedure import TacitlyAccepted
from services.journal import letter_texts as texts

Noted: TypeAlias = (
    PartyHearingExempted
    | ApplicationCompleted
    | InspectionScheduled
    | InspectionHeld
    | ComplaintOverDecision
    | TacitlyAccepted
)

EXEMPTIONS: Final = {
    HearingExemption.NOTHING_NEW: "forvaltningsloven § 19, stk. 1",
    HearingExemption.UNOBJECTIONABLE: "forvaltningsloven § 19, stk. 2, nr. 1",
    HearingExemption.STATUTORY_DEADLINE: "forvaltningsloven § 19, stk. 2, nr. 2",
    HearingExemption.OVERRIDING_INTEREST: "forvaltningsloven § 19, stk. 2, nr. 3",
    HearingExemption.NO_ACCESS: "forvaltningsloven § 19, stk. 2, nr. 4",
    HearingExemption.WIDE_CIRCLE: "forvaltningsloven § 19, stk. 2, nr. 5",
    HearingExemption.SPECIAL_RULES: "forvaltningsloven § 19, stk. 2, nr. 6",
}


def procedure_note(event: Noted, called: Mapping[str, str]) -> tuple[str, str]:
    """The heading and the plain text, in Danish; `called` is a party who joined the case."""
    match event:
        case PartyHearingExempted():
            ground = EXEMPTIONS[event.ground]
            who = "" if event.party is None else f"Part: {called[event.party]}. "
            return "Ingen partshøring", f"{who}Efter {ground}. Begrundelse: {event.reason}"
        case ApplicationCompleted():
            day = texts.long_date(event.complete_on)
            return "Ansøgning fuldt oplyst", f"Ansøgningen er fuldt oplyst {day}."
        case InspectionScheduled() | InspectionHeld():
            return _inspection(event)
        case ComplaintOverDecision():
            when = "efter klagefristen" if event.is_late else "inden for klagefristen"
            return "Klage over afgørelse", f"Klagen er modtaget {when}."
        case TacitlyAccepted():
            day = texts.long_date(event.accepted_on)
            return "Stiltiende accept", f"Ingen indsigelse senest {day}; aktiviteten må begynde."
        case _:
            assert_never(event)


def _inspection(event: InspectionScheduled | InspectionHeld) -> tuple[str, str]:
    if isinstance(event, InspectionScheduled):
        return "Tilsyn planlagt", f"{texts.long_date(event.on)}. Sted: {event.place}".capitalize()
    found = "Godkendt" if event.is_approved else "Ikke godkendt"
    remarks = f" Bemærkninger: {event.remarks}" if event.remarks.strip() else ""
    return "Tilsyn holdt", f"{found} {texts.long_date(event.held_on)}.{remarks}"
