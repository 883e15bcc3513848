"""What the procedure tells a party with legal effect, as letters: decisions, questions asked."""

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeAlias

from events.case import CaseOpened
from events.case_application import CompletionAccepted
from events.case_complaint import ComplaintAnswered, DecisionReassessed, Reassessment
from events.case_decision import (
    AppealGuidance,
    DecisionCorrected,
    DecisionDispatched,
    DecisionRecorded,
    Outcome,
)
from events.case_information import InformationRequested
from events.case_party_hearing import PartyHearingOpened
from events.envelope import Recorded
from services.catalogue.organisation import Organisation
from services.esdh.port import Direction
from services.journal import letter_texts as texts
from services.journal.letter import Letter, Part, Passage, Section, details

Told: TypeAlias = (
    DecisionDispatched
    | DecisionCorrected
    | InformationRequested
    | PartyHearingOpened
    | ComplaintAnswered
    | DecisionReassessed
    | CompletionAccepted
)

OUTCOMES: Final = {
    Outcome.GRANTED: "Vi giver dig medhold.",
    Outcome.PARTLY_GRANTED: "Vi giver dig delvis medhold.",
    Outcome.REFUSED: "Vi giver dig afslag.",
    Outcome.PROHIBITED: "Vi forbyder det, du har anmeldt.",
    Outcome.DISMISSED: "Vi afviser sagen uden at tage stilling til dens indhold.",
}
REASSESSED: Final = {
    Reassessment.UPHELD: "Vi har set på vores afgørelse igen og fastholder den.",
    Reassessment.CHANGED: "Vi har set på vores afgørelse igen og ændrer den.",
}


def procedure_letter(
    event: Told,
    history: Sequence[Recorded],
    opened: CaseOpened,
    organisation: Organisation,
    name: str,
) -> Letter:
    """`history` is the whole stream; `name` is the recipient's, who knows it.

    Raises:
        ValueError: a decision is sent that was never made.
    """
    heading, day, sections = _contents(event, history)
    about = details(
        ("Fra", texts.authority(organisation, opened.team)),
        ("Til", name),
        ("Dato", texts.short_date(day)),
        ("Sagens nummer", opened.reference),
        ("Emne", opened.subject),
    )
    return Letter(
        organisation=organisation.name.da,
        title=texts.title(f"{heading}: ", opened.subject, texts.short_date(day)),
        file_name=texts.file_name(heading, opened.reference, day.isoformat()),
        date=day,
        direction=Direction.OUT,
        sections=(Section(heading=heading, parts=(about,)), *sections),
    )


def _contents(  # noqa: PLR0911  # one for each kind
    event: Told, history: Sequence[Recorded]
) -> tuple[str, date, tuple[Section, ...]]:
    match event:
        case DecisionDispatched():
            return "Afgørelse", event.dispatched_on, _decision(event, history)
        case DecisionCorrected():
            corrected = _section("Berigtigelse", event.correction)
            return "Berigtigelse af afgørelse", event.corrected_on, (corrected,)
        case InformationRequested():
            asked = "\n".join(f"{texts.EN_DASH} {item.text}" for item in event.items)
            until = f"Send det senest {texts.long_date(event.due_on)}."
            sections = (_section("Vi mangler", asked), _section("Frist", until))
            return "Vi mangler oplysninger", event.requested_on, sections
        case PartyHearingOpened():
            until = f"Svar senest {texts.long_date(event.due_on)}, hvis du har bemærkninger."
            sections = (
                _section("Det lægger vi vægt på", event.text),
                _section("Din ret til at udtale dig (forvaltningsloven § 19)", until),
            )
            return "Partshøring", event.opened_on, sections
        case ComplaintAnswered():
            return "Svar på klage", event.answered_on, (_section("Vores svar", event.text),)
        case DecisionReassessed():
            reassessed = _section("Genvurdering", f"{REASSESSED[event.outcome]}\n\n{event.text}")
            return "Genvurdering af afgørelse", event.reassessed_on, (reassessed,)
        case CompletionAccepted():
            used = _section("Ibrugtagning", "Det, du har bygget, må tages i brug.")
            return "Ibrugtagning", event.accepted_on, (used,)


def _decision(event: DecisionDispatched, history: Sequence[Recorded]) -> tuple[Section, ...]:
    made = [
        fact.event
        for fact in history
        if isinstance(fact.event, DecisionRecorded) and fact.event.decision == event.decision
    ]
    if not made:
        raise ValueError("A decision is sent that was never made.")
    decided = made[-1]
    conditions = "\n".join(
        f"{number}. {each}" for number, each in enumerate(decided.conditions, start=1)
    )
    basis = f"Afgørelsen er truffet efter {decided.legal_basis}."
    return (
        _section("Det har vi afgjort", OUTCOMES[decided.outcome]),
        _section("Begrundelse", f"{decided.grounds}\n\n{basis}".strip()),
        *((_section("Vilkår", conditions),) if conditions else ()),
        *(() if decided.appeal is None else (_guidance(decided.appeal, event.appeal_until),)),
    )


def _guidance(appeal: AppealGuidance, until: date | None) -> Section:
    """Forvaltningsloven § 25: to whom, how and by when."""
    last = (
        "" if until is None else f"\n\nDin klage skal være sendt senest {texts.long_date(until)}."
    )
    return _section(
        "Klagevejledning",
        f"Du kan klage til {appeal.body} ({appeal.basis}).\n\n{appeal.text}{last}",
    )


def _section(heading: str, text: str) -> Section:
    parts: tuple[Part, ...] = (Passage(text=text),)
    return Section(heading=heading, parts=parts)
