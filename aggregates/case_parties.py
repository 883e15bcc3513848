"""The rules of who is a party to a case, and who may act for a party (forvaltningsloven § 8)."""

from typing import TypeAlias, assert_never

from aggregates import case_party_hearing
from aggregates.case_parties_state import Parties
from aggregates.case_state import (
    Case,
    require_known,
    require_new_documents,
    require_not_withdrawn,
    require_open,
    require_reachable,
)
from commands.case import OpenCase
from commands.case_party import (
    AppointRepresentative,
    DeclineRepresentative,
    EndRepresentation,
    JoinParty,
    PartyCommand,
    ProposeRepresentative,
    RecordProtection,
    RemoveParty,
)
from commands.refusal import Refused
from events.case import CaseEvent, PartyAddedDocument
from events.case_party import (
    Basis,
    PartyJoined,
    PartyLeft,
    ProtectionRecorded,
    RepresentationEnded,
    RepresentativeAppointed,
    RepresentativeDeclined,
    RepresentativeProposed,
)
from events.ids import PartyId

_Representing: TypeAlias = (
    ProposeRepresentative | AppointRepresentative | DeclineRepresentative | EndRepresentation
)


def decide(command: PartyCommand, case: Case) -> list[CaseEvent]:
    require_known(case)
    match command:
        case JoinParty():
            return _join(command, case)
        case RemoveParty():
            return _remove(command, case)
        case RecordProtection():
            return _record_protection(command, case.parties)
        case (
            ProposeRepresentative()
            | AppointRepresentative()
            | DeclineRepresentative()
            | EndRepresentation()
        ):
            return _represent(command, case)
        case _:
            assert_never(command)


def acting(command: OpenCase) -> list[CaseEvent]:
    """Who submits for another acts for them from the beginning.

    Only by power of attorney: whose guardian somebody is, no paper of theirs says.
    """
    if command.acting is None:
        return []
    require_reachable(command.party)
    if command.acting.representative == command.party:
        raise Refused("representative-is-party", "A party acts for itself without asking.")
    document = command.acting.document
    if document is None:
        raise Refused("power-of-attorney-missing", "The power of attorney itself is needed.")
    if all(document != each.document_id for each in command.documents):
        raise Refused("document-not-found", "It does not come with the submission.")
    return [
        RepresentativeAppointed(
            case_id=command.case_id,
            party=command.party,
            representative=command.acting.representative,
            basis=Basis.POWER_OF_ATTORNEY,
            document=document,
            protected=command.acting.protected,
        )
    ]


def _represent(command: _Representing, case: Case) -> list[CaseEvent]:
    match command:
        case ProposeRepresentative():
            return _propose(command, case)
        case AppointRepresentative():
            return _appoint(command, case)
        case DeclineRepresentative():
            return _decline(command, case.parties)
        case EndRepresentation():
            return _end(command, case.parties)
        case _:
            assert_never(command)


def _join(command: JoinParty, case: Case) -> list[CaseEvent]:
    require_open(case)
    if command.party == case.parties.first:
        raise Refused("party-already-joined", "The case is theirs already.")
    role = case.parties.roles.get(command.party)
    if role is command.role:
        return []
    if role is not None:
        raise Refused("party-already-joined", "They are a party in another role.")
    joined = PartyJoined(
        case_id=command.case_id,
        party=command.party,
        role=command.role,
        protected=command.protected,
    )
    # Before there is anybody to hide from, nobody has asked.
    first = RecordProtection(
        case_id=command.case_id, party=case.parties.first, protected=command.first_protected
    )
    return [*_record_protection(first, case.parties), joined]


def _remove(command: RemoveParty, case: Case) -> list[CaseEvent]:
    """Also from a closed case: who should not see it must not go on seeing it."""
    if command.party == case.parties.first:
        raise Refused("party-is-first", "The one whose matter it is withdraws the case instead.")
    if command.party not in case.parties.roles:
        return []
    ended: list[CaseEvent] = [
        RepresentationEnded(
            case_id=command.case_id, party=each.party, representative=each.representative
        )
        for each in case.parties.representations
        if each.party == command.party
    ]
    return [
        *ended,
        *case_party_hearing.given_up(command.case_id, case, command.party, command.removed_on),
        PartyLeft(case_id=command.case_id, party=command.party),
    ]


def _record_protection(command: RecordProtection, parties: Parties) -> list[CaseEvent]:
    if command.party not in parties.everybody():
        raise Refused("party-not-found", "They have nothing to do with the case.")
    # Protected again says something new only of somebody who was shown.
    if command.protected == (command.party not in parties.shown):
        return []
    return [
        ProtectionRecorded(
            case_id=command.case_id, party=command.party, protected=command.protected
        )
    ]


def _propose(command: ProposeRepresentative, case: Case) -> list[CaseEvent]:
    require_open(case)
    _require_two_people(command.party, command.representative, case.parties)
    if case.parties.between(command.party, command.representative) is not None:
        return []
    document = command.document
    if command.basis is Basis.POWER_OF_ATTORNEY and document is None:
        raise Refused("power-of-attorney-missing", "The power of attorney itself is needed.")
    added: list[CaseEvent] = []
    if document is not None:
        require_new_documents(case, (document,))
        added.append(PartyAddedDocument(case_id=command.case_id, document=document))
    proposed = RepresentativeProposed(
        case_id=command.case_id,
        party=command.party,
        representative=command.representative,
        basis=command.basis,
        document=None if document is None else document.document_id,
    )
    return [*added, proposed]


def _appoint(command: AppointRepresentative, case: Case) -> list[CaseEvent]:
    """Also on a closed case: whoever helps with an appeal must see what was decided."""
    require_not_withdrawn(case)
    _require_two_people(command.party, command.representative, case.parties)
    there = case.parties.between(command.party, command.representative)
    if there is not None and there.is_appointed and there.basis is command.basis:
        return []
    document = command.document
    if document is None and there is not None:
        document = there.document
    if document is not None and document not in case.documents:
        raise Refused("document-not-found", "The case does not have that document.")
    if document is None and command.basis is Basis.POWER_OF_ATTORNEY:
        raise Refused("power-of-attorney-missing", "The power of attorney itself is needed.")
    return [
        RepresentativeAppointed(
            case_id=command.case_id,
            party=command.party,
            representative=command.representative,
            basis=command.basis,
            document=document,
            protected=command.protected and command.representative not in case.parties.shown,
        )
    ]


def _decline(command: DeclineRepresentative, parties: Parties) -> list[CaseEvent]:
    there = parties.between(command.party, command.representative)
    if there is None or there.is_appointed:
        raise Refused("representation-not-proposed", "Nobody waits for an answer to that.")
    if not command.reason.strip():
        raise Refused("reason-missing", "A party is told why.")
    return [
        RepresentativeDeclined(
            case_id=command.case_id,
            party=command.party,
            representative=command.representative,
            reason=command.reason,
        )
    ]


def _end(command: EndRepresentation, parties: Parties) -> list[CaseEvent]:
    """Whatever became of the case: a power of attorney can be taken back at any time."""
    if parties.between(command.party, command.representative) is None:
        return []
    return [
        RepresentationEnded(
            case_id=command.case_id,
            party=command.party,
            representative=command.representative,
        )
    ]


def _require_two_people(party: PartyId, representative: PartyId, parties: Parties) -> None:
    require_reachable(party)
    if not parties.has(party):
        raise Refused("party-not-found", "They are no party to the case.")
    if party == representative:
        raise Refused("representative-is-party", "A party acts for itself without asking.")
