"""The letter of a decision: what was decided, why, on what conditions, and how to appeal.

What it must say: forvaltningsloven §§ 22-24 (grounds) and § 25 (appeal guidance).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from events.case import CaseKind
from events.case_decision import (
    AppealGuidance,
    Channel,
    DecisionCorrected,
    DecisionDispatched,
    DecisionRecorded,
    Outcome,
)
from services.decisions import told
from services.esdh.port import Direction
from services.journal import letter_texts as texts
from services.journal.letter import Letter, Passage, Section, Table
from services.journal.on_case import OnCase


@dataclass(frozen=True, slots=True)
class Wording:
    """`name` stands in titles and lists; `said` is the sentence that the party reads."""

    name: str
    said: str


PROHIBITED: Final = Wording("Forbud", "Vi forbyder det, du har anmeldt.")
DISMISSED: Final = Wording("Afvisning", "Vi afviser sagen uden at tage stilling til dens indhold.")
PERMITS: Final = {
    Outcome.GRANTED: Wording("Tilladelse", "Vi giver dig tilladelse til det, du har søgt om."),
    Outcome.PARTLY_GRANTED: Wording(
        "Delvis tilladelse", "Vi giver dig tilladelse til en del af det, du har søgt om."
    ),
    Outcome.REFUSED: Wording("Afslag", "Vi giver dig afslag på det, du har søgt om."),
}
ACCESS: Final = {
    Outcome.GRANTED: Wording("Aktindsigt", "Vi giver dig aktindsigt i det, du har bedt om."),
    Outcome.PARTLY_GRANTED: Wording(
        "Delvis aktindsigt", "Vi giver dig aktindsigt i en del af det, du har bedt om."
    ),
    Outcome.REFUSED: Wording(
        "Afslag på aktindsigt", "Vi giver dig afslag på aktindsigt i det, du har bedt om."
    ),
}
UPHELD: Final = {
    Outcome.GRANTED: Wording("Medhold", "Vi giver dig medhold."),
    Outcome.PARTLY_GRANTED: Wording("Delvis medhold", "Vi giver dig delvis medhold."),
    Outcome.REFUSED: Wording("Afslag", "Vi giver dig afslag."),
}
OUTCOMES: Final = {CaseKind.APPLICATION: PERMITS, CaseKind.ACCESS_REQUEST: ACCESS}
"""What was decided, in the words of the kind of case; of all others `UPHELD` speaks."""

CHANNELS: Final = {
    Channel.DIGITAL_POST: "Digital Post",
    Channel.LETTER: "Brev",
    Channel.SELF_SERVICE: "Selvbetjening",
}


def decision(on: OnCase, dispatched: DecisionDispatched) -> Letter:
    """The decision as the party got it, with the corrections that were made before.

    Raises:
        ValueError: the history has no such decision.
    """
    decided = _decided(on, dispatched)
    wording = _wording(on.opened.kind, decided.outcome)
    about = on.sent(
        ("Afgørelse", wording.name),
        ("Retsgrundlag", decided.legal_basis),
        ("Afgjort", texts.long_date(decided.decided_on)),
        ("Sendt med", CHANNELS[dispatched.channel]),
    )
    return on.letter(
        on.title(f"Afgørelse, {wording.name.lower()}: ", "sendt"),
        on.file_name("afgoerelse"),
        Direction.OUT,
        Section(heading="Afgørelsen", parts=(about,)),
        Section(heading="Det har vi afgjort", parts=(Passage(text=wording.said),)),
        *_corrections(on, dispatched),
        *_said("Begrundelse", decided.grounds),
        *_conditions(decided),
        *_appeal(decided.appeal, dispatched),
    )


def _wording(kind: CaseKind, outcome: Outcome) -> Wording:
    match outcome:
        case Outcome.PROHIBITED:
            return PROHIBITED
        case Outcome.DISMISSED:
            return DISMISSED
        case _:
            return OUTCOMES.get(kind, UPHELD)[outcome]


def _decided(on: OnCase, dispatched: DecisionDispatched) -> DecisionRecorded:
    for earlier in on.history:
        event = earlier.event
        if isinstance(event, DecisionRecorded) and event.decision == dispatched.decision:
            return event
    raise ValueError("The case's history has no such decision.")


def _corrections(on: OnCase, dispatched: DecisionDispatched) -> Iterator[Section]:
    made = [
        earlier.event
        for earlier in on.history
        if isinstance(earlier.event, DecisionCorrected)
        and earlier.event.decision == dispatched.decision
        and earlier.version < on.fact.version
    ]
    if made:
        rows = tuple((texts.long_date(each.corrected_on), each.correction) for each in made)
        yield Section(heading="Rettet", parts=(Table(header=("Dag", "Rettelse"), rows=rows),))


def _said(heading: str, text: str) -> Iterator[Section]:
    if text.strip():
        yield Section(heading=heading, parts=(Passage(text=text),))


def _conditions(decided: DecisionRecorded) -> Iterator[Section]:
    if decided.conditions:
        rows = tuple(
            (str(number), condition) for number, condition in enumerate(decided.conditions, start=1)
        )
        yield Section(heading="Vilkår", parts=(Table(header=("Nummer", "Vilkår"), rows=rows),))
    if decided.needs_completion:
        text = (
            "Arbejdet skal færdigmeldes, og det byggede må først tages i brug, når vi har godkendt "
            "færdigmeldingen. Du færdigmelder på din sag."
        )
        yield Section(heading="Når arbejdet er færdigt", parts=(Passage(text=text),))


def _appeal(appeal: AppealGuidance | None, dispatched: DecisionDispatched) -> Iterator[Section]:
    if appeal is None:
        return
    until = dispatched.appeal_until
    last_day = "Ingen frist" if until is None else texts.long_date(until)
    rows = (("Klageinstans", appeal.body), ("Klag senest", last_day), ("Efter", appeal.basis))
    said = f"Du kan klage til {appeal.body}. {told(appeal, until, 'da', ()).text}"
    parts = (Passage(text=said), Table(header=("Oplysning", "Indhold"), rows=rows))
    yield Section(heading="Klagevejledning", parts=parts)
