"""The letters of the procedure: what is asked for, said in a hearing, decided and complained of."""

from collections.abc import Sequence
from typing import Final, TypeAlias, assert_never

from events.case_application import CompletionAccepted, CompletionNotified
from events.case_complaint import (
    BoardDecided,
    BoardOutcome,
    ComplaintAnswered,
    ComplaintForwarded,
    DecisionReassessed,
    Reassessment,
)
from events.case_decision import DecisionDispatched
from events.case_information import InformationDelivered, InformationRequested, RequestedItem
from events.case_party_hearing import PartyHearingAnswered, PartyHearingOpened
from events.document import Document
from events.ids import DocumentId
from services.esdh.port import Direction
from services.journal import letter_texts as texts
from services.journal.decision_letter import decision
from services.journal.letter import Letter, Passage, Section, Table, attached
from services.journal.on_case import OnCase
from services.journal.papers import brought

Procedural: TypeAlias = (
    InformationRequested
    | InformationDelivered
    | PartyHearingOpened
    | PartyHearingAnswered
    | DecisionDispatched
    | CompletionNotified
    | CompletionAccepted
    | DecisionReassessed
    | ComplaintForwarded
    | BoardDecided
    | ComplaintAnswered
)

_REASSESSED: Final = {
    Reassessment.UPHELD: "Vi har set på vores afgørelse igen og fastholder den.",
    Reassessment.CHANGED: "Vi har set på vores afgørelse igen og ændrer den. Sagen tages op igen.",
}
_BOARD: Final = {
    BoardOutcome.UPHELD: "Afgørelsen er stadfæstet.",
    BoardOutcome.CHANGED: "Afgørelsen er ændret.",
    BoardOutcome.REMITTED: "Sagen er hjemvist til ny behandling.",
    BoardOutcome.DISMISSED: "Klagen er afvist.",
}


def procedural(on: OnCase, event: Procedural) -> Letter:
    match event:
        case InformationRequested() | InformationDelivered():
            made = _information(on, event)
        case PartyHearingOpened() | PartyHearingAnswered():
            made = _party_hearing(on, event)
        case DecisionDispatched():
            made = decision(on, event)
        case CompletionNotified() | CompletionAccepted():
            made = _completion(on, event)
        case DecisionReassessed() | ComplaintForwarded() | BoardDecided() | ComplaintAnswered():
            made = _complaint(on, event)
        case _:
            assert_never(event)
    return made


def _information(on: OnCase, event: InformationRequested | InformationDelivered) -> Letter:
    match event:
        case InformationRequested():
            about = on.sent(("Svar senest", texts.long_date(event.due_on)))
            return on.letter(
                on.title("Anmodning om oplysninger: ", "sendt"),
                on.file_name("anmodning-om-oplysninger"),
                Direction.OUT,
                Section(heading="Anmodningen", parts=(about,)),
                Section(heading="Det mangler vi", parts=(_listed(event.items),)),
            )
        case InformationDelivered():
            asked = _requested(on, event)
            delivered = [item for item in asked if item.item in event.items]
            return on.letter(
                on.title("Oplysninger fra parten: ", "modtaget"),
                on.file_name("oplysninger-fra-parten"),
                Direction.IN,
                Section(heading="Svaret", parts=(on.received(),)),
                Section(heading="Det er der svaret på", parts=(_listed(delivered),)),
                Section(heading="Tekst", parts=(_text(event.text),)),
                attached(_documents(on, event.documents)),
            )


