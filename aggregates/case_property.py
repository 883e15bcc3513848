"""The rules of which property a case is about, once a register or a caseworker has said so."""

from typing import assert_never

from aggregates.case_state import Case, require_not_withdrawn
from commands.case_property import (
    GiveUpIdentifying,
    IdentifyProperty,
    PropertyCommand,
    StateProperty,
)
from events.case import CaseEvent
from events.case_property import PropertyIdentified, PropertyNotIdentified, PropertyStated
from events.property import Property


def decide(command: PropertyCommand, case: Case) -> list[CaseEvent]:
    """Also on a closed case, for its papers are still looked for by property."""
    require_not_withdrawn(case)
    match command:
        case IdentifyProperty():
            return _identify(command, case)
        case GiveUpIdentifying():
            return _give_up(command, case)
        case StateProperty():
            return _state(command, case)
        case _:
            assert_never(command)


def _identify(command: IdentifyProperty, case: Case) -> list[CaseEvent]:
    known = case.property
    if known is not None and case.is_property_verified:
        if command.unless_known or known == command.property:
            return []
    elif known is not None and command.unless_known and not _is_of(known, command.property):
        # The register answers to what a caseworker has taken back since.
        return []
    return [
        PropertyIdentified(
            case_id=command.case_id, property=command.property, register=command.register
        )
    ]


def _give_up(command: GiveUpIdentifying, case: Case) -> list[CaseEvent]:
    stated = case.property
    if case.is_property_verified or case.is_property_unclear:
        return []
    if stated is not None and stated.text != command.text:
        return []
    return [
        PropertyNotIdentified(
            case_id=command.case_id, reason=command.reason, register=command.register
        )
    ]


def _state(command: StateProperty, case: Case) -> list[CaseEvent]:
    known = case.property
    if known is not None and not case.is_property_unclear and _is_of(command.property, known):
        return []
    return [PropertyStated(case_id=command.case_id, property=command.property)]


def _is_of(stated: Property, found: Property) -> bool:
    """Whether the property found is the one that was stated, by the best that was stated of it."""
    if stated.bfe is not None:
        return stated.bfe == found.bfe
    if stated.address is not None:
        return stated.address == found.address
    return stated.text == found.text
