"""Journal notes of who came to a case and who left it, and of who acts for whom."""

from collections.abc import Mapping
from typing import Final, TypeAlias, assert_never

from events.case_party import (
    Basis,
    PartyJoined,
    PartyLeft,
    PartyRole,
    RepresentationEnded,
    RepresentativeAppointed,
    RepresentativeDeclined,
    RepresentativeProposed,
)

OfParties: TypeAlias = (
    PartyJoined
    | PartyLeft
    | RepresentativeProposed
    | RepresentativeAppointed
    | RepresentativeDeclined
    | RepresentationEnded
)

ROLES: Final = {
    PartyRole.CO_APPLICANT: "medansøger",
    PartyRole.OWNER: "ejer",
    PartyRole.NEIGHBOUR: "nabo",
    PartyRole.AFFECTED: "væsentligt berørt",
}
BASES: Final = {
    Basis.POWER_OF_ATTORNEY: "fuldmagt",
    Basis.GUARDIANSHIP: "værgemål",
    Basis.CUSTODY: "forældremyndighed",
}


def party_note(event: OfParties, called: Mapping[str, str]) -> tuple[str, str]:
    """The heading and the plain text, in Danish; `called` is each by what may be read."""
    who = called[event.party]
    match event:
        case PartyJoined():
            return "Part i sagen", f"{who} er nu part i sagen som {ROLES[event.role]}."
        case PartyLeft():
            return "Ikke længere part", f"{who} er ikke længere part i sagen."
        case _:
            return _of_representative(event, who, called[event.representative])


def _of_representative(
    event: RepresentativeProposed
    | RepresentativeAppointed
    | RepresentativeDeclined
    | RepresentationEnded,
    who: str,
    acting: str,
) -> tuple[str, str]:
    """Forvaltningsloven § 8."""
    match event:
        case RepresentativeProposed():
            asked = f"{who} har bedt om at lade sig repræsentere. Repræsentant: {acting}."
            return "Partsrepræsentant ønsket", f"{asked} {_basis(event)}"
        case RepresentativeAppointed():
            may = f"Part: {who}. Repræsentant, der må se og handle i sagen: {acting}."
            return "Partsrepræsentant", f"{may} {_basis(event)}"
        case RepresentativeDeclined():
            no = f"Part: {who}. Kan ikke være repræsentant: {acting}."
            return "Partsrepræsentant afvist", f"{no} Begrundelse: {event.reason}"
        case RepresentationEnded():
            ended = f"Part: {who}. Er ikke længere repræsentant: {acting}."
            return "Partsrepræsentation ophørt", ended
        case _:
            assert_never(event)


def _basis(event: RepresentativeProposed | RepresentativeAppointed) -> str:
    paper = "" if event.document is None else " Dokumentet ligger på sagen."
    return f"Grundlag: {BASES[event.basis]}.{paper}"
