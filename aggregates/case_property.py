"""The rules of which property a case is about, once a register or a caseworker has said so."""

from typing import assert_never

from aggregates.case_state import Case, require_not_withdrawn
from commands.case_property import GiveUpIdentifying, IdentifyProperty, PropertyCommand
from events.case import CaseEvent
from events.case_property import PropertyIdentified, PropertyNotIdentified


def decide(command: PropertyCommand, case: Case) -> list[CaseEvent]:
    """Also on a closed case, for its papers are still looked for by property."""
    require_not_withdrawn(case)
    match command:
        case IdentifyProperty():
            return _identify(command, case)
        case GiveUpIdentifying():
            return _give_up(command, case)
        case _:
            assert_never(command)


def _identify(command: IdentifyProperty, case: Case) -> list[CaseEvent]:
    known = case.property
    if known is not None and (command.unless_known or known == command.property):
        return []
    return [
        PropertyIdentified(
            case_id=command.case_id, property=command.property, register=command.register
        )
    ]


def _give_up(command: GiveUpIdentifying, case: Case) -> list[CaseEvent]:
    if case.property is not None or case.is_property_unclear:
        return []
    return [
        PropertyNotIdentified(
            case_id=command.case_id, reason=command.reason, register=command.register
        )
    ]