def _party_hearing(on: OnCase, event: PartyHearingOpened | PartyHearingAnswered) -> Letter:
    match event:
        case PartyHearingOpened():
            about = on.sent(("Svar senest", texts.long_date(event.due_on)))
            return on.letter(
                on.title("Partshøring: ", "sendt"),
                on.file_name("partshoering"),
                Direction.OUT,
                Section(heading="Partshøringen", parts=(about,)),
                Section(
                    heading="Oplysninger, der kan tale imod dig",
                    parts=(Passage(text=event.text), Passage(text=_HEARD)),
                ),
                attached(_documents(on, event.material)),
            )
        case PartyHearingAnswered():
            return on.letter(
                on.title("Svar på partshøring: ", "modtaget"),
                on.file_name("svar-paa-partshoering"),
                Direction.IN,
                Section(heading="Svaret", parts=(on.received(),)),
                Section(heading="Bemærkninger", parts=(_text(event.text),)),
                attached(event.documents),
            )


_HEARD: Final = (
    "Du har ret til at udtale dig, før vi afgør sagen (forvaltningsloven § 19). Svarer du ikke, "
    "afgør vi sagen på det grundlag, vi har."
)


def _completion(on: OnCase, event: CompletionNotified | CompletionAccepted) -> Letter:
    if isinstance(event, CompletionAccepted):
        about = on.sent(("Godkendt", texts.long_date(event.accepted_on)))
        return on.letter(
            on.title("Færdigmelding godkendt: ", "sendt"),
            on.file_name("faerdigmelding-godkendt"),
            Direction.OUT,
            Section(heading="Godkendelsen", parts=(about,)),
            Section(
                heading="Ibrugtagning",
                parts=(Passage(text="Det, du har bygget, må tages i brug."),),
            ),
        )
    about = on.received(("Færdig", texts.long_date(event.completed_on)))
    return on.letter(
        on.title("Færdigmelding: ", "modtaget"),
        on.file_name("faerdigmelding"),
        Direction.IN,
        Section(heading="Færdigmeldingen", parts=(about,)),
        Section(heading="Tekst", parts=(_text(event.text),)),
        attached(event.documents),
    )


def _complaint(
    on: OnCase, event: DecisionReassessed | ComplaintForwarded | BoardDecided | ComplaintAnswered
) -> Letter:
    said: tuple[str, ...]
    match event:
        case DecisionReassessed():
            title, name, direction = "Genvurdering efter klage: ", "genvurdering", Direction.OUT
            about, said = on.sent(), (_REASSESSED[event.outcome], event.text)
        case ComplaintForwarded():
            title, name, direction = "Klage sendt videre: ", "klage-sendt-videre", Direction.OUT
            about, said = on.sent(to=event.board), (event.remarks,)
        case BoardDecided():
            title, name, direction = "Nævnets afgørelse: ", "naevnets-afgoerelse", Direction.IN
            day = ("Afgjort", texts.long_date(event.decided_on))
            about, said = on.received(day), (_BOARD[event.outcome], event.text)
        case ComplaintAnswered():
            title, name, direction = "Svar på klage: ", "svar-paa-klage", Direction.OUT
            about, said = on.sent(), (event.text,)
        case _:
            assert_never(event)
    ending = "modtaget" if direction is Direction.IN else "sendt"
    return on.letter(
        on.title(title, ending),
        on.file_name(name),
        direction,
        Section(heading="Klagesagen", parts=(about,)),
        Section(heading="Tekst", parts=tuple(_text(text) for text in said)),
    )


def _text(text: str) -> Passage:
    return Passage(text=text if text.strip() else "Ingen bemærkninger.")


def _listed(items: Sequence[RequestedItem]) -> Table:
    rows = tuple((str(number), item.text) for number, item in enumerate(items, start=1))
    return Table(header=("Nummer", "Hvad"), rows=rows)


def _requested(on: OnCase, delivered: InformationDelivered) -> Sequence[RequestedItem]:
    for earlier in on.history:
        asked = earlier.event
        if isinstance(asked, InformationRequested) and asked.request == delivered.request:
            return asked.items
    raise ValueError("The case's history has no such request.")


def _documents(on: OnCase, wanted: Sequence[DocumentId]) -> list[Document]:
    """The documents by id, as the facts before described them."""
    known = {each.document_id: each for fact in on.history for each in brought(fact.event)}
    return [known[each] for each in wanted]
